"""The one place of the command line that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant in UTC, to the whole second."""
    return datetime.now(tz=UTC).replace(microsecond=0)
