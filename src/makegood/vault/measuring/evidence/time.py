"""Time in columns: which cell of an agreement's questions an instant lies in, and whether an exclusion covers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np

from makegood.engine.evidence.records import Exclusion
from makegood.engine.vocabulary.interval import Interval, union
from makegood.vault.probes.columns import Column, second_of


@dataclass(frozen=True, slots=True, eq=False)
class ExcludedTime:
    """The time in which any exclusion lies, sorted and apart: seconds since 1970, both ends included."""

    starts: Column
    ends: Column

    @classmethod
    def of(cls, exclusions: Iterable[Exclusion]) -> Self:
        """Return the time of exclusions, whatever they concern."""
        spans = union(Interval(each.start, each.end) for each in exclusions)
        return cls(seconds_of([each.start for each in spans]), seconds_of([each.end for each in spans]))

    def between(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return what of it lies between two instants, starts and ends."""
        near = (self.starts <= last) & (self.ends >= first)
        return list(zip(self.starts[near].tolist(), self.ends[near].tolist(), strict=True))

    def covers(self, at: Column) -> Column:
        """Return which instants lie in it."""
        place = np.searchsorted(self.starts, at, side="right") - 1
        return (place >= 0) & (at <= np.append(self.ends, 0)[place])


def seconds_of(moments: Sequence[datetime]) -> Column:
    """Return moments in UTC as seconds since 1970."""
    return np.array([second_of(each) for each in moments], np.int64)


def cells_of(at: Column, cuts: Sequence[datetime]) -> Column:
    """Return for each instant how many of the cuts are not after it."""
    return np.searchsorted(seconds_of(cuts), at, side="right").astype(np.int64)
