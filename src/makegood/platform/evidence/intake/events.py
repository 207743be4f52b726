"""What intake tells others: names of work that follows, which is enqueued with the facts."""

from __future__ import annotations

from typing import Final

EVIDENCE_ARRIVED: Final = "evidence arrived"
"""A contract, given by its key as ``contract``, has evidence that it did not have before."""

CAUSE_FOUND: Final = "cause found"
"""It was found who caused what went wrong for a contract, given by its key as ``contract``."""
