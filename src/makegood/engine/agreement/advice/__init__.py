"""Advice: what is well-formed and consistent, and still wants a second thought before it is signed."""
