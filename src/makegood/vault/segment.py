"""Segments: records of one kind as the bytes of a Parquet file, and back.

Each kind has its own columns, which follow from the fields of its record. Instants are whole seconds in UTC, ratios are
texts such as ``9/10``, labels are JSON; nothing passes through binary floating point.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.evidence.records import KINDS, AnyRecord, Labels, Record, Status
from makegood.engine.vocabulary.ratio import Ratio

ROWS_IN_GROUP = 500_000
DIGEST = "digest"

_DIGEST_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = pa.timestamp("ms", "UTC")  # the coarsest that Parquet has


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
    "datetime": _Column(_INSTANT, _same, _unpack_instant),
    "datetime | None": _Column(_INSTANT, _same, _unpack_instant),
    "Ratio": _Column(pa.string(), _pack_ratio, _unpack_ratio),
    "Labels": _Column(pa.string(), _pack_labels, _unpack_labels),
}


@cache
def _columns(kind: str) -> dict[str, _Column]:
    return {entry.name: _COLUMNS[str(entry.type)] for entry in fields(KINDS[kind])}


@cache
def _schema(kind: str) -> pa.Schema:
    stored = [pa.field(name, column.type) for name, column in _columns(kind).items()]
    return pa.schema([*stored, pa.field(DIGEST, pa.binary(_DIGEST_BYTES))])


def segment_bytes(kind: str, records: Sequence[Record], digests: Sequence[bytes], *, recorded_at: datetime) -> bytes:
    """Return the Parquet file of these records; the same records give the same bytes."""
    arrays = []
    for name, column in _columns(kind).items():
        if name == "recorded_at":
            values: Iterable[object] = [recorded_at] * len(records)
        elif column.pack is _same:
            values = [getattr(record, name) for record in records]
        else:
            values = [column.pack(getattr(record, name)) for record in records]
        arrays.append(pa.array(values, type=column.type))
    arrays.append(pa.array(digests, type=pa.binary(_DIGEST_BYTES)))
    schema = _schema(kind)
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=schema),
        sink,
        compression="zstd",
        compression_level=3,
        row_group_size=ROWS_IN_GROUP,
        use_dictionary=[entry.name for entry in schema if entry.type == pa.string() and entry.name != "source_id"],
        column_encoding={entry.name: "DELTA_BINARY_PACKED" for entry in schema if entry.type in (_INSTANT, pa.int64())},
    )
    return cast("bytes", sink.getvalue().to_pybytes())


def stretch(records: Sequence[Record]) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last of these records happened; None if their kind does not say."""
    moments = [moment for record in records if (moment := _happened_at(record)) is not None]
    return min(moments, default=None), max(moments, default=None)


def _happened_at(record: Record) -> datetime | None:
    return getattr(record, "start", None) or getattr(record, "at", None)


def segment_records(kind: str, content: bytes) -> list[AnyRecord]:
    """Return the records of a segment.

    :raises ValueError: if these bytes are not a segment of this kind
    """
    table = _table(kind, content)
    form = KINDS[kind]
    records = [object.__new__(form) for _ in range(table.num_rows)]
    for name, column in _columns(kind).items():
        values = _values(table.column(name), column.unpack, shared=name != "source_id")
        # What was sealed was a record already: its fields are set without being checked and frozen once more, which
        # takes a quarter of the time.
        deque(map(getattr(form, name).__set__, records, values), maxlen=0)
    return cast("list[AnyRecord]", records)


def segment_digests(kind: str, content: bytes) -> list[tuple[str, str, bytes]]:
    """Return source, source id and digest of each record of a segment.

    :raises ValueError: if these bytes are not a segment of this kind
    """
    table = _table(kind, content)
    sources = _values(table.column("source"), _same, shared=True)
    identifiers = table.column("source_id").to_pylist()
    return list(zip(sources, identifiers, table.column(DIGEST).to_pylist(), strict=True))


def _table(kind: str, content: bytes) -> pa.Table:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        groups = range(file.metadata.num_row_groups)
        # Digests cannot be compressed: a file with more rows than that was made to fill the memory of who reads it.
        if sum(file.metadata.row_group(group).num_rows for group in groups) * _DIGEST_BYTES > len(content):
            raise ValueError("it has more rows than its bytes can hold")
        table = file.read().combine_chunks()
    except pa.ArrowException as error:
        raise ValueError(f"it is not a Parquet file: {error}") from None
    if kind not in KINDS or table.schema != _schema(kind):
        raise ValueError(f"it does not have the columns of {kind} records")
    return table


def _values(column: pa.ChunkedArray, unpack: Callable[[Any], Any], *, shared: bool) -> list[Any]:
    """Return the values of a column; equal values are one object if ``shared``, which saves time and memory."""
    if not shared:
        return cast("list[Any]", column.to_pylist())
    if column.type == _INSTANT:
        column = column.cast(pa.int64())
    encoded = column.chunk(0).dictionary_encode()
    found = [*map(unpack, encoded.dictionary.to_pylist()), None]
    return [found[index] for index in encoded.indices.fill_null(len(found) - 1).to_pylist()]
