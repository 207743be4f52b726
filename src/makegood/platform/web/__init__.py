"""Every door for people and programs."""
