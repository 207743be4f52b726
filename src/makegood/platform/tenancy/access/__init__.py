"""People, what they may do in which organisation, and invitations."""
