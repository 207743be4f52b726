"""Segments: records of one kind as the bytes of a Parquet file, and back.

Each kind has its own columns, which follow from the fields of its record, with its digest and the number of the entry
that it came by. Instants are whole seconds in UTC, ratios are texts such as ``9/10``, labels are JSON; nothing passes
through binary floating point. Rows stand in order of source, time and identifier, so that the same rows give the same
bytes.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from makegood.engine.evidence.records import KINDS, AnyRecord, Labels, Record, Status
from makegood.engine.vocabulary.ratio import Ratio

ROWS_IN_GROUP = 500_000
DIGEST = "digest"
SEQUENCE = "sequence"
INSTANT = pa.timestamp("ms", "UTC")  # the coarsest that Parquet has
HASH = pa.binary(32)

_DIGEST_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Column:
    """How a field is stored: as which type, and how its values get there and back."""

    type: pa.DataType
    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _pack_ratio(value: Ratio) -> str:
    return f"{value.numerator}/{value.denominator}"


def _unpack_ratio(text: str) -> Ratio:
    numerator, _, denominator = text.partition("/")
    return Ratio(int(numerator), int(denominator))


@lru_cache(maxsize=65_536)
def _pack_labels(labels: Labels) -> str:
    return json.dumps(dict(labels), ensure_ascii=False, separators=(",", ":"))


def _unpack_labels(text: str) -> Labels:
    return tuple(json.loads(text).items())


def _unpack_instant(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


_COLUMNS = {
    "str": _Column(pa.string(), _same, _same),
    "Status": _Column(pa.string(), str, Status),
    "int": _Column(pa.int64(), _same, _same),
    "datetime": _Column(INSTANT, _same, _unpack_instant),
    "datetime | None": _Column(INSTANT, _same, _unpack_instant),
    "Ratio": _Column(pa.string(), _pack_ratio, _unpack_ratio),
    "Labels": _Column(pa.string(), _pack_labels, _unpack_labels),
}


@cache
def _columns(kind: str) -> dict[str, _Column]:
    return {entry.name: _COLUMNS[str(entry.type)] for entry in fields(KINDS[kind])}


@cache
def _schema(kind: str) -> pa.Schema:
    stored = [pa.field(name, column.type) for name, column in _columns(kind).items()]
    return pa.schema([*stored, pa.field(DIGEST, HASH), pa.field(SEQUENCE, pa.int64())])


def time_column(kind: str) -> str:
    """Return the name of the column that says when a record of this kind happened."""
    return "start" if "start" in _columns(kind) else "at"


def happened_at(record: Record) -> datetime | None:
    """Return when a record happened; None if it does not say."""
    return getattr(record, "start", None) or getattr(record, "at", None)


def records_table(kind: str, records: Sequence[Record], digests: Sequence[bytes], sequences: Sequence[int]) -> pa.Table:
    """Return records of one kind, each with its digest and the number of its entry, as the columns of a segment."""
    arrays = []
    for name, column in _columns(kind).items():
        values = [getattr(record, name) for record in records]
        packed = values if column.pack is _same else [*map(column.pack, values)]
        arrays.append(pa.array(packed, type=column.type))
    arrays += [pa.array(digests, type=HASH), pa.array(sequences, type=pa.int64())]
    return pa.Table.from_arrays(arrays, schema=_schema(kind))


def ordered(kind: str, tables: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of tables in the order in which segments have them."""
    keys = [(name, "ascending") for name in ("source", time_column(kind), "source_id")]
    return pa.concat_tables(tables).sort_by(keys).combine_chunks()


def parquet_bytes(table: pa.Table) -> bytes:
    """Return the Parquet file of a table; the same table gives the same bytes."""
    schema = table.schema
    delta = [entry.name for entry in schema if entry.type in (INSTANT, pa.int64())]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=3,
        row_group_size=ROWS_IN_GROUP,
        use_dictionary=[entry.name for entry in schema if entry.type == pa.string() and entry.name != "source_id"],
        column_encoding=dict.fromkeys(delta, "DELTA_BINARY_PACKED"),
    )
    return cast("bytes", sink.getvalue().to_pybytes())


def parquet_table(content: bytes, schema: pa.Schema, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the table of a Parquet file, or some of its columns.

    :raises ValueError: if these bytes are not a file with these columns
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        groups = range(file.metadata.num_row_groups)
        # Digests cannot be compressed: a file with more rows than that was made to fill the memory of who reads it.
        if sum(file.metadata.row_group(group).num_rows for group in groups) * _DIGEST_BYTES > len(content):
            raise ValueError("it has more rows than its bytes can hold")
        fits = file.schema_arrow == schema
        table = file.read(columns).combine_chunks() if fits else None
    except pa.ArrowException as error:
        raise ValueError(f"it is not a Parquet file: {error}") from None
    if table is None:
        raise ValueError("it does not have the columns that it should have")
    return table


def segment_table(kind: str, content: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the rows of a segment of records, or some of its columns.

    :raises ValueError: if these bytes are not a segment of this kind
    """
    return parquet_table(content, _schema(kind), columns)


def until_entry(table: pa.Table, until: int | None) -> pa.Table:
    """Return the rows that came by an entry or before it."""
    return table if until is None else table.filter(pc.field(SEQUENCE) <= until).combine_chunks()


def table_records(kind: str, table: pa.Table) -> list[AnyRecord]:
    """Return the rows of a segment as records."""
    if not table.num_rows:
        return []
    form = KINDS[kind]
    records = [object.__new__(form) for _ in range(table.num_rows)]
    for name, column in _columns(kind).items():
        values = _values(table.column(name), column.unpack, shared=name != "source_id")
        # What was sealed was a record already: its fields are set without being checked and frozen once more, which
        # takes a quarter of the time.
        deque(map(getattr(form, name).__set__, records, values), maxlen=0)
    return cast("list[AnyRecord]", records)


def _values(column: pa.ChunkedArray, unpack: Callable[[Any], Any], *, shared: bool) -> list[Any]:
    """Return the values of a column; equal values are one object if ``shared``, which saves time and memory."""
    if not shared:
        return cast("list[Any]", column.to_pylist())
    if column.type == INSTANT:
        column = column.cast(pa.int64())
    encoded = column.chunk(0).dictionary_encode()
    found = [*map(unpack, encoded.dictionary.to_pylist()), None]
    return [found[index] for index in encoded.indices.fill_null(len(found) - 1).to_pylist()]
