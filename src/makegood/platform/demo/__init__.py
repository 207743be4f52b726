"""A small made-up world: a provider, two customers, an affiliate, and the year 2013 with what went wrong in it."""
