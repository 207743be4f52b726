"""Exact numbers: shares, percentages, factors, quantities. Nothing here is ever a float."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from typing import Self

from makegood.engine.vocabulary.rounding import Rounding, rounded

LONGEST_TEXT = 60
SHOWN_PLACES = 6

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+)|/([0-9]+))?(\s*%)?")


@total_ordering
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Ratio:
    """One exact rational number; calculates and compares with ratios and whole numbers only.

    >>> Ratio(9, 10) + Ratio.parse("5 %")
    Ratio(19, 20)
    >>> Ratio(999, 1000).percent()
    '99.9 %'
    """

    fraction: Fraction

    def __init__(self, numerator: "Ratio | Fraction | int", denominator: "Ratio | Fraction | int" = 1) -> None:
        object.__setattr__(self, "fraction", Fraction(_exact(numerator), _exact(denominator)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number a person wrote: ``99.9%``, ``12 %``, ``0.5``, ``-3`` or ``1/3``.

        Rule: a percent sign divides by a hundred; a decimal point, never a comma; no exponents, no grouping;
            at most 60 characters, so that no document can make the arithmetic slow.

        >>> Ratio.parse("99.9%")
        Ratio(999, 1000)
        """
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a number has at most {LONGEST_TEXT} characters, this one has {len(text)}")
        match = _NUMBER.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a number; write it like 99.9%, 0.5, -3 or 1/3")
        sign, whole, decimals, below, percent = match.groups(default="")
        denominator = int(below or 1) * 10 ** len(decimals) * (100 if percent else 1)
        if denominator == 0:
            raise ValueError(f"{text!r} divides by zero")
        return cls(int(f"{sign}{whole}{decimals}"), denominator)

    @property
    def numerator(self) -> int:
        return self.fraction.numerator

    @property
    def denominator(self) -> int:
        return self.fraction.denominator

    def __add__(self, other: "Ratio | Fraction | int") -> "Ratio":
        return Ratio(self.fraction + _exact(other))

    __radd__ = __add__

    def __sub__(self, other: "Ratio | Fraction | int") -> "Ratio":
        return Ratio(self.fraction - _exact(other))

    def __rsub__(self, other: "Fraction | int") -> "Ratio":
        return Ratio(_exact(other) - self.fraction)

    def __mul__(self, other: "Ratio | Fraction | int") -> "Ratio":
        return Ratio(self.fraction * _exact(other))

    __rmul__ = __mul__

    def __truediv__(self, other: "Ratio | Fraction | int") -> "Ratio":
        return Ratio(self.fraction / _exact(other))

    def __rtruediv__(self, other: "Fraction | int") -> "Ratio":
        return Ratio(_exact(other) / self.fraction)

    def __neg__(self) -> "Ratio":
        return Ratio(-self.fraction)

    def __abs__(self) -> "Ratio":
        return Ratio(abs(self.fraction))

    def __bool__(self) -> bool:
        return self.fraction != 0

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool) or not isinstance(other, Ratio | Fraction | int):
            return NotImplemented
        return self.fraction == _exact(other)

    def __lt__(self, other: "Ratio | Fraction | int") -> bool:
        return self.fraction < _exact(other)

    def __hash__(self) -> int:
        return hash(self.fraction)

    def floor(self) -> int:
        """Return the largest whole number that is not above this one."""
        return self.numerator // self.denominator

    def ceil(self) -> int:
        """Return the smallest whole number that is not below this one."""
        return -(-self.numerator // self.denominator)

    def decimal(self, places: int, mode: Rounding = Rounding.HALF_UP) -> str:
        """Return the number for people, rounded to ``places`` decimals; showing never decides.

        >>> Ratio(1, 3).decimal(6)
        '0.333333'
        """
        if places < 0:
            raise ValueError(f"a number is shown with 0 or more decimals, not {places}")
        units = rounded(self.fraction * 10**places, mode)
        digits = str(abs(units)).zfill(places + 1)
        sign = "-" if units < 0 else ""
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"

    def percent(self, places: int | None = None) -> str:
        """Return the number as a percentage: exact if six decimals suffice, else rounded to six.

        >>> Ratio(1, 3).percent(), Ratio(1, 8).percent(), Ratio(1).percent(2)
        ('33.333333 %', '12.5 %', '100.00 %')
        """
        hundredfold = self * 100
        exact = _decimals(hundredfold.denominator)
        if places is None:
            places = SHOWN_PLACES if exact is None else min(exact, SHOWN_PLACES)
        return f"{hundredfold.decimal(places)} %"

    @property
    def grouped(self) -> str:
        """The number for people, its thousands apart.

        >>> Ratio(145841).grouped, Ratio(24691, 2).grouped, Ratio(-1000, 3).grouped, Ratio(-1, 2).grouped
        ('145,841', '12,345.5', '-1,000/3', '-0.5')
        """
        whole, sign, rest = str(self).partition("." if "." in str(self) else "/")
        return f"{int(whole):,}{sign}{rest}" if whole != "-0" else str(self)

    def __str__(self) -> str:
        places = _decimals(self.denominator)
        return f"{self.numerator}/{self.denominator}" if places is None else self.decimal(places)

    def __repr__(self) -> str:
        return f"Ratio({self.numerator})" if self.denominator == 1 else f"Ratio({self.numerator}, {self.denominator})"


def _exact(value: object) -> Fraction:
    """Return ``value`` as a fraction, refusing what is not exact."""
    if isinstance(value, Ratio):
        return value.fraction
    if isinstance(value, bool) or not isinstance(value, Fraction | int):
        raise TypeError(f"a ratio is made of whole numbers and ratios, not of {type(value).__name__}")
    return Fraction(value)


def _decimals(denominator: int) -> int | None:
    """Return how many decimals show a fraction with this denominator exactly, None if it never ends."""
    places = 0
    for factor in (2, 5):
        power = 0
        while denominator % factor == 0:
            denominator //= factor
            power += 1
        places = max(places, power)
    return places if denominator == 1 else None
