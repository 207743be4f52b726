"""Segments of probes: many of them as the bytes of a Parquet file, and back.

Values lie divided by the greatest number that divides all of them, which is the same in every row of ``scale``: value
times scale are millionths of the unit. ``source``, ``subject`` and ``check`` are there for those who read the file with
other tools; we read ``series``, an index into the table of series in the file's metadata. All of these take next to
no room.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from makegood.engine.evidence.probes import Series
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns, check_codes, joined
from makegood.vault.probes.parquet import ROWS_IN_GROUP, names_in, parquet_bytes

_SCALE = "scale"
_SEQUENCE = "sequence"
_TYPES = {
    "series": (pa.int32(),),
    "at": (pa.int64(),),
    "status": (pa.uint8(),),
    "value": (pa.int32(), pa.int64()),
    _SEQUENCE: (pa.int64(),),
}
_SHOWN = ("source", "subject", "check")
_ENCODINGS = {"at": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT", _SEQUENCE: "DELTA_BINARY_PACKED"}
_LARGEST_INT32 = 2**31 - 1


def segment_bytes(columns: ProbeColumns) -> bytes:
    """Return the Parquet file of probes that have a ``sequence``, in the order given; equal probes give equal bytes."""
    values, scale = _scaled(columns.value)
    held = {
        "series": pa.array(columns.series),
        "at": pa.array(columns.at),
        "status": pa.array(columns.status),
        "value": values,
        _SEQUENCE: pa.array(columns.sequence),
        **{name: _shown(columns, name) for name in _SHOWN},
        _SCALE: pa.DictionaryArray.from_arrays(np.zeros(len(columns), np.int32), pa.array([scale])),
    }
    schema = pa.schema([pa.field(name, each.type, nullable=each.null_count > 0) for name, each in held.items()])
    table = pa.Table.from_arrays(list(held.values()), schema=schema)
    return parquet_bytes(table, columns.names, _ENCODINGS, {_SCALE: str(scale)})


def segment_columns(segment: bytes | Path, until: int | None = None) -> ProbeColumns:
    """Return the probes of a segment in canonical order; with ``until`` those that came by this entry or before it.

    :raises ValueError: if this is not a segment of probes
    """
    columns = joined(list(row_groups(segment, sequences=True)))
    return columns if until is None else columns.chosen(np.asarray(columns.sequence) <= until)


def row_groups(segment: bytes | Path, until: int | None = None, *, sequences: bool = False) -> Iterator[ProbeColumns]:
    """Yield the probes of a segment, up to half a million at a time, in the order in which they lie.

    Each part has the whole table of series. ``sequence`` is read only if it is asked for, or needed for ``until``.

    :raises ValueError: if this is not a segment of probes
    """
    wanted = [name for name in _TYPES if name != _SEQUENCE or sequences or until is not None]
    try:
        with pq.ParquetFile(segment if isinstance(segment, Path) else pa.BufferReader(segment)) as file:
            names, scale = names_in(file), int(file.metadata.metadata[_SCALE.encode()])
            if any(file.schema_arrow.field(name).type not in types for name, types in _TYPES.items()):
                raise ValueError("it does not have the columns of probes")
            for number in range(file.num_row_groups):
                if file.metadata.row_group(number).num_rows > ROWS_IN_GROUP:
                    raise ValueError("it has a group of more rows than any that was sealed")
                table = file.read_row_group(number, wanted, use_threads=False)
                yield _part(names, scale, table, until)
    except (pa.ArrowException, OSError, KeyError, OverflowError) as error:
        raise ValueError(f"it is not a segment of probes: {error}") from None


def _part(names: tuple[Series, ...], scale: int, table: pa.Table, until: int | None) -> ProbeColumns:
    """Return the rows of a group, without those that came by a later entry."""
    if until is not None:
        table = table.filter(pc.field(_SEQUENCE) <= until)
    held = {name: _whole(table.column(name)) for name in table.column_names}
    part = ProbeColumns(
        names,
        held["series"].to_numpy(),
        held["at"].to_numpy(),
        held["status"].to_numpy(),
        _unscaled(held["value"], scale),
        held[_SEQUENCE].to_numpy() if _SEQUENCE in held else None,
    )
    check_codes(part.names, part.series, part.status)
    return part


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, which it mostly is already; only other columns are copied."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _scaled(value: Column) -> tuple[pa.Array, int]:
    """Return the values divided by what divides them all, in as few bytes as they need, and the divisor."""
    missing = value == NO_VALUE
    known = value[~missing] if missing.any() else value
    scale = max(int(np.gcd.reduce(known)), 1) if len(known) else 1
    least = np.where(missing, 0, value) // scale
    fits = not len(known) or (known.min() >= -_LARGEST_INT32 * scale and known.max() <= _LARGEST_INT32 * scale)
    return pa.array(least.astype(np.int32 if fits else np.int64), mask=missing if missing.any() else None), scale


def _unscaled(values: pa.Array, scale: int) -> Column:
    """Return the values in millionths; straight from Arrow's buffers, as they are most of what is read."""
    known, numbers = values.buffers()
    here = slice(values.offset, values.offset + len(values))
    value: Column = np.multiply(np.frombuffer(numbers, values.type.to_pandas_dtype())[here], scale, dtype=np.int64)
    if values.null_count:
        value[np.unpackbits(np.frombuffer(known, np.uint8), bitorder="little")[here] == 0] = NO_VALUE
    return value


def _shown(columns: ProbeColumns, name: str) -> pa.DictionaryArray:
    """Return what a field of the series is in each row."""
    texts = pa.array([getattr(each, name) for each in columns.names], pa.string()).dictionary_encode()
    places = texts.indices.to_numpy()[columns.series]
    return pa.DictionaryArray.from_arrays(places, texts.dictionary)
