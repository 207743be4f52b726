"""Columns as the bytes of a Parquet file, and the table of series beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.engine.evidence.probes import Series
from makegood.vault.probes.names import names_bytes, names_of

ROWS_IN_GROUP: Final = 500_000

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
        writer.add_key_value_metadata({_NAMES: names_bytes(names)})
        writer.add_key_value_metadata(dict(more))
    return cast("bytes", sink.getvalue().to_pybytes())


def names_in(file: pq.ParquetFile) -> tuple[Series, ...]:
    """Return the table of series of a file.

    :raises ValueError: if it has none
    """
    lines = (file.metadata.metadata or {}).get(_NAMES)
    if lines is None:
        raise ValueError("it has no table of series")
    return names_of(lines)
