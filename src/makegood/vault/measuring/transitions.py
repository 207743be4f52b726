"""The clock form of transitions as a Parquet file: what lies beside their segments, and what clocks are summed from.

It has a row a transition, by case and in each by time: the number of the ``case``, the number of its ``change``, the
instant ``at`` in seconds since 1970, and the ``sequence`` of the entry by which it came. The changes stand in the
metadata of the file, as JSON. The same transitions give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, Self, cast

import pyarrow as pa
import pyarrow.parquet as pq

from makegood.vault.measuring.clocks.columns import Change, TransitionColumns
from makegood.vault.segment import ROWS_IN_GROUP

CHANGES: Final = b"makegood.changes"

_COLUMNS = {"case": pa.int32(), "change": pa.int32(), "at": pa.int64()}
_SEQUENCE = "sequence"
_ROWS_AT_ONCE = 65_536


def transition_bytes(rows: TransitionColumns) -> bytes:
    """Return the file of transitions; their order is kept."""
    named = {"case": rows.case, "change": rows.change, "at": rows.at}
    if rows.sequence is not None:
        named[_SEQUENCE] = rows.sequence
    changes = json.dumps([astuple(each) for each in rows.changes], ensure_ascii=False, separators=(",", ":"))
    table = pa.table(named).cast(_schema(with_sequence=rows.sequence is not None))
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata({CHANGES: changes}),
        sink,
        compression="zstd",
        compression_level=3,
        row_group_size=ROWS_IN_GROUP,
        use_dictionary=["change"],  # few ways of changing, in long runs of the same bits
        column_encoding={name: "DELTA_BINARY_PACKED" for name in named if name != "change"},
    )
    return cast("bytes", sink.getvalue().to_pybytes())


@dataclass(frozen=True, slots=True, eq=False)
class TransitionFile:
    """A file of transitions, open to be read part by part."""

    changes: tuple[Change, ...]
    _file: pq.ParquetFile

    @classmethod
    def open(cls, source: Path | bytes) -> Self:
        """Return the file, of which only what it says about itself was read.

        Whether its bytes are those that were written is for the digest in the manifest to say.

        :raises ValueError: if it is not such a file
        """
        with _refusing("it is not a file of transitions"):
            file = pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source)
            schema = file.schema_arrow
            if schema not in (_schema(with_sequence=True), _schema(with_sequence=False)):
                raise ValueError("it has other columns")
            changes = tuple(_change(*each) for each in json.loads((schema.metadata or {})[CHANGES]))
        return cls(changes, file)

    def __len__(self) -> int:
        return cast("int", self._file.metadata.num_rows)

    def parts(self, *, with_sequence: bool = False) -> Iterator[TransitionColumns]:
        """Yield the rows in order, so many at a time as stay in the cache until they are summed.

        :raises ValueError: if the file is damaged, or has no ``sequence`` and it is asked for
        """
        if with_sequence and _SEQUENCE not in self._file.schema_arrow.names:
            raise ValueError("the file of transitions does not say by which entries they came")
        wanted = [*_COLUMNS, _SEQUENCE] if with_sequence else [*_COLUMNS]
        with _refusing("the file of transitions is damaged"):
            for batch in self._batches(wanted):
                yield TransitionColumns(self.changes, *(batch.column(name).to_numpy() for name in wanted))

    def _batches(self, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        """Yield the rows group by group: of groups that are asked for together all are kept until the last was read."""
        for group in range(self._file.num_row_groups):
            yield from self._file.iter_batches(_ROWS_AT_ONCE, row_groups=[group], columns=wanted, use_threads=False)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Say of any error about what stands in a file that it is the file's; a disk that fails is another matter."""
    try:
        yield
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ValueError(f"{what}: {error}") from None


def _schema(*, with_sequence: bool) -> pa.Schema:
    named = {**_COLUMNS, _SEQUENCE: pa.int64()} if with_sequence else _COLUMNS
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in named.items()])


def _change(before: str, after: str, seen: list[str], tied: bool, had: str, priority: str) -> Change:
    return Change(before, after, tuple(seen), tied, had, priority)
