"""Reaching for probes: those of some days and subjects, up to an entry, from the segments and from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.vault.contents import Contents
from makegood.vault.manifest import PROBES, RUNS, Segment
from makegood.vault.probes.columns import ProbeColumns, joined
from makegood.vault.probes.runs import RunColumns, runs_columns, runs_of
from makegood.vault.sealing import sorted_probes

_Columns = TypeVar("_Columns", ProbeColumns, RunColumns)


@dataclass(frozen=True, slots=True, eq=False)
class DayOfProbes:
    """What is known up to an entry of the probes of a day, in UTC, and bucket: segments, and what lies in the log.

    ``beside`` are the runs of the ``whole`` segments, ``bereft`` those whose probes were removed by a policy of
    retention. Of the ``cut`` segments only the rows of earlier entries are known: the runs beside them are of no use.
    """

    contents: Contents
    until: int
    part: str
    whole: tuple[Segment, ...]
    beside: tuple[Segment, ...]
    bereft: tuple[Segment, ...]
    cut: tuple[Segment, ...]
    logged: ProbeColumns | None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.part.partition(".")[0])

    def probes(self, wanted: Callable[[Series], bool] | None = None) -> ProbeColumns:
        """Return the probes of the wanted series, or all, in canonical order.

        :raises VaultDamaged: if a segment is not what was sealed
        """
        parts = [self.contents.probes(each, self.until) for each in (*self.whole, *self.cut)]
        parts += [] if self.logged is None else [self.logged]
        return joined([only(each, wanted) for each in parts])

    def runs(self) -> Iterator[RunColumns]:
        """Yield the runs of all that is known; those beside the segments tell it without reading these.

        The first ones are those that are ``bereft``.

        :raises VaultDamaged: if a segment is not what was sealed
        """
        for each in (*self.bereft, *self.beside):
            yield self.contents.read_segment(each, runs_columns)
        for each in self.cut:
            yield runs_of(self.contents.probes(each, self.until))
        if self.logged is not None:
            yield runs_of(self.logged)


def days_until(contents: Contents, until: int) -> Iterator[DayOfProbes]:
    """Yield what is known of probes up to an entry, one day and bucket after the other.

    :raises VaultDamaged: if an entry of the log is not what was written
    """
    logged = sorted_probes(contents, [each for each in contents.frames if each[1].entry.sequence <= until])
    segments, runs = _by_part(contents, PROBES, until), _by_part(contents, RUNS, until)
    for part in sorted(segments.keys() | runs.keys() | logged.keys()):
        mine = segments.get(part, [])
        named = {_entries(each): each for each in runs.get(part, []) if each.last <= until}
        whole = tuple(each for each in mine if _entries(each) in named)
        cut = tuple(each for each in mine if _entries(each) not in named)
        beside = tuple(named.pop(_entries(each)) for each in whole)
        yield DayOfProbes(contents, until, part, whole, beside, tuple(named.values()), cut, logged.get(part))


def probes_until(
    contents: Contents,
    until: int,
    *,
    days: tuple[date, date] | None = None,
    subjects: Collection[str] | None = None,
) -> Iterator[ProbeColumns]:
    """Yield the probes up to an entry, one day and bucket after the other, in canonical order.

    ``days`` are the first and the last day, in UTC; ``subjects`` those that are wanted.

    :raises VaultDamaged: if a segment or an entry of the log is not what was written
    """
    for day in days_until(contents, until):
        if days is None or days[0] <= day.day <= days[1]:
            found = day.probes(None if subjects is None else lambda series: series.subject in subjects)
            if len(found):
                yield found


def only(columns: _Columns, wanted: Callable[[Series], bool] | None) -> _Columns:
    """Return the probes, or runs, of the wanted series, or all."""
    if wanted is None or all(map(wanted, columns.names)):
        return columns
    return columns.chosen(np.array([wanted(name) for name in columns.names], np.bool_)[columns.series])


def _by_part(contents: Contents, kind: str, until: int) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = defaultdict(list)
    for each in contents.manifest.of_kind(kind):
        if each.first <= until:
            found[each.part].append(each)
    return found


def _entries(segment: Segment) -> tuple[int, int]:
    """Return what a segment of probes has in common with that of its runs, among those of a part."""
    return segment.first, segment.last
