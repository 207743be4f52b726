"""One outcome over the periods: its values, rulings and credits, its parts, causes, readings and trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.engine.agreement.shapes import Comparison, Target, Unit
from makegood.engine.agreement.terms import Outcome
from makegood.engine.judging.verdict import Part, Reading, Ruling, Verdict
from makegood.engine.review.causes import Cause, causes
from makegood.engine.review.figures import PeriodFigures, Rulings
from makegood.engine.review.trend import ValueTrend, value_trend
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Point:
    """The verdict on the outcome in one period, and what it credits."""

    verdict: Verdict
    credit: Amount

    @property
    def period(self) -> Period:
        return self.verdict.period

    @property
    def value(self) -> Ratio | None:
        return self.verdict.measurement.value

    @property
    def target(self) -> Target:
        return self.verdict.target

    @property
    def ruling(self) -> Ruling:
        return self.verdict.ruling


@dataclass(frozen=True, slots=True)
class ReadingsUsed:
    """The readings that some verdicts share, and in which periods they were used."""

    readings: tuple[Reading, ...]
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One outcome in review; ``parts`` are summed over all its periods, the worst first."""

    outcome: str
    terms: Outcome
    points: tuple[Point, ...]
    rulings: Rulings
    credited: Amount
    parts: tuple[Part, ...]
    causes: tuple[Cause, ...]
    readings: tuple[ReadingsUsed, ...]
    lowest_coverage: Ratio | None
    trend: ValueTrend | None

    @property
    def unit(self) -> Unit:
        return self.points[-1].verdict.measurement.unit


def series(outcome: str, terms: Outcome, figures: Sequence[PeriodFigures], currency: str) -> Series | None:
    """Return one outcome over the periods, None if it was judged in none of them.

    Unit: values as measured, exact; amounts in the agreement's currency.
    Rule: a period in which the outcome was not judged has no point.
    """
    points = tuple(
        Point(verdict, each.credit_of(outcome))
        for each in figures
        for verdict in each.judgement.verdicts
        if verdict.outcome == outcome
    )
    if not points:
        return None
    verdicts = [point.verdict for point in points]
    known = [verdict.measurement.coverage for verdict in verdicts if verdict.measurement.coverage is not None]
    return Series(
        outcome=outcome,
        terms=terms,
        points=points,
        rulings=Rulings.of(point.ruling for point in points),
        credited=Amount.total((point.credit for point in points), currency),
        parts=_parts(verdicts),
        causes=causes(verdicts),
        readings=_readings(verdicts),
        lowest_coverage=min(known, default=None),
        trend=value_trend([point.value for point in points], _better(terms.target)),
    )


def _parts(verdicts: Sequence[Verdict]) -> tuple[Part, ...]:
    """Return the parts of all measurements, those with the same label added up."""
    sums: dict[str, tuple[int, int]] = {}
    for part in (part for verdict in verdicts for part in verdict.measurement.parts):
        good, total = sums.get(part.label, (0, 0))
        sums[part.label] = (good + part.good, total + part.total)
    added = (Part(label, good, total) for label, (good, total) in sums.items())
    return tuple(sorted(added, key=lambda part: (part.good - part.total, part.label)))


def _readings(verdicts: Sequence[Verdict]) -> tuple[ReadingsUsed, ...]:
    """Return the distinct readings in order of first use; most agreements have one for the whole term."""
    used: dict[tuple[Reading, ...], list[str]] = {}
    for verdict in verdicts:
        used.setdefault(verdict.readings, []).append(verdict.period.label)
    return tuple(ReadingsUsed(readings, tuple(labels)) for readings, labels in used.items())


def _better(target: Target) -> Comparison:
    """Return which way values get better; of a target of exactly so much its own side says so."""
    return Comparison.AT_LEAST if target.higher_is_better else Comparison.AT_MOST
