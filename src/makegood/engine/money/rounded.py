"""Rounding: how an exact credit becomes money."""

from __future__ import annotations

from makegood.engine.agreement.terms import Money
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import rounded


def credit_of(exact: Ratio, money: Money) -> Amount:
    """Return an exact credit as money.

    Unit: amount in the agreement's currency.
    Rule: rounded once, to the decimals of the currency, or to the fewer ones that ``money.decimals`` writes.
    Source: docs/explanation/money/stake.md

    >>> [str(credit_of(Ratio(7, 3), Money(currency="EUR", decimals=places))) for places in (None, 1, 0)]
    ['2.33 EUR', '2.30 EUR', '2.00 EUR']
    """
    if money.decimals is None:
        return Amount.of(exact, money.currency, money.rounding)
    units = rounded((exact * 10**money.decimals).fraction, money.rounding)
    return Amount.of(Ratio(units, 10**money.decimals), money.currency)
