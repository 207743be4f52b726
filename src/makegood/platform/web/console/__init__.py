"""The site of the provider's own people."""
