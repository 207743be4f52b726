"""The fee of a period: how many monthly fees it costs."""

from __future__ import annotations

import calendar
from datetime import timedelta

from makegood.engine.agreement.terms import Money, PartialPeriod
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Every, Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import seconds_between, zone

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def months_charged(period: Period, every: Every, partial_period: PartialPeriod) -> Ratio:
    """Return how many monthly fees a period costs.

    Unit: exact number of months; the fee is this times the monthly fee, rounded once.
    Rule: a whole month costs 1, a quarter 3, a year 12; each day of a week costs twelve monthly fees divided by the
        days of its year, so that years of weeks cost twelve months each; a term that is one period costs for each of
        its days that day's share of its month. A period cut by the term costs its part by
        days (``actual_days``) or by real seconds (``actual_seconds``) of the whole one, a thirtieth of a month for
        each day but never more than the whole (``thirty``), or all of it (``full``). A part that a change of version
        cut costs its share of what the period costs, by seconds with ``actual_seconds`` and by days otherwise.
    Source: docs/explanation/money/fee.md

    >>> from datetime import date
    >>> from makegood.engine.vocabulary.period import periods
    >>> march, = periods(start=date(2025, 3, 10), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> months_charged(march, Every.MONTH, PartialPeriod.ACTUAL_DAYS)
    Ratio(22, 31)
    """
    if period.cut_from is not None:
        before, until = _reach(period, partial_period)
        return months_charged(period.cut_from, every, partial_period) * (until - before)
    whole = _whole_months(period, every)
    if not period.partial or partial_period is PartialPeriod.FULL:
        return whole
    if partial_period is PartialPeriod.THIRTY:
        return min(whole, Ratio(period.days, 30))
    if partial_period is PartialPeriod.ACTUAL_SECONDS:
        return whole * Ratio(period.interval.seconds, period.whole.seconds)
    return whole * Ratio(period.days, period.whole_days)


def days_charged(period: Period, partial_period: PartialPeriod) -> int:
    """Return how many days the fee of a period is paid for, so that a day of service has a price.

    Unit: calendar days.
    Rule: those inside the term; but where the fee of a partial period is charged in ``full``, all of its days. A part
        that a change of version cut pays for its own days.
    Source: docs/explanation/money/days-and-multiples.md

    >>> from datetime import date
    >>> from makegood.engine.vocabulary.period import periods
    >>> march, = periods(start=date(2025, 3, 10), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> days_charged(march, PartialPeriod.ACTUAL_DAYS), days_charged(march, PartialPeriod.FULL)
    (22, 31)
    """
    whole = partial_period is PartialPeriod.FULL and period.cut_from is None
    return period.whole_days if whole else period.days


def fee_charged(monthly: Ratio, period: Period, every: Every, money: Money) -> Amount:
    """Return the fee of one service for a period.

    Unit: amount in the agreement's currency, rounded once.
    Rule: the monthly fee times the months that the period costs. Where a change of version cuts a period, each part
        is the rounded fee up to its end less the rounded fee up to its start, so that parts of one fee add up to it.
    Source: docs/explanation/agreement/versions.md

    >>> from datetime import date
    >>> from makegood.engine.vocabulary.period import periods
    >>> march, = periods(start=date(2025, 3, 10), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> print(fee_charged(Ratio(1000), march, Every.MONTH, Money(currency="EUR")))
    709.68 EUR
    """
    whole = monthly * months_charged(period.cut_from or period, every, money.partial_period)
    before, until = _reach(period, money.partial_period)
    up_to_end, up_to_start = (Amount.of(whole * share, money.currency, money.rounding) for share in (until, before))
    return up_to_end - up_to_start


def _reach(period: Period, partial_period: PartialPeriod) -> tuple[Ratio, Ratio]:
    """Return which share of the period lies before a part of it, and which up to the part's end."""
    whole = period.cut_from
    if whole is None:
        return Ratio(0), Ratio(1)
    if partial_period is PartialPeriod.ACTUAL_SECONDS:
        start, end = (
            seconds_between(whole.interval.start, each) for each in (period.interval.start, period.interval.end)
        )
        return Ratio(start, whole.seconds), Ratio(end, whole.seconds)
    days = (whole.last_day - whole.first_day).days + 1
    start, end = ((each - whole.first_day).days for each in (period.first_day, period.last_day))
    return Ratio(start, days), Ratio(end + 1, days)


def _whole_months(period: Period, every: Every) -> Ratio:
    """Return how many monthly fees the nominal period costs; each day of a term its share of its month."""
    if every is Every.TERM:
        days = (period.first_day + timedelta(days=day) for day in range(period.days))
        return sum((Ratio(1, calendar.monthrange(day.year, day.month)[1]) for day in days), Ratio(0))
    if every is not Every.WEEK:
        return Ratio(_MONTHS[every])
    first_day = period.whole.start.astimezone(zone(period.zone)).date()
    days = (first_day + timedelta(days=day) for day in range(7))
    return sum((Ratio(12, 366 if calendar.isleap(day.year) else 365) for day in days), Ratio(0))
