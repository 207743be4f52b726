"""Reading long documents: four times as long, and no more than four times the time."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.comparison import Comparison
from makegood.engine.agreement.document import read
from tests.fuzz.growth import LONG

NAMES = ("outcomes", "tiers", "days", "unknown keys", "wrong values")
PARTS = 100


def comparisons() -> Iterator[Comparison]:
    for name in NAMES:
        short, long = LONG[name](PARTS), LONG[name](4 * PARTS)

        def four_times(text: str = short) -> None:
            for _ in range(4):
                read(text)

        def once(text: str = long) -> None:
            read(text)

        yield Comparison(f"read a document with {4 * PARTS} {name}", once, four_times, f"reading {PARTS} four times")
