"""The year 2013 of Acme's ERP: everything that happened, drawn once from a seed, with a few things that were chosen.

What was chosen is what the demonstration shows: an outage that the affiliate caused, orders that were refused, a
maintenance that was announced, refused orders that were counted wrongly, and tickets that were exported late.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

BERLIN: Final = ZoneInfo("Europe/Berlin")
TODAY: Final = date(2013, 12, 17)
"""The day of the demonstration: December is open, all before it is closed."""
SITES: Final = ("erp-berlin", "erp-leipzig")
_SEED = 2013


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a site was down, as the monitoring saw it."""

    site: str
    start: datetime
    end: datetime
    incident: str = ""


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant of the year by the clocks of Berlin."""
    return datetime(2013, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


BY_THE_AFFILIATE: Final = Outage("erp-berlin", local(3, 12, 9, 12), local(3, 12, 13, 40), "INC-0312")
"""A switch of Hosting GmbH broke; Northwind IT took the last half hour to start everything again."""
MENDED: Final = local(3, 12, 13, 10)
MAINTENANCE: Final = Outage("erp-leipzig", local(4, 20, 22, 0), local(4, 21, 1, 0))
SHORT: Final = Outage("erp-leipzig", local(8, 20, 14, 0), local(8, 20, 14, 20), "INC-0820")
"""The site came back after twenty minutes, but refused orders all afternoon; the ERP counted them wrongly."""
REFUSED_REALLY: Final = 120
LATE_MONTH: Final = 10
"""The tickets of October were exported when the month was closed."""


def month_start(month: int) -> datetime:
    """Return when a month begins in Berlin."""
    return local(1, 1) if month == 1 else local(month, 1)


def month_end(month: int, now: datetime) -> datetime:
    """Return when a month is over in Berlin, or this minute in the one that is open."""
    return local(month + 1, 1) if month < 12 else now.replace(second=0)


def outages() -> tuple[Outage, ...]:
    """Return the outages of the year by time: the chosen ones, and short ones that happen."""
    drawn = random.Random(_SEED)  # noqa: S311  # the same world each time
    found = [BY_THE_AFFILIATE, MAINTENANCE, SHORT]
    for month in range(1, 13):
        for _ in range(drawn.randint(0, 2)):
            start = local(month, drawn.randint(1, 16), drawn.randint(0, 23), drawn.randint(0, 59))
            end = start + timedelta(minutes=drawn.randint(3, 14))
            site = drawn.choice(SITES)
            if all(end <= each.start or each.end <= start for each in found):
                found.append(Outage(site, start, end))
    return tuple(sorted(found, key=lambda each: each.start))


def monitoring(month: int, now: datetime) -> list[str]:
    """Return what the monitoring saw in a month until now: each site up, but for its outages."""
    start, end = month_start(month), month_end(month, now)
    return [_line(each) for site in SITES for each in _states(site, start, end, lasts=end < local(month, 28))]


def still_up(since: datetime, now: datetime) -> list[str]:
    """Return that each site was up from one look of the monitoring to the next."""
    return [_line({**_state(site, "up", since, now), "end": None, "seen_until": _at(now)}) for site in SITES]


def _states(site: str, start: datetime, end: datetime, *, lasts: bool) -> Iterator[dict[str, Any]]:
    up_from = start
    for outage in outages():
        if outage.site == site and start <= outage.start < end:
            yield _state(site, "up", up_from, outage.start)
            yield _state(site, "down", outage.start, outage.end, outage.incident)
            up_from = outage.end
    last = _state(site, "up", up_from, end)
    yield {**last, "end": None, "seen_until": _at(end)} if lasts else last


def _state(site: str, status: str, start: datetime, end: datetime, incident: str = "") -> dict[str, Any]:
    return {
        "kind": "state",
        "source": "monitoring",
        "source_id": f"{site}-{_at(start)}",
        "subject": site,
        "status": status,
        "start": _at(start),
        "end": _at(end),
        "incident": incident,
    }


def orders(month: int, now: datetime | None = None) -> list[str]:
    """Return the orders of each day of a month that is over, by what became of them."""
    drawn = random.Random(_SEED * 100 + month)  # noqa: S311
    found = []
    day = date(2013, month, 1)
    while day.month == month and (now is None or local(month, day.day) + timedelta(days=1) <= now):
        number = drawn.randint(620, 980) if day.weekday() < 5 else drawn.randint(90, 160)
        refused = sum(drawn.random() < _refused_share(day) for _ in range(number))
        incident = BY_THE_AFFILIATE.incident if day == BY_THE_AFFILIATE.start.date() else ""
        for result, count in (("accepted", number - refused), ("refused", refused)):
            found.append(_line(_tally(day, result, count, incident if result == "refused" else "")))
        day += timedelta(days=1)
    return found


def refused_on(day: date) -> dict[str, Any]:
    """Return the record of the orders that were refused on a day."""
    return next(found for found in map(json.loads, orders(day.month)) if found["source_id"] == f"orders-{day}-refused")


def _refused_share(day: date) -> float:
    """Return how likely an order was refused: an update of June refused many until it was undone."""
    if day == BY_THE_AFFILIATE.start.date():
        return 0.12
    return 0.021 if date(2013, 6, 10) <= day <= date(2013, 6, 21) else 0.0018


def _tally(day: date, result: str, count: int, incident: str) -> dict[str, Any]:
    start = local(day.month, day.day)
    return {
        "kind": "tally",
        "source": "erp",
        "source_id": f"orders-{day}-{result}",
        "subject": "erp",
        "of": "orders",
        "result": result,
        "count": count,
        "start": _at(start),
        "end": _at(start + timedelta(hours=22)),
        "incident": incident,
    }


def tickets(month: int, now: datetime) -> list[str]:
    """Return the incidents of a month: when each was opened, paused and resolved, as far as it was until now."""
    drawn = random.Random(_SEED * 1000 + month)  # noqa: S311
    last_day = 15 if month == 12 else 27
    number = 0
    found: list[str] = []
    for priority, most, hours in (("P1", 4, 3.4), ("P2", 9, 20.0), ("P3", 14, 70.0)):
        for _ in range(drawn.randint(max(2, most - 3), most)):
            number += 1
            opened = local(month, drawn.randint(2, last_day), drawn.randint(6, 19), drawn.randint(0, 59))
            work = timedelta(minutes=round(hours * 60 * drawn.uniform(0.2, 1)))
            if month == LATE_MONTH and priority == "P1" and number <= 2:
                work = timedelta(hours=5, minutes=20 * number)
            found += _case(now, f"T-13{month:02}{number:02}", priority, opened, work, paused=drawn.random() < 0.2)
    for outage in (BY_THE_AFFILIATE, SHORT):
        if outage.start.month == month:
            found += _case(now, outage.incident, "P1", outage.start, outage.end - outage.start, paused=False)
    return found


def _case(now: datetime, case: str, priority: str, opened: datetime, work: timedelta, *, paused: bool) -> Iterator[str]:
    moments = [("opened", opened)]
    resolved = opened + work
    if paused:
        pause = timedelta(minutes=45)
        moments += [("hold-for-customer", opened + work / 2), ("in-progress", opened + work / 2 + pause)]
        resolved += pause
    moments.append(("resolved", resolved))
    for state, at in (each for each in moments if each[1] <= now):
        yield _line(
            {
                "kind": "transition",
                "source": "service-desk",
                "source_id": f"{case}-{state}",
                "case": case,
                "of": "incident",
                "state": state,
                "at": _at(at),
                "priority": priority,
            }
        )


def _line(record: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in record.items() if value not in {None, ""}}, ensure_ascii=False)


def _at(moment: datetime) -> str:
    return moment.replace(microsecond=0, second=0).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
