"""Delay: how many units of time have passed since something was due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from makegood.engine.agreement.measures.milestone import Parts
from makegood.engine.agreement.schedule import business_calendar
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import local_instant, zone

_DAY = timedelta(days=1)
_MIDNIGHT = time()


def units_of_delay(
    agreement: Agreement, due: datetime, until: datetime, unit: Duration | Days, parts: Parts, calendar: Calendar
) -> int:
    """Return how many units lie between the moment at which something was due and another one.

    Unit: whole number of units.
    Rule: hours, minutes and seconds are those of the calendar. A day lasts to the same time on the wall of the next
        one, a business day to the same time on the next business day; from midnight or from a day off, business days
        end at midnight. What is ``started`` counts as soon as it has begun, what is ``completed`` when it is over.
        Before it was due there is no delay.
    Source: docs/explanation/judging/milestone.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> due, until = datetime(2019, 1, 11, 3, 24, tzinfo=UTC), datetime(2019, 1, 16, 21, 34, tzinfo=UTC)
    >>> shop, day = read(GOOD).agreement, Duration(86_400)
    >>> [units_of_delay(shop, due, until, day, parts, Calendar.always()) for parts in Parts]
    [6, 5]
    >>> [units_of_delay(shop, due, until, Days(1, business=True), parts, Calendar.always()) for parts in Parts]
    [4, 3]
    """
    if until <= due:
        return 0
    if isinstance(unit, Duration):
        passed = Ratio(calendar.elapsed(due, until), unit.seconds)
        return passed.ceil() if parts is Parts.STARTED else passed.floor()
    ends = list(ends_of_days(agreement, due, until, business=unit.business))
    if parts is Parts.COMPLETED:
        return len(ends) // unit.number
    return sum(end < until for end in ends) // unit.number + 1


def ends_of_days(agreement: Agreement, due: datetime, until: datetime, *, business: bool) -> Iterator[datetime]:
    """Yield when the first day after something was due ends, the second, and so on, up to a moment.

    Unit: instants in UTC.
    Rule: a day lasts to the same time on the wall of the next one, a business day to the same time on the next
        business day; from midnight or from a day off, business days end at midnight.
    Source: docs/explanation/judging/milestone.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> friday, tuesday = datetime(2019, 1, 11, 3, 24, tzinfo=UTC), datetime(2019, 1, 15, 12, tzinfo=UTC)
    >>> [f"{end:%d %H:%M}" for end in ends_of_days(read(GOOD).agreement, friday, tuesday, business=True)]
    ['14 03:24', '15 03:24']
    """
    days = business_calendar(agreement) if business else Calendar.always(agreement.term.timezone)
    wall = due.astimezone(zone(days.zone)).replace(tzinfo=None)
    keeps_time = wall.time() != _MIDNIGHT and days.is_business_day(wall.date())
    day = wall.date() + _DAY if keeps_time else wall.date()
    while (end := _end_of(day, wall.time() if keeps_time else None, days.zone)) <= until:
        if days.is_business_day(day):
            yield end
        day += _DAY


def _end_of(day: date, at: time | None, timezone: str) -> datetime:
    wall = datetime.combine(day, at) if at is not None else datetime.combine(day + _DAY, _MIDNIGHT)
    return local_instant(wall, timezone)
