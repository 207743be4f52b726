"""The amount at risk: what each weighted stake has of it."""

from __future__ import annotations

from collections.abc import Mapping

from makegood.engine.money.apportionment import apportioned
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


def weighted_bases(at_risk: Amount, weights: Mapping[str, Ratio]) -> dict[str, Ratio]:
    """Return the base of each weighted stake: its part of the amount at risk.

    Unit: exact value in major units of the amount's currency.
    Rule: weights that add up to 100 % split the amount by largest remainder, so that the bases add up to it; other
        weights take their exact share. Together all weighted credits of a period never exceed the amount at risk.
    Source: docs/explanation/money/at-risk.md

    >>> weighted_bases(Amount(240000, "EUR"), {"availability": Ratio(3, 5), "backup": Ratio(2, 5)})
    {'availability': Ratio(1440), 'backup': Ratio(960)}
    """
    if sum(weights.values(), Ratio(0)) == 1:
        return {name: part.value for name, part in apportioned(at_risk, weights).items()}
    return {name: at_risk.value * weight for name, weight in weights.items()}
