"""Money back: the price of what was not done."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.stakes import MoneyBack, Scope
from makegood.engine.judging.verdict import Part
from makegood.engine.vocabulary.ratio import Ratio


def items_refunded(term: MoneyBack, target: Target, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the items whose price is given back.

    Unit: labels of items, in the order of the breakdown.
    Rule: an item is affected whose own share is worse than ``worse_than``, or without it misses the target; an item
        of which nothing was due is not. Its price is given back, or with the scope ``all`` that of every item as soon
        as one is affected.
    Source: docs/explanation/money/money-back.md

    >>> from makegood.engine.agreement.shapes import TARGET
    >>> parts = Part("w1", 20, 20), Part("w2", 18, 20), Part("w3", 0, 0)
    >>> items_refunded(MoneyBack(price=Ratio(8)), TARGET.read(">= 95%"), parts)
    ('w2',)
    """
    affected = tuple(part.label for part in parts if part.total and _is_affected(term, target, part))
    if term.scope is Scope.ALL and affected:
        return tuple(part.label for part in parts)
    return affected


def _is_affected(term: MoneyBack, target: Target, part: Part) -> bool:
    """Compare an item's share with the target: of what went well, or under a ceiling of what did not."""
    higher_is_better = target.higher_is_better
    share = Ratio(part.good, part.total) if higher_is_better else 1 - Ratio(part.good, part.total)
    if term.worse_than is None:
        return not target.is_met_by(share)
    return share < term.worse_than.value if higher_is_better else share > term.worse_than.value
