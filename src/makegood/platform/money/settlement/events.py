"""What settlement tells others: names of work that follows, which is enqueued with the facts."""

from __future__ import annotations

from typing import Final

STATEMENTS_ISSUED: Final = "statements issued"
"""A contract, given by its key as ``contract``, has statements that it did not have before."""
