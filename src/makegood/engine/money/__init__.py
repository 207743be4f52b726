"""Verdicts become credits to the minor unit, and settlements by difference."""
