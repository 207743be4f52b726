"""Samples: which values of a gauge count in a period, and how much each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import compress
from operator import not_
from typing import Self

from makegood.engine.agreement.measures.gauges import GaugeMeasure, Weight
from makegood.engine.agreement.measures.quantile import Quantile
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, Gauge, Labels
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.timeline import FOREVER
from makegood.engine.judging.units import converted, unit_problem
from makegood.engine.judging.wording import SAMPLE, counted, leaf
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.digits import to_digits
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, clip, difference, seconds, touching, union
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import seconds_between


@dataclass(frozen=True, slots=True)
class Piece:
    """A sample, or a stretch for which it holds: its value, its start and what it counts for."""

    start: datetime
    value: Ratio
    weight: int
    gauge: Gauge


def until(samples: Sequence[Gauge], after: Duration | None) -> list[datetime]:
    """Return up to when each sample of a gauge holds, given in order of time.

    Unit: instants in UTC.
    Rule: until the next sample of the same source and subject at a later instant, but at most ``after`` long; the last
        one holds on, and a period that is judged cuts it at its own end. Of two at the same instant both hold.
    Source: docs/explanation/judging/time-beyond.md

    >>> from datetime import UTC
    >>> eight, nine = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> samples = [
    ...     Gauge(source="probe", source_id=str(at.hour), subject="s", of="load", value=Ratio(1), unit="", at=at)
    ...     for at in (eight, nine)
    ... ]
    >>> [f"{end:%H:%M}" for end in until(samples, Duration(1800))]
    ['08:30', '09:30']
    """
    following: dict[tuple[str, str], tuple[datetime, datetime]] = {}
    found = []
    for sample in reversed(samples):
        name = (sample.source, sample.subject)
        start, later = following.get(name, (FOREVER, FOREVER))
        end = start if sample.at < start else later
        following[name] = (sample.at, end)
        found.append(end if after is None else min(end, sample.at + timedelta(seconds=after.seconds)))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts of a gauge in a period: pieces in order of time, and why there is no value if there is none.

    ``agreed`` is the time in which samples of any subject count, ``left_out`` are samples that exclusions cover, and
    ``excluding`` are these exclusions.
    ``coverage`` is the share of agreed time for which samples hold.
    """

    pieces: tuple[Piece, ...]
    agreed: tuple[Interval, ...]
    left_out: tuple[Gauge, ...]
    excluding: tuple[Exclusion, ...]
    refused: tuple[Reason, ...]
    coverage: Ratio | None
    undecided: str

    @property
    def samples(self) -> list[Gauge]:
        """The records of samples that count, each once."""
        return list({piece.gauge.id: piece.gauge for piece in self.pieces}.values())

    @property
    def number(self) -> int:
        """How many samples count."""
        return _number(self.samples)

    def reasons(self) -> Iterator[Reason]:
        """Yield the steps of an explanation that say what was counted and what was not."""
        yield leaf("samples that count", f"{self.number:,}", self.samples, most=SAMPLE)
        if self.left_out:
            yield leaf("samples left out by exclusions", f"{_number(self.left_out):,}", self.left_out, most=SAMPLE)
        if self.excluding:
            yield leaf("exclusions", f"{len(self.excluding):,}", self.excluding)
        if self.coverage is not None:
            yield Reason("agreed time for which samples hold", self.coverage.percent(4))
        yield from self.refused


