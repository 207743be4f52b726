"""The organisations that a provider deals with, their sites and the people to reach there."""
