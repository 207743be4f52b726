"""Measured evidence: what a vault holds, reduced to the records that decide, by engine/judging/reduced.py."""
