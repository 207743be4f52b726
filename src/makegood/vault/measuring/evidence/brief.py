"""Transitions in brief: what the clocks of cases follow from, as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa

from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, from_states
from makegood.vault.probes.columns import Column

BRIEF: Final = ("of", "case", "state", "priority", "source", "at")
"""The columns of transitions that are needed."""

_TEXTS: Final = BRIEF[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class BriefTransitions:
    """Of each transition its kind of case, its case, state, priority and source, as indexes (int32) into their texts.

    Unit: ``at`` are seconds since 1970 in UTC (int64); ``part`` is the number of the table that had it (int32).
    """

    texts: dict[str, pa.Array]
    indexes: dict[str, Column]
    at: Column
    part: Column

    @classmethod
    def joined(cls, tables: Iterable[pa.Table]) -> Self:
        """Return the transitions of some tables; in each they stand by source, time and identifier."""
        parts = [_numbered(each) for each in tables]
        if not parts:
            return cls({}, {}, np.empty(0, np.int64), np.empty(0, np.int32))
        table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
        columns = {name: table.column(name).chunk(0) if table.num_rows else _nothing() for name in _TEXTS}
        return cls(
            {name: column.dictionary for name, column in columns.items()},
            {name: column.indices.to_numpy() for name, column in columns.items()},
            table.column("at").to_numpy(),
            np.repeat(np.arange(len(parts), dtype=np.int32), [each.num_rows for each in parts]),
        )

    @property
    def kinds(self) -> set[str]:
        return set(self.texts["of"].to_pylist()) if self.texts else set()

    def changes(self, kind: str) -> tuple[TransitionColumns, Column]:
        """Return the changes of cases of a kind, by the number of the case, and of which cases the order is unclear.

        The second array (bool) has one for each case: two transitions of one instant that were not read one after the
        other can be told apart by their identifiers only.
        """
        rows = np.flatnonzero(self.indexes["of"] == self.texts["of"].to_pylist().index(kind))
        case, at = self.indexes["case"][rows], self.at[rows]
        order = np.lexsort((at, case))
        rows, case, at = rows[order], case[order], at[order]
        at_once = (case[1:] == case[:-1]) & (at[1:] == at[:-1])
        elsewhere = [column[rows[1:]] != column[rows[:-1]] for column in (self.indexes["source"], self.part)]
        unclear = np.zeros(len(self.texts["case"]), np.bool_)
        unclear[case[1:][at_once & np.any(elsewhere, axis=0)]] = True
        # That no priority was named stands at the first place, whether or not it occurs.
        named = self.texts["priority"].to_pylist()
        priorities = ["", *(each for each in named if each)]
        places = np.array([priorities.index(each) for each in named], np.int32)
        priority = places[self.indexes["priority"][rows]]
        states = StateColumns(
            self.texts["state"].to_pylist(), priorities, case, at, self.indexes["state"][rows], priority
        )
        return from_states(states), unclear


def _numbered(table: pa.Table) -> pa.Table:
    """Return the columns that are needed, texts as indexes."""
    columns = {name: table.column(name).combine_chunks().dictionary_encode() for name in _TEXTS}
    return pa.table(columns).append_column("at", [table.column("at").cast(pa.int64()).to_numpy() // 1000])


def _nothing() -> pa.DictionaryArray:
    return pa.array([], pa.string()).dictionary_encode()
