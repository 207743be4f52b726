"""Windows: the time over which an objective holds, and the period of the calendar that comes nearest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from makegood.engine.agreement.exchange import codes
from makegood.engine.agreement.exchange.entry import Entry
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.times import zone

DAY = 86_400

# How long a period is about: enough to find the one that is meant.
_DAYS = {Every.WEEK: 7, Every.MONTH: 30, Every.QUARTER: 91, Every.YEAR: 365}
_MONTHS = {1: Every.MONTH, 3: Every.QUARTER, 12: Every.YEAR}
_FIRST_MONTHS = {Every.QUARTER: (1, 4, 7, 10), Every.YEAR: (1,)}

_SHORTHAND = re.compile(r"([0-9]{1,6})([mhdwMQY])")
_SECONDS = {"m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "M": 30 * DAY, "Q": 91 * DAY, "Y": 365 * DAY}
_IN_MONTHS = {"M": 1, "Q": 3, "Y": 12}
_PROMETHEUS = re.compile("".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in ("y", "w", "d", "h", "m(?!s)", "s", "ms")))
_PROMETHEUS_SECONDS = (365 * DAY, 7 * DAY, DAY, 3600, 60, 1)
_START = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?Z?")


@dataclass(frozen=True, slots=True)
class Window:
    """A period of the calendar, and the zone of its midnight; empty if the source names none."""

    every: Every
    starts_on: int = 1
    zone: str = ""

    def __str__(self) -> str:
        start = f" from day {self.starts_on}" if self.starts_on != 1 else ""
        return f"{self.every}{start}" + (f" in {self.zone}" if self.zone else "")


@dataclass(frozen=True, slots=True)
class Span:
    """A length as OpenSLO writes it; ``months`` is set for lengths of the calendar."""

    seconds: int
    months: int = 0


def nearest(seconds: int) -> Every:
    """Return the period whose length comes nearest.

    >>> nearest(28 * DAY), nearest(90 * DAY)
    (<Every.MONTH: 'month'>, <Every.QUARTER: 'quarter'>)
    """
    return min(_DAYS, key=lambda every: abs(_DAYS[every] * DAY - seconds))


def shorthand(source: Entry, key: str) -> Span:
    """Take a length as OpenSLO writes it.

    :raises LeftOut: if it is missing, or no such length
    """
    text = source.need(key)
    parts = _SHORTHAND.fullmatch(text)
    if parts is None or not int(parts[1]):
        source.refuse(codes.NOT_UNDERSTOOD, f"{key}: {text[:20]!r} is no length of time", "write it like 4w or 1M", key)
    number, unit = int(parts[1]), parts[2]
    return Span(number * _SECONDS[unit], number * _IN_MONTHS.get(unit, 0))


def prometheus_seconds(source: Entry, key: str) -> int:
    """Take a length as Prometheus writes it, in whole seconds.

    :raises LeftOut: if it is missing, or no such length
    """
    text = source.need(key)
    parts = _PROMETHEUS.fullmatch(text)
    if parts is None:
        source.refuse(codes.NOT_UNDERSTOOD, f"{key}: {text[:20]!r} is no length of time", "write it like 4w", key)
    return sum(int(part or 0) * unit for part, unit in zip(parts.groups()[:6], _PROMETHEUS_SECONDS, strict=True))


def rolling(source: Entry, key: str, seconds: int) -> Window:
    """Return the period for a rolling window, and say so."""
    every = nearest(seconds)
    text = f"the rolling window of {source.shown(key)} becomes a {every} of the calendar"
    source.tell(codes.ROLLING_WINDOW, text, "check that it is what both parties want", key)
    return Window(every)


def calendar_window(source: Entry, span: Span, calendar: Entry) -> Window:
    """Return the period for a calendar-aligned window, and say where the two differ.

    :raises LeftOut: if its start or its zone cannot be read
    """
    start, at = _start(calendar)
    timezone = _zone(calendar)
    every = _MONTHS.get(span.months)
    if span.months == 0 and span.seconds == 7 * DAY:
        every = Every.WEEK
    odd = every is None
    if every is None:
        every = nearest(span.seconds)
    starts_on = start.isoweekday() if every is Every.WEEK else start.day
    if odd or at.strip("0:") or start.month not in _FIRST_MONTHS.get(every, (start.month,)):
        window = f"{source.shown('duration')} from {calendar.shown('startTime')}"
        text = f"the window of {window} is no period of an agreement; a {every} from day {starts_on} is taken"
        source.tell(codes.WINDOW_WITHOUT_PERIOD, text, "check that it is what both parties want", "duration")
    return Window(every, starts_on, timezone)


def _start(calendar: Entry) -> tuple[date, str]:
    text = calendar.need("startTime")
    parts = _START.fullmatch(text)
    try:
        return date.fromisoformat(parts[1] if parts is not None else ""), (parts and parts[2]) or ""
    except ValueError:
        hint = "write it like 2026-01-01 00:00:00"
        calendar.refuse(codes.NOT_UNDERSTOOD, f"startTime: {text[:30]!r} is no date with its time", hint, "startTime")


def _zone(calendar: Entry) -> str:
    text = calendar.need("timeZone")
    try:
        zone(text)
    except ValueError:
        hint = "write it like Europe/Berlin"
        calendar.refuse(codes.NOT_UNDERSTOOD, f"timeZone: {text[:30]!r} is no time zone", hint, "timeZone")
    return text
