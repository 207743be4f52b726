"""The calendars of an agreement: when a service is promised, when a clock runs, which day is a business day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause
from makegood.engine.agreement.shapes import DATE, ZONE
from makegood.engine.agreement.words import COUNTRY, DAYS, SUBDIVISION, WINDOW
from makegood.engine.vocabulary.calendar import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """Public holidays on which a calendar is closed."""

    country: str = clause(COUNTRY, "ISO 3166 code of the country.")
    subdivision: str = clause(SUBDIVISION, "ISO 3166-2 code of the part of it.", default="")


WINDOWS = ListOf(WINDOW, or_one=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarTerm:
    """Service hours on the wall clock of the agreement's zone."""

    days: dict[str, tuple[Window, ...]] = clause(
        MapOf(DAYS, WINDOWS), "Open stretches by day or range of days, as in `mon-fri`."
    )
    holidays: Holidays | None = clause(Form(Holidays), "Public holidays, closed all day.", default=None)
    extra_closed: tuple[date, ...] = clause(ListOf(DATE), "Further days closed all day.", default=())
    extra_open: dict[date, tuple[Window, ...]] = clause(
        MapOf(DATE, WINDOWS), "Further hours on a day, by date; they hold on holidays too.", factory=dict
    )
    timezone: str = clause(ZONE, "Another zone than that of the agreement.", default="")
