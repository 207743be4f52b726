"""The kernels in NumPy: block by block, so that what lies between two steps stays in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from makegood.vault.measuring.calendars import open_before
from makegood.vault.measuring.clocks.tables import (
    ABSENT,
    CLOSED,
    ENDED,
    INSIDE,
    LATE,
    LEFT_TO_LAW,
    NO_LIMIT,
    NO_STOP,
    NOT_DUE,
    OPENED,
    PRIORITY,
    SECONDS,
    STANDINGS,
    STOPPED,
    UNCLEAR,
    Adding,
    Judging,
)
from makegood.vault.probes.columns import Column

_BLOCK = 32_768


def add(sums: Column, later: Column, marks: Column, case: Column, change: Column, at: Column, by: Adding) -> bool:
    """Add changes to the sums of their cases, in place; stop before those that do not fit, and return False then."""
    for block in _blocks(len(case)):
        bounds = ((case, 0, len(sums) - 1), (change, 0, by.run.shape[1] - 1), (at, by.first, by.last))
        if any(column[block].min() < low or column[block].max() > high for column, low, high in bounds):
            return False
        _add(sums, later, marks, case[block], change[block], at[block], by)
    return True


def judge(standing: Column, counts: Column, sums: Column, later: Column, marks: Column, by: Judging) -> None:
    """Write how each case stands, and count them by agreement and standing."""
    for block in _blocks(len(sums)):
        standing[block] = _standing(sums[block], later[block], marks[block], by.agreement[block], by)
    mine = np.flatnonzero(by.agreement >= 0)
    keys = by.agreement[mine] * np.int64(STANDINGS) + standing[mine]
    counts += np.bincount(keys, minlength=counts.size).reshape(counts.shape)


def _add(sums: Column, later: Column, marks: Column, case: Column, change: Column, at: Column, by: Adding) -> None:
    agreement = by.agreement[case]
    if agreement.min() < 0:
        mine = agreement >= 0
        case, change, at, agreement = case[mine], change[mine], at[mine], agreement[mine]
    after = at >= by.end
    which = ((at >= by.start).astype(np.int64) + after) * by.run.shape[1] + change
    total = by.facts.ravel()[which]
    run = by.run.ravel()[which]
    moving = np.flatnonzero(run)
    calendar = by.calendar[agreement[moving], by.priority[change[moving]]]
    passed = run[moving] * open_before(by.calendars, calendar, at[moving])
    beyond = after[moving]
    if beyond.any():
        np.add.at(later, case[moving[beyond]], passed[beyond])
        passed[beyond] = 0
    total[moving] += passed * SECONDS
    np.add.at(sums, case, total)
    said = by.marks.ravel()[which]
    for mark in (ENDED, UNCLEAR):
        # Rows of one case write the same, so it does not matter which of them comes last.
        marked = case[np.flatnonzero(said & mark)]
        marks[marked] |= mark


def _standing(sums: Column, later: Column, marks: Column, agreement: Column, by: Judging) -> Column:
    is_closed, is_stopped = sums & CLOSED != 0, sums & STOPPED != 0
    is_over = is_closed | is_stopped
    priority = sums % SECONDS // PRIORITY
    is_unclear = (marks & UNCLEAR != 0) | (priority >= by.limit.shape[1])
    limit = by.limit[agreement, np.where(is_unclear, 0, priority)]
    belongs = np.where(is_over, (marks & ENDED != 0) | by.follows, by.with_open)
    belongs &= (limit != NO_LIMIT) & (sums & OPENED != 0)
    is_inside = sums // SECONDS + later * is_stopped <= limit
    found = np.where(is_inside, np.where(is_over, INSIDE, NOT_DUE), LATE)
    found = np.where(belongs, np.where(is_closed, NO_STOP, found), ABSENT)
    standing: Column = np.where(agreement < 0, ABSENT, np.where(is_unclear, LEFT_TO_LAW, found))
    return standing


def _blocks(length: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, length, _BLOCK))
