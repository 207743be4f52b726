"""Tiers: a credit that grows in steps."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.stakes import Tier
from makegood.engine.vocabulary.ratio import Ratio


def matching_tier(tiers: Sequence[Tier], value: Ratio | None, *, higher_is_better: bool) -> Tier | None:
    """Return the tier that decides the credit of a missed value, or None if none applies.

    Unit: the tier; its credit is a share of the stake's base, or an amount.
    Rule: a tier applies to values strictly ``below`` or strictly ``above`` its bound, compared exactly; of those that
        apply the worst decides, and only that one. A miss without a value (the agreement rules an empty period
        missed) takes the mildest tier: the miss is ruled, and nothing shows that it was worse.
    Source: docs/explanation/money/tiers.md

    >>> from makegood.engine.agreement.shapes import LEVEL, Share
    >>> tiers = [Tier(below=LEVEL.read(bound), credit=Share(Ratio(credit, 100)))
    ...          for bound, credit in (("99.9%", 10), ("99%", 25))]
    >>> str(matching_tier(tiers, Ratio(99, 100), higher_is_better=True).credit)
    '10 %'
    """
    from_mild_to_worst = sorted(tiers, key=lambda tier: tier.bound.value, reverse=higher_is_better)
    if value is None:
        return from_mild_to_worst[0]
    applying = [tier for tier in from_mild_to_worst if tier.covers(value)]
    return applying[-1] if applying else None
