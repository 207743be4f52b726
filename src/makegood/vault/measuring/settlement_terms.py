"""Stakes as tables of whole numbers: what a miss pays, ready for many verdicts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Final, Self

import numpy as np

from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.stakes import Stake, Tier
from makegood.engine.agreement.terms import Money
from makegood.engine.money.rounded import credit_of
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.currencies import exponent
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding
from makegood.vault.measuring.settlement_limits import NO_LIMIT
from makegood.vault.probes.columns import Column

# What a stake that is settled in bulk may have; the base is given with each verdict.
_SETTLED: Final = {"tiers", "at_most", "of", "weight"}
_OTHERS: Final = [each.name for each in fields(Stake) if each.name not in _SETTLED]
# Numbers of terms are smaller than this.
_LONGEST: Final = 2**62

# How much is paid: numerator and denominator of a share, and minor units besides.
_Paid = tuple[int, int, int]
_NOTHING: Final[_Paid] = (0, 1, 0)
_UNLIMITED: Final[_Paid] = (0, 1, NO_LIMIT)
_COVERS_NOTHING: Final = (0, 0)
_ALL: Final = Share(Ratio(1))


@dataclass(frozen=True, slots=True)
class Terms:
    """The stake of an outcome, and what its target says of better and worse.

    ``part`` is which share of the row's amount the base of the stake is: of the fee, or of the amount at risk.
    """

    stake: Stake
    higher_is_better: bool
    part: Ratio = Ratio(1)  # noqa: RUF009  # a value


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """What is paid: an amount times ``times`` / ``over``, rounded, times ``unit``; and ``fixed`` besides.

    Unit: int64; ``fixed`` and ``unit`` are minor units, and ``over`` is of that unit already.
    """

    times: Column
    over: Column
    fixed: Column
    unit: int
    mode: Rounding

    @classmethod
    def of(cls, paid: Sequence[_Paid], money: Money) -> Self:
        """Return what is paid as columns, rounded as some money says."""
        times, over, fixed = np.array(paid, np.int64).reshape(-1, 3).T.copy()
        return cls(times, over, fixed, _unit(money), money.rounding)


@dataclass(frozen=True, slots=True, eq=False)
class TermColumns:
    """Many terms of the same money, each with as many places for tiers as the longest has.

    A value, as ``good`` of ``total``, is in the tier at a place if good * ``bound_over`` < ``bound`` * total; where
    less is better both have their sign turned, and where no tier is both are 0. A tier has its place and one as number,
    and number 0 is no tier. ``credits`` has what each number pays, for all terms, one number after the other.
    ``mildest`` is the number for a miss without a value.
    """

    bound: Column
    bound_over: Column
    mildest: Column
    credits: Rates
    at_most: Rates

    @classmethod
    def of(cls, terms: Sequence[Terms], money: Money) -> Self:
        """Return terms as columns.

        :raises ValueError: if one of them is for the law alone to settle
        """
        ladders = [ladder for each in terms if (ladder := _ladder(each, money)) is not None]
        if len(ladders) < len(terms):
            raise ValueError("only tiers of percentages and amounts are settled in bulk; settle the others one by one")
        bounds = list(zip_longest(*(each.bounds for each in ladders), fillvalue=_COVERS_NOTHING))
        paid = list(zip_longest(*(each.paid for each in ladders), fillvalue=_NOTHING))
        bound, over = np.array(bounds, np.int64).reshape(len(bounds), len(terms), 2).transpose(2, 0, 1).copy()
        return cls(
            bound=bound,
            bound_over=over,
            mildest=np.array([min(1, len(each.bounds)) for each in ladders], np.int64),
            credits=Rates.of([each for number in paid for each in number], money),
            at_most=Rates.of([each.at_most or _UNLIMITED for each in ladders], money),
        )

    def __len__(self) -> int:
        return len(self.mildest)

    @property
    def are_limited(self) -> bool:
        """Whether some say how much they pay at most."""
        return bool((self.at_most.fixed < NO_LIMIT).any())


def settles_in_bulk(terms: Terms, money: Money) -> bool:
    """Tell whether terms can be settled in bulk.

    Rule: a miss pays by tiers of percentages and amounts, or the whole base; there is no minimum level; credits are
        rounded to no finer decimals than the currency has; and no number is beyond 2^62.
    """
    return _ladder(terms, money) is not None


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The bounds of one stake from mild to worst, what it pays by their number, and the most that it pays."""

    bounds: list[tuple[int, int]]
    paid: list[_Paid]
    at_most: _Paid | None

    @property
    def is_short(self) -> bool:
        """Whether all numbers fit the columns, and nothing is paid the other way round."""
        paid = [*self.paid, self.at_most or _NOTHING]
        return all(-_LONGEST < number < _LONGEST for bound in self.bounds for number in bound) and all(
            0 <= number < _LONGEST for rate in paid for number in rate
        )


def _ladder(terms: Terms, money: Money) -> _Ladder | None:
    """Return the whole numbers of terms, None if they are for the law alone to settle."""
    stake, part = terms.stake, terms.part
    tiers = sorted(stake.tiers, key=lambda tier: tier.bound.value, reverse=terms.higher_is_better)
    rates = [tier.credit for tier in tiers] or [_ALL]
    if any(getattr(stake, name) is not None for name in _OTHERS) or (money.decimals or 0) > exponent(money.currency):
        return None
    if not all(isinstance(rate, Share | Amount) for rate in rates):
        return None
    paid = [_paid(rate, part, money) for rate in rates if isinstance(rate, Share | Amount)]
    at_most = None if stake.at_most is None else _most(stake.at_most, part, money)
    ladder = _Ladder([_bound(tier) for tier in tiers], [_NOTHING, *paid] if tiers else paid, at_most)
    return ladder if ladder.is_short else None


def _bound(tier: Tier) -> tuple[int, int]:
    """Return the bound of a tier as a fraction, with its sign turned if what lies above is covered."""
    bound, sign = tier.bound.value, 1 if tier.below is not None else -1
    return sign * bound.numerator, sign * bound.denominator


def _paid(rate: Share | Amount, part: Ratio, money: Money) -> _Paid:
    """Return a rate of the base as one of the row's amount; an amount is rounded like any credit."""
    if isinstance(rate, Amount):
        return 0, 1, credit_of(rate.value, money).minor
    share = rate.of_base * part
    return share.numerator, share.denominator * _unit(money), 0


def _most(limit: Share | Amount, part: Ratio, money: Money) -> _Paid:
    """Return the most that is paid; an amount is what is written."""
    return (0, 1, limit.minor) if isinstance(limit, Amount) else _paid(limit, part, money)


def _unit(money: Money) -> int:
    """Return the smallest credit, in minor units."""
    return 1 if money.decimals is None else 10 ** (exponent(money.currency) - money.decimals)
