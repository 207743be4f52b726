"""What keeps the house running: serving, working, checking, backing up and restoring."""
