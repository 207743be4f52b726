"""What the verdicts cost and earn."""
