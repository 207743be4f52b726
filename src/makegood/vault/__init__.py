"""The memory: an append-only store of evidence in sealed, chained segments."""
