"""Counting time as arrays: when each series counts, and how much of it lies before an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from makegood.vault.probes.columns import Column


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """The stretches in which each series counts: sorted, apart, and those of one series after those of another.

    Unit: seconds since 1970 in UTC; all arrays are int64. The stretches of a series, by its number, are from
        ``offsets[number]`` up to but not including ``offsets[number + 1]``; ``before`` is the length of all stretches
        in front of each, and in the end of all.
    """

    offsets: Column
    starts: Column
    ends: Column
    before: Column

    @classmethod
    def of(cls, count: int, agreed: tuple[Column, Column], excluded: tuple[Column, Column, Column]) -> Self:
        """Return the agreed time of so many series without what is excluded.

        ``agreed`` are starts and ends, for all series; ``excluded`` are numbers of series, starts and ends. Both may
        overlap and be in any order.
        """
        series, since, until = excluded
        every = np.repeat(np.arange(count), len(agreed[0]))
        number = np.concatenate((every, every, series, series))
        at = np.concatenate((np.tile(agreed[0], count), np.tile(agreed[1], count), since, until))
        order = np.lexsort((at, number))
        number, at = number[order], at[order]
        agreeing = np.repeat(np.array([1, -1, 0, 0]), (len(every), len(every), len(series), len(series)))[order]
        excluding = np.repeat(np.array([0, 0, 1, -1]), (len(every), len(every), len(series), len(series)))[order]
        counts = (np.cumsum(agreeing) > 0) & (np.cumsum(excluding) == 0)
        # What holds after a moment holds up to the next one; only the last moment of all at an instant has a say.
        last = np.append((at[1:] > at[:-1]) | (number[1:] > number[:-1]), np.ones(min(len(at), 1), np.bool_))
        number, at, counts = number[last], at[last], counts[last]
        changes = np.diff(counts, prepend=False)
        edges = at[changes]
        starts, ends = edges[::2], edges[1::2]
        lengths = np.bincount(number[changes][::2], minlength=count)
        return cls(
            np.concatenate(([0], np.cumsum(lengths))), starts, ends, np.concatenate(([0], np.cumsum(ends - starts)))
        )

    def place(self, series: Column, at: Column) -> Column:
        """Return the stretch in which each instant lies for its series, or the next one, which may be of another."""
        if not len(self.ends):
            return np.zeros(len(at), np.int64)
        least, span = self.starts.min(), self.ends.max() - self.starts.min() + 1
        keys = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets)) * span + (self.ends - least)
        wanted: Column = series * span + np.clip(at - least, 0, span - 1)
        return np.searchsorted(keys, wanted, side="right")

    def until(self, series: Column, at: Column, place: Column) -> Column:
        """Return how many seconds of its series' counting time lie before each instant, given its place."""
        own = place < self.offsets[series + 1]
        into = at - np.append(self.starts, 0)[place]
        return self.before[place] - self.before[self.offsets[series]] + np.where(own & (into > 0), into, 0)

    def within(self, series: Column, start: Column, end: Column) -> Column:
        """Return how many seconds of its series' counting time lie in each stretch."""
        ends = self.until(series, end, self.place(series, end))
        return ends - self.until(series, start, self.place(series, start))
