"""Evidence as it comes in: batches, what people say of it, and disputes about it."""
