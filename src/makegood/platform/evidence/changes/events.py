"""What changes tell others: names of work that follows."""

from __future__ import annotations

from typing import Final

CHANGES_MOVED: Final = "changes moved"
"""Changes of a ``contract`` went on; their steps are to be put into its vault."""
