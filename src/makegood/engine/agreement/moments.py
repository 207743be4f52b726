"""Shapes of moments: a day or an instant, and a time on the wall."""

from __future__ import annotations

import re
from datetime import date, time

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.shapes import DATE, Scalar, Unreadable, pattern
from makegood.engine.vocabulary.times import parse_instant

_WALL = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?"


def _moment(text: str) -> date:
    """Return a day, or an instant in UTC; which of the two was written makes a difference."""
    if not re.fullmatch(_INSTANT, text):
        hint = "write it like 2026-03-01, or 2026-03-01T08:00:00Z with its offset from UTC"
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is neither a date nor an instant", hint)
    DATE.read(text[:10])
    if "T" not in text:
        return date.fromisoformat(text)
    try:
        return parse_instant(text)
    except ValueError as error:
        raise Unreadable(codes.WRONG_VALUE, str(error)) from None


def _wall(text: str) -> time:
    if not re.fullmatch(_WALL, text):
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a time of the day", 'write it like "08:00"')
    return time.fromisoformat(text)


MOMENT = Scalar("date or instant", _moment, pattern(_INSTANT))
WALL = Scalar("time of the day", _wall, pattern(_WALL))
