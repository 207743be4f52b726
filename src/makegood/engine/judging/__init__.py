"""Evidence and an outcome's terms become a verdict with its reasons."""
