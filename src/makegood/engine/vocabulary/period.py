"""Periods: the stretches by which an agreement is judged and settled."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import local_instant, zone

_DAY = timedelta(days=1)


class Every(StrEnum):
    """How long a period nominally is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TERM = "term"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a term: the part inside the term, and the nominal whole it was cut from.

    Days are those of the zone's calendar; seconds are real, so a March with a clock change has 743 hours. A period in
    which the terms changed is cut into parts: ``cut_from`` is what such a part was cut from.
    """

    label: str
    interval: Interval
    whole: Interval
    zone: str
    first_day: date
    last_day: date
    cut_from: "Period | None" = None

    def __post_init__(self) -> None:
        if self.interval.intersection(self.whole) != self.interval:
            raise ValueError(f"period {self.label} is no part of its whole: {self.interval} in {self.whole}")
        if self.last_day < self.first_day:
            raise ValueError(f"period {self.label} ends before it starts: {self.first_day} .. {self.last_day}")

    @property
    def partial(self) -> bool:
        """Whether the term covers only a part of the nominal period."""
        return self.interval != self.whole

    @property
    def days(self) -> int:
        """The calendar days of the part inside the term; one that is begun counts."""
        return self._days_of(self.interval)

    @property
    def whole_days(self) -> int:
        """The calendar days of the nominal period."""
        return self._days_of(self.whole)

    @property
    def seconds(self) -> int:
        """The real seconds of the part inside the term."""
        return self.interval.seconds

    def _days_of(self, interval: Interval) -> int:
        start, end = (moment.astimezone(zone(self.zone)) for moment in (interval.start, interval.end))
        begun = end > local_instant(datetime.combine(end.date(), time()), self.zone)
        return (end.date() - start.date()).days + begun


def periods(
    *,
    start: date,
    end: date,
    every: Every,
    starts_on: int = 1,
    zone: str,
    starts_at: time = time(),
    ends_at: time | None = None,
) -> tuple[Period, ...]:
    """Return the periods of a term, from its first day up to but not including ``end``.

    Unit: days of the zone's calendar, cut into real seconds.
    Rule: months, quarters (from January, April, July, October) and years (from January) start on day ``starts_on``,
        or on the last day of a month that is shorter; weeks start on that weekday, Monday is 1. A term that starts
        or ends in mid-period has a partial first or last one. The periods cover the term without gap or overlap.
        A term that is one period (``term``) is whole however long it is. ``starts_at`` is the time on the wall at
        which the first day begins to count, and ``ends_at`` the one up to which the last day does.
    Source: docs/explanation/vocabulary/period.md

    >>> march, = periods(start=date(2025, 3, 1), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> march.label, march.days, march.seconds // 3600
    ('2025-03', 31, 743)
    """
    every = Every(every)
    if end <= start:
        raise ValueError(f"a term ends after it starts: {start} .. {end}")
    if not 1 <= starts_on <= (7 if every is Every.WEEK else 31):
        raise ValueError(f"a {every} does not start on day {starts_on}")
    found: list[Period] = []
    for first, following in pairwise(_first_days(start, end, every, starts_on)):
        first_day, next_day = max(first, start), min(following, end)
        opens = starts_at if first_day == start else time()
        part = _local_span(first_day, next_day, zone, opens, ends_at if next_day == end else None)
        if part:  # a day that a zone skipped altogether is no period
            whole = part if every is Every.TERM else _local_span(first, following, zone)
            found.append(Period(_label(first, every, starts_on), part, whole, zone, first_day, next_day - _DAY))
    return tuple(found)


def _first_days(start: date, end: date, every: Every, starts_on: int) -> list[date]:
    """Return the first days of all periods that touch the term, and the first day after them."""
    if every is Every.TERM:
        return [start, end]
    if every is Every.WEEK:
        number = (start.toordinal() - 1) // 7
    else:
        number = (start.year * 12 + start.month - 1) // _MONTHS[every]
    if _first_day(number, every, starts_on) > start:
        number -= 1
    days = [_first_day(number, every, starts_on)]
    while days[-1] < end:
        number += 1
        days.append(_first_day(number, every, starts_on))
    return days


def _first_day(number: int, every: Every, starts_on: int) -> date:
    """Return the first day of the period with this number, counted from the beginning of the calendar."""
    if every is Every.WEEK:
        return date.fromordinal(number * 7 + starts_on)
    year, month = divmod(number * _MONTHS[every], 12)
    return date(year, month + 1, min(starts_on, calendar.monthrange(year, month + 1)[1]))


def _label(first: date, every: Every, starts_on: int) -> str:
    """Return the name of the calendar's own period, or the first day of a period that starts elsewhere."""
    if starts_on != 1 or every is Every.TERM:
        return first.isoformat()
    if every is Every.WEEK:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if every is Every.MONTH:
        return first.isoformat()[:7]
    return f"{first.year}-Q{first.month // 3 + 1}" if every is Every.QUARTER else f"{first.year}"


def _local_span(
    first_day: date,
    next_day: date,
    zone_name: str,
    starts_at: time = time(),
    ends_at: time | None = None,
) -> Interval:
    end = datetime.combine(next_day, time()) if ends_at is None else datetime.combine(next_day - _DAY, ends_at)
    start, end = (local_instant(each, zone_name) for each in (datetime.combine(first_day, starts_at), end))
    return Interval(start, max(start, end))
