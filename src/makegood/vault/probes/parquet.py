"""Columns as the bytes of a Parquet file, and in its metadata the table of series: lines of JSON, packed by zlib."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.evidence.probes import Series
from makegood.vault.probes.names import names_bytes, names_of

ROWS_IN_GROUP: Final = 500_000
LONGEST_TABLE: Final = 2**28
"""Bytes: a longer table of series was made to fill the memory of who reads it."""

_NAMES = b"series"


def parquet_bytes(
    table: pa.Table, names: Sequence[Series], encodings: Mapping[str, str], more: Mapping[str, str]
) -> bytes:
    """Return the file of a table with its table of series; what has no encoding named has a dictionary."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in table.column_names if name not in encodings],
        column_encoding=dict(encodings),
        store_schema=False,  # it tells nothing that we do not know
    ) as writer:
        writer.write_table(table, ROWS_IN_GROUP)
        writer.add_key_value_metadata({_NAMES: b64encode(zlib.compress(names_bytes(names)))})
        writer.add_key_value_metadata(dict(more))
    return cast("bytes", sink.getvalue().to_pybytes())


def names_in(file: pq.ParquetFile) -> tuple[Series, ...]:
    """Return the table of series of a file.

    :raises ValueError: if it has none
    """
    packed = (file.metadata.metadata or {}).get(_NAMES)
    if packed is None:
        raise ValueError("it has no table of series")
    return _unpacked(packed)


@lru_cache(4)  # days of the same partition mostly have the same table
def _unpacked(packed: bytes) -> tuple[Series, ...]:
    stream = zlib.decompressobj()
    try:
        lines = stream.decompress(b64decode(packed, validate=True), LONGEST_TABLE)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"its table of series cannot be read: {error}") from None
    if not stream.eof:
        raise ValueError("its table of series is cut off, or longer than any")
    return names_of(lines)
