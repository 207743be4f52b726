"""What both sides do, decide and meet for around an agreement."""
