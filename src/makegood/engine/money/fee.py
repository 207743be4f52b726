"""The fee of a period: how many monthly fees it costs."""

from __future__ import annotations

import calendar
from datetime import timedelta

from makegood.engine.agreement.terms import PartialPeriod
from makegood.engine.vocabulary.period import Every, Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import zone

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def months_charged(period: Period, every: Every, partial_period: PartialPeriod) -> Ratio:
    """Return how many monthly fees a period costs.

    Unit: exact number of months; the fee is this times the monthly fee, rounded once.
    Rule: a whole month costs 1, a quarter 3, a year 12; each day of a week costs twelve monthly fees divided by the
        days of its year, so that years of weeks cost twelve months each. A period cut by the term costs its part by
        days (``actual_days``) or by real seconds (``actual_seconds``) of the whole one, a thirtieth of a month for
        each day but never more than the whole (``thirty``), or all of it (``full``).
    Source: docs/explanation/money/fee.md

    >>> from datetime import date
    >>> from makegood.engine.vocabulary.period import periods
    >>> march, = periods(start=date(2025, 3, 10), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> months_charged(march, Every.MONTH, PartialPeriod.ACTUAL_DAYS)
    Ratio(22, 31)
    """
    whole = _whole_months(period, every)
    if not period.partial or partial_period is PartialPeriod.FULL:
        return whole
    if partial_period is PartialPeriod.THIRTY:
        return min(whole, Ratio(period.days, 30))
    if partial_period is PartialPeriod.ACTUAL_SECONDS:
        return whole * Ratio(period.interval.seconds, period.whole.seconds)
    return whole * Ratio(period.days, period.whole_days)


def _whole_months(period: Period, every: Every) -> Ratio:
    """Return how many monthly fees the nominal period costs."""
    if every is not Every.WEEK:
        return Ratio(_MONTHS[every])
    first_day = period.whole.start.astimezone(zone(period.zone)).date()
    days = (first_day + timedelta(days=day) for day in range(7))
    return sum((Ratio(12, 366 if calendar.isleap(day.year) else 365) for day in days), Ratio(0))
