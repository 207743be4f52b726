"""Settling in bulk: a million verdicts become credits at once, each to the minor unit that the law comes to.

Everything is a whole number: values are fractions and compared by cross multiplication, a credit is divided and
rounded once. Where a product could leave 64 bits, those rows go the same way in unbounded integers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from makegood.engine.vocabulary.rounding import Rounding
from makegood.vault.measuring.settlement_limits import LARGEST, Groups, capped, most
from makegood.vault.measuring.settlement_terms import Rates, TermColumns
from makegood.vault.probes.columns import Column

# Whether a whole number and a rest go up to the next, by the rest and what is missing to the next.
_GROWS: Final[dict[Rounding, Callable[[Column, Column, Column], Column]]] = {
    Rounding.HALF_UP: lambda _, rest, missing: rest >= missing,
    Rounding.HALF_EVEN: lambda whole, rest, missing: (rest > missing) | ((rest == missing) & (whole % 2 == 1)),
    Rounding.UP: lambda _, rest, __: rest > 0,
    Rounding.DOWN: lambda _, rest, __: rest < 0,
}
# So many groups at a time, so that what is calculated stays near the processor.
_BLOCK: Final = 8192
# Products up to this leave room for what rounding adds.
_ROOM: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class VerdictColumns:
    """Many verdicts: by which ``terms`` each is paid, whether it is ``missed``, its value and its amount.

    Unit: ``terms`` is an index into ``TermColumns`` (int32), ``good`` and ``total`` the value as a fraction (int64;
        a total of 0 is no value), ``base`` minor units that percentages are of (int64), ``missed`` bool.
    """

    terms: Column
    missed: Column
    good: Column
    total: Column
    base: Column

    def __post_init__(self) -> None:
        if (self.total < 0).any() or (self.base < 0).any():
            raise ValueError("totals and amounts of verdicts are not negative")

    def __len__(self) -> int:
        return len(self.terms)

    def only(self, rows: slice) -> VerdictColumns:
        """Return some of the verdicts."""
        return VerdictColumns(*(column[rows] for column in (self.terms, self.missed, self.good, self.total, self.base)))


def settled(verdicts: VerdictColumns, terms: TermColumns, limits: Column, groups: Groups) -> Column:
    """Return what verdicts credit after the limit of each agreement and period.

    Unit: minor units (int64), one a verdict; ``limits`` one a group.
    Rule: what each owes by its stake, then the cap; verdicts of a group stand in the order of their names.

    :raises ValueError: if groups, limits and verdicts are not equally many
    :raises OverflowError: if a credit has more than 2^63 - 1 minor units
    """
    if groups.sizes.sum() != len(verdicts) or len(limits) != len(groups.sizes):
        raise ValueError("each verdict is in a group, and each group has a limit")
    found = np.empty(len(verdicts), np.int64)
    for first in range(0, len(limits), _BLOCK):
        block = slice(first, first + _BLOCK)
        some = groups.only(block)
        start = groups.starts[first]
        rows = slice(start, start + some.sizes.sum())
        found[rows] = capped(owed(verdicts.only(rows), terms), limits[block], some)
    return found


def owed(verdicts: VerdictColumns, terms: TermColumns) -> Column:
    """Return what verdicts owe by their own stakes.

    Unit: minor units (int64), one a verdict.
    Rule: that of ``engine.money.stake``: a miss pays by the worst tier that covers it, without a value by the mildest,
        without tiers the whole base; rounded once, and at most what the stake says. What is not missed pays nothing.

    :raises OverflowError: if a credit has more than 2^63 - 1 minor units
    """
    rows = np.flatnonzero(verdicts.missed)
    which, base = verdicts.terms.take(rows), verdicts.base.take(rows)
    tiers = _tiers(terms, which, verdicts.good.take(rows), verdicts.total.take(rows))
    paid = _paid(terms.credits, tiers * len(terms) + which, base)
    amounts = np.zeros(len(verdicts), np.int64)
    amounts[rows] = np.minimum(paid, _paid(terms.at_most, which, base)) if terms.are_limited else paid
    return amounts


def _tiers(terms: TermColumns, which: Column, good: Column, total: Column) -> Column:
    """Return the number of the tier that decides each value, 0 for none."""
    number = np.zeros(len(which), np.int64)
    reach = max(most(terms.bound), most(terms.bound_over))
    fits = _small(good, reach) & _small(total, reach)
    for place, (bounds, overs) in enumerate(zip(terms.bound, terms.bound_over, strict=True), start=1):
        np.putmask(number, _exactly(_is_less, fits, good, overs.take(which), bounds.take(which), total), place)
    return np.where(total == 0, terms.mildest.take(which), number)


def _is_less(good: Column, over: Column, bound: Column, total: Column) -> Column:
    return good * over < bound * total


def _paid(rates: Rates, which: Column, base: Column) -> Column:
    """Return what rates pay of amounts."""

    def paid(base: Column, times: Column, over: Column) -> Column:
        return _rounded(base * times, over, rates.mode) * rates.unit

    shares = _exactly(paid, _small(base, most(rates.times)), base, rates.times.take(which), rates.over.take(which))
    return shares + rates.fixed.take(which)


def _rounded(numerators: Column, denominators: Column, mode: Rounding) -> Column:
    """Return fractions, not negative, as whole numbers, as ``engine.vocabulary.rounding`` does."""
    whole: Column = numerators // denominators
    rest = numerators - whole * denominators
    return whole + _GROWS[mode](whole, rest, denominators - rest)


def _small(column: Column, factor: int) -> Column:
    """Tell of which numbers the product with a factor is sure to have room in 64 bits."""
    limit = _ROOM // max(factor, 1)
    return (column <= limit) & (column >= -limit)


def _exactly(step: Callable[..., Column], fits: Column, *columns: Column) -> Column:
    """Return what a step makes of columns: in 64 bits where that fits, in unbounded integers where it might not."""
    if fits.all():
        return step(*columns)
    wide = step(*(column[~fits].astype(object) for column in columns))
    if len(wide) and wide.max() > LARGEST:
        raise OverflowError("a credit has more minor units than 64 bits hold")
    found = np.empty(len(fits), wide.dtype if wide.dtype == bool else np.int64)
    found[fits] = step(*(column[fits] for column in columns))
    found[~fits] = wide
    return found
