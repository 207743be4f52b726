"""Monthly reports: made once, kept as they were."""
