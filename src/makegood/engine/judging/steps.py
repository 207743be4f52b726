"""Steps: every event, and each step that was promised after it, with a limit of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.agreement.measures.steps import CountsFrom, Step, Steps
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.exclusions import Excluded, Exclusions
from makegood.engine.judging.limits import is_over
from makegood.engine.judging.ratio import ratio
from makegood.engine.judging.verdict import Measurement, Miss, Part
from makegood.engine.judging.wording import LISTED, counted, leaf, listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import seconds_between


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when it occurred and was detected, and all that was recorded of it, in order of time."""

    id: str
    steps: tuple[Transition, ...]
    occurred: datetime | None
    detected: datetime | None
    excluded: Excluded | None = None

    def starts(self, counts_from: CountsFrom) -> datetime | None:
        """Return from when limits run; if that was not recorded, the other one."""
        both = (self.occurred, self.detected)
        first, second = both if counts_from is CountsFrom.OCCURRED else both[::-1]
        return first if first is not None else second

    def label(self, name: str) -> str:
        """Return the first value of a label."""
        return next((value for step in self.steps for label, value in step.labels if label == name and value), "")

    @property
    def incident(self) -> str:
        """The incident that it belongs to; an event that names none is its own."""
        return next((step.incident for step in self.steps if step.incident), self.id)

    @property
    def priority(self) -> str:
        """The last priority that it had."""
        return next((step.priority for step in reversed(self.steps) if step.priority), "")


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was promised after an event, and when it was done: None if it was not."""

    event: Event
    name: str
    step: Step
    done: datetime | None
    in_time: bool
    lacking: tuple[str, ...]

    def __str__(self) -> str:
        event, shown = self.event, f"{self.event.id}: {self.name}"
        if self.lacking:
            return f"{shown} was not done, as nothing is on record of {', '.join(self.lacking)}"
        if self.done is None:
            return f"{shown} was not done, as nobody recorded it"
        since = (("start", event.occurred), ("detection", event.detected))
        after = [f"{Duration(max(0, seconds_between(at, self.done)))} after the {what}" for what, at in since if at]
        return f"{shown} was done {' and '.join(after)}, and {self.step.within} are agreed"


def done_at(event: Event, step: Step) -> tuple[datetime | None, tuple[str, ...]]:
    """Return when a step was done, and which of the labels that it needs are nowhere on record.

    Unit: instant in UTC; None if it was not done.
    Rule: it is done when its state is first recorded and the last label that it needs is there, on whatever record of
        the event. A state that was never recorded was never entered; a step that lacks a label was not done.
    Source: docs/explanation/judging/steps.md

    >>> from datetime import UTC
    >>> sent = Transition(source="desk", source_id="1", case="7", of="outage", state="plan-sent",
    ...                   at=datetime(2026, 3, 2, 9, tzinfo=UTC), labels=(("ticket", "4711"),))
    >>> event = Event("7", (sent,), None, None)
    >>> done_at(event, Step(state="plan-sent", within=Duration(3600), needs=("ticket", "dispatch")))
    (None, ('dispatch',))
    >>> done_at(event, Step(state="plan-sent", within=Duration(3600), needs=("ticket",)))[0] == sent.at
    True
    """
    entered = next((each.at for each in event.steps if each.state == step.state), None)
    if entered is None:
        return None, ()
    there = {name: next((each.at for each in event.steps if dict(each.labels).get(name)), None) for name in step.needs}
    lacking = tuple(name for name, at in there.items() if at is None)
    if lacking:
        return None, lacking
    return max([entered, *(at for at in there.values() if at is not None)]), ()


@dataclass(frozen=True, slots=True)
class StepsIndicator:
    """Promised steps with the evidence about their events, ready to be measured in any period."""

    agreement: Agreement
    measure: Steps
    calendar: Calendar
    events: tuple[Event, ...]
    refused: tuple[Reason, ...]

    @classmethod
    def of(cls, agreement: Agreement, measure: Steps, evidence: Evidence) -> Self:
        """Return the indicator with the events that the measure is about."""
        exclusions = Exclusions.of(
            agreement,
            measure.excluded,
            {cause: [each for each in evidence.exclusions.get(cause, ()) if each.case] for cause in measure.excluded},
        )
        # Of two exclusions for one event, the one that takes it out counts.
        counting = sorted(exclusions.counting, key=lambda each: each.effect is Effect.SHRINK)
        excluded = {each.record.case: each for each in counting}
        cases = evidence.cases.get(measure.cases, {})
        events = (_event(name, steps, measure, excluded.get(name)) for name, steps in sorted(cases.items()))
        return cls(
            agreement,
            measure,
            calendar_of(agreement, measure.on),
            tuple(event for event in events if _is_meant(event, measure)),
            exclusions.refusals,
        )

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the events whose last limit ends in the period."""
        mine = [event for event in self.events if self._belongs(event, period)]
        out = [each for each in mine if each.excluded is not None and each.excluded.effect is Effect.SHRINK]
        taken = [taken for event in mine if event not in out for taken in self._taken(event)]
        good, total = sum(each.in_time for each in taken), len(taken)
        value = ratio(good=good, total=total)
        parts = tuple(self._part(name, taken) for name in self.measure.steps)
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=good,
            total=total,
            reason=Reason(
                f"{good:,} of {counted(total, 'step')} after {counted(len(mine) - len(out), 'event')} done in time",
                value.percent(4) if value is not None else "no value",
                tuple(self._reasons(parts, taken, [*out, *self._unstarted(period)])),
                rule="steps",
            ),
            misses=tuple(
                self._miss(each, cited=place < LISTED)
                for place, each in enumerate(each for each in taken if not each.in_time)
            ),
            empty=value is None,
            parts=parts,
        )

    def _belongs(self, event: Event, period: Period) -> bool:
        """Tell whether the last limit of an event ends in the period; its very start belongs to the one before."""
        start = event.starts(self.measure.from_)
        if start is None:
            return False
        limits = [step.within for step in self.measure.steps.values()]
        ended = all(self._is_over(start, limit, period.interval.end) for limit in limits)
        return ended and not all(self._is_over(start, limit, period.interval.start) for limit in limits)

    def _is_over(self, start: datetime, limit: Duration | Days, moment: datetime) -> bool:
        return is_over(self.agreement, self.calendar, start, limit, moment, at_limit=True)

    def _taken(self, event: Event) -> Iterator[Taken]:
        start = event.starts(self.measure.from_)
        for name, step in self.measure.steps.items():
            done, lacking = done_at(event, step)
            late = done is None or (
                start is not None and is_over(self.agreement, self.calendar, start, step.within, done, at_limit=False)
            )
            yield Taken(event, name, step, done, event.excluded is not None or not late, lacking)

    def _part(self, name: str, taken: Sequence[Taken]) -> Part:
        mine = [each for each in taken if each.name == name]
        return Part(name, sum(each.in_time for each in mine), len(mine))

    def _miss(self, taken: Taken, *, cited: bool) -> Miss:
        event = taken.event
        evidence = tuple(step.id for step in event.steps) if cited else ()
        item = event.label(self.measure.item)
        return Miss(str(taken), 1, event.incident, evidence, step=taken.name, item=item)

    def _unstarted(self, period: Period) -> list[Event]:
        """Return the events of the period of which nobody knows when they began."""
        span = period.interval
        return [
            each for each in self.events if each.starts(self.measure.from_) is None and span.contains(each.steps[0].at)
        ]

    def _reasons(self, parts: Sequence[Part], taken: Sequence[Taken], out: Sequence[Event]) -> Iterator[Reason]:
        """Yield each step with those that were not kept, then all that were, then what does not count."""
        for part in parts:
            late = [each for each in taken if each.name == part.label and not each.in_time]
            steps = [Reason(str(each), "not kept", evidence=tuple(s.id for s in each.event.steps)) for each in late]
            within = self.measure.steps[part.label].within
            yield Reason(f"{part.label} within {within}", f"{part.good:,} of {part.total:,}", listed(steps, "step"))
        kept = [_kept(each) for each in taken if each.in_time]
        if kept:
            yield Reason("in time", f"{len(kept):,}", listed(kept, "step"))
        records = [each.excluded.record for each in out if each.excluded is not None]
        if records:
            yield leaf(f"{counted(len(records), 'event')} excluded", "left out", records)
        first = [each.steps[0] for each in out if each.excluded is None]
        if first:
            yield leaf(f"{counted(len(first), 'event')} without a recorded start or detection", "left out", first)
        yield from listed(self.refused, "exclusion")


