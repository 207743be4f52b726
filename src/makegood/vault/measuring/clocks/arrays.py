"""The kernels in NumPy: block by block, so that what lies between two steps stays in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from makegood.vault.measuring.calendars import open_before
from makegood.vault.measuring.clocks import tables
from makegood.vault.probes.columns import Column

_BLOCK = 32_768


def add(
    sums: Column, later: Column, marks: Column, case: Column, change: Column, at: Column, by: tables.Adding
) -> bool:
    """Add changes to the sums of their cases, in place; stop before those that do not fit, and return False then."""
    for block in _blocks(len(case)):
        bounds = ((case, 0, len(sums) - 1), (change, 0, by.run.shape[1] - 1), (at, by.first, by.last))
        if any(column[block].min() < low or column[block].max() > high for column, low, high in bounds):
            return False
        _add(sums, later, marks, case[block], change[block], at[block], by)
    return True


def judge(standing: Column, counts: Column, sums: Column, later: Column, marks: Column, by: tables.Judging) -> None:
    """Write how each case stands, and count them by agreement and standing."""
    for block in _blocks(len(sums)):
        agreement = by.agreement[block]
        standing[block] = _standing(sums[block], later[block], marks[block], agreement, by)
        mine = agreement >= 0
        np.add.at(counts.reshape(-1), agreement[mine] * np.int64(tables.STANDINGS) + standing[block][mine], 1)


def _add(
    sums: Column, later: Column, marks: Column, case: Column, change: Column, at: Column, by: tables.Adding
) -> None:
    agreement = by.agreement[case]
    if agreement.min() < 0:
        mine = agreement >= 0
        case, change, at, agreement = case[mine], change[mine], at[mine], agreement[mine]
    after = at >= by.end
    which = ((at >= by.start).astype(np.int8) + after) * np.int64(by.run.shape[1]) + change
    total = by.facts.take(which)
    run = by.run.take(which)
    moving = np.flatnonzero(run != 0)  # of what is true or false NumPy finds the places three times as fast
    calendar = by.calendar.take(agreement[moving] * by.calendar.shape[1] + by.priority[change[moving]])
    passed = run[moving] * open_before(by.calendars, calendar, at[moving])
    beyond = after[moving]
    if beyond.any():
        np.add.at(later, case[moving[beyond]], passed[beyond])
        passed[beyond] = 0
    total[moving] += passed * tables.SECONDS
    np.add.at(sums, case, total)
    said = by.marks.take(which)
    marking = np.flatnonzero(said != 0)
    for mark in (tables.ENDED, tables.UNCLEAR):
        # Rows of one case write the same, so it does not matter which of them comes last.
        marked = case[marking[said[marking] & mark != 0]]
        marks[marked] |= mark


def _standing(sums: Column, later: Column, marks: Column, agreement: Column, by: tables.Judging) -> Column:
    is_closed, is_stopped = sums & tables.CLOSED != 0, sums & tables.STOPPED != 0
    is_over = is_closed | is_stopped
    priority = (sums & (tables.SECONDS - 1)) // tables.PRIORITY
    is_unclear = (marks & tables.UNCLEAR != 0) | (priority >= by.limit.shape[1])
    limit = by.limit[agreement, np.where(is_unclear, 0, priority)]
    belongs = np.where(is_over, (marks & tables.ENDED != 0) | by.follows, by.with_open)
    belongs &= (limit != tables.NO_LIMIT) & (sums & tables.OPENED != 0)
    is_inside = sums // tables.SECONDS + later * is_stopped <= limit
    found = np.where(is_inside, np.where(is_over, tables.INSIDE, tables.NOT_DUE), tables.LATE)
    found = np.where(belongs, np.where(is_closed, tables.NO_STOP, found), tables.ABSENT)
    standing: Column = np.where(agreement < 0, tables.ABSENT, np.where(is_unclear, tables.LEFT_TO_LAW, found))
    return standing


def _blocks(length: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, length, _BLOCK))
