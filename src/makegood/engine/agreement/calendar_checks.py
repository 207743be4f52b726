"""Checks of the calendars that an agreement defines."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import reference_codes as codes
from makegood.engine.agreement.calendars import CalendarTerm, Holidays
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.schedule import ALWAYS, calendar
from makegood.engine.agreement.words import WEEKDAYS, weekdays
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.holiday import holiday_dates


def calendars(draft: Draft) -> Iterator[Finding]:
    """A calendar has a name of its own, knows its holidays, opens at some time and does not contradict itself."""
    for name, term in draft.agreement.calendars.items():
        if name == ALWAYS:
            text = "always is every second and cannot be defined otherwise"
            yield codes.RESERVED_NAME.at(draft.places.key("calendars", name), text, "give it another name")
        if not any(windows for windows in term.days.values()):
            text = f"the calendar {name} never opens"
            yield codes.NEVER_OPEN.at(draft.at("calendars", name, "days"), text, "write its hours")
        trouble = [*_unknown_holidays(draft, name, term.holidays), *_day_twice(draft, name, term)]
        yield from trouble or _contradiction(draft, name, term)


def _unknown_holidays(draft: Draft, name: str, holidays: Holidays | None) -> Iterator[Finding]:
    if holidays is None:
        return
    try:
        holiday_dates(holidays.country, holidays.subdivision or None, draft.agreement.term.from_.year)
    except ValueError as error:
        yield codes.UNKNOWN_HOLIDAYS.at(draft.at("calendars", name, "holidays"), str(error), "use codes of ISO 3166")


def _day_twice(draft: Draft, name: str, term: CalendarTerm) -> Iterator[Finding]:
    written: dict[int, str] = {}
    for days in term.days:
        for day in weekdays(days):
            if day in written:
                text = f"{WEEKDAYS[day]} is in {written[day]} and in {days}"
                place = draft.places.key("calendars", name, "days", days)
                yield codes.CONTRADICTORY_CALENDAR.at(place, text, "write each day once")
            written[day] = days


def _contradiction(draft: Draft, name: str, term: CalendarTerm) -> Iterator[Finding]:
    try:
        calendar(name, term, draft.agreement.term.timezone)
    except ValueError as error:
        yield codes.CONTRADICTORY_CALENDAR.at(draft.places.key("calendars", name), str(error), "write each day once")
