"""Milestone: how late something was that was due once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from makegood.engine.agreement.measures.milestone import Milestone, Parts, Unrecorded
from makegood.engine.agreement.schedule import calendar_of, instant_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.composition import BEGINNING
from makegood.engine.judging.delay import units_of_delay
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.judging.wording import listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.interval import Interval, clip, seconds
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


@dataclass(frozen=True, slots=True)
class Delay:
    """How a milestone stood at one moment: when it was due, when it was reached if it was, and how late that is."""

    due: datetime
    until: datetime
    reached: Transition | None
    size: Ratio

    @property
    def is_open(self) -> bool:
        """Whether it is due, and not reached."""
        return self.reached is None and self.due < self.until


@dataclass(frozen=True, slots=True)
class MilestoneIndicator:
    """A milestone with the evidence about it, ready to be measured in any period."""

    agreement: Agreement
    measure: Milestone
    calendar: Calendar
    due: datetime
    steps: tuple[Transition, ...]
    exclusions: Exclusions

    @classmethod
    def of(cls, agreement: Agreement, measure: Milestone, evidence: Evidence) -> Self:
        """Return the indicator; what moves the day on which it is due are the exclusions that name its case."""
        due = instant_of(agreement, measure.due)
        if not isinstance(measure.due, datetime):
            due = instant_of(agreement, measure.due + timedelta(days=1))
        excluded = {
            cause: [each for each in evidence.exclusions.get(cause, ()) if each.case == measure.of]
            for cause in measure.excluded
        }
        steps = sorted(
            evidence.cases.get(measure.cases, {}).get(measure.of, ()),
            key=lambda step: (step.at, step.state in measure.undone, step.source, step.source_id),
        )
        calendar = calendar_of(agreement, measure.on)
        return cls(
            agreement, measure, calendar, due, tuple(steps), Exclusions.of(agreement, measure.excluded, excluded)
        )

    def measured(self, period: Period) -> Measurement:
        """Return the delay up to the end of the period, and how much of it earlier periods have seen already."""
        then, before = self._at(period.interval.end), self._at(period.interval.start)
        undecided = ""
        if not self.steps and self.measure.unrecorded is Unrecorded.UNDECIDED and then.due < then.until:
            undecided = f"Nothing was recorded of {self.measure.of}, which was due {show_instant(then.due)}."
        concerned = before.reached is None or then.reached is not before.reached
        size = then.size if concerned else Ratio(0)
        value = None if undecided else size
        evidence = tuple(step.id for step in self.steps if step.at < period.interval.end)
        what = f"{self.measure.of} was {self._words(then) if concerned else 'reached before the period'}"
        return Measurement(
            value=value,
            unit=self.measure.unit,
            good=0,
            total=0,
            reason=Reason(what, self._shown(size), tuple(self._reasons(then, before)), evidence, rule="milestone"),
            misses=(Miss(what, then.size.ceil(), evidence=evidence),) if value else (),
            undecided=undecided,
            earlier=before.size if concerned and before.size else None,
            right=self._right(then, before),
        )

    def _at(self, moment: datetime) -> Delay:
        """Return how it stood just before a moment: what happened then or later is not seen."""
        reached = None
        for step in self.steps[: bisect_left(self.steps, moment, key=lambda step: step.at)]:
            if step.state in self.measure.undone:
                reached = None
            elif step.state in self.measure.reached:
                reached = reached or step
        until = reached.at if reached is not None else moment
        spans = (each.span for each in self.exclusions.counting)
        due = self.due + timedelta(seconds=seconds(clip(spans, Interval(BEGINNING, until))))
        return Delay(due, until, reached, self._size(due, until))

    def _size(self, due: datetime, until: datetime) -> Ratio:
        unit = self.measure.count_in
        if unit is None:
            return Ratio(self.calendar.elapsed(due, until))
        return Ratio(units_of_delay(self.agreement, due, until, unit, self.measure.parts, self.calendar))

    def _right(self, then: Delay, before: Delay) -> str:
        """Return why the customer may terminate from this period on; empty if not, or if it could already."""
        if not self._is_beyond(then) or self._is_beyond(before):
            return ""
        measure = self.measure
        stop = f"{measure.long_stop_units} units" if measure.long_stop is None else measure.long_stop.words
        return f"{measure.of} is more than {stop} late, so the customer may terminate"

    def _is_beyond(self, delay: Delay) -> bool:
        stop, units = self.measure.long_stop, self.measure.long_stop_units
        if isinstance(stop, Duration):
            return self.calendar.elapsed(delay.due, delay.until) > stop.seconds
        if stop is not None:
            day = Days(1, business=stop.business)
            passed = units_of_delay(self.agreement, delay.due, delay.until, day, Parts.STARTED, self.calendar)
            return passed > stop.number
        return units is not None and delay.size > units

    def _reasons(self, then: Delay, before: Delay) -> Iterator[Reason]:
        yield Reason("due", show_instant(self.due))
        if self.exclusions.counting:
            records = tuple(each.record.id for each in self.exclusions.counting)
            yield Reason("moved by what does not count", show_instant(then.due), evidence=records, rule="exclusions")
        yield from listed(self.exclusions.refusals, "exclusion")
        if then.reached is not None:
            yield Reason(f"{then.reached.state}", show_instant(then.reached.at), evidence=(then.reached.id,))
        elif then.is_open:
            yield Reason("not reached at the end of the period", show_instant(then.until))
        else:
            yield Reason("not due in the period")
        if before.size:
            yield Reason("delay that earlier periods have seen", self._shown(before.size))

    def _words(self, delay: Delay) -> str:
        if delay.reached is not None:
            return "reached late" if delay.size else "reached in time"
        return "due and is not reached" if delay.is_open else "not due yet"

    def _shown(self, size: Ratio) -> str:
        if self.measure.count_in is None:
            return Duration(size.floor()).words
        return f"{size.grouped} {'unit' if size == 1 else 'units'} late"
