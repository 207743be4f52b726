"""Shapes: how a single word or number of an agreement is written, read and described.

A shape turns the text of one YAML scalar into a value and never passes through binary floating point.
The same shape gives the JSON Schema, so that an editor underlines what the parser would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Days, Duration, parse_span
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import zone

Schema = dict[str, Any]

LONGEST_TEXT = 2000
LONGEST_TITLE = 160
LONGEST_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 1900, 2149  # calendars answer until 2199, and a term has at most fifty years

_DECIMAL = r"[0-9]+(\.[0-9]+)?"
_MONEY = r"[0-9,]+(\.[0-9]+)? [A-Z]{3}"
_H, _M, _S = ("[0-9]{1,9} ?" + unit for unit in "hms")
_TIME = f"({_H}( ?{_M})?( ?{_S})?|{_M}( ?{_S})?|{_S})"
_SIGNED = rf"-?{_DECIMAL}"
_SPLIT = rf"{_DECIMAL} ?ms"
_SPAN = f"({_TIME}|[0-9]{{1,9}} (business )?days?)"
_INEXACT = re.compile(r"[-+]?([0-9]*\.?[0-9]+[eE][-+]?[0-9]+|\.inf|\.nan|\.[0-9]+|[0-9]+\.)", re.IGNORECASE)


class Unreadable(ValueError):
    """A scalar does not have its shape; ``code`` is the finding it becomes."""

    def __init__(self, code: Code, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.hint = hint


@dataclass(frozen=True)
class Scalar:
    """A shape read from one scalar: ``read`` makes the value, ``schema`` describes the text."""

    name: str
    read: Callable[[str], Any]
    schema: Schema
    longest: int = 80


class Unit(StrEnum):
    """What a level is measured in."""

    SHARE = "share"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Level:
    """A measured level: ``99.9%`` is a share, ``500`` a number, ``4h`` a time in seconds."""

    value: Ratio
    unit: Unit

    def __str__(self) -> str:
        match self.unit:
            case Unit.SHARE:
                return self.value.percent()
            case Unit.TIME if self.value.denominator == 1:
                return Duration(self.value.numerator).words
            case Unit.TIME:
                return f"{(self.value * 1000).grouped} ms"
            case _:
                return self.value.grouped


class Comparison(StrEnum):
    """How a value has to stand to its target."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EXACTLY = "="

    @property
    def higher_is_better(self) -> bool:
        return self in (Comparison.AT_LEAST, Comparison.MORE_THAN, Comparison.EXACTLY)


@dataclass(frozen=True, slots=True)
class Target:
    """The level that separates met from missed.

    >>> TARGET.read(">= 99.9%").is_met_by(Ratio(999, 1000))
    True
    """

    comparison: Comparison
    level: Level

    @property
    def higher_is_better(self) -> bool:
        """Which side is the good one; exactly nothing is missed by something, exactly so much by less."""
        return self.comparison.higher_is_better and not (self.is_exact and not self.level.value)

    @property
    def is_exact(self) -> bool:
        """Whether one value alone meets it."""
        return self.comparison is Comparison.EXACTLY

    def is_met_by(self, value: Ratio) -> bool:
        """Compare exactly and unrounded."""
        match self.comparison:
            case Comparison.AT_LEAST:
                return value >= self.level.value
            case Comparison.MORE_THAN:
                return value > self.level.value
            case Comparison.AT_MOST:
                return value <= self.level.value
            case Comparison.EXACTLY:
                return value == self.level.value
            case _:
                return value < self.level.value

    def __str__(self) -> str:
        return f"{self.comparison} {self.level}"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a base that the agreement names elsewhere, as in ``credit: 10%``."""

    of_base: Ratio

    def __str__(self) -> str:
        return self.of_base.percent()


class Base(StrEnum):
    """What a percentage of money is taken of."""

    MONTHLY_FEE = "monthly_fee"
    SERVICE_FEE = "service_fee"
    AT_RISK = "at_risk"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A share of a named base, as in ``25% of monthly_fee``."""

    share: Ratio
    base: Base

    def __str__(self) -> str:
        return f"{self.share.percent()} of {self.base.value.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much time in each period, as in ``4h per period``."""

    time: Duration

    def __str__(self) -> str:
        return f"{self.time.words} per period"


