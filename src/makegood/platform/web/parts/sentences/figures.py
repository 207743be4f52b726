"""Numbers, lengths of time and moments inside sentences, as the reader's language writes them, digit by digit."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?(?:/\d+)?"
_CLOCK = r"\d+h(?: \d+m)?(?: \d+s)?|\d+m(?: \d+s)?|\d+s"
_WORDS = r"\d+ (?:hours?|minutes?|seconds?)(?: \d+ (?:minutes?|seconds?))*|\d+ (?:business )?days?"
FIGURE = rf"{_CLOCK}|{_WORDS}|{NUMBER}(?: ?%| [^\s\d,;:.()%][^\s,;:.()]{{0,11}})?"
TARGET = rf"(?:>=|<=|=|<|>) (?:{FIGURE})"
_MINUTE = r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?"
MOMENT = rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ|{_MINUTE} UTC"
SPAN = rf"{_MINUTE}Z \.\. {_MINUTE}Z"
DAY = r"\d{4}-\d\d-\d\d"
PERIOD = r"\d{4}[-\w.+]*"
NAMES = r"[\w.-]+(?:, [\w.-]+)*"

_TIMES = (
    _("{number} hour"),
    _("{number} hours"),
    _("{number} minute"),
    _("{number} minutes"),
    _("{number} second"),
    _("{number} seconds"),
    _("{number} business day"),
    _("{number} business days"),
    _("{number} day"),
    _("{number} days"),
    _("{number}h"),
    _("{number}m"),
    _("{number}s"),
)
_BY_WORD = {text.removeprefix("{number}"): text for text in _TIMES}
_PART = re.compile(rf"({NUMBER})({'|'.join(sorted(_BY_WORD, key=len, reverse=True))})?(?![\w])")
_SIGNS = {">=": "≥", "<=": "≤"}


def figure(text: str) -> str:
    """Return a figure with its numbers and words of time as the language has them: ``99,9 %``, ``4 Stunden``."""
    return _PART.sub(_part, text)


def target(text: str) -> str:
    """Return a target with the signs that people write: ``≥ 99,9 %``."""
    sign, _space, level = text.partition(" ")
    return f"{_SIGNS.get(sign, sign)} {figure(level)}"


def moment(text: str) -> str:
    """Return an instant as the language writes it, in UTC as it was; seconds only where there are some."""
    return f"{_at(datetime.fromisoformat(text.removesuffix(' UTC').rstrip('Z')))} UTC"


def span(text: str) -> str:
    """Return a stretch from an instant to another; the day is not said twice."""
    start, end = (datetime.fromisoformat(each.rstrip("Z")) for each in text.split(" .. "))
    last = _at(end) if start.date() != end.date() else f"{end:%H:%M:%S}".removesuffix(":00")
    return f"{_at(start)} – {last} UTC"


def day(text: str) -> str:
    """Return a day as the language writes it."""
    return format_date(date.fromisoformat(text), _day(), locale=_locale())


def _part(found: re.Match[str]) -> str:
    number, word = found[1], found[2]
    group, point = get_group_symbol(_locale()), get_decimal_symbol(_locale())
    written = number.translate({ord(","): group, ord("."): point})
    return gettext(_BY_WORD[word]).format(number=written) if word else written


def _at(at: datetime) -> str:
    clock = "HH:mm:ss" if at.second else "HH:mm"
    return format_datetime(at, f"{_day()}, {clock}", locale=_locale())


def _day() -> str:
    return "d. MMM y" if _locale().startswith("de") else "d MMM y"


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")
