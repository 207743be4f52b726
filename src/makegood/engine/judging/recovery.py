"""Recovery: how long failures last, how far they lie apart, and how much they lose."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.availability import Availability, Count, Unknown, UnknownAs
from makegood.engine.agreement.measures.recovery import FailuresOf, Recovery, RecoveryFigure, StillFailed
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, Transition
from makegood.engine.judging.account import Combined
from makegood.engine.judging.availability import AvailabilityIndicator
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.timeline import FOREVER
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.judging.wording import SAMPLE, counted, leaf, listed, shown
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, difference, intersection, seconds
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import seconds_between, show_instant


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that failed, from when up to when (``FOREVER`` if nothing ended it), and the records that say so."""

    name: str
    span: Interval
    incident: str
    evidence: tuple[str, ...]


def time_to_restore(times: Sequence[int], figure: RecoveryFigure) -> Ratio | None:
    """Return the mean or the longest of the times that failures took.

    Unit: seconds, exact.
    Rule: no failure gives no answer (``None``), which is not 0.
    Source: docs/explanation/judging/recovery.md

    >>> [time_to_restore([3600, 1800, 600], figure) for figure in list(RecoveryFigure)[:2]]
    [Ratio(2000), Ratio(3600)]
    """
    if not times:
        return None
    if figure is RecoveryFigure.LONGEST_TIME_TO_RESTORE:
        return Ratio(max(times))
    return Ratio(sum(times), len(times))


def time_between(agreed: int, failed: int, number: int, figure: RecoveryFigure) -> Ratio | None:
    """Return how far failures lie apart.

    Unit: seconds, exact.
    Rule: between failures is the time that worked, between incidents all agreed time, each divided by the number of
        failures that began in it. No failure gives no answer (``None``): nobody knows when the next one comes.
    Source: docs/explanation/judging/recovery.md

    >>> time_between(2_592_000, 7_200, 2, RecoveryFigure.MEAN_TIME_BETWEEN_FAILURES)
    Ratio(1292400)
    >>> time_between(2_592_000, 7_200, 2, RecoveryFigure.MEAN_TIME_BETWEEN_INCIDENTS)
    Ratio(1296000)
    """
    if not number:
        return None
    works = figure is RecoveryFigure.MEAN_TIME_BETWEEN_FAILURES
    return Ratio(agreed - failed if works else agreed, number)


