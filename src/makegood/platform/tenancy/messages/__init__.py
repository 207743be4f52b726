"""Messages to people: what was to be sent, and what became of it."""
