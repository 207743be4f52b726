"""Tax on the net: what a statement comes to with its tax."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding


@dataclass(frozen=True, slots=True)
class Taxed:
    """A net sum, the tax on it, and both together."""

    net: Amount
    tax: Amount
    gross: Amount


def with_tax(net: Amount, rate: Ratio, rounding: Rounding = Rounding.HALF_UP) -> Taxed:
    """Return what a net sum comes to with tax at one rate.

    Unit: amounts in the currency of the net; the rate is a share, as in 19/100.
    Rule: tax is charged on the net after credits and rounded once, on the whole sum; a negative net has negative tax.
    Source: docs/explanation/money/tax.md

    >>> taxed = with_tax(Amount(1832000, "EUR"), Ratio(19, 100))
    >>> str(taxed.tax), str(taxed.gross)
    ('3,480.80 EUR', '21,800.80 EUR')
    """
    if rate < 0:
        raise ValueError(f"a tax rate is not negative: {rate}")
    tax = net.times(rate, rounding)
    return Taxed(net, tax, net + tax)
