"""The language in which an agreement is written, checked and read back as prose."""
