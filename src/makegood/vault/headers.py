"""Headers of entries that left the log, as the bytes of a Parquet file, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from makegood.vault.entry import Entry, Form
from makegood.vault.segment import HASH, INSTANT, parquet_bytes, parquet_table

_SCHEMA = pa.schema(
    [
        pa.field("sequence", pa.int64()),
        pa.field("recorded_at", INSTANT),
        pa.field("form", pa.string()),
        pa.field("rows", pa.int64()),
        pa.field("sources", pa.string()),
        pa.field("first_at", INSTANT),
        pa.field("last_at", INSTANT),
        pa.field("content", HASH),
        pa.field("previous", HASH),
    ]
)


def headers_bytes(entries: Sequence[Entry]) -> bytes:
    """Return the Parquet file of the headers of entries, in order; the same headers give the same bytes."""
    columns = {name: [getattr(entry, name) for entry in entries] for name in _SCHEMA.names}
    columns["sources"] = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in columns["sources"]]
    for name in ("content", "previous"):
        columns[name] = [*map(bytes.fromhex, columns[name])]
    return parquet_bytes(pa.table(columns, schema=_SCHEMA))


def headers_of(content: bytes) -> list[Entry]:
    """Return the headers of a file.

    :raises ValueError: if these bytes are not a file of headers
    """
    rows = parquet_table(content, _SCHEMA).to_pylist()
    try:
        return [
            Entry(
                **{
                    **row,
                    "form": Form(row["form"]),
                    "sources": tuple(json.loads(row["sources"])),
                    "content": row["content"].hex(),
                    "previous": row["previous"].hex(),
                }
            )
            for row in rows
        ]
    except (TypeError, AttributeError) as error:
        raise ValueError(f"it holds what is no header: {error!r}") from None
