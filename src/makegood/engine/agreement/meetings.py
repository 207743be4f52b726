"""Meetings: the days on which the parties meet by the rhythm that they agreed."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from makegood.engine.agreement.governance import MeetingKind
from makegood.engine.agreement.schedule import business_calendar, end_of_term
from makegood.engine.agreement.terms import Agreement

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class MeetingDay:
    """A meeting that is due: its day, what it is for, and the stretch that it looks back on."""

    day: date
    kind: MeetingKind
    first_day: date
    last_day: date


def meeting_days(agreement: Agreement) -> tuple[MeetingDay, ...]:
    r"""Return the meetings of the whole term in the order of their days; none if no rhythm was agreed.

    Stretches are counted from the first day of the term. A meeting is held on a business day after the end of its
    stretch; the last stretch ends with the term.

    >>> from makegood.engine.agreement.catalogue import completed
    >>> from makegood.engine.agreement.document import read
    >>> terms = read(completed("governance: {meetings: {governance: {every: quarter}}}\n")).agreement
    >>> [str(each.day) for each in meeting_days(terms)]
    ['2026-04-14', '2026-07-14', '2026-10-14', '2027-01-14']
    """
    if agreement.governance is None:
        return ()
    business = business_calendar(agreement)
    found = [
        MeetingDay(business.business_days_after(last, term.business_day), kind, first, last)
        for kind, term in agreement.governance.meetings.items()
        for first, last in _stretches(agreement, term.every.months)
    ]
    return tuple(sorted(found))


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; that of a 31st is the last day of a shorter month.

    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _stretches(agreement: Agreement, months: int) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each stretch of the term."""
    end, number = end_of_term(agreement.term), 0
    first = agreement.term.from_
    while first < end:
        number += 1
        following = min(months_after(agreement.term.from_, number * months), end)
        yield first, following - _DAY
        first = following
