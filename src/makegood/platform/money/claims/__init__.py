"""What can be claimed from affiliates, and until when."""
