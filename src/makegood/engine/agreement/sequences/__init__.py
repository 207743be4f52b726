"""Terms that remember earlier periods: each sequence is a form of the language."""
