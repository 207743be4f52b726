"""Runs of probes as columns: what lies beside each segment, and answers for time without reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.evidence.probes import STATUSES, Series
from makegood.engine.evidence.reduction import LONGER_THAN_USUAL, Run
from makegood.vault.probes.columns import (
    Column,
    ProbeColumns,
    check_codes,
    end_to_end,
    in_one_table,
    instant_of,
    used_names,
)
from makegood.vault.probes.parquet import names_in, parquet_bytes

_SCHEMA = pa.schema(
    [
        pa.field("series", pa.int32(), nullable=False),
        pa.field("status", pa.uint8(), nullable=False),
        pa.field("first_at", pa.int64(), nullable=False),
        pa.field("last_at", pa.int64(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),
        pa.field("max_gap", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class RunColumns:
    """Many runs, by series and in order of time; ``names`` is the sorted table that ``series`` points into.

    Unit: ``first_at`` and ``last_at`` are seconds since 1970 in UTC, ``max_gap`` is in seconds (all int64), as is
        ``count``; ``series`` is int32 and ``status`` uint8, the index into ``STATUSES``.
    """

    names: tuple[Series, ...]
    series: Column
    status: Column
    first_at: Column
    last_at: Column
    count: Column
    max_gap: Column

    def __len__(self) -> int:
        return len(self.series)

    def chosen(self, rows: Column) -> RunColumns:
        """Return the runs that a mask or positions name, without the series that none of them needs any more."""
        names, series = used_names(self.names, self.series[rows])
        return RunColumns(names, series, *(getattr(self, name)[rows] for name in _SCHEMA.names[1:]))

    def runs(self) -> Sequence[Run]:
        """Return the runs one by one."""
        columns = (getattr(self, name).tolist() for name in _SCHEMA.names)
        return [
            Run(self.names[series], STATUSES[status], instant_of(first_at), instant_of(last_at), count, max_gap)
            for series, status, first_at, last_at, count, max_gap in zip(*columns, strict=True)
        ]


def runs_of(columns: ProbeColumns) -> RunColumns:
    """Return the runs of probes, by the rule of ``engine.evidence.reduction.runs``."""
    columns = columns.sorted()
    series, at, status = columns.series, columns.at, columns.status
    starts = np.ones(len(columns), np.bool_)  # of a series at first, then of a run
    starts[1:] = series[1:] != series[:-1]
    gaps = np.zeros(len(columns), np.int64)
    gaps[1:] = np.where(starts[1:], 0, at[1:] - at[:-1])
    starts[1:] |= (status[1:] != status[:-1]) | (gaps > LONGER_THAN_USUAL * _usual(series, gaps, starts))[1:]
    gaps[starts] = 0
    first = np.flatnonzero(starts)
    after = np.append(first[1:], len(columns)) if len(first) else first
    return RunColumns(
        columns.names,
        series[first],
        status[first],
        at[first],
        at[after - 1],
        after - first,
        np.maximum.reduceat(gaps, first) if len(first) else gaps,
    )


def alone(columns: ProbeColumns) -> RunColumns:
    """Return probes as runs of one each."""
    ones = np.ones(len(columns), np.int64)
    return RunColumns(columns.names, columns.series, columns.status, columns.at, columns.at, ones, np.zeros_like(ones))


def joined_runs(parts: Sequence[RunColumns]) -> RunColumns:
    """Return the runs of all parts, by series and in order of time."""
    names, places = in_one_table([part.names for part in parts])
    held = {
        entry.name: end_to_end([getattr(part, entry.name) for part in parts], entry.type.to_pandas_dtype())
        for entry in _SCHEMA
    }
    held["series"] = end_to_end([place[part.series] for place, part in zip(places, parts, strict=True)], np.int32)
    first = held["first_at"]
    span = first.max(initial=0) - first.min(initial=0) + 1
    order = np.argsort(held["series"] * span + first, kind="stable")
    return RunColumns(names, **{name: column[order] for name, column in held.items()})


def runs_bytes(runs: RunColumns) -> bytes:
    """Return runs as the bytes of a Parquet file; equal runs give equal bytes."""
    table = pa.Table.from_arrays([pa.array(getattr(runs, name)) for name in _SCHEMA.names], schema=_SCHEMA)
    return parquet_bytes(table, runs.names, dict.fromkeys(_SCHEMA.names[2:], "DELTA_BINARY_PACKED"), {})


def runs_columns(file: bytes | Path) -> RunColumns:
    """Return the runs of a file.

    :raises ValueError: if this is not a file of runs
    """
    try:
        with pq.ParquetFile(file if isinstance(file, Path) else pa.BufferReader(file)) as parquet:
            names, table = names_in(parquet), parquet.read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"it is not a file of runs: {error}") from None
    if not table.schema.equals(_SCHEMA):
        raise ValueError("it does not have the columns of runs")
    runs = RunColumns(names, *(table.column(name).combine_chunks().to_numpy() for name in _SCHEMA.names))
    check_codes(runs.names, runs.series, runs.status)
    return runs


def _usual(series: Column, gaps: Column, starts: Column) -> Column:
    """Return for each row the usual gap of its series, given where the series start; 0 if it has but one row."""
    first = np.flatnonzero(starts)
    counts = np.diff(first, append=len(series))
    span = gaps.max(initial=0) + 1
    # In order of series, then of gap: the first row of a series, which has no gap before it, stays first.
    ordered = np.sort(series * span + gaps)
    return np.repeat(ordered[first + 1 + (counts - 2) // 2] - series[first] * span, counts)
