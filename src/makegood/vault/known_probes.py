"""Which probes are known already: by the last instant of each timeline, and for what comes late by its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.vault.contents import Contents
from makegood.vault.entry import Entry, Form
from makegood.vault.manifest import PROBES, RUNS, Segment
from makegood.vault.probes.columns import Column, ProbeColumns, second_of
from makegood.vault.probes.runs import runs_columns

Timeline = tuple[str, str]

_NEVER = -(2**63)


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch of probes in canonical order, each row once; of each row whether it is new or conflicts."""

    columns: ProbeColumns
    is_new: Column
    conflicts: Column


@dataclass
class KnownProbes:
    """The last instant of each timeline that a vault holds probes of; loaded when the first probes come.

    ``flush`` returns when everything that was added is on the disk.
    """

    folder: Path
    flush: Callable[[], None]
    _numbers: dict[Timeline, int] = field(default_factory=dict, init=False)
    _latest: Column = field(default_factory=lambda: np.empty(0, np.int64), init=False)
    _is_loaded: bool = field(default=False, init=False)
    _table: tuple[tuple[Series, ...], Column] = field(default=((), np.empty(0, np.int64)), init=False)

    def sifted(self, columns: ProbeColumns) -> Sifted:
        """Return a batch in canonical order, with how each row stands to the rows before it and to what is stored.

        Rule: at one instant there is one probe of a timeline; the first that was accepted counts. A row later than all
            that is known of its timeline is new without looking further.

        :raises ValueError: if the series are not sorted, each once
        """
        if not self._is_loaded:
            for names, series, at in _stored_ends(self.folder):
                self._hold(self._numbered(names)[series], at)
            self._is_loaded = True
        line = self._numbered(columns.names)
        columns = columns.sorted()
        lines = line[columns.series]
        is_new, conflicts = _within(columns, lines)
        late = np.flatnonzero(columns.at <= self._latest[lines])
        if len(late):
            found, same = self._compared(columns, lines, late)
            is_new[late[found]] = False
            conflicts[late[found]] = ~same[found]  # what is stored counts, whatever the batch has before it
        return Sifted(columns, is_new, conflicts)

    def add(self, columns: ProbeColumns) -> None:
        """Hold what was accepted."""
        self._hold(self._numbered(columns.names)[columns.series], columns.at)

    def _hold(self, lines: Column, at: Column) -> None:
        np.maximum.at(self._latest, lines, at)

    def _numbered(self, names: tuple[Series, ...]) -> Column:
        """Return the number of each series' timeline; who collects sends the same table again and again."""
        if names is not self._table[0]:
            if any(one >= other for one, other in pairwise(names)):
                raise ValueError("the series of probes are sorted, each once")
            numbers = self._numbers
            self._table = names, np.array([numbers.setdefault(name.timeline, len(numbers)) for name in names], np.int64)
            more = len(numbers) - len(self._latest)
            self._latest = np.concatenate((self._latest, np.full(more, _NEVER, np.int64)))
        return self._table[1]

    def _compared(self, columns: ProbeColumns, lines: Column, late: Column) -> tuple[Column, Column]:
        """Return of the late rows which are stored, and which of these with the same content."""
        self.flush()
        low, high = int(columns.at[late].min()), int(columns.at[late].max())
        span = high - low + 1
        keys, key = np.unique(lines[late] * span + columns.at[late] - low, return_inverse=True)
        found, kept = np.zeros(len(keys), np.bool_), np.zeros((3, len(keys)), np.int64)
        series = {name: number for number, name in enumerate(columns.names)}
        for stored in _stored(self.folder, low, high):
            their_lines = np.array([self._numbers[name.timeline] for name in stored.names], np.int64)[stored.series]
            their_names = np.array([series.get(name, -1) for name in stored.names], np.int64)[stored.series]
            their_keys = np.where((stored.at >= low) & (stored.at <= high), their_lines * span + stored.at - low, -1)
            places = np.minimum(np.searchsorted(keys, their_keys), len(keys) - 1)
            theirs = np.flatnonzero(keys[places] == their_keys)
            found[places[theirs]] = True
            kept[:, places[theirs]] = their_names[theirs], stored.status[theirs], stored.value[theirs]
        ours = (columns.series[late], columns.status[late], columns.value[late])
        return found[key], np.all([mine == theirs[key] for mine, theirs in zip(ours, kept, strict=True)], axis=0)


def identity(columns: ProbeColumns, row: int) -> tuple[str, str]:
    """Return the source and the identifier there of one row."""
    (probe,) = columns.chosen(np.array([row])).probes()
    return probe.records[0].source, probe.records[0].source_id


def _within(columns: ProbeColumns, line: Column) -> tuple[Column, Column]:
    """Return which rows are the first of their timeline and instant in a batch, and which others differ from it."""
    order = np.lexsort((columns.at, line))
    is_first = np.ones(len(columns), np.bool_)
    is_first[1:] = (np.diff(line[order]) != 0) | (np.diff(columns.at[order]) != 0)
    first = order[np.maximum.accumulate(np.where(is_first, np.arange(len(columns)), 0))]
    differs = np.zeros(len(columns), np.bool_)
    for each in (columns.series, columns.status, columns.value):
        differs |= each[order] != each[first]
    is_new, conflicts = np.empty(len(columns), np.bool_), np.empty(len(columns), np.bool_)
    is_new[order], conflicts[order] = is_first, differs
    return is_new, conflicts


def _stored_ends(folder: Path) -> Iterator[tuple[tuple[Series, ...], Column, Column]]:
    """Yield the ends of the runs of all segments, and the probes of the log: table, series and instants."""
    contents = Contents.read(folder)
    for segment in contents.manifest.of_kind(RUNS):
        runs = contents.read_segment(segment, runs_columns)
        yield runs.names, runs.series, runs.last_at
    for file, frame in contents.frames:
        if frame.entry.form is Form.PROBES:
            probes = contents.logged_probes(file, frame)
            yield probes.names, probes.series, probes.at


def _stored(folder: Path, low: int, high: int) -> Iterator[ProbeColumns]:
    """Yield the probes of the segments and entries that reach into a stretch of time."""
    contents = Contents.read(folder)
    for segment in contents.manifest.of_kind(PROBES):
        if _overlaps(segment, low, high):
            yield contents.probes(segment)
    for file, frame in contents.frames:
        if frame.entry.form is Form.PROBES and _overlaps(frame.entry, low, high):
            yield contents.logged_probes(file, frame)


def _overlaps(held: Segment | Entry, low: int, high: int) -> bool:
    first_at, last_at = held.first_at, held.last_at
    return first_at is not None and last_at is not None and second_of(first_at) <= high and low <= second_of(last_at)
