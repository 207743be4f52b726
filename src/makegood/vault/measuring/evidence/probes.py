"""Probes in bulk: as the states and samples that they mean, each standing for as many as it can."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from makegood.engine.evidence.probes import MICRO, STATUSES, Series
from makegood.engine.evidence.records import AnyRecord, Gauge, State
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant
from makegood.vault.measuring.evidence.time import ExcludedTime, cells_of
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns, instant_of


@dataclass(frozen=True, slots=True)
class ProbeReduction:
    """How probes are reduced: what is asked, the time of exclusions, and the records that no longer count.

    ``mixed`` are timelines that other records tell of too; their probes stay one by one.
    """

    asked: Asked
    excluded: ExcludedTime
    withdrawn: Collection[str]
    mixed: Collection[tuple[str, str]] = frozenset()

    def wanted(self, columns: ProbeColumns) -> ProbeColumns:
        """Return the probes that any measure looks at."""
        return _only(columns, [self._wants_state(each) or self._wants_value(each) for each in columns.names])

    def one_by_one(self, columns: ProbeColumns) -> list[AnyRecord]:
        """Return the records of probes that other records tell of too, each as it is."""
        mixed = _only(columns, [each.timeline in self.mixed for each in columns.names])
        records = (record for probe in mixed.probes() for record in probe.records)
        return [each for each in records if each.id not in self.withdrawn]

    def records(self, columns: ProbeColumns) -> list[AnyRecord]:
        """Return the records of all other probes; the columns hold all that is known of their timelines."""
        columns = _by_timeline(_only(columns, [each.timeline not in self.mixed for each in columns.names]))
        return [*self._states(columns), *self._gauges(columns)]

    def _wants_state(self, series: Series) -> bool:
        return series.subject in self.asked.subjects

    def _wants_value(self, series: Series) -> bool:
        about = self.asked.gauges.get(series.of)
        return about is not None and (not about or series.subject in about)

    def _states(self, columns: ProbeColumns) -> Iterator[State]:
        """Yield the runs of probes that say the same, none of them overdue."""
        columns = _only(columns, [*map(self._wants_state, columns.names)])
        columns = self._without(columns, "")
        if not len(columns):
            return
        timeline, looks = (
            _ranks([each.timeline for each in columns.names]),
            _ranks([each.labels for each in columns.names]),
        )
        line, look, at = timeline[columns.series], looks[columns.series], columns.at
        starts = np.ones(len(columns), np.bool_)
        starts[1:] = (line[1:] != line[:-1]) | (look[1:] != look[:-1]) | (columns.status[1:] != columns.status[:-1])
        if self.asked.after is not None:
            starts[1:] |= at[1:] - at[:-1] > self.asked.after.seconds
        first = np.flatnonzero(starts)
        counts = np.diff(first, append=len(columns))
        rows = (columns.series[first], columns.status[first], at[first], at[first + counts - 1], counts)
        for series, status, start, last, count in zip(*(each.tolist() for each in rows), strict=True):
            of = columns.names[series]
            yield State(
                source=of.origin,
                source_id=_named(_state_id(of, start), count),
                subject=of.subject,
                status=STATUSES[status],
                start=instant_of(start),
                seen_until=instant_of(last) if count > 1 else None,
                labels=of.labels,
            )

    def _gauges(self, columns: ProbeColumns) -> Iterator[Gauge]:
        """Yield the samples, those of the same value taken together where only values count."""
        columns = _only(columns, [*map(self._wants_value, columns.names)])
        columns = columns.chosen(columns.value != NO_VALUE)
        for of in sorted({each.of for each in columns.names}):
            mine = self._without(_only(columns, [each.of == of for each in columns.names]), f"/{of}")
            whole = np.full(len(mine), not self.asked.counts_samples(of))
            whole |= self.excluded.covers(mine.at)
            yield from _samples(mine.chosen(whole), np.arange(np.count_nonzero(whole)))
            counting = mine.chosen(~whole)
            yield from _samples(counting, _same(counting, self.asked.cuts.get(of, ())))

    def _without(self, columns: ProbeColumns, ending: str) -> ProbeColumns:
        """Return the probes whose records, with this ending of their identifier, no correction withdraws."""
        if not self.withdrawn or not len(columns):
            return columns
        starts = {f"{each.origin}#{each.subject}@": number for number, each in enumerate(columns.names)}
        named = [each for each in self.withdrawn if each.rpartition("@")[0] + "@" in starts]
        if not named:
            return columns
        ids = (f"{columns.names[s].origin}#{_state_id(columns.names[s], at)}{ending}" for s, at in _rows(columns))
        return columns.chosen(np.fromiter((each not in self.withdrawn for each in ids), np.bool_, len(columns)))


def _rows(columns: ProbeColumns) -> Iterator[tuple[int, int]]:
    return zip(columns.series.tolist(), columns.at.tolist(), strict=True)


def _only(columns: ProbeColumns, wanted: list[bool]) -> ProbeColumns:
    """Return the probes of some series."""
    return columns if all(wanted) else columns.chosen(np.array(wanted, np.bool_)[columns.series])


def _by_timeline(columns: ProbeColumns) -> ProbeColumns:
    """Return probes by timeline and instant; other series of a timeline come in between where they belong."""
    timeline = _ranks([each.timeline for each in columns.names])
    if len(set(timeline.tolist())) == len(columns.names):
        return columns
    return columns.chosen(np.lexsort((columns.at, timeline[columns.series])))


def _ranks(keys: list[tuple[object, ...]]) -> Column:
    """Return for each key its place among the different ones."""
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], np.int64)


def _same(columns: ProbeColumns, cuts: tuple[datetime, ...]) -> Column:
    """Return for each sample a number that it shares with those of the same cell, value, unit, subject and labels."""
    looks = _ranks([(each.unit, each.subject, each.labels) for each in columns.names])
    keys = (columns.value, cells_of(columns.at, cuts), looks[columns.series] if len(columns) else columns.series)
    order = np.lexsort(keys)
    news = np.zeros(len(columns), np.bool_)
    for key in keys:
        news[1:] |= key[order][1:] != key[order][:-1]
    same = np.empty(len(columns), np.int64)
    same[order] = np.cumsum(news)
    return same


def _samples(columns: ProbeColumns, same: Column) -> Iterator[Gauge]:
    """Yield a sample for each number in ``same``: the first of its samples in time, with how many there are."""
    origins = _ranks([(each.origin, each.subject) for each in columns.names])
    order = np.lexsort((origins[columns.series] if len(columns) else columns.series, columns.at, same))
    _, first, counts = np.unique(same[order], return_index=True, return_counts=True)
    rows = order[first]
    found = (columns.series[rows], columns.at[rows], columns.value[rows], counts)
    for series, at, value, count in zip(*(each.tolist() for each in found), strict=True):
        of = columns.names[series]
        yield Gauge(
            source=of.origin,
            source_id=_named(f"{_state_id(of, at)}/{of.of}", count),
            subject=of.subject,
            of=of.of,
            value=Ratio(value, MICRO),
            unit=of.unit,
            at=instant_of(at),
            count=count,
            labels=of.labels,
        )


def _state_id(series: Series, at: int) -> str:
    return f"{series.subject}@{show_instant(instant_of(at))}"


def _named(identifier: str, count: int) -> str:
    return f"{identifier}+{count - 1}" if count > 1 else identifier
