"""The trend: the last three periods against the three before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.shapes import Comparison
from makegood.engine.review.figures import PeriodFigures, Rulings
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

STRETCH = 3


class Direction(StrEnum):
    """Which way a figure went, seen by the customer."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class ValueTrend:
    """The average value of one outcome in the last three periods, and in the three before."""

    before: Ratio
    recent: Ratio
    direction: Direction


@dataclass(frozen=True, slots=True)
class Trend:
    """Rulings and credits of the last three periods, and of the three before."""

    before: Rulings
    recent: Rulings
    credited_before: Amount
    credited_recent: Amount


def value_trend(values: Sequence[Ratio | None], comparison: Comparison) -> ValueTrend | None:
    """Return how the value of an outcome moved, None if there is too little to tell.

    Unit: that of the values; the averages are exact.
    Rule: six periods are needed, and a value in each half; periods without a value are left out of the average.

    >>> value_trend([Ratio(3), Ratio(5), None, Ratio(2), Ratio(2), Ratio(2)], Comparison.AT_MOST).direction
    <Direction.BETTER: 'better'>
    """
    if len(values) < 2 * STRETCH:
        return None
    before = _average(values[-2 * STRETCH : -STRETCH])
    recent = _average(values[-STRETCH:])
    if before is None or recent is None:
        return None
    if recent == before:
        return ValueTrend(before, recent, Direction.SAME)
    better = (recent > before) is comparison.higher_is_better
    return ValueTrend(before, recent, Direction.BETTER if better else Direction.WORSE)


def trend(figures: Sequence[PeriodFigures]) -> Trend | None:
    """Return how rulings and credits moved, None with fewer than six periods.

    Unit: counts of verdicts; amounts in the agreement's currency.
    Rule: all verdicts of three periods are taken together.
    """
    if len(figures) < 2 * STRETCH:
        return None
    before, recent = figures[-2 * STRETCH : -STRETCH], figures[-STRETCH:]
    return Trend(_together(before), _together(recent), _credited(before), _credited(recent))


def _average(values: Sequence[Ratio | None]) -> Ratio | None:
    known = [value for value in values if value is not None]
    return sum(known, start=Ratio(0)) / len(known) if known else None


def _together(figures: Sequence[PeriodFigures]) -> Rulings:
    return Rulings.of(verdict.ruling for each in figures for verdict in each.judgement.verdicts)


def _credited(figures: Sequence[PeriodFigures]) -> Amount:
    return Amount.total((each.credited for each in figures), figures[0].credited.currency)
