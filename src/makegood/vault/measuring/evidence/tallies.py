"""Tallies in bulk: events that only add up are added up column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from makegood.engine.evidence.records import AnyRecord, Tally
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.reduced import MOST_ADDED
from makegood.vault.measuring.evidence.kept import Form
from makegood.vault.measuring.evidence.tables import table_of
from makegood.vault.measuring.evidence.time import ExcludedTime, cells_of
from makegood.vault.probes.columns import Column
from makegood.vault.segment import parquet_bytes, records_table, table_records

_KEYS = ("cell", "of", "result", "subject", "incident", "labels")
_FIRST = ("source", "source_id", "observed_at", "recorded_at", "start")


@dataclass(frozen=True, slots=True)
class TallySums:
    """How tallies are reduced: what is asked, and the time of exclusions."""

    asked: Asked
    excluded: ExcludedTime

    def summed(self, table: pa.Table) -> pa.Table:
        """Return the tallies of a table, those that only add up taken together.

        Each has a ``cell``, which of the agreement's questions ask for it, and a number of ``rows`` that it stands for;
        this is 0 for those that are taken together with no other.
        """
        wanted = self._wanted(table)
        adds = self._adds_up(wanted)
        alone, sums = wanted.filter(pc.invert(adds)), _summed(self._with_cells(wanted.filter(adds)))
        nothing = pa.array(np.zeros(alone.num_rows, np.int64))
        alone = alone.append_column("cell", nothing).append_column("rows", nothing)
        return pa.concat_tables([sums, alone.select(sums.column_names)]).combine_chunks()

    def _wanted(self, table: pa.Table) -> pa.Table:
        """Return the rows that any measure looks at."""
        names = pa.array([*self.asked.results, *self.asked.whole], pa.string())
        return table.filter(pc.is_in(table.column("of"), value_set=names)).combine_chunks()

    def _adds_up(self, table: pa.Table) -> pa.Array:
        """Return which rows only add up."""
        found = np.zeros(table.num_rows, np.bool_)
        for of, result, rows in _pairs(table):
            found[rows] = self.asked.adds_up(of, result)
        found &= ~self.excluded.covers(_seconds(table))
        return pa.array(found & (table.column("count").to_numpy() <= MOST_ADDED))

    def _with_cells(self, table: pa.Table) -> pa.Table:
        """Return the rows with the cell of the questions that they lie in, each standing for itself."""
        cell, at = np.zeros(table.num_rows, np.int64), _seconds(table)
        for of, _, rows in _pairs(table):
            cell[rows] = cells_of(at[rows], self.asked.cuts.get(of, ()))
        return table.append_column("cell", pa.array(cell)).append_column("rows", pa.array(np.ones_like(cell)))


def merged(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the tallies of some tables that were summed up, taken together."""
    every = pa.concat_tables([*parts, _NOTHING])
    sums, alone = every.filter(pc.field("rows") > 0), every.filter(pc.field("rows") == 0)
    return pa.concat_tables([_summed(sums), alone]).combine_chunks()


def tallies(table: pa.Table) -> list[AnyRecord]:
    """Return the records that tallies which were summed up mean."""
    return table_records(Tally.kind, _named(table))


def _pairs(table: pa.Table) -> Sequence[tuple[str, str, Column]]:
    """Return every name of events with every result that it has, and the rows of both."""
    of, result = (table.column(name).combine_chunks().dictionary_encode() for name in ("of", "result"))
    if not table.num_rows:
        return []
    both = of.indices.to_numpy().astype(np.int64) * len(result.dictionary) + result.indices.to_numpy()
    found = (divmod(int(code), len(result.dictionary)) for code in np.unique(both))
    return [
        (of.dictionary[one].as_py(), result.dictionary[other].as_py(), both == one * len(result.dictionary) + other)
        for one, other in found
    ]


def _seconds(table: pa.Table) -> Column:
    milliseconds: Column = table.column("start").cast(pa.int64()).to_numpy()
    return milliseconds // 1000


def _summed(table: pa.Table) -> pa.Table:
    """Return one row for all that have the same key: the first of them in time, with the number of all."""
    ordered = table.sort_by([("start", "ascending"), ("source", "ascending"), ("source_id", "ascending")])
    wanted = [*((name, "first") for name in _FIRST), ("end", "max"), ("count", "sum"), ("rows", "sum")]
    summed = ordered.group_by(_KEYS, use_threads=False).aggregate(wanted)
    return summed.rename_columns(
        [name.removesuffix("_first").removesuffix("_max").removesuffix("_sum") for name in summed.column_names]
    )


def _named(table: pa.Table) -> pa.Table:
    """Return the rows under the names of records that stand for several."""
    rows = table.column("rows")
    several = pc.greater(rows, 1)
    more = pc.binary_join_element_wise(table.column("source_id"), pc.cast(pc.subtract(rows, 1), pa.string()), "+")
    observed = table.column("observed_at")
    named = table.set_column(
        table.column_names.index("source_id"), "source_id", pc.if_else(several, more, table.column("source_id"))
    )
    nothing = pa.nulls(table.num_rows, observed.type)
    return named.set_column(
        named.column_names.index("observed_at"), "observed_at", pc.if_else(several, nothing, observed)
    ).combine_chunks()


_NOTHING: Final = TallySums(Asked(), ExcludedTime.of(())).summed(
    records_table(Tally.kind, [], [], []).select([entry.name for entry in fields(Tally)])
)

TALLIES: Final = Form(table_of, parquet_bytes, len)
