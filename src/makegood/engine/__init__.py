"""The law: pure functions that decide every verdict and every cent."""
