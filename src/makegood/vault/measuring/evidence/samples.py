"""Samples of probes in bulk: those of the same value count together where only values count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.evidence.probes import MICRO, Series
from makegood.engine.evidence.records import Gauge
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.evidence.digits import to_digits
from makegood.vault.measuring.evidence.kept import Form
from makegood.vault.measuring.evidence.names import named, ranks, state_id, without
from makegood.vault.measuring.evidence.time import ExcludedTime, cells_of
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns, end_to_end, in_one_table, instant_of
from makegood.vault.probes.parquet import names_in, parquet_bytes
from makegood.vault.reach import only

_TYPES = {
    "series": np.int32,
    "at": np.int64,
    "value": np.int64,
    "count": np.int64,
    "cell": np.int64,
    "alone": np.bool_,
}


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumns:
    """Samples, each with the number of those that it stands for, the first of which gives it its name.

    Unit: ``series``, ``at`` and ``value`` as in ``ProbeColumns``; ``count`` and ``cell``, which of the agreement's
        questions ask for it, are int64. A sample that is ``alone`` (bool) is taken together with no other.
    """

    names: tuple[Series, ...]
    series: Column
    at: Column
    value: Column
    count: Column
    cell: Column
    alone: Column

    def __len__(self) -> int:
        return len(self.series)

    def chosen(self, rows: Column) -> SampleColumns:
        """Return the samples that a mask or positions name."""
        return SampleColumns(self.names, *(getattr(self, name)[rows] for name in _TYPES))

    def grouped(self, keys: Sequence[Column]) -> tuple[Column, Column]:
        """Return an order in which samples of the same keys, gauge, unit, subject and labels stand together.

        The second array says where each group begins, with its first sample in time.
        """
        looks = ranks([(each.of, each.unit, each.subject, each.labels) for each in self.names])[self.series]
        origins = ranks([each.timeline for each in self.names])[self.series]
        order = np.lexsort((origins, self.at, *keys, looks))
        news = np.ones(len(self), np.bool_)
        news[1:] = np.any([key[order][1:] != key[order][:-1] for key in (*keys, looks)], axis=0)
        return order, np.flatnonzero(news)

    def merged(self, order: Column, first: Column) -> SampleColumns:
        """Return one sample for each group, the first of it, with the number of all."""
        counts = np.add.reduceat(self.count[order], first) if len(first) else self.count
        return replace(self.chosen(order[first]), count=counts)


@dataclass(frozen=True, slots=True)
class Samples:
    """How the values of probes are reduced: what is asked, the time of exclusions, and what no longer counts."""

    asked: Asked
    excluded: ExcludedTime
    withdrawn: Collection[str]

    def wants(self, series: Series) -> bool:
        """Tell whether any measure looks at the values of a series."""
        about = self.asked.gauges.get(series.of)
        return about is not None and (not about or series.subject in about)

    def of(self, columns: ProbeColumns) -> SampleColumns:
        """Return the samples of probes, reduced."""
        columns = only(columns, self.wants)
        columns = columns.chosen(columns.value != NO_VALUE)
        return summed([self._of_gauge(columns, of) for of in sorted({each.of for each in columns.names})])

    def _of_gauge(self, columns: ProbeColumns, of: str) -> SampleColumns:
        columns = without(self.withdrawn, only(columns, lambda series: series.of == of), f"/{of}")
        alone = self.excluded.covers(columns.at) | (not self.asked.counts_samples(of))
        cell = cells_of(columns.at, self.asked.cuts.get(of, ()))
        digits = self.asked.digits.get(of)
        value = columns.value if digits is None else np.where(alone, columns.value, to_digits(columns.value, digits))
        ones = np.ones(len(columns), np.int64)
        return SampleColumns(columns.names, columns.series, columns.at, value, ones, cell, alone)


def summed(parts: Sequence[SampleColumns]) -> SampleColumns:
    """Return the samples of all parts, those of the same cell, value, unit, subject and labels as one."""
    names, places = in_one_table([part.names for part in parts]) if parts else ((), [])
    held = {name: end_to_end([getattr(part, name) for part in parts], of) for name, of in _TYPES.items()}
    held["series"] = end_to_end([place[part.series] for place, part in zip(places, parts, strict=True)], np.int32)
    every = SampleColumns(names, **held)
    alone, others = every.chosen(every.alone), every.chosen(~every.alone)
    one_each = others.merged(*others.grouped((others.value, others.cell)))
    return SampleColumns(names, *(np.concatenate([getattr(alone, name), getattr(one_each, name)]) for name in _TYPES))


def gauges(samples: SampleColumns, totals: Column | None = None) -> Iterator[Gauge]:
    """Yield the records that samples mean; where one stands for different values, ``totals`` are their sums."""
    parts = np.ones(len(samples), np.int64) if totals is None else samples.count
    columns = (samples.series, samples.at, samples.count, samples.value if totals is None else totals, parts)
    for series, at, count, total, part in zip(*map(np.ndarray.tolist, columns), strict=True):
        of = samples.names[series]
        yield Gauge(
            source=of.origin,
            source_id=named(f"{state_id(of, at)}/{of.of}", count),
            subject=of.subject,
            of=of.of,
            value=Ratio(total, part * MICRO),
            unit=of.unit,
            at=instant_of(at),
            count=count,
            labels=of.labels,
        )


def samples_bytes(samples: SampleColumns) -> bytes:
    """Return samples as the bytes of a Parquet file."""
    table = pa.table({name: pa.array(getattr(samples, name)) for name in _TYPES})
    encodings = {"at": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"}
    return parquet_bytes(table, samples.names, encodings, {})


def samples_columns(content: bytes) -> SampleColumns:
    """Return the samples of a file that ``samples_bytes`` made."""
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        names, table = names_in(file), file.read(use_threads=False)
    return SampleColumns(
        names, *(table.column(name).combine_chunks().to_numpy(zero_copy_only=False) for name in _TYPES)
    )


SAMPLES: Final = Form(samples_columns, samples_bytes, len)
