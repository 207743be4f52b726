"""The kernels as loops over rows: what Numba compiles. Without it ``arrays`` does the same."""

from __future__ import annotations

from typing import Final

import numpy as np

from makegood.vault.measuring.calendars import DAY
from makegood.vault.measuring.clocks import tables
from makegood.vault.probes.columns import Column

# Without a sign there is nothing to round down, and no place that is counted from the end of an array.
_DAY: Final = np.uint64(DAY)


def add(
    sums: Column, later: Column, marks: Column, case: Column, change: Column, at: Column, by: tables.Adding
) -> bool:
    """Add changes to the sums of their cases, in place; stop at the first that does not fit, and return False then.

    Rows of one case that stand together are added up first, days are divided without sign, and two stretches of each
    are written out: each of these takes a tenth of the time or more.
    """
    calendars = by.calendars
    base, stretches, changes = calendars.base, calendars.stretches, by.run.shape[1]
    number = -1
    agreement = total = mark = 0
    for row in range(len(case)):
        which, second = change[row], at[row]
        if not (0 <= which < changes and by.first <= second <= by.last):
            return False
        if case[row] != number:
            if number >= 0:
                sums[number] += total
                marks[number] |= mark
            number, total, mark = case[row], 0, 0
            if not 0 <= number < len(sums):
                return False
            agreement = by.agreement[number]
        if agreement < 0:
            continue
        when = int(second >= by.start) + int(second >= by.end)
        mark |= by.marks[when, which]
        total += by.facts[when, which]
        run = by.run[when, which]
        if run:
            passed = np.uint64(second - by.first)
            day = passed // _DAY
            since = np.int64(passed - day * _DAY)
            place = np.uint64(by.calendar[agreement, by.priority[which]] * calendars.days) + day
            elapsed = base[place] + min(max(since, stretches[place, 0, 0]), stretches[place, 0, 1])
            elapsed += min(max(since, stretches[place, 1, 0]), stretches[place, 1, 1])
            for slot in range(2, stretches.shape[1]):
                elapsed += min(max(since, stretches[place, slot, 0]), stretches[place, slot, 1])
            if when == 2:
                later[number] += run * elapsed
            else:
                total += run * elapsed * tables.SECONDS
    if number >= 0:
        sums[number] += total
        marks[number] |= mark
    return True


def judge(standing: Column, counts: Column, sums: Column, later: Column, marks: Column, by: tables.Judging) -> None:
    """Write how each case stands, and count them by agreement and standing."""
    for number in range(len(sums)):
        agreement = by.agreement[number]
        if agreement < 0:
            standing[number] = tables.ABSENT
            continue
        total, mark, found = sums[number], marks[number], tables.ABSENT
        priority = total % tables.SECONDS // tables.PRIORITY
        is_stopped, is_closed = total & tables.STOPPED != 0, total & tables.CLOSED != 0
        is_over = is_stopped or is_closed
        belongs = by.follows or (mark & tables.ENDED != 0 if is_over else by.with_open)
        if mark & tables.UNCLEAR or priority >= by.limit.shape[1]:
            found = tables.LEFT_TO_LAW
        elif belongs and total & tables.OPENED and by.limit[agreement, priority] != tables.NO_LIMIT:
            elapsed = total // tables.SECONDS
            if by.follows and is_stopped:
                elapsed += later[number]
            if is_closed:
                found = tables.NO_STOP
            elif elapsed > by.limit[agreement, priority]:
                found = tables.LATE
            else:
                found = tables.INSIDE if is_stopped else tables.NOT_DUE
        standing[number] = found
        counts[agreement, found] += 1
