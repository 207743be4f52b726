"""A ledger with two sides, in currencies and other units; the database keeps it balanced."""
