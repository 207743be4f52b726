"""The site of customers: it opens on outcomes."""
