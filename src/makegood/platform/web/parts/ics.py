"""Calendars as files that mail programs take: iCalendar, RFC 5545, with whole days and with stretches of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_LONGEST_LINE: Final = 75
_ESCAPED: Final = re.compile(r"([\\;,])")


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day; ``uid`` names it wherever it goes."""

    uid: str
    day: date
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something from one instant to another; ``uid`` names it wherever it goes."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str = ""


def calendar(*, name: str, events: Iterable[Event | Stretch], now: datetime) -> bytes:
    """Return events as one calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Makegood//Makegood//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
        *(line for each in events for line in _event(each, now)),
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event | Stretch, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"
    if isinstance(event, Stretch):
        yield f"DTSTART:{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{event.ends_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_escaped(event.text)}"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", " ".join(text.splitlines()))


def _folded(line: str) -> Iterator[bytes]:
    """Yield a line in parts of at most 75 octets, of which all but the first begin with a space."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > _LONGEST_LINE:
            yield part
            part = b" "
        part += octets
    yield part
