"""The schedule of an agreement: its periods, its calendars, and what a number of days comes to."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from makegood.engine.agreement.calendars import CalendarTerm
from makegood.engine.agreement.terms import Agreement, TermOfAgreement
from makegood.engine.agreement.versions import in_force, newest, parts_of
from makegood.engine.agreement.words import weekdays
from makegood.engine.vocabulary.calendar import DAY_MINUTES, Calendar, Window
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.period import Period, periods
from makegood.engine.vocabulary.times import local_instant, zone

ALWAYS = "always"

_DAY = timedelta(days=1)
_MIDNIGHT = time()
_WHOLE_DAY = (Window(0, DAY_MINUTES),)


def end_of_term(term: TermOfAgreement) -> date:
    """Return the day after the last; so many months after the 31st end on the last day of a shorter month."""
    if term.until is not None:
        return term.until
    years, month = divmod(term.from_.month - 1 + (term.months or 0), 12)
    year = term.from_.year + years
    return date(year, month + 1, min(term.from_.day, months.monthrange(year, month + 1)[1]))


def contract_year(term: TermOfAgreement, day: date) -> int:
    """Return the number of the contract year in which a day lies; the first is 0.

    A contract year begins on the anniversary of the first day; that of a 29 February is the 1 March of other years.
    """
    years = day.year - term.from_.year
    return years - ((day.month, day.day) < (term.from_.month, term.from_.day))


def periods_of(agreement: Agreement) -> tuple[Period, ...]:
    """Return all periods of the term, the first and the last of which may be partial.

    A period in which another version comes into force is cut there.
    """
    term = newest(agreement).term
    found = periods(
        start=term.from_,
        end=end_of_term(term),
        every=term.period.every,
        starts_on=term.period.starts_on,
        zone=term.timezone,
        starts_at=term.starts_at or _MIDNIGHT,
        ends_at=term.ends_at,
    )
    return tuple(part for each in found for part in parts_of(agreement, each))


def instant_of(agreement: Agreement, day: date) -> datetime:
    """Return when a day begins on the clocks of the agreement; an instant is one already."""
    if isinstance(day, datetime):
        return day
    return local_instant(datetime.combine(day, _MIDNIGHT), agreement.term.timezone)


def calendar_of(agreement: Agreement, name: str) -> Calendar:
    """Return a calendar of the agreement by its name; ``always`` is every second."""
    if name == ALWAYS:
        return _known(Calendar.always(agreement.term.timezone))
    return _known(calendar(name, agreement.calendars[name], agreement.term.timezone))


@lru_cache(maxsize=128)
def _known(calendar: Calendar) -> Calendar:
    """Return the calendar that is equal and has counted its years already."""
    return calendar


def calendar(name: str, term: CalendarTerm, timezone: str) -> Calendar:
    """Return the calendar that a clause describes, in the agreement's zone unless it names another."""
    weekly: list[tuple[Window, ...]] = [()] * 7
    for days, windows in term.days.items():
        for day in weekdays(days):
            weekly[day] = windows
    return Calendar(
        name,
        term.timezone or timezone,
        tuple(weekly),
        country=term.holidays.country if term.holidays else None,
        subdivision=(term.holidays.subdivision or None) if term.holidays else None,
        closed=frozenset(term.extra_closed),
        extra_open=tuple(sorted(term.extra_open.items())),
    )


def business_calendar(agreement: Agreement) -> Calendar:
    """Return the calendar that says which days are business days: that of closing, or Monday to Friday."""
    if agreement.closing.calendar:
        return calendar_of(agreement, agreement.closing.calendar)
    return Calendar("business days", agreement.term.timezone, (_WHOLE_DAY,) * 5 + ((), ()))


def closes_at(agreement: Agreement, period: Period) -> datetime:
    """Return the instant at which a period is closed; its parts are closed together, by the terms of the last."""
    whole = period.cut_from or period
    terms = in_force(agreement, whole.last_day)
    return after(terms, whole.interval.end, terms.closing.after)


def disputable_until(agreement: Agreement, period: Period) -> datetime:
    """Return the instant up to which the verdicts of a period can be disputed."""
    terms = in_force(agreement, (period.cut_from or period).last_day)
    return after(terms, closes_at(agreement, period), terms.closing.dispute_within)


def after(agreement: Agreement, instant: datetime, span: Duration | Days) -> datetime:
    """Return the instant that lies a span after another.

    Unit: instant, in UTC.
    Rule: hours and minutes are real time; calendar days keep the time on the wall of the agreement's zone. Business
        days keep it too, from a time within a business day; from midnight or from a day off, so many whole business
        days pass, up to the midnight after the last of them.
    Source: docs/explanation/agreement/days.md
    """
    if isinstance(span, Duration):
        return instant + timedelta(seconds=span.seconds)
    if not span.business:
        return _days_later(instant, span.number, agreement.term.timezone)
    return _business_days_after(business_calendar(agreement), instant, span.number)


def before(agreement: Agreement, instant: datetime, span: Duration | Days) -> datetime:
    """Return the instant that lies a span before another; the mirror of ``after``."""
    if isinstance(span, Duration):
        return instant - timedelta(seconds=span.seconds)
    if not span.business:
        return _days_later(instant, -span.number, agreement.term.timezone)
    return _business_days_before(business_calendar(agreement), instant, span.number)


def _days_later(instant: datetime, number: int, timezone: str) -> datetime:
    wall = instant.astimezone(zone(timezone)).replace(tzinfo=None)
    return local_instant(wall + number * _DAY, timezone)


def _business_days_after(business: Calendar, instant: datetime, number: int) -> datetime:
    if number == 0:
        return instant
    wall = instant.astimezone(zone(business.zone)).replace(tzinfo=None)
    day = wall.date()
    if wall.time() != _MIDNIGHT and business.is_business_day(day):
        return local_instant(datetime.combine(business.business_days_after(day, number), wall.time()), business.zone)
    last = business.business_days_after(day - _DAY, number)
    return local_instant(datetime.combine(last + _DAY, _MIDNIGHT), business.zone)


def _business_days_before(business: Calendar, instant: datetime, number: int) -> datetime:
    if number == 0:
        return instant
    wall = instant.astimezone(zone(business.zone)).replace(tzinfo=None)
    day = wall.date()
    first = business.business_days_after(day, -number)
    within = wall.time() != _MIDNIGHT and business.is_business_day(day)
    return local_instant(datetime.combine(first, wall.time() if within else _MIDNIGHT), business.zone)
