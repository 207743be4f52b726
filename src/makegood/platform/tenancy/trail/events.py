"""What the trail tells others: the name of work that follows, which is enqueued with the entry."""

from __future__ import annotations

from typing import Final

DONE: Final = "something was done"
"""Something was done that is about an organisation; ``entry`` is the key of the entry that says what."""
