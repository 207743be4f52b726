"""The service desk with a hundred thousand open and two million closed cases: its queue, a search and a case.

Pages go through all of Django, as the web server hands them over; CPU counts that process and its connection's process
at the database server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.race import Contestant, Figure, Race, Size
from benchmarks.web import CPU, ended, opened, started


class Shape(NamedTuple):
    """How much there is, and how often each page is opened."""

    customers: int
    open: int
    closed: int
    pages: int


SHAPES: Final = {Size.FULL: Shape(50, 100_000, 2_000_000, 100), Size.SMALL: Shape(2, 400, 2_000, 10)}
PAGES: Final = {
    "queue": "/console/desk/",
    "queue of one owner": "/console/desk/?owner=me",
    "queue of one customer": "/console/desk/?customer=customer-1",
    "search": "/console/desk/?words=printer+77",
    "case": "/console/desk/{case}/",
}


def races(size: Size) -> Iterator[Race]:
    shape = SHAPES[size]
    yield Race(
        f"{shape.open:,} open and {shape.closed:,} closed cases, {shape.pages} times each page",
        partial(_prepare, shape),
        tuple(
            Contestant(name, partial(opened, shape.pages), ready=partial(_ready, address))
            for name, address in PAGES.items()
        ),
        tuple(Figure(name, CPU, at_most=80) for name in PAGES),
    )


def _prepare(shape: Shape, folder: Path) -> None:
    started(folder)
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("benchmarks.world.desk").seed(shape.customers, shape.open, shape.closed)
    from django.db import connection  # noqa: PLC0415  # Django has been started by now

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    ended()


def _ready(address: str, folder: Path) -> Callable[[], bytes]:
    """Return what opens a page, after it was opened once."""
    started(folder)
    world: Any = import_module("benchmarks.world.desk")
    open_page: Callable[[], bytes] = world.page(address)
    for _ in range(5):
        open_page()
    return open_page
