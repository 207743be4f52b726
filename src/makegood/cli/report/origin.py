"""Where a report comes from: when and from which seal it was made, and what verifies it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The facts that the report prints about itself; ``seal`` is empty if nothing was sealed yet.

    ``document`` and ``bundle`` are the names of the files that a reader gives to the command line.
    """

    generated_at: datetime
    snapshot: int
    seal: str
    document: str
    digest: str
    bundle: str
    makegood: str
    tzdata: str
    by: str = ""

    def __post_init__(self) -> None:
        if self.generated_at.utcoffset() is None:
            raise ValueError("a report is generated at an aware instant")