@dataclass(frozen=True, slots=True)
class Gauges:
    """The samples of a measure over all evidence, in order of time, and up to when each holds."""

    agreement: Agreement
    measure: GaugeMeasure
    calendar: Calendar
    samples: tuple[Gauge, ...]
    ends: tuple[datetime, ...]
    exclusions: dict[str, list[Exclusion]]

    @classmethod
    def of(cls, agreement: Agreement, measure: GaugeMeasure, evidence: Evidence) -> Self:
        """Return the samples that a measure may count."""
        samples = [
            each for each in evidence.gauges.get(measure.of, ()) if not measure.about or each.subject in measure.about
        ]
        subjects = {each.subject for each in samples} | {""}
        exclusions = {
            cause: [each for each in evidence.exclusions.get(cause, ()) if each.subject in subjects and not each.case]
            for cause in measure.excluded
        }
        ends = until(samples, measure.after)
        return cls(agreement, measure, calendar_of(agreement, measure.on), tuple(samples), tuple(ends), exclusions)

    def in_period(self, period: Period, every: Duration | None = None) -> Counting:
        """Return what counts of them in a period; stretches are cut where slices end."""
        interval = period.interval
        offered = self.calendar.open_in(interval)
        touched = {
            cause: [each for each in records if each.start < interval.end and each.end > interval.start]
            for cause, records in self.exclusions.items()
        }
        exclusions = Exclusions.of(self.agreement, self.measure.excluded, touched, offered=offered)
        open_time = OpenTime(offered, exclusions)
        last = bisect_left(self.samples, interval.end, key=lambda each: each.at)
        if self.measure.weight is Weight.SAMPLES:
            first = bisect_left(self.samples, interval.start, key=lambda each: each.at)
            mine = [each for each in self.samples[first:last] if covers(offered, each.at)]
            count = [covers(open_time.of(each.subject, each.labels), each.at) for each in mine]
            left_out = tuple(compress(mine, map(not_, count)))
            moments = [(each, (Interval(each.at, each.at),)) for each in compress(mine, count)]
            return self._counting(moments, left_out, open_time, None)
        held = [
            (each, open_time.inside(each, Interval(each.at, min(end, interval.end))))
            for each, end in zip(self.samples[:last], self.ends[:last], strict=True)
            if end > interval.start
        ]
        return self._counting(_cut(held, interval, every), (), open_time, _coverage(self, held, open_time))

    def _counting(
        self,
        held: Iterable[tuple[Gauge, Sequence[Interval]]],
        left_out: tuple[Gauge, ...],
        open_time: OpenTime,
        coverage: Ratio | None,
    ) -> Counting:
        found = [(gauge, each) for gauge, stretches in held for each in stretches]
        gauges = [gauge for gauge, _ in found]
        problem = unit_problem(gauges, self.measure.in_) or _negative(gauges, self.measure.in_)
        pieces = () if problem else tuple(self._piece(gauge, each) for gauge, each in found)
        refused = open_time.exclusions.refusals
        names = {*self.measure.about, *(each.subject for each in self.samples)} or {""}
        agreed = union(span for name in names for span in open_time.of(name, ()))
        excluding = tuple(each.record for each in open_time.exclusions.counting if each.span)
        counting = Counting(pieces, agreed, left_out, excluding, refused, coverage, problem)
        return replace(counting, undecided=problem or self._too_few(counting))

    def _piece(self, gauge: Gauge, stretch: Interval) -> Piece:
        digits = self.measure.significant_digits if isinstance(self.measure, Quantile) else None
        counting = gauge.value if digits is None else to_digits(gauge.value, digits)
        value = converted(counting, gauge.unit, self.measure.in_) or Ratio(0)
        return Piece(stretch.start, value, stretch.seconds or gauge.count, gauge)

    def _too_few(self, counting: Counting) -> str:
        """Return why what counts is not enough for a value; empty if it is, and if there is nothing at all."""
        measure, number = self.measure, counting.number
        if not number:
            return ""
        if number < measure.minimum_samples:
            lacking = counted(measure.minimum_samples - number, "sample")
            verb = "counts" if number == 1 else "count"
            return f"{counted(number, 'sample')} of {measure.of} {verb}; a verdict needs {lacking} more."
        coverage = counting.coverage
        if coverage is not None and coverage < measure.minimum_coverage:
            return (
                f"Samples of {measure.of} hold for {coverage.percent(4)} of the agreed time, and"
                f" {measure.minimum_coverage.percent()} are agreed. Import the samples that are missing."
            )
        return ""


def _number(samples: Iterable[Gauge]) -> int:
    return sum(each.count for each in samples)


def _negative(samples: Iterable[Gauge], unit: Unit) -> str:
    """Return which sample is less than nothing where that cannot be; empty if none is."""
    if unit is Unit.NUMBER:
        return ""
    wrong = next((each for each in samples if each.value < 0), None)
    if wrong is None:
        return ""
    value = f"{wrong.value.grouped} {wrong.unit}".strip()
    return f"{wrong.id} gives {wrong.of} as {value}, and no {unit} is below nothing. Correct the record."


@dataclass(frozen=True, slots=True)
class OpenTime:
    """The time of a period in which samples count, by what they carry."""

    offered: tuple[Interval, ...]
    exclusions: Exclusions
    found: dict[tuple[str, Labels], tuple[Interval, ...]] = field(default_factory=dict)

    def of(self, subject: str, labels: Labels) -> tuple[Interval, ...]:
        """Return the agreed time without that of exclusions that concern the subject and labels."""
        if (subject, labels) not in self.found:
            spans = [
                each.span
                for each in self.exclusions.counting
                if each.record.subject in ("", subject) and set(each.record.labels) <= set(labels)
            ]
            self.found[subject, labels] = difference(self.offered, spans)
        return self.found[subject, labels]

    def inside(self, gauge: Gauge, span: Interval) -> tuple[Interval, ...]:
        """Return the part of a stretch in which a sample counts."""
        return clip(touching(self.of(gauge.subject, gauge.labels), span), span)


def covers(apart: Sequence[Interval], instant: datetime) -> bool:
    """Return whether an instant lies in one of many intervals.

    Unit: none.
    Rule: the intervals are sorted and apart; the start of one lies in it, the end does not.
    Source: docs/explanation/judging/quantile.md

    >>> from datetime import UTC
    >>> eight, nine = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> covers([Interval(eight, nine)], eight), covers([Interval(eight, nine)], nine)
    (True, False)
    """
    place = bisect_right(apart, instant, key=lambda each: each.start) - 1
    return place >= 0 and instant < apart[place].end


def _coverage(gauges: Gauges, held: Iterable[tuple[Gauge, Sequence[Interval]]], open_time: OpenTime) -> Ratio | None:
    known: dict[str, list[Interval]] = {name: [] for name in gauges.measure.about}
    for gauge, stretches in held:
        known.setdefault(gauge.subject, []).extend(stretches)
    agreed = sum(seconds(open_time.of(name, ())) for name in known)
    return Ratio(sum(seconds(each) for each in known.values()), agreed) if agreed else None


def _cut(
    held: Iterable[tuple[Gauge, Sequence[Interval]]], period: Interval, every: Duration | None
) -> Iterator[tuple[Gauge, Sequence[Interval]]]:
    """Yield the stretches of samples cut where slices end."""
    for gauge, stretches in held:
        yield (
            gauge,
            stretches if every is None else [part for each in stretches for part in _parts(each, period, every)],
        )


def _parts(stretch: Interval, period: Interval, every: Duration) -> Iterator[Interval]:
    start = stretch.start
    while start < stretch.end:
        number = seconds_between(period.start, start) // every.seconds + 1
        end = min(stretch.end, period.start + timedelta(seconds=number * every.seconds))
        yield Interval(start, end)
        start = end
