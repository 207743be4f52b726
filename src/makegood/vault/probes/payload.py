"""Probes as the payload of one entry of the log: small, and quick to write and to read."""

from __future__ import annotations

from typing import cast

import pyarrow as pa

from makegood.vault.probes.columns import ProbeColumns, check_codes
from makegood.vault.probes.names import names_bytes, names_of

_FIELDS = [
    pa.field("series", pa.int32(), nullable=False),
    pa.field("at", pa.int64(), nullable=False),
    pa.field("status", pa.uint8(), nullable=False),
    pa.field("value", pa.int64(), nullable=False),
]
_NAMES = b"series"


def payload_bytes(columns: ProbeColumns) -> bytes:
    """Return probes in the form of an Arrow stream, without ``sequence``, which the log knows of the whole entry."""
    schema = pa.schema(_FIELDS, metadata={_NAMES: names_bytes(columns.names)})
    arrays = [pa.array(each) for each in (columns.series, columns.at, columns.status, columns.value)]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return cast("bytes", sink.getvalue().to_pybytes())


def payload_columns(content: bytes) -> ProbeColumns:
    """Return the probes of a payload.

    :raises ValueError: if these bytes are not a payload of probes
    """
    try:
        with pa.ipc.open_stream(content) as stream:
            batch = stream.read_next_batch()
            batch.validate(full=True)
    except (pa.ArrowException, OSError, StopIteration) as error:
        raise ValueError(f"it is not an Arrow stream: {error}") from None
    if list(batch.schema) != _FIELDS or _NAMES not in (batch.schema.metadata or {}):
        raise ValueError("it does not have the columns of probes")
    columns = ProbeColumns(
        names_of(batch.schema.metadata[_NAMES]),
        *(batch.column(each.name).to_numpy(zero_copy_only=True) for each in _FIELDS),
    )
    check_codes(columns.names, columns.series, columns.status)
    return columns
