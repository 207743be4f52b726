"""What in money remembers earlier periods: one file a sequence."""
