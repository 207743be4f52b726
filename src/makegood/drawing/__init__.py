"""Charts as SVG and the colours they share: what reports and the pages of the house draw with."""
