"""The measures of the language: one file each, with its form, its traits and its words."""
