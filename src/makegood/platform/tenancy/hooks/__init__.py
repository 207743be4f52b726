"""Web hooks: the programs of an organisation that are told what happened, signed, and what became of it."""
