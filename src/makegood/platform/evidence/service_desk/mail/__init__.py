"""Reading what comes by mail: what was said, by whom, about which case, and whether a machine said it."""
