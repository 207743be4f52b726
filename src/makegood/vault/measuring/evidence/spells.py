"""Spells: for how long probes say the same of a subject, from the runs beside their segments wherever these suffice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from makegood.engine.evidence.probes import STATUSES, Series
from makegood.engine.evidence.records import AnyRecord, State
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.duration import Duration
from makegood.vault.measuring.evidence.names import named, ranks, state_id, without
from makegood.vault.probes.columns import instant_of
from makegood.vault.probes.runs import RunColumns, alone, joined_runs
from makegood.vault.reach import DayOfProbes, only

Timeline = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Spells:
    """How the status of probes is reduced: what is asked, and the records that no longer count.

    ``mixed`` are timelines that other records tell of too; their probes stay one by one.
    """

    asked: Asked
    withdrawn: Collection[str]
    mixed: Collection[Timeline]

    def of_day(self, day: DayOfProbes, beside: Sequence[RunColumns]) -> RunColumns:
        """Return the runs of a day and bucket, given ``day.runs()``; where these tell too little, of one probe each.

        Runs that have outlived their probes are all that is left: they stay as they are.

        :raises VaultDamaged: if a segment is not what was sealed
        """
        wanted = [only(each, self._wants) for each in beside]
        left, runs = wanted[: len(day.bereft)], joined_runs(wanted[len(day.bereft) :])
        unclear = {*self._unclear(runs), *self._touched(day, runs.names)}
        if not unclear:
            return joined_runs([*left, runs])
        probes = day.probes(lambda series: self._wants(series) and series.timeline in unclear)
        clear = only(runs, lambda series: series.timeline not in unclear)
        return joined_runs([*left, clear, alone(without(self.withdrawn, probes))])

    def one_by_one(self, day: DayOfProbes) -> Iterator[AnyRecord]:
        """Yield the states of probes of which other records tell too."""
        if not self.mixed:
            return
        probes = day.probes(lambda series: series.timeline in self.mixed)
        for probe in without(self.withdrawn, probes).probes():
            yield probe.records[0]

    def _wants(self, series: Series) -> bool:
        return series.subject in self.asked.subjects and series.timeline not in self.mixed

    def _unclear(self, runs: RunColumns) -> Iterator[Timeline]:
        """Yield the timelines of which runs overlap, or hide a silence that was too long."""
        lines = [each.timeline for each in runs.names]
        line = ranks(lines)[runs.series] if len(runs) else runs.series
        order = np.lexsort((runs.first_at, line))
        after, before = order[1:], order[:-1]
        overlap = after[(line[after] == line[before]) & (runs.first_at[after] <= runs.last_at[before])]
        yield from (lines[each] for each in np.unique(runs.series[overlap]).tolist())
        if self.asked.after is not None:
            silent = runs.series[runs.max_gap > self.asked.after.seconds]
            yield from (lines[each] for each in np.unique(silent).tolist())

    def _touched(self, day: DayOfProbes, names: tuple[Series, ...]) -> Iterator[Timeline]:
        """Yield the timelines of which a probe of the day is withdrawn."""
        ends = [each.rpartition("@") for each in self.withdrawn]
        starts = {start for start, _, instant in ends if instant.startswith(str(day.day))}
        yield from (each.timeline for each in names if f"{each.origin}#{each.subject}" in starts)


def spells(runs: RunColumns, after: Duration | None) -> Iterator[State]:
    """Yield a state for all runs of a timeline that say the same, one after the other, none of them overdue.

    A silence inside a run was not too long, as far as anybody still knows.
    """
    if not len(runs):
        return
    line = ranks([each.timeline for each in runs.names])[runs.series]
    order = np.lexsort((runs.first_at, line))
    keys = (line, ranks([each.labels for each in runs.names])[runs.series], runs.status)
    span = runs.last_at.max() - runs.last_at.min() + 1
    heard = np.maximum.accumulate(line[order] * span + (runs.last_at[order] - runs.last_at.min()))
    heard += runs.last_at.min() - line[order] * span  # until when each timeline was heard of, up to a run
    begins = np.ones(len(runs), np.bool_)
    begins[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    if after is not None:
        begins[1:] |= runs.first_at[order][1:] - heard[:-1] > after.seconds
    first = np.flatnonzero(begins)
    head = order[first]
    counts = np.add.reduceat(runs.count[order], first)
    ends = np.maximum.reduceat(runs.last_at[order], first)
    rows = (runs.series[head], runs.status[head], runs.first_at[head], ends, counts)
    for series, status, start, end, count in zip(*map(np.ndarray.tolist, rows), strict=True):
        of = runs.names[series]
        yield State(
            source=of.origin,
            source_id=named(state_id(of, start), count),
            subject=of.subject,
            status=STATUSES[status],
            start=instant_of(start),
            seen_until=instant_of(end) if count > 1 else None,
            labels=of.labels,
        )
