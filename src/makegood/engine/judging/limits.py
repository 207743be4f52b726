"""Limits: whether a length of time that was agreed has passed, on a calendar or in days."""

from __future__ import annotations

from datetime import datetime

from makegood.engine.agreement.measures.milestone import Parts
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.delay import units_of_delay
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration


def is_over(
    agreement: Agreement,
    calendar: Calendar,
    start: datetime,
    limit: Duration | Days,
    moment: datetime,
    *,
    at_limit: bool,
) -> bool:
    """Return whether a limit that began at ``start`` is over at a moment.

    Unit: yes or no.
    Rule: hours, minutes and seconds pass in the open time of the calendar; days and business days as a delay counts
        them. Exactly at its end a limit is over only if ``at_limit`` says so.
    Source: docs/explanation/judging/within.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop, always = read(GOOD).agreement, Calendar.always()
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> [is_over(shop, always, nine, Duration(3600), ten, at_limit=at_limit) for at_limit in (True, False)]
    [True, False]
    >>> is_over(shop, always, nine, Days(1, business=True), datetime(2026, 3, 3, 9, 1, tzinfo=UTC), at_limit=False)
    True
    """
    if isinstance(limit, Duration):
        passed = calendar.elapsed(start, moment)
        return passed >= limit.seconds if at_limit else passed > limit.seconds
    parts = Parts.COMPLETED if at_limit else Parts.STARTED
    days = units_of_delay(agreement, start, moment, Days(1, business=limit.business), parts, calendar)
    return days >= limit.number if at_limit else days > limit.number
