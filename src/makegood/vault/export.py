"""Export: a vault's evidence as tables of a lakehouse, one for each kind, in columns that any tool understands.

It is read segment by segment and written as it comes, so that memory is bounded. Instants are timestamps in UTC, and
values of probes decimal numbers; status, fractions and labels are texts. What was exported is a copy: what proves a
verdict is the vault.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow as pa

from makegood.engine.evidence.probes import STATUSES, Series
from makegood.engine.evidence.records import KINDS
from makegood.vault.contents import Contents
from makegood.vault.entry import Form
from makegood.vault.manifest import PROBES
from makegood.vault.parts import month_part, numbers_of
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns
from makegood.vault.reach import days_until
from makegood.vault.segment import DIGEST, INSTANT, SEQUENCE, happened_at, records_table

EXPORTED_KINDS: Final = (*KINDS, PROBES)

_INSTANT = pa.timestamp("us", "UTC")  # the only one that Delta and Iceberg have
_MICRO = pa.decimal128(19, 6)
_AT_ONCE = 131_072
_NAMES = ("source", "check", "subject", "of", "unit", "labels")
_PROBES = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in _NAMES),
        pa.field("at", _INSTANT, nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("value", _MICRO),
        pa.field(SEQUENCE, pa.int64(), nullable=False),
    ]
)


class Rows(NamedTuple):
    """The rows of a table, batch by batch, to be read once."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


def exported(contents: Contents, kind: str, month: str = "") -> Rows:
    """Return the rows of a kind, of a month or all: those of segments, and those in the log.

    Whoever reads them may meet ``VaultDamaged``: a segment or an entry of the log is not what was written.
    """
    if kind == PROBES:
        return Rows(_PROBES, _probes(contents, month))
    empty = _plain(records_table(kind, [], [], []))
    tables = (_plain(each) for each in _records(contents, kind, month))
    batches = (batch for table in tables for batch in table.to_batches(_AT_ONCE))
    return Rows(empty.schema, batches)


def kinds_in(contents: Contents) -> tuple[str, ...]:
    """Return the kinds of which the vault holds rows.

    :raises VaultDamaged: if an entry of the log is not what was accepted
    """
    found = {each.kind for each in contents.manifest.segments.values()}
    for file, frame in contents.frames:
        if frame.entry.form is Form.PROBES:
            found.add(PROBES)
        else:
            found.update(record.kind for record, _ in contents.logged_records(file, frame))
    return tuple(kind for kind in EXPORTED_KINDS if kind in found)


def _records(contents: Contents, kind: str, month: str) -> Iterator[pa.Table]:
    for segment in contents.manifest.of_kind(kind):
        if month in ("", segment.part):
            yield contents.table(segment)
    for file, frame in contents.frames:
        if frame.entry.form is Form.RECORDS:
            found = [
                (record, digest, frame.entry.sequence)
                for record, digest in contents.logged_records(file, frame)
                if record.kind == kind and month in ("", month_part(happened_at(record)))
            ]
            if found:
                yield records_table(kind, *map(list, zip(*found, strict=True)))


def _plain(table: pa.Table) -> pa.Table:
    """Return records without their digests, their instants as other tools have them."""
    for number, column in enumerate(table.schema):
        if column.type == INSTANT:
            table = table.set_column(number, column.name, table.column(number).cast(_INSTANT))
    return table.drop_columns([DIGEST])


def _probes(contents: Contents, month: str) -> Iterator[pa.RecordBatch]:
    for day in days_until(contents, contents.head):
        if day.part.startswith(month):
            for segment in (*day.whole, *day.cut):
                yield from _batches(contents.probes(segment))
            if day.logged is not None:
                yield from _batches(day.logged)


def _batches(columns: ProbeColumns) -> Iterator[pa.RecordBatch]:
    texts = [pa.array([_text(name, each) for each in columns.names], pa.string()) for name in _NAMES]
    statuses = pa.array(STATUSES, pa.string())
    for start in range(0, len(columns), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        held = [
            *(text.take(pa.array(columns.series[rows])) for text in texts),
            pa.array(columns.at[rows] * 1_000_000).cast(_INSTANT),
            statuses.take(pa.array(columns.status[rows])),
            _decimals(columns.value[rows]),
            pa.array(numbers_of(columns)[rows]),
        ]
        yield pa.RecordBatch.from_arrays(held, schema=_PROBES)


def _text(name: str, series: Series) -> str:
    if name == "labels":
        return json.dumps(dict(series.labels), ensure_ascii=False, separators=(",", ":"))
    return str(getattr(series, name))


def _decimals(value: Column) -> pa.Array:
    """Return millionths as decimal numbers: the same whole numbers, read with six decimals."""
    whole = pa.array(value, mask=value == NO_VALUE).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(_MICRO, len(whole), whole.buffers(), whole.null_count)
