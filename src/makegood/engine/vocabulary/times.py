"""Instants: how they are read, shown and found from a wall clock.

Time zones come from the pinned ``tzdata`` package and never from the machine, because the same evidence must give
the same verdict on every server and in every verifier's hands; ``zoneinfo`` alone would prefer the system's files.
Reading the data and versions of the two pinned packages is the one thing the engine reads besides its arguments:
they are part of the installed program, and their versions are part of every verdict.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

TZDATA_VERSION: Final[str] = version("tzdata")
HOLIDAYS_VERSION: Final[str] = version("holidays")

_SECOND = timedelta(seconds=1)


def utc(moment: datetime) -> datetime:
    """Return an aware moment as an instant: in UTC, at the start of its second.

    >>> utc(datetime.fromisoformat("2026-03-02T09:00:00.900+01:00"))
    datetime.datetime(2026, 3, 2, 8, 0, tzinfo=datetime.timezone.utc)
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no offset from UTC")
    return moment.astimezone(UTC).replace(microsecond=0)


def parse_instant(text: str) -> datetime:
    """Return the instant of an ISO 8601 text with ``Z`` or an offset; fractions of a second are dropped.

    >>> parse_instant("2026-03-02T09:00:00+01:00")
    datetime.datetime(2026, 3, 2, 8, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is not an instant; write it like 2026-03-02T08:00:00Z or with an offset such as +01:00"
        ) from None


def show_instant(moment: datetime) -> str:
    """Return the instant in the one form we write: ``2026-03-02T08:00:00Z``."""
    return f"{utc(moment).replace(tzinfo=None).isoformat()}Z"


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from ``start`` to ``end``, negative if ``end`` comes first."""
    return (end - start) // _SECOND


@cache
def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name, from the pinned package."""
    if name not in _zone_names():
        raise ValueError(f"{name!r} is not an IANA time zone, such as Europe/Berlin or UTC")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def local_instant(wall: datetime, zone_name: str) -> datetime:
    """Return the instant at which clocks on the wall of a zone show ``wall``.

    Unit: instant, in UTC.
    Rule: a wall time that happens twice means its first passing; one that is skipped means the instant of the
        change. So later wall times never come earlier, and windows that touch on the wall touch in real time.
    Source: docs/explanation/vocabulary/calendar.md

    >>> show_instant(local_instant(datetime(2025, 10, 26, 2, 30), "Europe/Berlin"))
    '2025-10-26T00:30:00Z'
    >>> show_instant(local_instant(datetime(2025, 3, 30, 2, 30), "Europe/Berlin"))
    '2025-03-30T01:00:00Z'
    """
    if wall.tzinfo is not None:
        raise ValueError(f"a time on the wall has no offset: {wall}")
    here = zone(zone_name)
    local = wall.replace(tzinfo=here, microsecond=0, fold=0)
    instant = local.astimezone(UTC)
    if instant.astimezone(here).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return instant
    before_change = local.replace(fold=1).astimezone(UTC)
    return _change_between(before_change, instant, here)


def _change_between(before: datetime, after: datetime, here: ZoneInfo) -> datetime:
    """Return the first second whose offset is no longer that of ``before``."""
    old = before.astimezone(here).utcoffset()
    steps = range(seconds_between(before, after))
    passed = bisect_left(steps, True, key=lambda step: (before + step * _SECOND).astimezone(here).utcoffset() != old)
    return before + passed * _SECOND
