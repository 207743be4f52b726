"""What both sides look at together."""
