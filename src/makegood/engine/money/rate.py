"""Rates: what a percentage, an amount, days of service or a prorated multiple come to."""

from __future__ import annotations

from makegood.engine.agreement.rates import DaysOfService, Prorated, Rate
from makegood.engine.agreement.shapes import Share
from makegood.engine.vocabulary.ratio import Ratio


def rate_value(rate: Rate, *, base: Ratio, days: int, unit: Ratio = Ratio(0), agreed: int = 1) -> Ratio:  # noqa: B008  # a value
    """Return what a rate comes to once.

    Unit: exact value in major units of the agreement's currency.
    Rule: a percentage or multiple is one of the base, an amount stays what it is, and a day of service is the base
        divided by the days of the period that the base is for. A prorated unit is the base, times its multiple, times
        the ``unit``'s share of the ``agreed`` seconds.
    Source: docs/explanation/money/days-and-multiples.md

    >>> from makegood.engine.agreement.rates import UNIT_RATE
    >>> rates = [UNIT_RATE.read(text) for text in ("10%", "2x", "3 days", "10x prorated")]
    >>> [str(rate_value(rate, base=Ratio(3100), days=31, unit=Ratio(60), agreed=2_678_400)) for rate in rates]
    ['310', '6200', '300', '25/36']
    """
    match rate:
        case Share(of_base):
            return base * of_base
        case DaysOfService(number):
            return base * number / days
        case Prorated(times):
            return base * times * unit / agreed
        case _:
            return rate.value
