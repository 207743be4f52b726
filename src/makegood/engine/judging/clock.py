"""The clock of a case: when it starts, stands still, stops and goes on, and how much of its time has passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.within import Clock, Reopened, Within
from makegood.engine.evidence.records import Transition
from makegood.engine.vocabulary.calendar import Calendar


@dataclass(frozen=True, slots=True)
class ClockRun:
    """How the clock of one case ran, as far as its transitions tell.

    ``stretches`` are the times in which it ran and ended; ``running_since`` is set while it runs. ``stopped_at`` is
    its last stop, and ``closed_at`` when the case was closed although nobody recorded a stop.
    """

    opened_at: datetime | None = None
    stretches: tuple[tuple[datetime, datetime], ...] = ()
    running_since: datetime | None = None
    stopped_at: datetime | None = None
    closed_at: datetime | None = None

    @classmethod
    def of(cls, steps: Iterable[Transition], measure: Within) -> Self:
        """Return how the clock ran through the transitions of a case, which are in order.

        It starts when the case first enters ``clock.from``. It stands still in pausing states, and stops when the
        case enters ``clock.to``. Leaving that state for another that does not close the case opens it again.
        """
        clock, closing = measure.clock, measure.closed
        opened = since = stopped = closed = None
        ran: list[tuple[datetime, datetime]] = []
        for step in steps:
            if opened is None:
                if step.state != clock.from_:
                    continue
                opened = step.at
            if since is not None:
                ran.append((since, step.at))
                since = None
            if stopped is not None:
                if measure.reopened is Reopened.IGNORE or step.state == clock.to or step.state in closing:
                    continue
                stopped = None
                if measure.reopened is Reopened.RESTART:
                    ran.clear()
            if step.state == clock.to:
                stopped, closed = step.at, None
            else:
                closed = (closed or step.at) if step.state in closing else None
                since = None if step.state in clock.pause else step.at
        return cls(opened, tuple(ran), since, stopped, closed)

    def ran_until(self, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """Return the times in which the clock ran, up to ``until`` if it still runs."""
        return (*self.stretches, (self.running_since, until)) if self.running_since is not None else self.stretches

    def elapsed(self, calendar: Calendar, until: datetime) -> int:
        """Return the open seconds that have run, up to ``until`` if the clock still runs."""
        ended = sum(calendar.elapsed(start, end) for start, end in self.stretches)
        return ended + (calendar.elapsed(self.running_since, until) if self.running_since is not None else 0)


def in_order(steps: Sequence[Transition], measure: Within) -> list[Transition]:
    """Return the transitions of a case in the order in which they are taken to have happened.

    Unit: instants in UTC.
    Rule: by time. Logs are often kept to the minute, so at the same instant the start of the clock comes first, then
        other states, then the stop, and what closes the case comes last.
    Source: docs/explanation/judging/within.md

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> steps = [
    ...     Transition(source="desk", source_id=state, case="7", of="incident", state=state, at=noon)
    ...     for state in ("closed", "resolved", "active", "opened")
    ... ]
    >>> [step.state for step in in_order(steps, Within(cases="incident"))]
    ['opened', 'active', 'resolved', 'closed']
    """
    return sorted(steps, key=lambda step: (step.at, _rank(step.state, measure.clock, measure.closed)))


def _rank(state: str, clock: Clock, closing: Sequence[str]) -> int:
    if state == clock.from_:
        return 0
    if state == clock.to:
        return 2
    return 3 if state in closing else 1
