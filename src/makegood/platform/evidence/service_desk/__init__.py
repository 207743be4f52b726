"""What customers ask for and report, who looks after it, and until when."""
