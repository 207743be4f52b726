"""What is asked of the status of many series, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.probes.columns import Column

FOREVER: Final = 2**40
"""Seconds: longer than anything holds, and short enough to be added to any instant."""

FINEST: Final = 10**9
"""Shares are fractions of at most so many parts, so that their products with counts stay whole numbers of 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantile:
    """The value that a share of all values does not exceed, by nearest rank.

    ``most`` is how many values each series has at most (int64), as its runs tell: what cannot be the answer any more
    need not be kept.
    """

    share: Ratio
    most: Column

    def __post_init__(self) -> None:
        _check(self.share)

    @property
    def sign(self) -> int:
        """Which values can be the answer: 1 for the highest, -1 for the lowest."""
        return 1 if 2 * self.share.numerator >= self.share.denominator else -1

    def kept(self, counts: Column) -> Column:
        """Return how many of so many values, from the highest or the lowest on, reach to the answer."""
        rank: Column = np.maximum(-(-self.share.numerator * counts // self.share.denominator), 1)
        return counts - rank + 1 if self.sign > 0 else rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Windows of ``every`` so many seconds, from ``start`` on: bad are those with a lower share of good probes.

    Unit: ``start`` in seconds since 1970; ``good`` are the statuses of a good probe.
    """

    start: int
    every: int
    level: Ratio
    good: Collection[Status] = (Status.UP,)

    def __post_init__(self) -> None:
        _check(self.level)
        if self.every < 1:
            raise ValueError(f"a window is one second long or more, not {self.every}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatusPlan:
    """What is asked of each series of ``names``, in its counting time.

    A probe holds until the next one of its series, but at most ``after`` seconds; if that is None until the next one.
    """

    names: tuple[Series, ...]
    counting: Counting
    after: int | None = None
    quantile: Quantile | None = None
    windows: Windows | None = None
    _numbers: Mapping[Series, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", {name: number for number, name in enumerate(self.names)})

    @property
    def longest(self) -> int:
        """For how many seconds a probe holds at most."""
        return FOREVER if self.after is None else self.after

    def numbers(self, names: tuple[Series, ...]) -> Column:
        """Return the number here of each series of another table; -1 if it is not asked for."""
        return np.array([self._numbers.get(name, -1) for name in names], np.int64)


def _check(share: Ratio) -> None:
    if not 0 <= share <= 1 or share.denominator > FINEST:
        raise ValueError(f"a share lies between nothing and all, in parts no finer than 10^-9: {share}")
