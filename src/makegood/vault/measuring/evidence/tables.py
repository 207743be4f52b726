"""Records as tables: those of one kind, part by part, without what corrections withdraw."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from makegood.engine.evidence.records import KINDS
from makegood.vault.contents import Contents
from makegood.vault.entry import Form
from makegood.vault.manifest import Segment
from makegood.vault.segment import SEQUENCE, records_table, until_entry

_IDENTITY = ("source", "source_id")


def sealed_rows(
    contents: Contents,
    segment: Segment,
    until: int,
    withdrawn: Collection[str],
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Return the records of a segment up to an entry, with a column for each of their fields, or some of these.

    :raises VaultDamaged: if the segment is not what was sealed
    """
    wanted = [entry.name for entry in fields(KINDS[segment.kind])] if columns is None else columns
    more = [*(_IDENTITY if withdrawn else ()), *([SEQUENCE] if segment.last > until else [])]
    rows = contents.table(segment, [*dict.fromkeys([*wanted, *more])])
    return without(until_entry(rows, until if segment.last > until else None), withdrawn).select(wanted)


def logged_rows(contents: Contents, kind: str, until: int, withdrawn: Collection[str]) -> Iterator[pa.Table]:
    """Yield the records of a kind that lie in the log, entry by entry, with a column for each of their fields.

    :raises VaultDamaged: if an entry of the log is not what was accepted
    """
    columns = [entry.name for entry in fields(KINDS[kind])]
    for file, frame in contents.frames:
        if frame.entry.form is Form.RECORDS and frame.entry.sequence <= until:
            found = [each for each in contents.logged_records(file, frame) if each[0].kind == kind]
            records, digests = [record for record, _ in found], [digest for _, digest in found]
            yield without(records_table(kind, records, digests, [0] * len(found)).select(columns), withdrawn)


def without(table: pa.Table, withdrawn: Collection[str]) -> pa.Table:
    """Return the rows whose records, by source and identifier, are not withdrawn."""
    if not withdrawn:
        return table
    ids = pc.binary_join_element_wise(table.column("source"), table.column("source_id"), "#")
    return table.filter(pc.invert(pc.is_in(ids, value_set=pa.array(sorted(withdrawn), pa.string())))).combine_chunks()


def table_of(content: bytes) -> pa.Table:
    """Return the table of a file that ``segment.parquet_bytes`` made of any table."""
    return pq.read_table(pa.BufferReader(content)).combine_chunks()
