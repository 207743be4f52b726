"""Cases: what each one is, how it stands at the end of a period, and in which words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from makegood.engine.agreement.measures.within import PriorityAt, Within
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.clock import ClockRun, in_order
from makegood.engine.vocabulary.duration import Days, Duration


class Standing(StrEnum):
    """How a case of a population stands; the value finishes the sentence "so many cases …"."""

    INSIDE = "within their limit"
    EXCUSED = "excluded and counted as within their limit"
    LATE = "late"
    NO_STOP = "closed without a recorded stop"
    NOT_DUE = "open and not yet due at the end of the period"
    LEFT_OUT = "excluded"
    RELATED = "belonging to another case"
    CARRIED = "overdue before and counted then"
    NO_LIMIT = "of a priority for which no limit is agreed"
    NO_START = "without a recorded start of their clock"


@dataclass(frozen=True, slots=True)
class Case:
    """The transitions of one case, in order, and how its clock ran through all of them."""

    id: str
    steps: tuple[Transition, ...]
    run: ClockRun

    @classmethod
    def of(cls, name: str, steps: Sequence[Transition], measure: Within) -> Self:
        """Return the case that transitions make."""
        ordered = in_order(steps, measure)
        return cls(name, tuple(ordered), ClockRun.of(ordered, measure))

    def seen_at(self, end: datetime, measure: Within) -> Self:
        """Return the case as it was seen at an instant: without what happened then or later."""
        if self.steps[-1].at < end:
            return self
        steps = self.steps[: bisect_left(self.steps, end, key=lambda step: step.at)]
        return type(self)(self.id, steps, ClockRun.of(steps, measure))

    def priority(self, at: PriorityAt) -> str:
        """Return the first or the last priority that a transition names; for other rules the last."""
        steps = self.steps if at is PriorityAt.OPENING else reversed(self.steps)
        return next((step.priority for step in steps if step.priority), "")

    def label(self, name: str) -> str:
        """Return the last value of a label."""
        values = (value for step in reversed(self.steps) for label, value in step.labels if label == name)
        return next(filter(None, values), "")

    @property
    def incident(self) -> str:
        """The incident that it belongs to; a case that names none is its own."""
        return next((step.incident for step in self.steps if step.incident), self.id)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The records that tell of it."""
        return tuple(step.id for step in self.steps)


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A case, how it stands, and the time that its clock has run where that decides.

    ``used`` is the part of its limits that its priorities used up, where each has its own. ``rest`` tells that it took
    longer than any case may.
    """

    case: Case
    standing: Standing
    priority: str = ""
    limit: Duration | Days | None = None
    elapsed: int = 0
    used: str = ""
    rest: bool = False

    def __str__(self) -> str:
        named = f"{self.case.id} ({self.priority})" if self.priority else self.case.id
        if self.standing is Standing.NO_STOP:
            return f"{named} was closed without a recorded stop"
        verb = "took" if self.case.run.stopped_at is not None else "is open after"
        if self.used:
            return f"{named} used up {self.used} of the limits of its priorities"
        return f"{named} {verb} {Duration(self.elapsed)}, and {self.limit} are agreed"
