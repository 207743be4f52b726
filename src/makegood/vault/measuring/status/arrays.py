"""The pass over probes in NumPy: for where nothing can be compiled, and to be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from makegood.engine.evidence.probes import STATUSES
from makegood.vault.measuring.status.part import (
    FIRST_AT,
    FLOOR,
    LAST_AT,
    LAST_STATUS,
    LATE,
    PROBES,
    SECONDS,
    SEEN,
    VALUES,
    StatusPart,
)
from makegood.vault.measuring.status.plan import Quantile, Windows
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns


def add(part: StatusPart, columns: ProbeColumns) -> None:
    """Go on with these probes, in any order in which those of each series are in order of time.

    :raises ValueError: if they are not, if one of them comes before a probe that was measured already, or if a series
        has more values than the plan says; what is known so far is of no use any more then
    """
    rows = _asked(part, columns)
    if not len(rows.at):
        return
    counting = part.plan.counting
    place = counting.place(rows.number, rows.at)
    counted = place < counting.offsets[1:][rows.number]
    counted &= np.append(counting.starts, 0)[place] <= rows.at
    _add_holds(part, rows, place, counted)
    rows = rows.chosen(counted)
    count = len(part.cells)
    probes = np.bincount(rows.number * len(STATUSES) + rows.status, minlength=count * len(STATUSES))
    part.cells[:, PROBES : PROBES + len(STATUSES)] += probes.reshape(count, len(STATUSES))
    if part.plan.windows is not None and len(rows.at):
        _add_windows(part, part.plan.windows, rows)
    if part.plan.quantile is not None:
        _add_values(part, part.plan.quantile, rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Probes by the number of their series, and in order of time."""

    number: Column
    at: Column
    status: Column
    value: Column

    def chosen(self, rows: Column) -> Self:
        return type(self)(self.number[rows], self.at[rows], self.status[rows], self.value[rows])


def _asked(part: StatusPart, columns: ProbeColumns) -> _Rows:
    """Return the probes of the series that are asked for."""
    rows = _Rows(part.numbers(columns.names)[columns.series], columns.at, columns.status, columns.value)
    if (rows.number < 0).any():
        rows = rows.chosen(rows.number >= 0)
    return rows if (rows.number[1:] >= rows.number[:-1]).all() else rows.chosen(np.argsort(rows.number, kind="stable"))


def _add_holds(part: StatusPart, rows: _Rows, place: Column, counted: Column) -> None:
    """Let each probe hold until the next one; the last of each series is left for later."""
    cells, counting = part.cells, part.plan.counting
    last = np.append(rows.number[1:] != rows.number[:-1], True)
    first = np.append(0, np.flatnonzero(last)[:-1] + 1)
    series = rows.number[first]
    seen = cells[series, SEEN] > 0
    held = np.append(np.diff(rows.at), 0)
    held[last] = 0
    if held.min() < 0 or (cells[series[seen], LAST_AT] > rows.at[first[seen]]).any():
        raise ValueError(LATE)
    part.take_holds(series[seen], rows.at[first[seen]])
    np.minimum(held, part.plan.longest, out=held)
    # Most hold for no longer than the stretch of counting time in which they lie.
    other = np.flatnonzero(~counted | np.append(place[1:] != place[:-1], False))
    held[other] = counting.within(rows.number[other], rows.at[other], rows.at[other] + held[other])
    for status in range(len(STATUSES)):
        cells[series, SECONDS + status] += np.add.reduceat(np.where(rows.status == status, held, 0), first)
    cells[series[~seen], FIRST_AT] = rows.at[first[~seen]]
    cells[series, SEEN] = 1
    cells[series, LAST_AT] = rows.at[last]
    cells[series, LAST_STATUS] = rows.status[last]


def _add_windows(part: StatusPart, asked: Windows, rows: _Rows) -> None:
    """Go on with windows; all but the first and the last of each series are complete."""
    number = (rows.at - asked.start) // asked.every
    first = np.flatnonzero(np.append(True, (np.diff(number) != 0) | (np.diff(rows.number) != 0)))
    good = np.array([int(status in asked.good) for status in STATUSES])[rows.status]
    windows = np.stack((number[first], np.add.reduceat(good, first), np.diff(first, append=len(number))), axis=1)
    series = rows.number[first]
    begins = np.append(True, series[1:] != series[:-1])
    ends = np.append(begins[1:], True)
    part.take_windows(series[begins], windows[begins])
    complete = ~begins & ~ends
    part.count_windows(series[complete], windows[complete])
    part.take_windows(series[ends & ~begins], windows[ends & ~begins])


def _add_values(part: StatusPart, asked: Quantile, rows: _Rows) -> None:
    """Count the values, and keep those that can be the quantile."""
    known = rows.value != NO_VALUE
    series, values = rows.number[known], asked.sign * rows.value[known]
    part.cells[:, VALUES] += np.bincount(series, minlength=len(part.cells))
    part.check_values()
    high = values > part.cells[:, FLOOR].copy()[series]
    series, values = series[high], values[high]
    first = np.flatnonzero(np.diff(series, prepend=-1))
    part.take_values(series[first], first, values)
