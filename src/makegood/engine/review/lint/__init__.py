"""Whether the evidence that there is can carry the promises that were made."""
