"""Telling people and programs what happened and what waits for them."""
