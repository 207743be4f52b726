"""What both kernels read: tables of numbers and nothing else."""

from __future__ import annotations

from typing import Final, NamedTuple

from makegood.vault.measuring.calendars import CompiledCalendars
from makegood.vault.probes.columns import Column

NO_LIMIT: Final = -(2**63)

# What the sum of a case holds: facts that come to 0 or 1, the number of its priority, and above them its seconds.
STOPPED: Final = 1 << 0
CLOSED: Final = 1 << 1
OPENED: Final = 1 << 2
PRIORITY: Final = 1 << 3
SECONDS: Final = 1 << 16

# What is true of a case as soon as one change says so.
ENDED: Final = 1  # it was stopped or closed inside the period
UNCLEAR: Final = 2

# How a case stands; absent is what is not of the period, of no agreement, or without a limit.
ABSENT, INSIDE, LATE, NO_STOP, NOT_DUE, LEFT_TO_LAW = range(6)
STANDINGS: Final = 6


class Adding(NamedTuple):
    """How changes are added to the sums of their cases.

    ``agreement`` (int32, one a case) is the agreement of a case, -1 for none; ``calendar`` (int32) that of an agreement
    and a priority. ``run`` (int8), ``facts`` (int64) and ``marks`` (uint8) have three rows (before the period, in it,
    and after it) and a column a change: by how much the clock runs less, what is added to the sum, and what becomes
    true. ``priority`` (int32) is the column of ``calendar`` for the priority after a change. ``start`` and ``end`` are
    those of the period; ``first`` and ``last`` are the first and the last instant of which the calendars know.
    """

    agreement: Column
    calendar: Column
    run: Column
    facts: Column
    marks: Column
    priority: Column
    calendars: CompiledCalendars
    start: int
    end: int
    first: int
    last: int


class Judging(NamedTuple):
    """How sums are judged: by the ``limit`` (int64) of an agreement and a priority.

    ``follows`` cases beyond the end of the period; otherwise only what ended in it belongs to it. ``with_open`` tells
    that open cases belong to it too.
    """

    agreement: Column
    limit: Column
    follows: bool
    with_open: bool
