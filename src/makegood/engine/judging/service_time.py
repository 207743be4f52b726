"""Service time: when a service is promised at all."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import Interval, difference


def service_time(calendar: Calendar, period: Interval, *, not_yet: Iterable[Interval] = ()) -> tuple[Interval, ...]:
    """Return the time of a period in which a service is promised.

    Unit: intervals in UTC, sorted, apart from one another; lengths are real seconds.
    Rule: the open time of the calendar inside the period; time before a part of the service was handed over
        (``not_yet``) is not promised. Exclusions come later: they leave this time, they do not make it.
    Source: docs/explanation/judging/service-time.md

    >>> from datetime import UTC, datetime
    >>> monday = Interval(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    >>> [str(each) for each in service_time(Calendar.always(), monday)]
    ['2026-03-02 00:00Z .. 2026-03-03 00:00Z']
    """
    return difference(calendar.open_in(period), not_yet)
