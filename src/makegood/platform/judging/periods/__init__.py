"""The periods of an agreement, open and closed."""
