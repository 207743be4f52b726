"""What each check of a vault found in a stretch of time, all checks at once."""
