"""Makegood joins measuring, clocks and money: what was promised, what happened, and what it is worth."""