def _refuse_inexact(text: str) -> None:
    if _INEXACT.fullmatch(text.strip().rstrip("%").strip()):
        raise Unreadable(
            codes.INEXACT_NUMBER,
            f"{text} is not an exact decimal number",
            "write all digits, as in 0.5 or 1000",
        )


def _wrong_unit(text: str, wanted: str, hint: str) -> Unreadable:
    return Unreadable(codes.WRONG_UNIT, f"{text} has the wrong unit: {wanted} is wanted here", hint)


def _text(text: str) -> str:
    if not text.strip():
        raise Unreadable(codes.WRONG_VALUE, "the text is empty", "write a sentence or leave the key out")
    return re.sub(r"\s*[\r\n]\s*", " ", text.strip())  # lines are not terms


def _slug(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}", text):
        raise Unreadable(
            codes.WRONG_VALUE,
            f"{text!r} is not an identifier",
            "use letters, digits, - _ . : and no spaces, at most 80 characters",
        )
    return text


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is neither true nor false", "write true or false")
    return text == "true"


def _decimal(text: str) -> Ratio:
    _refuse_inexact(text)
    if not re.fullmatch(_DECIMAL, text) or len(text) > 40:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a decimal number", "write it like 1200.00")
    return Ratio.parse(text)


def _share(text: str) -> Ratio:
    _refuse_inexact(text)
    if re.fullmatch(_DECIMAL, text):
        raise _wrong_unit(text, "a percentage", f"write {text}%")
    if not re.fullmatch(rf"{_DECIMAL}\s*%", text) or len(text) > 40:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a percentage", "write it like 12.5%")
    return Ratio.parse(text)


def _percent(text: str) -> Ratio:
    return _share(f"{text}%" if re.fullmatch(_DECIMAL, text) else text)


def _span(text: str) -> Duration | Days:
    if re.fullmatch(_DECIMAL, text):
        raise _wrong_unit(text, "a duration", f"write {text}m, {text}h or {text} days")
    try:
        span = parse_span(text)
    except ValueError:
        text = f"{text!r} is not a length of time"
        raise Unreadable(codes.WRONG_VALUE, text, "write it like 15m, 4h, 1h 30m or 2 business days") from None
    if (span.number if isinstance(span, Days) else span.seconds // 86_400) > LONGEST_DAYS:
        raise Unreadable(codes.WRONG_VALUE, f"{text} is longer than ten years", "check the number")
    return span


def _time(text: str) -> Duration:
    span = _span(text)
    if isinstance(span, Days):
        raise _wrong_unit(text, "hours, minutes or seconds", "days differ in length; write hours, as in 24h")
    return span


def _level(text: str) -> Level:
    _refuse_inexact(text)
    if re.fullmatch(rf"{_SIGNED}(\s*%)?", text) and len(text) <= 40:
        return Level(Ratio.parse(text), Unit.SHARE if text.endswith("%") else Unit.NUMBER)
    if re.fullmatch(_SPLIT, text) and len(text) <= 40:
        return Level(_decimal(text.removesuffix("ms").strip()) / 1000, Unit.TIME)
    if not re.fullmatch(_SPAN, text):
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a level", "write it like 99.9%, 500 or 4h")
    return Level(Ratio(_time(text).seconds), Unit.TIME)


def _target(text: str) -> Target:
    parts = re.fullmatch(r"(>=|<=|>|<|=)\s*(.+)", text.strip())
    if parts is None:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a target", 'write it like ">= 99.9%" or "<= 500"')
    return Target(Comparison(parts[1]), _level(parts[2]))


def _amount(text: str) -> Amount:
    _refuse_inexact(text)
    if re.fullmatch(_DECIMAL, text):
        raise _wrong_unit(text, "an amount with its currency", f"write {text} EUR")
    if not re.fullmatch(_MONEY, text):
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not an amount of money", "write it like 1200.00 EUR")
    try:
        return Amount.parse(text)
    except ValueError as error:
        raise Unreadable(codes.WRONG_VALUE, str(error), "write it like 1200.00 EUR") from None


def _credit(text: str) -> Share | Amount:
    _refuse_inexact(text)
    if text.endswith("%"):
        return Share(_share(text))
    if re.fullmatch(_DECIMAL, text):
        raise _wrong_unit(text, "a percentage or an amount", f"write {text}% or {text} EUR")
    return _amount(text)


def _share_of(text: str) -> ShareOf | Amount:
    parts = re.fullmatch(r"(.+%)\s+of\s+([a-z_]+)", text)
    if parts is None and "%" in text:
        hint = f"say of what, as in 25% of monthly_fee; the bases are {', '.join(Base)}"
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a share of a base", hint)
    if parts is None:
        return _amount(text)
    if parts[2] not in {base.value for base in Base}:
        raise Unreadable(
            codes.WRONG_VALUE, f"{parts[2]} is not a base for a percentage", f"use one of {', '.join(Base)}"
        )
    return ShareOf(_share(parts[1]), Base(parts[2]))


def _allowance(text: str) -> Allowance:
    parts = re.fullmatch(r"(.+?)\s+per\s+period", text)
    if parts is None:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not an allowance", "write it like 4h per period")
    return Allowance(_time(parts[1]))


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        day = None
    if day is None:
        raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a date", "write it like 2026-03-01")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(codes.WRONG_VALUE, f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}", "check the year")
    return day


