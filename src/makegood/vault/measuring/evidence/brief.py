"""Transitions in brief: what the clocks of cases follow from, as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, from_states
from makegood.vault.probes.columns import Column, instant_of

BRIEF: Final = ("of", "case", "state", "priority", "source", "at")
"""The columns of transitions that are needed."""

_TEXTS: Final = ("of", "case", "state", "priority")
_INDEX: Final = pa.dictionary(pa.int32(), pa.string())
_SCHEMA: Final = pa.schema([*((name, _INDEX) for name in _TEXTS), ("at", pa.int64()), ("part", pa.int32())])


@dataclass(frozen=True, slots=True, eq=False)
class BriefTransitions:
    """Of each transition its kind of case, its case, state and priority, as indexes (int32) into their texts.

    Unit: ``at`` are seconds since 1970 in UTC (int64); those of the same ``part`` (int32) are of one source, and stood
        one after the other.
    """

    table: pa.Table

    @classmethod
    def joined(cls, tables: Iterable[pa.Table], first: int = 0) -> Self:
        """Return the transitions of some tables, their parts numbered from the ``first``.

        In each they stand by source, time and identifier.
        """
        every = [_SCHEMA.empty_table()]
        for table in tables:
            source = table.column("source").combine_chunks().dictionary_encode()
            every.append(_numbered(table, source.indices.to_numpy() + np.int32(first)))
            first += len(source.dictionary)
        return cls(pa.concat_tables(every))

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return the transitions that were ``written``."""
        with pa.ipc.open_file(pa.BufferReader(content)) as file:
            return cls(file.read_all())

    def written(self) -> bytes:
        """Return the transitions as bytes: an Arrow file."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, _SCHEMA, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
            file.write_table(self.table.unify_dictionaries().combine_chunks())
        return cast("bytes", sink.getvalue().to_pybytes())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def kinds(self) -> set[str]:
        """The kinds of case that there are transitions of."""
        return {name for each in self.table.column("of").chunks for name in each.unique().to_pylist()}

    @property
    def next_part(self) -> int:
        """The number of the part that would come next."""
        return (pc.max(self.table.column("part")).as_py() or 0) + 1

    def followed_by(self, *others: Self) -> Self:
        """Return these transitions and others."""
        return type(self)(pa.concat_tables([self.table, *(each.table for each in others)]))

    def of_kind(self, kind: str, cases: pa.Array | None = None) -> Self:
        """Return the transitions of a kind of case; of some cases, if they are named."""
        return type(self)(pa.Table.from_batches([*self._of_kind(kind, cases)], _SCHEMA))

    def cases(self) -> pa.Array:
        """Return the names of the cases, each once."""
        return self.table.column("case").unique().cast(pa.string())

    def span(self) -> tuple[datetime, datetime]:
        """Return when the first and the last of them were."""
        at = self.table.column("at").to_numpy()
        return instant_of(int(at.min())), instant_of(int(at.max()))

    def changes(self) -> tuple[pa.Array, TransitionColumns, Column]:
        """Return the names of the cases and their changes by the number of the name, as if all were of one kind.

        The third array (bool) says of which cases the order is unclear: two transitions of one instant that were not
        read one after the other can be told apart by their identifiers only.
        """
        table = self.table.unify_dictionaries().combine_chunks()
        texts = {name: table.column(name).chunk(0) for name in _TEXTS}
        index = {name: column.indices.to_numpy() for name, column in texts.items()}
        numbers, case = _renumbered(index["case"], len(texts["case"].dictionary))
        at = table.column("at").to_numpy()
        rows = np.lexsort((at, case))
        case, at = case[rows], at[rows]
        at_once = (case[1:] == case[:-1]) & (at[1:] == at[:-1])
        part = table.column("part").to_numpy()[rows]
        unclear = np.zeros(len(numbers), np.bool_)
        unclear[case[1:][at_once & (part[1:] != part[:-1])]] = True
        # That no priority was named stands at the first place, whether or not it occurs.
        named = texts["priority"].dictionary.to_pylist()
        priorities = ["", *(each for each in named if each)]
        places = np.array([priorities.index(each) for each in named], np.int32)
        states = StateColumns(
            texts["state"].dictionary.to_pylist(),
            priorities,
            case,
            at,
            index["state"][rows],
            places[index["priority"][rows]],
        )
        return texts["case"].dictionary.take(pa.array(numbers)), from_states(states), unclear

    def _of_kind(self, kind: str, cases: pa.Array | None) -> Iterator[pa.RecordBatch]:
        wanted = [("of", pa.array([kind])), *([] if cases is None else [("case", cases)])]
        for batch in self.table.to_batches():
            chosen = np.ones(batch.num_rows, np.bool_)
            for name, values in wanted:
                column = batch.column(name)
                among = pc.is_in(column.dictionary, value_set=values).to_numpy(zero_copy_only=False)
                chosen &= among[column.indices.to_numpy()]
            if chosen.all():
                yield batch
            elif chosen.any():
                yield batch.take(pa.array(np.flatnonzero(chosen)))


def _renumbered(index: Column, names: int) -> tuple[Column, Column]:
    """Return which of the names occur, and by the number among these the name of each row."""
    occurs = np.zeros(names, np.bool_)
    occurs[index] = True
    places = np.cumsum(occurs, dtype=np.int32) - 1
    return np.flatnonzero(occurs), places[index]


def _numbered(table: pa.Table, part: Column) -> pa.Table:
    """Return the columns that are needed, texts as indexes."""
    columns = [table.column(name).combine_chunks().dictionary_encode() for name in _TEXTS]
    at = table.column("at").cast(pa.int64()).to_numpy() // 1000
    return pa.Table.from_arrays([*columns, pa.array(at), pa.array(part)], schema=_SCHEMA)
