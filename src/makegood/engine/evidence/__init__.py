"""What happened: records, how much of the time they cover, and how they are corrected."""