def _kept(taken: Taken) -> Reason:
    """Return how a step was kept: it was done in time, or an exclusion counts it as if it had been."""
    by = taken.event.excluded
    if by is None:
        return Reason(str(taken), "kept")
    return Reason(f"{taken.event.id}: {taken.name} is excluded ({by.record.cause})", "kept", evidence=(by.record.id,))


def event_of(steps: Sequence[Transition], measure: Steps) -> Event | None:
    """Return the event that the transitions of one case make; None if the measure is not about it.

    Unit: instants in UTC.
    Rule: it counts by its labels and its last priority.
    Source: docs/explanation/judging/steps.md

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> began = Transition(source="desk", source_id="1", case="7", of="outage", state="occurred", at=noon)
    >>> told = {"told": Step(state="told", within=Duration(900))}
    >>> event_of([began], Steps(cases="outage", steps=told)).occurred == noon
    True
    >>> event_of([began], Steps(cases="outage", steps=told, priority=("P1",))) is None
    True
    """
    event = _event(steps[0].case, steps, measure, None)
    return event if _is_meant(event, measure) else None


def _event(name: str, steps: Sequence[Transition], measure: Steps, excluded: Excluded | None) -> Event:
    ordered = tuple(sorted(steps, key=lambda step: (step.at, step.source, step.source_id)))
    first = {state: next((step.at for step in ordered if step.state == state), None) for state in _marks(measure)}
    return Event(name, ordered, first[measure.occurred], first[measure.detected], excluded)


def _marks(measure: Steps) -> tuple[str, str]:
    return measure.occurred, measure.detected


def _is_meant(event: Event, measure: Steps) -> bool:
    """Tell whether an event has the labels and the priority that the measure is about."""
    labelled = all(event.label(name) == value for name, value in measure.where.items())
    return labelled and (not measure.priority or event.priority in measure.priority)
