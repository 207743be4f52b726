"""Money: whole minor units of one currency."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import Self

from makegood.engine.vocabulary.currencies import exponent
from makegood.engine.vocabulary.ratio import LONGEST_TEXT, Ratio
from makegood.engine.vocabulary.rounding import Rounding, rounded

_MONEY = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?(?:\s*([A-Z]{3}))?")


@total_ordering
@dataclass(frozen=True, slots=True)
class Amount:
    """So many minor units of a currency; amounts of two currencies never meet.

    >>> Amount(120000, "EUR").times(Ratio(1, 3))
    Amount(minor=40000, currency='EUR')
    >>> print(Amount.parse("1,200.00 EUR") - Amount.parse("0.01", "EUR"))
    1,199.99 EUR
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"an amount is a whole number of minor units, not {type(self.minor).__name__}")
        exponent(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return no money, in this currency."""
        return cls(0, currency)

    @classmethod
    def of(cls, value: Ratio, currency: str, mode: Rounding = Rounding.HALF_UP) -> Self:
        """Return a value in major units as money, rounded once to minor units.

        >>> Amount.of(Ratio(10, 3), "EUR")
        Amount(minor=333, currency='EUR')
        """
        return cls(rounded(value.fraction * 10 ** exponent(currency), mode), currency)

    @classmethod
    def total(cls, amounts: Iterable["Amount"], currency: str) -> "Amount":
        """Return the sum, which has a currency even if there was nothing to add.

        >>> Amount.total([], "JPY")
        Amount(minor=0, currency='JPY')
        """
        return sum(amounts, start=cls.zero(currency))

    @classmethod
    def parse(cls, text: str, currency: str = "") -> Self:
        """Return the money a person wrote: ``1,200.00 EUR``, or ``1200.00`` with the currency beside it.

        Rule: the currency is named in the text, beside it, or both alike; decimals stand behind a point and are at
            most those of the currency; commas may group thousands, only where they belong.
        """
        match = _MONEY.fullmatch(text.strip()) if len(text) <= LONGEST_TEXT else None
        if match is None:
            raise ValueError(f"{text[:LONGEST_TEXT]!r} is not an amount; write it like 1,200.00 EUR")
        sign, whole, decimals, code = match.groups(default="")
        if code and currency and code != currency:
            raise ValueError(f"{text!r} is in {code}, expected {currency}")
        if not (code or currency):
            raise ValueError(f"{text!r} names no currency")
        places = exponent(code or currency)
        if len(decimals) > places:
            raise ValueError(f"{text!r} has {len(decimals)} decimals, {code or currency} has {places}")
        return cls(int(sign + whole.replace(",", "") + decimals.ljust(places, "0")), code or currency)

    @property
    def exponent(self) -> int:
        """How many decimals the currency has."""
        return exponent(self.currency)

    @property
    def value(self) -> Ratio:
        """The same money in major units, exactly."""
        return Ratio(self.minor, 10**self.exponent)

    def times(self, factor: Ratio | int, mode: Rounding = Rounding.HALF_UP) -> "Amount":
        """Return the amount multiplied by an exact factor, rounded once.

        >>> Amount(5, "EUR").times(Ratio(1, 2)), Amount(5, "EUR").times(Ratio(1, 2), Rounding.DOWN)
        (Amount(minor=3, currency='EUR'), Amount(minor=2, currency='EUR'))
        """
        return Amount(rounded((Ratio(factor) * self.minor).fraction, mode), self.currency)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Amount":
        return Amount(-self.minor, self.currency)

    def __abs__(self) -> "Amount":
        return Amount(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Amount") -> bool:
        return self.minor < self._minor_of(other)

    @property
    def plain(self) -> str:
        """The number for machines: ``1200.00``, no grouping, no currency."""
        return self.value.decimal(self.exponent)

    def __str__(self) -> str:
        whole, point, decimals = self.plain.lstrip("-").partition(".")
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{int(whole):,}{point}{decimals} {self.currency}"

    def _minor_of(self, other: "Amount") -> int:
        """Return the minor units of another amount, refusing another currency."""
        if not isinstance(other, Amount):
            raise TypeError(f"an amount meets amounts only, not {type(other).__name__}")
        if other.currency != self.currency:
            raise ValueError(f"{self} and {other} are in different currencies")
        return other.minor
