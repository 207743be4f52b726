"""Distributions of money: mean, deviation and quantiles of sums that were counted, not estimated by a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Distribution:
    """Sums of money in order of size, all equally likely."""

    sums: tuple[Amount, ...]

    @classmethod
    def of(cls, sums: Sequence[Amount]) -> Distribution:
        """Return the distribution of sums in one currency; there must be at least one.

        >>> year = Distribution.of([Amount(minor, "EUR") for minor in (0, 13800, 27600, 69000)])
        >>> str(year.expected), str(year.deviation), str(year.at(Ratio(95, 100)))
        ('276.00 EUR', '258.17 EUR', '690.00 EUR')
        """
        if not sums:
            raise ValueError("no sums have no distribution")
        return cls(tuple(sorted(sums)))

    @property
    def currency(self) -> str:
        return self.sums[0].currency

    @property
    def mean(self) -> Ratio:
        """The expected sum, exactly, in minor units."""
        return Ratio(sum(each.minor for each in self.sums), len(self.sums))

    @property
    def expected(self) -> Amount:
        """The expected sum as money, rounded for showing."""
        return _shown(self.mean, self.currency)

    @property
    def variance(self) -> Ratio:
        """The mean square of the distance from the mean, exactly, in minor units times minor units."""
        mean = self.mean
        return Ratio(sum(each.minor**2 for each in self.sums), len(self.sums)) - mean * mean

    @property
    def deviation(self) -> Amount:
        """The standard deviation of these sums (not an estimate for more than these), rounded to the minor unit."""
        quadruple = (self.variance * 4).floor()
        return Amount((isqrt(quadruple) + 1) // 2, self.currency)

    @property
    def worst(self) -> Amount:
        """The largest sum."""
        return self.sums[-1]

    def at(self, share: Ratio) -> Amount:
        """Return the smallest of the sums that a ``share`` of all does not exceed: the nearest rank.

        >>> hundred = Distribution.of([Amount(minor, "EUR") for minor in range(1, 101)])
        >>> [hundred.at(Ratio(share, 100)).minor for share in (95, 99, 100)]
        [95, 99, 100]
        """
        if not 0 < share <= 1:
            raise ValueError(f"a quantile is taken at more than 0 % and at most 100 %, not at {share.percent()}")
        return self.sums[(share * len(self.sums)).ceil() - 1]


def _shown(minor: Ratio, currency: str) -> Amount:
    return Amount(1, currency).times(minor)
