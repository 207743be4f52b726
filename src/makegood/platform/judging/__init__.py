"""What the evidence says of the promises."""
