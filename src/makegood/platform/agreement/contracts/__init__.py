"""Agreements between two organisations, with the versions of their text and who signed them."""
