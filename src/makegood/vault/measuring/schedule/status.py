"""The status of many series, measured partition by partition: what a worker is told, and what it tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np

from makegood.vault.manifest import Segment
from makegood.vault.measuring.schedule.scheduler import Scheduler, merged_parts
from makegood.vault.measuring.status.measure import measured
from makegood.vault.measuring.status.part import KEPT, SEEN, StatusPart, merged
from makegood.vault.measuring.status.plan import StatusPlan
from makegood.vault.probes.columns import Column, ProbeColumns, joined
from makegood.vault.probes.segment import row_groups, segment_columns
from makegood.vault.storage import Storage


@dataclass(frozen=True, slots=True, eq=False)
class Logged:
    """Probes of a part that are in no segment yet: they travel to whoever measures it."""

    part: str
    columns: ProbeColumns


Piece = Segment | Logged
Partition = tuple[Piece, ...]
"""Segments of probes, and what lies in the log, in order of time."""


class Told(NamedTuple):
    """A part without what whoever asked knows anyway: the series that were seen, and of each its cells and values."""

    series: Column
    cells: Column
    kept: Column


@dataclass(frozen=True, slots=True, eq=False)
class StatusOf:
    """What a partition tells by a plan; ``until`` is the last entry whose probes count, by default any."""

    plan: StatusPlan
    storage: Storage
    until: int | None = None

    def __call__(self, partition: Partition) -> Told:
        part = measured(self.plan, chain.from_iterable(map(self._probes, _by_part(partition))))
        seen = np.flatnonzero(part.cells[:, SEEN])
        return Told(seen, part.cells[seen], part.kept[_used(part)])

    def merged(self, part: StatusPart, told: Told) -> StatusPart:
        """Return a part with what the next partition tells."""
        later = StatusPart.of(self.plan)
        later.cells[told.series] = told.cells
        later.kept[_used(later)] = told.kept
        return merged(part, later)

    def _probes(self, pieces: Partition) -> Iterable[ProbeColumns]:
        """Return the probes of a day and bucket: several pieces are mixed in order of time."""
        if len(pieces) == 1 and isinstance(pieces[0], Segment):
            return row_groups(self.storage.read(pieces[0]), self.until)
        return [joined([self._columns(each) for each in pieces])]

    def _columns(self, piece: Piece) -> ProbeColumns:
        if isinstance(piece, Segment):
            return segment_columns(self.storage.read(piece), self.until)
        return piece.columns


def partitions(pieces: Iterable[Piece], workers: int) -> list[Partition]:
    """Return segments of probes, and what lies in the log, as partitions for so many workers.

    Rule: a bucket is a partition, because all that is known of a series is then found by one worker, who tells little.
        In a vault of fewer buckets than workers each day of a bucket is one.
    """
    days = _by_part(pieces)
    buckets = {day[0].part.partition(".")[2] for day in days}
    if len(buckets) < workers:
        return days
    return [
        tuple(chain.from_iterable(day for day in days if day[0].part.endswith(f".{bucket}")))
        for bucket in sorted(buckets, key=int)
    ]


def measured_by(
    scheduler: Scheduler,
    plan: StatusPlan,
    storage: Storage,
    found: Iterable[Partition],
    until: int | None = None,
    *,
    begun: StatusPart | None = None,
) -> StatusPart:
    """Return what partitions tell by a plan, up to an entry, whoever measures them; ``begun`` is what came before.

    Of what lies in the log all counts.

    :raises ValueError: if a series has more values than the plan says
    :raises SegmentUnusable: if a segment does not hold the bytes that were sealed
    :raises UnableToMeasure: if too many workers are lost
    """
    status = StatusOf(plan, storage, until)
    return merged_parts(scheduler, status, found, status.merged, StatusPart.of(plan) if begun is None else begun)


def _by_part(pieces: Iterable[Piece]) -> list[Partition]:
    """Return pieces by day and bucket, in order: several of one if some evidence came late and was not compacted."""
    ordered = sorted(pieces, key=lambda each: each.part)
    return [tuple(same) for _, same in groupby(ordered, key=lambda each: each.part)]


def _used(part: StatusPart) -> Column:
    """Return where in ``kept`` the values of each series lie."""
    counts = part.cells[:, KEPT]
    firsts = np.cumsum(counts) - counts
    used: Column = np.arange(counts.sum()) + np.repeat(part.rooms[:-1] - firsts, counts)
    return used
