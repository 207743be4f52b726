"""Reading a measure: what each change of state does to the clock of its case, whatever else the case has done.

The clock of the law has a memory: it starts with the first entry of a state, and a closed case may have been stopped
before or not. A change knows which states its case had entered, so it can nearly always say alone what it does. Where
it cannot, it makes its case unclear, and that case is judged by the law. A case is unclear

* if transitions of one second stand in another order than that in which the law takes them;
* if it had been in the stopping state before its clock started;
* if it is closed without a stop after it was stopped and opened again;
* if it is opened again and clocks begin anew (``restart``);
* if its priority changes and priorities have calendars of their own, or the highest decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from makegood.engine.agreement.measures.within import (
    CarriedOver,
    MissingStop,
    Population,
    PriorityAt,
    Reopened,
    Within,
)
from makegood.engine.vocabulary.duration import Duration
from makegood.vault.measuring.clocks.columns import Change


def covers(measure: Within) -> bool:
    """Return whether sums of changes give what the law gives for a measure; what they do not cover the law judges.

    Rule: covered are any states that start, stop, pause and close, any calendars, also of single priorities, limits by
        priority, all populations, and re-opening of every sort. Not covered are limits in days, a second limit,
        priorities that each use up their own limit, cases that count once only although overdue for several
        periods, and labels, by which cases are left out or broken down. Cases with an exclusion are set aside by
        the caller.
    """
    limits = (*measure.limits.values(), *(() if measure.limit is None else (measure.limit,)))
    once = measure.carried_over is CarriedOver.ONCE and measure.population is Population.RESOLVED_PLUS_OPEN_OVERDUE
    each = measure.priority_at is PriorityAt.EACH_BY_ITS_TIME
    labels = measure.leave_out or measure.by
    second = measure.rest_within is not None or measure.rest_limits
    return all(isinstance(limit, Duration) for limit in limits) and not (once or each or labels or second)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to its case: the clock ``ran`` before it or runs after it, by one less and one more.

    ``run`` is 1 where a running clock comes to stand, -1 where it goes on. ``stopped`` and ``closed`` are 1 where a
    case becomes so, and -1 where it no longer is; closed means without a stop. ``opens`` starts the clock.
    """

    run: int = 0
    stopped: int = 0
    closed: int = 0
    opens: bool = False
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a measure decides how changes count: measures that are read alike are measured in one pass."""

    start: str
    stop: str
    pause: frozenset[str]
    closing: frozenset[str]
    reopened: Reopened
    population: Population
    priority_at: PriorityAt
    missing_stop: MissingStop
    by_priority: bool

    @classmethod
    def of(cls, measure: Within) -> Self:
        """Return how a measure is read.

        :raises ValueError: if sums do not cover it
        """
        if not covers(measure):
            raise ValueError(f"cases of {measure.cases} are judged one by one: sums of their clocks do not say enough")
        clock = measure.clock
        return cls(
            clock.from_,
            clock.to,
            frozenset(clock.pause),
            frozenset(measure.closed) - {clock.to},
            measure.reopened,
            measure.population,
            measure.priority_at,
            measure.missing_stop,
            by_priority=bool(clock.on_priority),
        )

    @property
    def at_opening(self) -> bool:
        """Whether the first priority of a case decides; of a case that never changes it the highest is the first."""
        return self.priority_at is not PriorityAt.END

    def effect(self, change: Change) -> Effect:
        """Return what a change does to the clock of its case."""
        unclear = (change.tied and self._rank(change.before) > self._rank(change.after)) or self._mixes(change)
        stopped = closed = ran = False
        opens = self.start not in change.seen
        if opens and change.after != self.start:
            return Effect(unclear=unclear)
        if not opens:
            stopped = self._is_stopped(change)
            if stopped and (self.reopened is Reopened.IGNORE or change.after in {self.stop, *self.closing}):
                return Effect(unclear=unclear)
            closed = not stopped and change.before in self.closing
            ran = not stopped and change.before not in self.pause
            unclear |= stopped and self.reopened is Reopened.RESTART
        stops = change.after == self.stop
        closes = change.after in self.closing
        unclear |= (opens or (closes and not closed)) and self.stop in change.seen
        runs = not stops and change.after not in self.pause
        return Effect(ran - runs, stops - stopped, closes - closed, opens, unclear)

    def _is_stopped(self, change: Change) -> bool:
        """Return whether the clock stood at its end before a change."""
        if change.before == self.stop:
            return True
        is_over = self.reopened is Reopened.IGNORE or change.before in self.closing
        return is_over and self.stop in change.seen

    def _rank(self, state: str) -> int:
        """Return the place of a state among those that a case enters in one second."""
        if state == self.start:
            return 0
        if state == self.stop:
            return 2
        return 3 if state in self.closing else 1

    def _mixes(self, change: Change) -> bool:
        """Return whether a change of priority makes it unclear which one its case goes by."""
        if change.had == change.priority or not change.before:
            return False
        return self.by_priority or (self.priority_at is PriorityAt.HIGHEST and bool(change.had))
