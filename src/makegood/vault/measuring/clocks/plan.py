"""The plan of a measurement: many agreements whose measures are read alike, in one period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self

import numpy as np

from makegood.engine.agreement.measures.within import Bound, Population, Within
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.measuring.calendars import CompiledCalendars
from makegood.vault.measuring.clocks.columns import Change
from makegood.vault.measuring.clocks.reading import Reading
from makegood.vault.measuring.clocks.tables import (
    CLOSED,
    ENDED,
    NO_LIMIT,
    OPENED,
    PRIORITY,
    SECONDS,
    STOPPED,
    UNCLEAR,
)
from makegood.vault.probes.columns import Column, second_of

_MOST_PRIORITIES = SECONDS // PRIORITY - 2


class Effects(NamedTuple):
    """What changes do, as ``Adding`` has it."""

    run: Column
    facts: Column
    marks: Column
    priority: Column

    @classmethod
    def of(cls, changes: Sequence[Change], reading: Reading, priorities: Sequence[str]) -> Self:
        """Return what each of these changes does, where these priorities are told apart."""
        looks_on = reading.population is Population.OPENED_IN_PERIOD
        run, facts, marks = (np.zeros((3, len(changes)), kind) for kind in (np.int8, np.int64, np.uint8))
        numbers = {name: place for place, name in enumerate(("", *priorities))}
        for column, change in enumerate(changes):
            effect = reading.effect(change)
            has, had = (numbers.get(name, len(numbers)) for name in (change.priority, change.had))
            turn = 0 if reading.at_opening and change.had else has - had
            fact = STOPPED * effect.stopped + CLOSED * effect.closed + PRIORITY * turn
            ended = ENDED * (effect.stopped == 1 or effect.closed == 1)
            for row in range(3 if looks_on else 2):
                is_opened = effect.opens and (row == 1 or not looks_on)
                run[row, column] = effect.run
                facts[row, column] = fact + OPENED * is_opened
                marks[row, column] = ended * (row == 1) + UNCLEAR * effect.unclear
        priority = [numbers.get(each.priority, len(numbers)) if reading.by_priority else 0 for each in changes]
        return cls(run, facts, marks, np.array(priority, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class ClockPlan:
    """Agreements that are measured together: how they are read, and of each and every priority calendar and limit.

    Unit: ``start`` and ``end`` of the period are seconds since 1970 in UTC; ``calendars`` count from its end.
        ``calendar`` (int32) and ``limit`` (int64, seconds; NO_LIMIT where none is agreed) have one row an agreement and
        one column a priority: first that of cases without one, then ``priorities``, then all others. Where priorities
        have no calendars of their own, ``calendar`` has a single column.
    """

    reading: Reading
    start: int
    end: int
    calendars: CompiledCalendars
    priorities: tuple[str, ...]
    calendar: Column
    limit: Column
    # The same changes come with all rows of a file: a memo by identity, which keeps them so that it stays theirs.
    _effects: dict[int, tuple[tuple[Change, ...], Effects]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(
        cls, promises: Sequence[tuple[Agreement, Within]], period: Interval, first: datetime, last: datetime
    ) -> Self:
        """Return the plan of these agreements, for transitions from the first instant to the last.

        :raises ValueError: if their measures are not all read alike, or sums do not cover them
        """
        readings = {Reading.of(measure) for _, measure in promises}
        if len(readings) != 1:
            raise ValueError(f"what is measured together is read in one way, not in {len(readings)}")
        priorities = tuple(sorted({name for _, measure in promises for name in _named(measure)}))
        numbers: dict[Calendar, int] = {}
        names = ("", *priorities, None)
        reading = readings.pop()
        on_names = names if reading.by_priority else names[:1]
        calendar = np.zeros((len(promises), len(on_names)), np.int32)
        limit = np.zeros((len(promises), len(names)), np.int64)
        for row, (agreement, measure) in enumerate(promises):
            on = [measure.clock.on_priority.get(name or "", measure.clock.on) for name in on_names]
            found = {name: calendar_of(agreement, name) for name in set(on)}
            calendar[row] = [numbers.setdefault(found[name], len(numbers)) for name in on]
            limit[row] = [_limit(measure, name) for name in names]
        days = (min(first, period.start).date(), max(last, period.end).date())
        start, end = second_of(period.start), second_of(period.end)
        compiled = CompiledCalendars.of(list(numbers), *days).counted_from(end)
        return cls(reading, start, end, compiled, priorities, calendar, limit)

    def __post_init__(self) -> None:
        if len(self.priorities) > _MOST_PRIORITIES:
            raise ValueError(f"agreements that are measured together name {_MOST_PRIORITIES} priorities at most")

    def effects(self, changes: tuple[Change, ...]) -> Effects:
        """Return what each of these changes does."""
        if id(changes) not in self._effects:
            self._effects[id(changes)] = changes, Effects.of(changes, self.reading, self.priorities)
        return self._effects[id(changes)][1]


def _named(measure: Within) -> tuple[str, ...]:
    """Return the priorities that a measure tells apart."""
    return (*measure.limits, *measure.priority, *measure.clock.on_priority)


def _limit(measure: Within, priority: str | None) -> int:
    """Return the most seconds that a case of a priority may take; None is any that the measure does not name."""
    limit = measure.limit if priority is None else measure.limit_of(priority)
    if not isinstance(limit, Duration) or (measure.priority and priority not in measure.priority):
        return NO_LIMIT
    return limit.seconds - (measure.bound is Bound.EXCLUSIVE)
