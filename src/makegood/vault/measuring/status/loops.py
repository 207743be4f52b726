"""The pass over probes as loops over rows: what Numba compiles. Without it ``arrays`` does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from makegood.engine.evidence.probes import STATUSES
from makegood.vault.measuring.status.part import (
    BELOW,
    FIRST_AT,
    FLOOR,
    HEAD,
    KEPT,
    LAST_AT,
    LAST_STATUS,
    LATE,
    OPEN,
    PLACE,
    PROBES,
    SECONDS,
    SEEN,
    VALUES,
    WINDOWS,
    StatusPart,
)
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns


def add(part: StatusPart, columns: ProbeColumns, by_series: Callable[..., Any], over_rows: Callable[..., Any]) -> None:
    """Go on with these probes, as ``arrays.add`` does, by two loops that may have been compiled."""
    plan = part.plan
    rows = (columns.series, columns.at, columns.status, columns.value)
    if (columns.series[1:] < columns.series[:-1]).any():
        rows = by_series(len(columns.names), *rows)
    windows = (0, 0, 0, 1, np.zeros(len(STATUSES), np.bool_))
    if plan.windows is not None:
        level = plan.windows.level
        good = np.array([status in plan.windows.good for status in STATUSES])
        windows = (plan.windows.start, plan.windows.every, level.numerator, level.denominator, good)
    holds = (plan.counting.offsets, plan.counting.starts, plan.counting.ends, plan.longest)
    sign, most = (0, part.wanted) if plan.quantile is None else (plan.quantile.sign, plan.quantile.most)
    values = (sign, most, part.wanted, part.rooms, part.kept)
    if not over_rows(part.cells, part.numbers(columns.names), *rows, holds, windows, values):
        raise ValueError(LATE)
    part.check_values()


def by_series(
    count: int, series: Column, at: Column, status: Column, value: Column
) -> tuple[Column, Column, Column, Column]:
    """Return the rows by series, and those of each in the order in which they were."""
    places = np.zeros(count + 1, np.int64)
    for row in range(len(series)):
        places[series[row] + 1] += 1
    places = np.cumsum(places)
    ordered = np.empty_like(series)
    for number in range(count):
        ordered[places[number] : places[number + 1]] = number
    instants, found, values = np.empty_like(at), np.empty_like(status), np.empty_like(value)
    for row in range(len(series)):
        place = places[series[row]]
        places[series[row]] = place + 1
        instants[place], found[place], values[place] = at[row], status[row], value[row]
    return ordered, instants, found, values


def over_rows(
    cells: Column,
    numbers: Column,
    series: Column,
    at: Column,
    status: Column,
    value: Column,
    holds: tuple[Any, ...],
    windows: tuple[Any, ...],
    values: tuple[Any, ...],
) -> bool:
    """Go on with rows that lie by series; return whether each was in order of time."""
    offsets, starts, ends, longest = holds
    start, every, level, parts, good = windows
    sign, most, wanted, rooms, kept = values
    counted = np.empty(len(series), np.bool_)
    row = 0
    while row < len(series):
        here = row
        while row < len(series) and series[row] == series[here]:
            row += 1
        number = numbers[series[here]]
        if number < 0:
            continue
        cell, counts = cells[number], counted[here:row]
        own = slice(offsets[number], offsets[number + 1])
        if not hold(cell, at[here:row], status[here:row], counts, starts[own], ends[own], longest):
            return False
        if every:
            count_windows(cell, at[here:row], status[here:row], counts, start, every, level, parts, good)
        if sign:
            room = kept[rooms[number] : rooms[number + 1]]
            keep_values(cell, value[here:row], counts, sign, most[number], wanted[number], room)
    return True


def hold(cell: Column, at: Column, status: Column, counted: Column, starts: Column, ends: Column, longest: int) -> bool:
    """Let each probe of a series hold until the next one, and tell which of them lie in counting time."""
    if not cell[SEEN]:
        cell[SEEN] = 1
        cell[FIRST_AT] = cell[LAST_AT] = at[0]
        cell[LAST_STATUS] = status[0]
    place, since, held = cell[PLACE], cell[LAST_AT], cell[LAST_STATUS]
    for row in range(len(at)):
        now = at[row]
        if now < since:
            return False
        until = min(now, since + longest)
        seconds = 0
        while place < len(ends) and ends[place] <= now:
            seconds += max(min(ends[place], until) - max(starts[place], since), 0)
            place += 1
        counted[row] = False
        if place < len(ends):
            seconds += max(until - max(starts[place], since), 0)
            counted[row] = starts[place] <= now
        cell[SECONDS + held] += seconds
        since, held = now, status[row]
        cell[PROBES + held] += counted[row]
    cell[PLACE], cell[LAST_AT], cell[LAST_STATUS] = place, since, held
    return True


def count_windows(
    cell: Column,
    at: Column,
    status: Column,
    counted: Column,
    start: int,
    every: int,
    level: int,
    parts: int,
    good: Column,
) -> None:
    """Count each probe of a series in its window."""
    number, fine, total = cell[OPEN], cell[OPEN + 1], cell[OPEN + 2]
    end = start + (number + 1) * every if total else at[0]
    for row in range(len(at)):
        if not counted[row]:
            continue
        if at[row] >= end:
            if total and cell[HEAD + 2]:
                cell[WINDOWS] += 1
                cell[BELOW] += fine * parts < level * total
            elif total:
                cell[HEAD], cell[HEAD + 1], cell[HEAD + 2] = number, fine, total
            number, fine, total = (at[row] - start) // every, 0, 0
            end = start + (number + 1) * every
        fine += good[status[row]]
        total += 1
    cell[OPEN], cell[OPEN + 1], cell[OPEN + 2] = number, fine, total


def keep_values(cell: Column, value: Column, counted: Column, sign: int, most: int, wanted: int, room: Column) -> None:
    """Count the values of a series, and keep those that can be the quantile."""
    count, kept, floor = cell[VALUES], cell[KEPT], cell[FLOOR]
    for row in range(len(value)):
        if not counted[row] or value[row] == NO_VALUE:
            continue
        count += 1
        if count > most:
            break
        if kept == len(room) - 1:
            to_front(room[:kept], wanted)
            kept, floor = wanted, room[:wanted].min()
        # Written in any case, and kept if it is high enough: without a branch that nobody could foresee.
        room[kept] = sign * value[row]
        kept += room[kept] > floor
    cell[VALUES], cell[KEPT], cell[FLOOR] = count, kept, floor


def to_front(room: Column, wanted: int) -> None:
    """Put so many of the highest values in front."""
    low, high = 0, len(room)
    while low < wanted < high:
        first, middle, last = room[low], room[(low + high) // 2], room[high - 1]
        pivot = max(min(first, middle), min(max(first, middle), last))
        above = sweep(room, low, high, pivot)
        if above >= wanted:
            high = above
        else:
            low = sweep(room, above, high, pivot - 1)


def sweep(room: Column, low: int, high: int, limit: int) -> int:
    """Put the values above a limit in front of the others, and return where they end; there is no branch either."""
    for row in range(low, high):
        value = room[row]
        room[row] = room[low]
        room[low] = value
        low += value > limit
    return low
