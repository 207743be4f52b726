"""The report: one HTML file and one PDF from the same review."""