@dataclass(frozen=True, slots=True)
class RecoveryIndicator:
    """A recovery figure with the failures, ready to be measured in any period.

    ``watched`` is the availability of the service whose outages they are, if they are outages. ``backups`` are the
    good ones, in order of time.
    """

    agreement: Agreement
    measure: Recovery
    calendar: Calendar
    outages: tuple[Failure, ...]
    cases: Mapping[str, Sequence[Transition]]
    backups: tuple[Transition, ...]
    exclusions: dict[str, list[Exclusion]]
    watched: AvailabilityIndicator | None

    @classmethod
    def of(cls, agreement: Agreement, measure: Recovery, evidence: Evidence) -> Self:
        """Return the indicator; all failures are found once, over all evidence."""
        watched, names = None, {""}
        if measure.of:
            usable = Availability(
                of=measure.of,
                on=measure.on,
                degraded=measure.degraded,
                excluded=measure.excluded,
                unknown=Unknown(as_=UnknownAs.EXCLUDED),
                count=Count(ignore_shorter_than=measure.ignore_shorter_than),
            )
            watched = AvailabilityIndicator.of(agreement, usable, evidence)
            names |= {name for subject in watched.subjects for member in subject.members for name in member.also}
        exclusions = {
            cause: [each for each in evidence.exclusions.get(cause, ()) if each.case or each.subject in names]
            for cause in measure.excluded
        }
        outages = tuple(_outages(watched)) if watched is not None else ()
        cases = evidence.cases.get(measure.cases, {})
        good = _backups(measure, evidence)
        return cls(agreement, measure, calendar_of(agreement, measure.on), outages, cases, good, exclusions, watched)

    def measured(self, period: Period) -> Measurement:
        """Return what the failures of the period come to."""
        figure, interval = self.measure.as_, period.interval
        exclusions = self._exclusions_in(period)
        chosen = [(each, self._seconds(each, exclusions, interval)) for each in self._failures_of(interval)]
        failed = [(each, size) for each, size in chosen if self._counts(size)]
        value, steps, undecided = self._figure(failed, period, exclusions)
        undecided = self._unheard(period) or undecided
        value = None if undecided else value
        steps += listed([Reason(_told(each, size), evidence=each.evidence) for each, size in failed], "failure")
        told = shown(value, Unit.TIME) if value is not None else "no value"
        text = f"{self.measure.what}: {figure.replace('_', ' ')} of {counted(len(failed), 'failure')}"
        return Measurement(
            value=value,
            unit=Unit.TIME,
            good=0,
            total=len(failed),
            reason=Reason(text, told, (*steps, *_applied(exclusions, chosen), *exclusions.refusals), rule="recovery"),
            misses=tuple(Miss(_told(each, size), size, each.incident, each.evidence) for each, size in failed),
            undecided=undecided,
            empty=value is None and not undecided,
        )

    def _figure(
        self, failed: Sequence[tuple[Failure, int]], period: Period, exclusions: Exclusions
    ) -> tuple[Ratio | None, list[Reason], str]:
        """Return the figure of the failures, the steps to it, and why there is none where evidence is missing."""
        figure = self.measure.as_
        if figure is RecoveryFigure.RECOVERY_POINT:
            return self._lost([each for each, _ in failed])
        if self.measure.is_between:
            agreed, down = self._time(period, exclusions)
            steps = [Reason("agreed time", f"{agreed:,} s"), Reason("of that failed", f"{down:,} s")]
            return time_between(agreed, down, len(failed), figure), steps, ""
        return time_to_restore([size for _, size in failed], figure), [], ""

    def _failures(self, until: datetime | None) -> list[Failure]:
        """Return what failed, as it was seen at an instant; without one as it is known now."""
        found = [*self.outages, *_failed_cases(self.measure, self.cases, until)]
        return sorted(found, key=lambda each: (each.span, each.name))

    def _failures_of(self, period: Interval) -> Iterator[Failure]:
        """Yield the failures that belong to the period."""
        measure = self.measure
        begun = measure.is_between or measure.as_ is RecoveryFigure.RECOVERY_POINT
        followed = not begun and measure.failures is FailuresOf.FAILED
        for each in self._failures(None if followed else period.end):
            is_open = each.span.end >= period.end
            if each.span.start >= period.end:
                continue
            if begun:
                belongs = period.contains(each.span.start)
            elif measure.failures is FailuresOf.FAILED:
                still_out = each.span.end == FOREVER and measure.still_failed is StillFailed.LEFT_OUT
                belongs = period.contains(each.span.start) and not still_out
            else:
                belongs = measure.still_failed is StillFailed.COUNTED if is_open else period.contains(each.span.end)
            if belongs:
                yield each

    def _seconds(self, failure: Failure, exclusions: Exclusions, period: Interval) -> int:
        """Return the agreed seconds that a failure took: up to the end of the period, if it is followed no further."""
        followed = self.measure.failures is FailuresOf.FAILED and failure.span.end != FOREVER
        end = failure.span.end if followed else min(failure.span.end, period.end)
        return seconds(self._stood(failure, Interval(failure.span.start, end), exclusions))

    def _stood(self, failure: Failure, span: Interval, exclusions: Exclusions) -> Sequence[Interval]:
        """Return the open time of a stretch for which a failure stood: an excluded part makes no outage of a service.

        Exclusions of a stretch are about any case; one that names a case takes that one out whole.
        """
        open_time = self.calendar.open_in(span)
        if self.watched is not None:
            subject = next(each for each in self.watched.subjects if each.name == failure.name)
            return intersection(Combined.of(subject, span, exclusions, UnknownAs.EXCLUDED).certain, open_time)
        if any(each.record.case == failure.name for each in exclusions.counting if each.record.case):
            return ()
        return difference(open_time, (each.span for each in exclusions.counting if not each.record.case))

    def _counts(self, size: int) -> bool:
        shortest = self.measure.ignore_shorter_than
        return size > 0 and (shortest is None or size >= shortest.seconds)

    def _exclusions_in(self, period: Period) -> Exclusions:
        end = period.interval.end
        records = {cause: [each for each in found if each.start < end] for cause, found in self.exclusions.items()}
        return Exclusions.of(self.agreement, self.measure.excluded, records)

    def _unheard(self, period: Period) -> str:
        """Return why nothing is known of what could have failed; empty if something is."""
        if self.watched is None:
            return ""
        return self.watched.measured(period).undecided

    def _time(self, period: Period, exclusions: Exclusions) -> tuple[int, int]:
        """Return the agreed time of the period, and for how much of it something had failed."""
        if self.watched is not None:
            inside = self.watched.measured(period)
            return inside.total, inside.total - inside.good
        spans = [each.span for each in exclusions.counting if not each.record.case]
        agreed = difference(self.calendar.open_in(period.interval), spans)
        failures = [
            (each, each.span.intersection(period.interval))
            for each in self._failures(period.interval.end)
            if self._counts(self._seconds(each, exclusions, period.interval))
        ]
        stood = (part for each, span in failures if span for part in self._stood(each, span, exclusions))
        return seconds(agreed), seconds(stood)

    def _lost(self, failed: Sequence[Failure]) -> tuple[Ratio | None, list[Reason], str]:
        """Return the age of the last good backup at the worst failure, and the step of each."""
        steps: list[Reason] = []
        ages: list[int] = []
        for each in failed:
            place = bisect_right(self.backups, each.span.start, key=lambda backup: backup.at) - 1
            if place < 0:
                moment = show_instant(each.span.start)
                text = (
                    f"No good backup is recorded before {each.name} failed at {moment}. Import the backups before it."
                )
                return None, steps, text
            last = self.backups[place]
            age = seconds_between(last.at, each.span.start)
            ages.append(age)
            steps.append(leaf(f"last good backup before {each.name}", f"{Duration(age)} old", [last], most=SAMPLE))
        return (Ratio(max(ages)) if ages else None), steps, ""


