"""Mailboxes, and what becomes of the mails that come into them."""
