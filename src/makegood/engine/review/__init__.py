"""Verdicts and credits become figures, series and sentences that both parties read."""
