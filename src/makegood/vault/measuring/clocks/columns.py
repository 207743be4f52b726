"""Transitions as columns: of each the case, the instant, and which change of state it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from makegood.vault.probes.columns import Column


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One way in which cases change: ``before`` one state, ``after`` another, and what a measure must know of the past.

    ``seen`` are the states that a case had entered before this change, sorted; ``tied`` tells that the change happened
    in the same second as the one before. ``had`` is the priority before and ``priority`` the one from then on. Whatever
    was not yet there is empty. Real cases change in few ways, so each is kept once and counted by its number.
    """

    before: str
    after: str
    seen: tuple[str, ...] = ()
    tied: bool = False
    had: str = ""
    priority: str = ""

    def then(self, after: str, priority: str, *, tied: bool) -> Change:
        """Return the next change of the same case; a transition without priority leaves it as it was."""
        seen = tuple(sorted({*self.seen, self.after} - {""}))
        return Change(self.after, after, seen, tied, self.priority, priority or self.priority)


NOTHING = Change("", "")


@dataclass(frozen=True, slots=True, eq=False)
class TransitionColumns:
    """Many transitions: ``case`` is the number of the case, ``change`` an index into ``changes``.

    Unit: ``at`` are seconds since 1970 in UTC (int64); ``case`` and ``change`` are int32. ``sequence`` is the number of
        the entry by which each came (int64), None where nobody asked for it. The numbers of cases are the caller's.

    :raises ValueError: if the columns differ in length or hold other numbers than these
    """

    changes: tuple[Change, ...]
    case: Column
    change: Column
    at: Column
    sequence: Column | None = None

    def __post_init__(self) -> None:
        if len({len(column) for column in (self.case, self.change, self.at, self.sequence) if column is not None}) > 1:
            raise ValueError("the columns of transitions differ in length")
        if [column.dtype.str for column in (self.case, self.change, self.at)] != ["<i4", "<i4", "<i8"]:
            raise ValueError("the columns of transitions are int32, int32 and int64")

    def __len__(self) -> int:
        return len(self.at)

    def rows(self, chosen: Column | slice) -> Self:
        """Return some of the rows."""
        sequence = None if self.sequence is None else self.sequence[chosen]
        return replace(self, case=self.case[chosen], change=self.change[chosen], at=self.at[chosen], sequence=sequence)

    def last(self) -> Self:
        """Return the last row of each case, for columns as they were derived: by case, then by time."""
        return self.rows(np.flatnonzero(np.diff(self.case, append=-1)))
