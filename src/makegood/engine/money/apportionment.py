"""Apportionment: how an amount is split so that its parts add up to it."""

from __future__ import annotations

from collections.abc import Mapping

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


def apportioned(amount: Amount, weights: Mapping[str, Ratio | int]) -> dict[str, Amount]:
    """Return the parts of an amount in proportion to weights, under the same names.

    Unit: whole minor units of the amount's currency; the parts add up to the amount exactly.
    Rule: largest remainder: everyone gets the whole minor units of their exact part, and those left over go one each
        to the largest remainders, on a tie to the name that sorts first; so the order of the weights changes nothing.
        Weights are not negative and not all zero; a negative amount is split as its positive, with the sign turned.
    Source: docs/explanation/money/apportionment.md

    >>> parts = apportioned(Amount(10000, "EUR"), {"orders": 1, "backup": 1, "availability": 1})
    >>> {name: str(part) for name, part in parts.items()}
    {'orders': '33.33 EUR', 'backup': '33.33 EUR', 'availability': '33.34 EUR'}
    """
    whole = sum(map(Ratio, weights.values()), Ratio(0))
    if not whole or any(weight < 0 for weight in weights.values()):
        raise ValueError("an amount is split by weights that are not negative and not all zero")
    exact = {name: abs(amount.minor) * Ratio(weight) / whole for name, weight in weights.items()}
    minor = {name: part.floor() for name, part in exact.items()}
    left = abs(amount.minor) - sum(minor.values())
    for name in sorted(exact, key=lambda name: (minor[name] - exact[name], name))[:left]:
        minor[name] += 1
    sign = -1 if amount.minor < 0 else 1
    return {name: Amount(sign * part, amount.currency) for name, part in minor.items()}
