"""The site of affiliates."""
