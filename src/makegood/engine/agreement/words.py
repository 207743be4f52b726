"""Shapes of words from a closed list that somebody else keeps: currencies, countries, days of the week, their hours."""

from __future__ import annotations

import re
from collections.abc import Callable

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.shapes import Scalar, Unreadable, pattern
from makegood.engine.vocabulary.calendar import Window
from makegood.engine.vocabulary.currencies import exponent

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WEEKDAY = "|".join(WEEKDAYS)
_DAYS = f"({_WEEKDAY})(-({_WEEKDAY}))?"


def weekdays(text: str) -> tuple[int, ...]:
    """Return the days of the week that a word or range names, Monday first.

    >>> weekdays("mon-fri"), weekdays("sun")
    ((0, 1, 2, 3, 4), (6,))
    """
    first, _, last = text.partition("-")
    return tuple(range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1))


def _read_days(text: str) -> str:
    if not re.fullmatch(_DAYS, text) or not weekdays(text):
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a day or range of days", "write it like sat or mon-fri")
    return text


def _read_currency(text: str) -> str:
    try:
        exponent(text)
    except ValueError:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a currency", "write its code, as in EUR") from None
    return text


def _code_of(what: str, form: str, like: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(form, text):
            raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not the code of {what}", f"write it like {like}")
        return text

    return read


def _read_window(text: str) -> Window:
    parts = re.fullmatch(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])", text)
    if parts is not None:
        opens = int(parts[1]) * 60 + int(parts[2])
        closes = int(parts[3]) * 60 + int(parts[4])
        if opens < closes <= 24 * 60:
            return Window(opens, closes)
    raise Unreadable(
        codes.WRONG_VALUE,
        f"{text!r} is not a stretch of the day",
        'write it like "08:00-18:00"; split what runs past midnight into two days',
    )


CURRENCY = Scalar("ISO 4217 code", _read_currency, pattern("[A-Z]{3}"))
COUNTRY = Scalar("ISO 3166 code", _code_of("a country", "[A-Z]{2}", "DE"), pattern("[A-Z]{2}"))
SUBDIVISION = Scalar(
    "ISO 3166-2 code", _code_of("a part of a country", "[A-Z0-9]{1,3}", "BE"), pattern("[A-Z0-9]{1,3}")
)
DAYS = Scalar("day or range of days", _read_days, pattern(_DAYS))
WINDOW = Scalar("stretch of the day", _read_window, pattern(r"[0-9]{2}:[0-5][0-9]-[0-9]{2}:[0-5][0-9]"))
