"""Sums of clocks: what the changes of each case add up to, in any order and in any number of parts.

A clock that starts at one instant and stops at another has run for the open time before the second less that before the
first. So each change adds the open time before it, with its sign, and no change needs to know of any other:
elapsed = sum of (ran before - runs after) x (open time from the end of the period to the change).
Over a case whose clock stands at last the signs come to 0, and it does not matter from where the time is counted; a
clock that still runs is read at the end of the period.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, Self

import numpy as np

from makegood.engine.agreement.measures.within import MissingStop, Population
from makegood.vault.measuring import compiling
from makegood.vault.measuring.clocks import arrays, loops
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.tables import (
    INSIDE,
    LATE,
    LEFT_TO_LAW,
    NO_STOP,
    SECONDS,
    STANDINGS,
    STOPPED,
    UNCLEAR,
    Adding,
    Judging,
)
from makegood.vault.probes.columns import Column


class Kernels(NamedTuple):
    """The two passes: over changes, and over the sums of cases."""

    add: Callable[..., bool]
    judge: Callable[..., None]


IN_NUMPY = Kernels(arrays.add, arrays.judge)


@cache
def compiled() -> Kernels:
    """Return the kernels compiled by Numba, or those in NumPy where it is not installed; they give equal answers."""
    try:
        return Kernels(compiling.compiled(loops.add), compiling.compiled(loops.judge))
    except ImportError:
        return IN_NUMPY


@dataclass(frozen=True, slots=True, eq=False)
class Attainment:
    """How cases stand: ``standing`` (uint8) of each case, and ``counts`` (int64), by agreement and standing."""

    standing: Column
    counts: Column
    missing_stop: MissingStop

    @property
    def inside(self) -> Column:
        """The cases of each agreement that were done inside their limit."""
        inside: Column = self.counts[:, INSIDE]
        return inside

    @property
    def total(self) -> Column:
        """The cases of each agreement that count: those inside, and those missed."""
        missed = (LATE, NO_STOP) if self.missing_stop is MissingStop.MISSED else (LATE,)
        total: Column = self.counts[:, (INSIDE, *missed)].sum(axis=1)
        return total

    @property
    def left_to_law(self) -> Column:
        """The numbers of the cases about which sums do not say enough; the law judges them and adds them."""
        return np.flatnonzero(self.standing == LEFT_TO_LAW)


@dataclass(frozen=True, slots=True, eq=False)
class ClockSums:
    """What is known of each case by a plan: its sum and its marks (``tables``), and its seconds after the period.

    ``agreement`` (int32, one a case) is the row of a case's agreement in the plan, -1 if it has none.

    :raises ValueError: if a case is of an agreement that the plan does not have
    """

    plan: ClockPlan
    agreement: Column
    sums: Column
    later: Column
    marks: Column

    @classmethod
    def none(cls, plan: ClockPlan, agreement: Column) -> Self:
        """Return the sums of cases of which nothing is known."""
        cases = len(agreement)
        if cases and not -1 <= agreement.min() <= agreement.max() < len(plan.limit):
            raise ValueError(f"the plan has {len(plan.limit)} agreements, and a case is of another")
        zeros = np.zeros(cases, np.int64), np.zeros(cases, np.int64), np.zeros(cases, np.uint8)
        return cls(plan, agreement, *zeros)

    def add(self, rows: TransitionColumns, kernels: Kernels | None = None) -> None:
        """Add transitions in place: each once, in any order.

        :raises ValueError: if a transition is of no case here, or lies outside of the plan's calendars; then the sums
            are of no more use
        """
        plan = self.plan
        effects = plan.effects(rows.changes)
        bounds = plan.start, plan.end, plan.calendars.start, plan.calendars.end
        by = Adding(self.agreement, plan.calendar, *effects, plan.calendars, *bounds)
        kernel = (kernels or compiled()).add
        if not kernel(self.sums, self.later, self.marks, rows.case, rows.change, rows.at, by):
            plan.calendars.refuse_outside(rows.at)
            raise ValueError("a transition names a case or a change that is not there")

    def merged(self, other: Self) -> Self:
        """Return the sums of two parts of the transitions, by one plan."""
        sums, later, marks = self.sums + other.sums, self.later + other.later, self.marks | other.marks
        return replace(self, sums=sums, later=later, marks=marks)

    def without(self, cases: Column) -> Self:
        """Return the same with some cases left to the law, as those that an exclusion names."""
        marks = self.marks.copy()
        marks[cases] |= UNCLEAR
        return replace(self, marks=marks)

    def elapsed(self, cases: Column | slice = slice(None)) -> Column:
        """Return how long the clocks of cases ran: to their stop, or to the end of the period if they have none.

        Unit: open seconds (int64), one a case, by number. For what is left to the law it means nothing.
        """
        sums = self.sums[cases]
        elapsed: Column = sums // SECONDS + self.later[cases] * (sums & STOPPED != 0)
        return elapsed

    def attainment(self, kernels: Kernels | None = None) -> Attainment:
        """Return how the cases of each agreement stand to their limits."""
        limit, population = self.plan.limit, self.plan.reading.population
        follows = population is Population.OPENED_IN_PERIOD
        by = Judging(self.agreement, limit, follows, population is not Population.RESOLVED_IN_PERIOD)
        standing = np.empty(len(self.sums), np.uint8)
        counts = np.zeros((len(limit), STANDINGS), np.int64)
        (kernels or compiled()).judge(standing, counts, self.sums, self.later, self.marks, by)
        return Attainment(standing, counts, self.plan.reading.missing_stop)
