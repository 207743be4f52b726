"""What work on cases comes to, and what is known from it."""
