"""Pages of the house with 50 customers, 200 agreements, three years of closed months and a million records.

Every page goes through all of Django, as the web server hands it over, in one process with a PostgreSQL of its own;
only the socket is left out. CPU counts that process and its connection's process at the server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any, Final, NamedTuple

from benchmarks.race import Answer, Contestant, Figure, Race, Size

CPU, P50, P95 = "ms of CPU a page", "ms a page, half of them", "ms a page, 95 % of them"
_HOST: Final = "localhost"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_STARTED = ExitStack()


class Shape(NamedTuple):
    """How much there is: agreements are those of each customer, and records those of each agreement."""

    customers: int
    agreements: int
    records: int
    pages: int


SHAPES: Final = {Size.FULL: Shape(50, 4, 5_000, 100), Size.SMALL: Shape(3, 2, 600, 20)}
FRAME: Final = "frame alone: a search for nothing"
PAGES: Final = {
    FRAME: ("owner", "/console/search/"),
    "console home": ("owner", "/console/"),
    "agreements": ("owner", "/console/agreements/"),
    "search": ("owner", "/console/search/?q=customer+7"),
    "portal home": ("sponsor", "/portal/"),
    "agreement": ("sponsor", "/portal/agreements/{slug}/"),
    "verdict": ("sponsor", "/portal/agreements/{slug}/verdicts/{verdict}/"),
    "list of periods": ("sponsor", "/portal/agreements/{slug}/periods/"),
    "list of reports": ("sponsor", "/portal/agreements/{slug}/reports/"),
    "statements": ("sponsor", "/portal/agreements/{slug}/money/"),
    "evidence": ("sponsor", "/portal/agreements/{slug}/evidence/"),
}
_QUICK: Final = ("portal home", "agreement", "verdict", "list of reports")


def races(size: Size) -> Iterator[Race]:
    shape = SHAPES[size]
    yield Race(
        f"{shape.customers * shape.agreements} agreements, {shape.pages} times each page",
        partial(_prepare, shape),
        tuple(
            Contestant(name, partial(opened, shape.pages), ready=partial(_ready, *where))
            for name, where in PAGES.items()
        ),
        tuple(Figure(name, CPU, at_most=60) for name in _QUICK),
    )


def _prepare(shape: Shape, folder: Path) -> None:
    started(folder)
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("benchmarks.world.seeding").seed(shape.customers, shape.agreements, shape.records)
    from django.db import connection  # noqa: PLC0415  # Django has been started by now

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    ended()


def started(folder: Path) -> None:
    """Start a database server and Django on the data of a folder."""
    from makegood.platform.postgres import postgres_server  # noqa: PLC0415  # an extra

    for each in (folder, *folder.parents[: len(folder.parents) - 1]):
        if each.stat().st_uid == os.getuid() and not each.stat().st_mode & 0o001:
            each.chmod(0o755)  # root runs the server as another user
    os.environ |= {
        "DATABASE_URL": _STARTED.enter_context(postgres_server(folder / "postgres")),
        "DJANGO_SETTINGS_MODULE": "makegood.platform.settings",
        "MAKEGOOD_DATA": str(folder / "house"),
        "MAKEGOOD_HOSTS": _HOST,
        "MAKEGOOD_LOG": "ERROR",
        "MAKEGOOD_SECRET_KEY": "only for pages that nobody sees",
    }
    import_module("django").setup()


def ended() -> None:
    """Stop what was started."""
    _STARTED.close()


def _ready(who: str, address: str, folder: Path) -> Callable[[], bytes]:
    """Return what opens a page, after it was opened once."""
    started(folder)
    world: Any = import_module("benchmarks.world.agreed")
    opening: Any = import_module("benchmarks.world.opening")
    open_page: Callable[[], bytes] = opening.page(who, address, world.NOW)
    for _ in range(5):
        open_page()
    return open_page


def opened(times: int, open_page: Callable[[], bytes]) -> Answer:
    """Open a page many times."""
    server = import_module("benchmarks.world.opening").server_process()
    took = []
    content = b""
    own, theirs = process_time(), _cpu_of(server)
    for _ in range(times):
        began = perf_counter()
        content = open_page()
        took.append(1_000 * (perf_counter() - began))
    used = process_time() - own + _cpu_of(server) - theirs
    ended()
    percentiles = quantiles(took, n=20)
    figures = {CPU: 1_000 * used / times, P50: percentiles[9], P95: percentiles[18], "kB": len(content) / 1_000}
    return Answer({}, figures)


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / _TICKS
