"""Quantile and average: one figure of the samples of a gauge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from makegood.engine.agreement.measures.gauges import GaugeMeasure, Subjects
from makegood.engine.agreement.measures.quantile import Method, Quantile, QuantileSlices, SilentSlice
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.samples import Counting, Gauges, Piece
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import counted, shown
from makegood.engine.vocabulary.digits import digits_in_words, error_in_words
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import seconds_between

Weighted = tuple[Ratio, int]
"""A value, and for how many samples or seconds it stands."""


def quantile(values: Sequence[Weighted], share: Ratio, method: Method) -> Ratio | None:
    """Return the value that a share of all does not exceed.

    Unit: that of the values.
    Rule: ``nearest_rank`` is the smallest value that, with all below it, makes up the share; it is always one that was
        measured. ``linear`` lies between two neighbours, in proportion: the lowest is 0 %, the highest 100 %. No value
        gives no answer (``None``).
    Source: docs/explanation/judging/quantile.md

    >>> values = [(Ratio(number), 1) for number in (10, 20, 30, 40)]
    >>> [quantile(values, Ratio(3, 5), method) for method in Method]
    [Ratio(30), Ratio(28)]
    """
    ordered = sorted(values)
    if not ordered:
        return None
    if method is Method.LINEAR:
        return _between(ordered, share)
    return _reached(ordered, share * sum(weight for _, weight in ordered))


def mean(values: Sequence[Weighted]) -> Ratio | None:
    """Return the mean of values.

    Unit: that of the values; exact.
    Rule: each counts by what it stands for: once a sample, or the seconds for which it holds. No value gives no answer
        (``None``).
    Source: docs/explanation/judging/average.md

    >>> mean([(Ratio(1), 1), (Ratio(4), 2)]), mean([])
    (Ratio(3), None)
    """
    total = sum(weight for _, weight in values)
    return sum((value * weight for value, weight in values), Ratio(0)) / total if total else None


def _between(ordered: Sequence[Weighted], share: Ratio) -> Ratio:
    """Return what lies at a share of the way from the first sample to the last."""
    place = share * (sum(weight for _, weight in ordered) - 1)
    lower, upper = (_reached(ordered, Ratio(rank + 1)) for rank in (place.floor(), place.ceil()))
    return lower + (upper - lower) * (place - place.floor())


def _reached(ordered: Sequence[Weighted], rank: Ratio) -> Ratio:
    """Return the value at which the weights, from the lowest on, come to so much."""
    reached = accumulate(weight for _, weight in ordered)
    return next(value for (value, _), weight in zip(ordered, reached, strict=True) if weight >= rank)


@dataclass(frozen=True, slots=True)
class GaugeIndicator:
    """A quantile or an average with the samples of its gauge, ready to be measured in any period.

    With ``higher`` more is better, so that the worst of several subjects is the lowest.
    """

    measure: GaugeMeasure
    gauges: Gauges
    higher: bool

    @classmethod
    def of(cls, agreement: Agreement, measure: GaugeMeasure, evidence: Evidence, *, higher: bool) -> Self:
        """Return the indicator; up to when samples hold is found once, over all evidence."""
        return cls(measure, Gauges.of(agreement, measure, evidence), higher)

    def measured(self, period: Period) -> Measurement:
        """Return what the samples say about the period."""
        slices = self.measure.slices if isinstance(self.measure, Quantile) else None
        counting = self.gauges.in_period(period, slices.every if slices is not None else None)
        good = total = 0
        if slices is not None:
            good, total = self._slices(counting, slices, period.interval)
            value = Ratio(good, total) if total and counting.pieces else None
            steps = [Reason(f"{counted(total, 'slice')} of {slices.every}", f"{good:,} good", rule="slices")]
        else:
            value, steps = self._figure(counting.pieces)
        value = None if counting.undecided else value
        told = shown(value, self.measure.unit) if value is not None else "no value"
        return Measurement(
            value=value,
            unit=self.measure.unit,
            good=good,
            total=total,
            reason=Reason(self._named, told, (*steps, *self._rounding(), *counting.reasons()), rule=self.measure.kind),
            coverage=counting.coverage,
            undecided=counting.undecided,
            empty=value is None and not counting.undecided,
        )

    @property
    def _named(self) -> str:
        if isinstance(self.measure, Quantile):
            return f"{self.measure.of}, {self.measure.quantile.percent()} quantile"
        return f"{self.measure.of}, mean"

    def _rounding(self) -> Iterator[Reason]:
        """Yield the step that says how samples were rounded before they were ranked."""
        digits = self.measure.significant_digits if isinstance(self.measure, Quantile) else None
        if digits is not None:
            text = f"samples rounded to {digits_in_words(digits)}"
            yield Reason(text, error_in_words(digits), rule="significant-digits")

    def _figure(self, pieces: Iterable[Piece]) -> tuple[Ratio | None, list[Reason]]:
        """Return the figure of some pieces, and a step for each subject if they count one by one."""
        if self.measure.subjects is Subjects.POOLED:
            return self._of([(piece.value, piece.weight) for piece in pieces]), []
        by_subject: dict[str, list[Weighted]] = defaultdict(list)
        for piece in pieces:
            by_subject[piece.gauge.subject].append((piece.value, piece.weight))
        values = {name: self._of(found) for name, found in sorted(by_subject.items())}
        known = {name: value for name, value in values.items() if value is not None}
        steps = [Reason(name, shown(value, self.measure.in_)) for name, value in known.items()]
        worst: Callable[[Iterable[Ratio]], Ratio] = min if self.higher else max
        return (worst(known.values()) if known else None), steps

    def _of(self, values: Sequence[Weighted]) -> Ratio | None:
        if isinstance(self.measure, Quantile):
            return quantile(values, self.measure.quantile, self.measure.method)
        return mean(values)

    def _slices(self, counting: Counting, slices: QuantileSlices, period: Interval) -> tuple[int, int]:
        """Return how many slices are good, and how many count."""
        pieces: dict[int, list[Piece]] = defaultdict(list)
        for piece in counting.pieces:
            pieces[seconds_between(period.start, piece.start) // slices.every.seconds].append(piece)
        values = {number: self._worst(found, slices) for number, found in pieces.items()}
        good = sum(values.values())
        silent = len(_slices_with(counting.agreed, slices, period) - values.keys())
        total = len(values) + (0 if slices.empty is SilentSlice.SKIPPED else silent)
        return good + (silent if slices.empty is SilentSlice.GOOD else 0), total

    def _worst(self, pieces: Sequence[Piece], slices: QuantileSlices) -> bool:
        """Tell whether a slice is good."""
        direction = GaugeIndicator(self.measure, self.gauges, slices.good_when.higher_is_better)
        value, _ = direction._figure(pieces)
        return value is not None and slices.good_when.is_met_by(value)


def _slices_with(agreed: Iterable[Interval], slices: QuantileSlices, period: Interval) -> set[int]:
    """Return the numbers of the slices in which there is agreed time."""
    every = slices.every.seconds
    return {
        number
        for each in agreed
        for number in range(
            seconds_between(period.start, each.start) // every, -(-seconds_between(period.start, each.end) // every)
        )
    }
