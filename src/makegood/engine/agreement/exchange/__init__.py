"""Exchange with other languages of objectives: OpenSLO, sloth and Pyrra."""
