"""Verdicts as they were given, each with what it was seen from."""
