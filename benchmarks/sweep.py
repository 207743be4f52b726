"""The sweep of the service desk over a hundred thousand running clocks: few limits come near, or all at once.

Time is that of the sweep itself, with the mails that it writes and all that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

from benchmarks.race import Answer, Contestant, Figure, Race, Size
from benchmarks.web import ended, started

SECONDS: Final = "seconds"


class Shape(NamedTuple):
    """How many cases there are with two running clocks each, and how many limits of clocks come near."""

    customers: int
    cases: int
    few: int


SHAPES: Final = {Size.FULL: Shape(50, 50_000, 100), Size.SMALL: Shape(2, 200, 10)}


def races(size: Size) -> Iterator[Race]:
    shape = SHAPES[size]
    yield Race(
        f"{2 * shape.cases:,} running clocks",
        partial(_prepare, shape),
        (
            Contestant("nothing is due", _sweep, ready=partial(_ready, 0)),
            Contestant("few are due", _sweep, ready=partial(_ready, shape.few)),
            Contestant("all are due", _sweep, ready=partial(_ready, None)),
        ),
        (
            Figure("nothing is due", SECONDS, at_most=2),
            Figure("few are due", SECONDS, at_most=2),
        ),
    )


def _prepare(shape: Shape, folder: Path) -> None:
    started(folder)
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("benchmarks.world.desk").seed(shape.customers, shape.cases, 0)
    from django.db import connection  # noqa: PLC0415  # Django has been started by now

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    ended()


def _ready(due: int | None, folder: Path) -> Callable[[], int]:
    """Return what sweeps the clocks, of which so many are due, or all of them."""
    started(folder)
    world: Any = import_module("benchmarks.world.sweep")
    sweep: Callable[[], int] = world.sweep(due)
    return sweep


def _sweep(sweep: Callable[[], int]) -> Answer:
    began = perf_counter()
    reached = sweep()
    took = perf_counter() - began
    ended()
    return Answer({}, {SECONDS: took, "limits": reached})
