"""Whether people stand behind promises that are kept within minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, intersection
from makegood.platform.agreement.contracts.models import Contract, Staffing

WEEKS_STAFFED: Final = 4
"""So many weeks ahead nobody may be missing."""
_AT_ONCE: Final = 15 * 60
_QUICKLY: Final = 60 * 60
"""Within so many seconds: what is promised in these hours of every day needs somebody awake at night."""


def staffings(*, contract: Contract) -> QuerySet[Staffing]:
    """Return the rotas behind an agreement, for work that nobody looks at."""
    return Staffing.objects.filter(contract=contract)


def hours_promised(agreement: Agreement) -> dict[str, tuple[Calendar, ...]]:
    """Return the hours in which outcomes need people, by outcome.

    Rule: a limit of at most 15 minutes needs them in the hours of its calendar; one of at most an hour, if it runs at
        every hour of every day.
    """
    found = {name: tuple(_needed(agreement, each.measure)) for name, each in agreement.outcomes.items()}
    return {name: calendars for name, calendars in found.items() if calendars}


def first_hole(*, contract: Contract, promised: Mapping[str, tuple[Calendar, ...]]) -> Interval | None:
    """Return the first stretch of the coming weeks in which something is promised and no rota has anybody on call."""
    rotas = list(staffings(contract=contract))
    since = max(each.as_of for each in rotas)
    span = Interval(since, since + timedelta(weeks=WEEKS_STAFFED))
    left: tuple[Interval, ...] = (span,)
    for each in rotas:
        left = intersection(left, [Interval(*map(datetime.fromisoformat, pair)) for pair in each.uncovered])
    holes = [
        each
        for calendars in promised.values()
        for calendar in calendars
        for each in intersection(left, calendar.open_in(span))
    ]
    return min(holes, default=None)


def _needed(agreement: Agreement, measure: Measure) -> Iterator[Calendar]:
    for on, seconds in _limits(measure):
        calendar = calendar_of(agreement, on)
        if seconds <= _AT_ONCE or (seconds <= _QUICKLY and calendar.is_always):
            yield calendar


def _limits(measure: Measure) -> Iterator[tuple[str, int]]:
    """Yield the limits of a measure in seconds, each with the calendar on which it runs."""
    if isinstance(measure, Steps):
        found = [(measure.on, each.within) for each in measure.steps.values()]
    elif isinstance(measure, Within):
        clock = measure.clock
        found = [(clock.on_priority.get(name, clock.on), each) for name, each in measure.limits.items()]
        found += [(clock.on, measure.limit)] if measure.limit is not None else []
    else:
        return
    yield from ((on, limit.seconds) for on, limit in found if isinstance(limit, Duration))
