"""What judging tells others: names of work that follows, which is enqueued with the facts."""

from __future__ import annotations

from typing import Final

VERDICTS_GIVEN: Final = "verdicts given"
"""Promises of open periods are seen otherwise than before; ``verdicts`` are the keys of the new verdicts."""
