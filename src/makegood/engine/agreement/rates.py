"""Rates: what a step, a row or a unit pays, of a base that the stake names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.shapes import CREDIT, Scalar, Share, Unreadable, pattern
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

_NUMBER = r"[0-9]{1,9}(\.[0-9]{1,9})?"
_DAYS = rf"{_NUMBER} days?"
_TIMES = rf"{_NUMBER}x"
_PRORATED = rf"({_NUMBER}x )?prorated"


@dataclass(frozen=True, slots=True)
class Multiple(Share):
    """A multiple of the base, as in ``2x``: a share of it that is meant to be more than all."""

    def __str__(self) -> str:
        return f"{self.of_base}x"


@dataclass(frozen=True, slots=True)
class DaysOfService:
    """So many days of the base, as in ``3 days``: a day is the base divided by the days of the period."""

    number: Ratio

    def __str__(self) -> str:
        return f"{self.number} {'day' if self.number == 1 else 'days'} of service"


@dataclass(frozen=True, slots=True)
class Prorated:
    """The base's part for the time of one unit, so many times, as in ``10x prorated``."""

    times: Ratio

    def __str__(self) -> str:
        times = "" if self.times == 1 else f"{self.times} times "
        return f"{times}the base for that time"


Rate = Share | Amount | DaysOfService | Prorated


def _rate(text: str) -> Share | Amount | DaysOfService:
    if re.fullmatch(_DAYS, text):
        return DaysOfService(Ratio.parse(text.split(maxsplit=1)[0]))
    if re.fullmatch(_TIMES, text):
        return Multiple(Ratio.parse(text.removesuffix("x")))
    if re.fullmatch(_PRORATED, text):
        hint = "write a percentage, an amount, days or a multiple; or count by per_unit"
        raise Unreadable(form_codes.WRONG_VALUE, f"{text!r} needs a unit of time that it is counted by", hint)
    credit: Share | Amount = CREDIT.read(text)
    return credit


def _unit_rate(text: str) -> Rate:
    if re.fullmatch(_PRORATED, text):
        times, _, _ = text.rpartition("x ")
        return Prorated(Ratio.parse(times or "1"))
    return _rate(text)


_NAMES = CREDIT.name
RATE = Scalar(
    f"{_NAMES}, days of service, or multiple", _rate, pattern(rf"({CREDIT.schema['pattern'][1:-1]}|{_DAYS}|{_TIMES})")
)
UNIT_RATE = Scalar(
    f"{_NAMES}, days of service, multiple, or multiple of the base for that time",
    _unit_rate,
    pattern(rf"({CREDIT.schema['pattern'][1:-1]}|{_DAYS}|{_TIMES}|{_PRORATED})"),
)


def in_words(rate: Rate) -> str:
    """Return what a rate pays, in words.

    >>> in_words(RATE.read("10%")), in_words(RATE.read("3 days")), in_words(RATE.read("2x"))
    ('10 % of the base', '3 days of service', '2x the base')
    """
    if isinstance(rate, Multiple):
        return f"{rate} the base"
    return f"{rate} of the base" if isinstance(rate, Share) else str(rate)


def pays_less(one: Rate, other: Rate) -> bool:
    """Tell whether a rate is less than another, as far as they can be compared without knowing the base.

    >>> pays_less(RATE.read("10%"), RATE.read("2x")), pays_less(RATE.read("10%"), RATE.read("100 days"))
    (True, False)
    """
    if isinstance(one, Share) and isinstance(other, Share):
        return one.of_base < other.of_base
    return type(one) is type(other) and size(one) < size(other)


def size(rate: Rate) -> Ratio:
    """Return the number in a rate: of the base, of days, of times, or of money."""
    match rate:
        case Share(of_base):
            return of_base
        case DaysOfService(number):
            return number
        case Prorated(times):
            return times
        case _:
            return rate.value
