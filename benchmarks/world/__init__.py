"""The house that the pages are measured in: many customers, and years of closed months."""
