"""Reduction: many probes become few records that mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Final

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.times import seconds_between

LONGER_THAN_USUAL: Final = 3
"""A run is broken by a gap of more than so many times the usual one."""


@dataclass(frozen=True, slots=True)
class Run:
    """Probes of one series, one after the other, that found the same status.

    ``max_gap`` is the longest time, in seconds, between two of them: if what is unknown begins no sooner after a
    probe, the run is one stretch.
    """

    series: Series
    status: Status
    first_at: datetime
    last_at: datetime
    count: int
    max_gap: int


def runs(probes: Iterable[Probe]) -> list[Run]:
    """Return the runs of probes, by series and in order of time.

    Unit: gaps in whole seconds.
    Rule: a run ends where the status changes, and before a gap of more than three times the usual gap of its series.
        The usual gap is the median of all gaps of the series among these probes, the lower of the two in the middle if
        their number is even.
    Source: docs/explanation/judging/availability.md

    >>> from datetime import UTC
    >>> series = Series("monitoring", "web-1", "http")
    >>> minutes = (0, 1, 2, 7, 8)
    >>> probes = [Probe(series, datetime(2026, 3, 2, 8, each, tzinfo=UTC), Status.UP) for each in minutes]
    >>> [(f"{run.first_at:%H:%M} .. {run.last_at:%H:%M}", run.count, run.max_gap) for run in runs(probes)]
    [('08:00 .. 08:02', 3, 60), ('08:07 .. 08:08', 2, 60)]
    """
    ordered = sorted(probes, key=lambda each: (each.series, each.at))
    return [run for series, found in groupby(ordered, key=lambda each: each.series) for run in _runs(series, [*found])]


def _runs(series: Series, probes: list[Probe]) -> list[Run]:
    """Return the runs of one series."""
    gaps = [seconds_between(one.at, other.at) for one, other in pairwise(probes)]
    longest = LONGER_THAN_USUAL * sorted(gaps)[(len(gaps) - 1) // 2] if gaps else 0
    found: list[Run] = []
    for probe, gap in zip(probes, [0, *gaps], strict=True):
        last = found[-1] if found else None
        if last is not None and last.status is probe.status and gap <= longest:
            found[-1] = Run(series, last.status, last.first_at, probe.at, last.count + 1, max(last.max_gap, gap))
        else:
            found.append(Run(series, probe.status, probe.at, probe.at, 1, 0))
    return found
