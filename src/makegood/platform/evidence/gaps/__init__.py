"""Which evidence is missing, as it was seen last, for pages about many agreements."""