def _applied(exclusions: Exclusions, failures: Sequence[tuple[Failure, int]]) -> Iterator[Reason]:
    """Yield the exclusions that concern failures."""
    found = [
        each.record
        for each in exclusions.counting
        if any(
            each.record.case == failure.name
            if each.record.case
            else each.span.start < failure.span.end and each.span.end > failure.span.start
            for failure, _ in failures
        )
    ]
    if found:
        yield leaf("left out because of exclusions", counted(len(found), "exclusion"), found)


def _outages(watched: AvailabilityIndicator) -> Iterator[Failure]:
    for subject in watched.subjects:
        for outage in subject.outages:
            states = subject.states_of(outage)
            incident = next((state.incident for state in states if state.incident), "")
            yield Failure(subject.name, outage, incident, tuple(state.id for state in states))


def _failed_cases(
    measure: Recovery, cases: Mapping[str, Sequence[Transition]], until: datetime | None
) -> Iterator[Failure]:
    """Yield cases as failures: from when they first failed to when they were last restored."""
    for name, known in cases.items():
        steps = [step for step in sorted(known, key=_in_time(measure)) if until is None or step.at < until]
        began = next((step for step in steps if step.state == measure.failed), None)
        if began is None or (measure.priority and began.priority not in measure.priority):
            continue
        later = [step for step in steps if step.at >= began.at]
        last = next((step for step in reversed(later) if step.state in (measure.failed, measure.restored)), began)
        end: datetime = last.at if last.state == measure.restored else FOREVER
        incident = next((step.incident for step in later if step.incident), name)
        yield Failure(name, Interval(began.at, end), incident, tuple(step.id for step in later))


def _in_time(measure: Recovery) -> Callable[[Transition], tuple[datetime, bool]]:
    """Return the order of steps: by time, and at the same instant, as in logs kept to the minute, restoration last."""
    return lambda step: (step.at, step.state == measure.restored)


def _backups(measure: Recovery, evidence: Evidence) -> tuple[Transition, ...]:
    if measure.backups is None:
        return ()
    cases = evidence.cases.get(measure.backups.cases, {})
    good = [step for steps in cases.values() for step in steps if step.state == measure.backups.done]
    return tuple(sorted(good, key=lambda step: (step.at, step.id)))


def _told(failure: Failure, size: int) -> str:
    return f"{failure.name} failed {show_instant(failure.span.start)}, {Duration(size)}"
