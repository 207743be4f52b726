"""Measuring: large evidence becomes few exact numbers, near the speed of reading it."""
