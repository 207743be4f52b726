"""Reading long documents: four times as long, and no more than four times the time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.race import Answer, Contestant, Race, Ratio, Size
from makegood.engine.agreement.document import read
from tests.fuzz.growth import LONG

NAMES = ("outcomes", "tiers", "days", "unknown keys", "wrong values")
PARTS = 100


def races(size: Size) -> Iterator[Race]:
    names, times = (NAMES, 3) if size is Size.FULL else (NAMES[:1], 1)
    several, once = f"{PARTS} of them, four times", f"{4 * PARTS} of them, once"
    for name in names:
        yield Race(
            f"read a document with many {name}",
            partial(_write, name),
            (
                Contestant(several, partial(_read, 4 * times), ready=_short),
                Contestant(once, partial(_read, times), ready=_long),
            ),
            (Ratio(once, over=several, at_most=1.25),),
        )


def _write(name: str, folder: Path) -> None:
    (folder / "short").write_text(LONG[name](PARTS), encoding="utf-8")
    (folder / "long").write_text(LONG[name](4 * PARTS), encoding="utf-8")


def _short(folder: Path) -> str:
    return _warm((folder / "short").read_text("utf-8"))


def _long(folder: Path) -> str:
    return _warm((folder / "long").read_text("utf-8"))


def _warm(text: str) -> str:
    """Return the text, having read a short one so that all modules are there."""
    read(LONG["outcomes"](1))
    return text


def _read(times: int, text: str) -> Answer:
    for _ in range(times):
        read(text)
    return Answer()