def _zone(text: str) -> str:
    try:
        zone(text)
    except ValueError as error:
        raise Unreadable(codes.WRONG_VALUE, str(error), "use a name like Europe/Berlin or UTC") from None
    return text


def pattern(text: str) -> Schema:
    """Return the schema of a text that follows a regular expression from end to end."""
    return {"type": "string", "pattern": f"^({text})$"}


def _number(text: str) -> Schema:
    return {"anyOf": [{"type": "number", "minimum": 0}, pattern(text)]}


def _signed(text: str) -> Schema:
    return {"anyOf": [{"type": "number"}, pattern(text)]}


TEXT = Scalar("text", _text, {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}, longest=LONGEST_TEXT)
TITLE = Scalar("title", _text, {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE}, longest=LONGEST_TITLE)
SLUG = Scalar(
    "identifier",
    _slug,
    {"type": ["string", "number", "boolean"], "minimum": 0, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$"},
)
FLAG = Scalar("true or false", _flag, {"type": "boolean"})
DECIMAL = Scalar("decimal number", _decimal, _number(_DECIMAL))
SHARE = Scalar("percentage", _share, pattern(rf"{_DECIMAL}\s*%"))
PERCENT = Scalar("percentage, with or without the sign", _percent, _number(rf"{_DECIMAL}(\s*%)?"))
SPAN = Scalar("duration or days", _span, pattern(_SPAN))
TIME = Scalar("duration", _time, pattern(_TIME))
LEVEL = Scalar("level", _level, _signed(rf"({_SIGNED}(\s*%)?|{_TIME}|{_SPLIT})"))
TARGET = Scalar("target", _target, pattern(rf"(>=|<=|>|<|=)\s*({_SIGNED}(\s*%)?|{_TIME}|{_SPLIT})"))
AMOUNT = Scalar("amount of money", _amount, pattern(_MONEY))
CREDIT = Scalar("percentage or amount of money", _credit, pattern(rf"({_DECIMAL}\s*%|{_MONEY})"))
SHARE_OF = Scalar(
    "percentage of a base, or amount of money",
    _share_of,
    pattern(rf"({_DECIMAL}\s*%\s+of\s+({'|'.join(Base)})|{_MONEY})"),
)
ALLOWANCE = Scalar("time per period", _allowance, pattern(rf"{_TIME}\s+per\s+period"))
DATE = Scalar("date", _date, {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
ZONE = Scalar("time zone", _zone, pattern(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*"))


def whole(least: int, most: int) -> Scalar:
    """A whole number from ``least`` to ``most``, both included."""

    def read(text: str) -> int:
        _refuse_inexact(text)
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return Scalar(f"whole number from {least} to {most}", read, {"type": "integer", "minimum": least, "maximum": most})


def choice(words: type[StrEnum]) -> Scalar:
    """One word of a closed list."""
    listed = ", ".join(words)

    def read(text: str) -> StrEnum:
        try:
            return words(text)
        except ValueError:
            raise Unreadable(codes.WRONG_VALUE, f"{text!r} is not known here", f"use one of {listed}") from None

    return Scalar(f"one of {listed}", read, {"type": "string", "enum": [word.value for word in words]})
