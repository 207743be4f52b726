"""Statements: what was booked for which period."""
