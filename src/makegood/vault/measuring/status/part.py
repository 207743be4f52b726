"""What is known of the status of many series so far: a few whole numbers each, which merge.

A part holds what some partition of the probes tells. It can be continued with the probes that follow, or merged with
the part of another partition that follows, in which none of its series begins earlier than it ended here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from makegood.engine.evidence.probes import STATUSES, Series
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.status.plan import FOREVER, StatusPlan
from makegood.vault.probes.columns import NO_VALUE, Column

# The cells of a series. A window is its number, how many of its probes were good, and how many there were. The first
# window of a part (head) and the one that is still open may go on in other parts; the ones between are counted.
SEEN: Final = 0  # whether there was any probe
FIRST_AT: Final = 1
LAST_AT: Final = 2
LAST_STATUS: Final = 3
OPEN: Final = 4  # and 5, 6
HEAD: Final = 7  # and 8, 9
WINDOWS: Final = 10
BELOW: Final = 11
VALUES: Final = 12  # how many were counted
KEPT: Final = 13  # how many of them are kept
FLOOR: Final = 14  # what is not above it cannot be the quantile
PLACE: Final = 15  # a stretch of counting time in front of which all are over, for who goes on row by row
PROBES: Final = 16  # by status
SECONDS: Final = 20  # by status
CELLS: Final = 24

LATE: Final = "a probe of a series comes before one that was measured already"


@dataclass(slots=True, eq=False)
class StatusPart:
    """What is known so far, by what was asked.

    ``cells`` has a row for each series. Of its values, those that can be the quantile lie in ``kept``, from
    ``rooms[number]`` on and each times the quantile's sign; ``wanted`` is how many of them can be.
    """

    plan: StatusPlan
    cells: Column
    rooms: Column
    wanted: Column
    kept: Column
    _table: tuple[tuple[Series, ...], Column] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, plan: StatusPlan) -> Self:
        """Return the part of no probes."""
        cells = np.zeros((len(plan.names), CELLS), np.int64)
        cells[:, FLOOR] = NO_VALUE
        most = np.zeros(len(plan.names), np.int64) if plan.quantile is None else plan.quantile.most
        wanted = most if plan.quantile is None else np.where(most > 0, plan.quantile.kept(most), 0)
        # Thrice as many as are wanted, so that they have to be sorted out only now and then, and one that may go.
        rooms = np.concatenate(([0], np.cumsum(np.minimum(most, 3 * wanted) + 1)))
        return cls(plan, cells, rooms, wanted, np.empty(rooms[-1], np.int64))

    def numbers(self, names: tuple[Series, ...]) -> Column:
        """Return the number in the plan of each series of a table; -1 if it is not asked for."""
        if self._table is None or self._table[0] is not names:
            self._table = (names, self.plan.numbers(names))
        return self._table[1]

    def figures(self) -> StatusFigures:
        """Return the answer, as no probe follows."""
        last = StatusPart(self.plan, self.cells.copy(), self.rooms, self.wanted, self.kept)
        seen = np.flatnonzero(last.cells[:, SEEN])
        last.take_holds(seen, last.cells[seen, LAST_AT] + FOREVER)
        ends = [last.cells[:, first : first + 3] for first in (HEAD, OPEN)]
        return StatusFigures(
            probes=last.cells[:, PROBES : PROBES + len(STATUSES)],
            seconds=last.cells[:, SECONDS : SECONDS + len(STATUSES)],
            windows=last.cells[:, WINDOWS] + sum(end[:, 2] > 0 for end in ends),
            bad=last.cells[:, BELOW] + sum(_bad(self.plan, end[:, 1], end[:, 2]) for end in ends),
            quantile=self._quantile(),
        )

    def _quantile(self) -> Column:
        found = np.full(len(self.cells), NO_VALUE)
        if self.plan.quantile is None:
            return found
        numbers = np.flatnonzero(self.cells[:, VALUES])
        counts = self.cells[numbers, KEPT]
        places = counts - self.plan.quantile.kept(self.cells[numbers, VALUES])
        for number, count, place in zip(*map(np.ndarray.tolist, (numbers, counts, places)), strict=True):
            start = self.rooms[number]
            found[number] = np.partition(self.kept[start : start + count], place)[place]
        found[numbers] *= self.plan.quantile.sign
        return found

    def check_values(self) -> None:
        """Check that no series has more values than the plan said.

        :raises ValueError: if one has
        """
        if self.plan.quantile is not None and (self.cells[:, VALUES] > self.plan.quantile.most).any():
            raise ValueError("a series has more values than the plan says that it has at most")

    def take_holds(self, numbers: Column, until: Column) -> None:
        """Let the last probe of each of these series hold, at most until the instant given; each is named once."""
        cells, plan = self.cells, self.plan
        since = cells[numbers, LAST_AT]
        held = plan.counting.within(numbers, since, np.minimum(until, since + plan.longest))
        cells[numbers, SECONDS + cells[numbers, LAST_STATUS]] += held

    def take_windows(self, numbers: Column, windows: Column) -> None:
        """Go on with a window (number, good, total) in each of these series; each is named once."""
        cells = self.cells
        closed = numbers[(cells[numbers, OPEN] != windows[:, 0]) & (cells[numbers, OPEN + 2] > 0)]
        inner = cells[closed, HEAD + 2] > 0
        self.count_windows(closed[inner], cells[closed[inner], OPEN : OPEN + 3])
        cells[closed[~inner], HEAD : HEAD + 3] = cells[closed[~inner], OPEN : OPEN + 3]
        cells[closed, OPEN + 1 : OPEN + 3] = 0
        cells[numbers, OPEN] = windows[:, 0]
        cells[numbers, OPEN + 1 : OPEN + 3] += windows[:, 1:]

    def count_windows(self, numbers: Column, windows: Column) -> None:
        """Count complete windows (number, good, total) of these series."""
        bad = _bad(self.plan, windows[:, 1], windows[:, 2])
        for cell, counted in ((WINDOWS, numbers), (BELOW, numbers[bad])):
            self.cells[:, cell] += np.bincount(counted, minlength=len(self.cells))

    def take_values(self, numbers: Column, starts: Column, values: Column) -> None:
        """Keep values (times the sign of the quantile) of these series; each is named once, with where they begin."""
        ends, kept = np.append(starts, len(values))[1:], self.cells[numbers, KEPT]
        for number, start, end, old in zip(*map(np.ndarray.tolist, (numbers, starts, ends, kept)), strict=True):
            room, wanted = self.kept[self.rooms[number] : self.rooms[number + 1]], self.wanted[number]
            if old + end - start < len(room):
                room[old : old + end - start] = values[start:end]
                self.cells[number, KEPT] += end - start
            else:
                found = np.concatenate((room[:old], values[start:end]))
                room[:wanted] = np.partition(found, len(found) - wanted)[len(found) - wanted :]
                self.cells[number, KEPT] = wanted
                self.cells[number, FLOOR] = room[0]


@dataclass(frozen=True, slots=True, eq=False)
class StatusFigures:
    """The answer: a row for each series of the plan, all int64.

    ``probes`` are how many of each status were found in counting time, and ``seconds`` how much of it each status held;
    what is left of it is unknown. ``windows`` is how many had any probe, and ``bad`` how many of those were bad.
    ``quantile`` is in millionths, ``NO_VALUE`` where there is no value, or none was asked for.
    """

    probes: Column
    seconds: Column
    windows: Column
    bad: Column
    quantile: Column


def merged(earlier: StatusPart, later: StatusPart) -> StatusPart:
    """Return what two parts of one plan tell together.

    :raises ValueError: if a series begins in the later part before it ended in the earlier one
    """
    part = StatusPart(earlier.plan, earlier.cells.copy(), earlier.rooms, earlier.wanted, earlier.kept.copy())
    cells, added = part.cells, later.cells
    both = np.flatnonzero((cells[:, SEEN] > 0) & (added[:, SEEN] > 0))
    if (cells[both, LAST_AT] > added[both, FIRST_AT]).any():
        raise ValueError(LATE)
    part.take_holds(both, added[both, FIRST_AT])
    for window in (HEAD, OPEN):
        numbers = np.flatnonzero(added[:, window + 2])
        part.take_windows(numbers, added[numbers, window : window + 3])
    kept = np.flatnonzero(added[:, KEPT])
    counts = added[kept, KEPT]
    starts = np.cumsum(counts) - counts
    part.take_values(kept, starts, later.kept[np.arange(counts.sum()) + np.repeat(later.rooms[kept] - starts, counts)])
    for first, after in ((WINDOWS, VALUES + 1), (PROBES, CELLS)):
        cells[:, first:after] += added[:, first:after]
    part.check_values()
    seen = added[:, SEEN] > 0
    cells[seen & (cells[:, SEEN] == 0), FIRST_AT] = added[seen & (cells[:, SEEN] == 0), FIRST_AT]
    for cell in (SEEN, LAST_AT, LAST_STATUS):
        cells[seen, cell] = added[seen, cell]
    return part


def _bad(plan: StatusPlan, good: Column, total: Column) -> Column:
    """Tell which windows have a lower share of good probes than was promised; those without any have not."""
    level = Ratio(0) if plan.windows is None else plan.windows.level
    return good * level.denominator < level.numerator * total
