"""What the sites share."""
