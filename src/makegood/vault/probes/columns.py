"""Probes as columns: what the vault stores, and what kernels read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from makegood.engine.evidence.probes import MICRO, STATUSES, Probe, Series
from makegood.engine.vocabulary.ratio import Ratio

NO_VALUE: Final = -(2**63)

Column = npt.NDArray[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CODES = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True, eq=False)
class ProbeColumns:
    """Many probes: of each its ``series`` as an index into the sorted ``names``, and what it found.

    Unit: ``at`` are seconds since 1970 in UTC (int64), ``status`` the index into ``STATUSES`` (uint8), ``value``
        millionths of the series' unit (int64) or ``NO_VALUE``; ``series`` is int32. ``sequence`` is the number of the
        entry by which each came (int64), None for probes that no vault has accepted yet.
    """

    names: tuple[Series, ...]
    series: Column
    at: Column
    status: Column
    value: Column
    sequence: Column | None = None

    @classmethod
    def of(cls, probes: Iterable[Probe]) -> Self:
        """Return probes as columns, in canonical order: by series, then by instant."""
        return cls.listed(probes).sorted()

    @classmethod
    def listed(cls, probes: Iterable[Probe]) -> Self:
        """Return probes as columns, in the order in which they come."""
        found = list(probes)
        names = tuple(sorted({each.series for each in found}))
        index = {name: number for number, name in enumerate(names)}
        values = (NO_VALUE if (value := each.micro) is None else value for each in found)
        return cls(
            names,
            np.array([index[each.series] for each in found], np.int32),
            np.array([second_of(each.at) for each in found], np.int64),
            np.array([_CODES[each.status] for each in found], np.uint8),
            np.fromiter(values, np.int64, len(found)),
        )

    def __len__(self) -> int:
        return len(self.at)

    def sorted(self) -> Self:
        """Return the same rows in canonical order; those of the same series and instant stay as they come."""
        order = self.order()
        return self if order is None else self.chosen(order)

    def order(self) -> Column | None:
        """Return where the rows are in canonical order; None if they are in it already."""
        if not len(self):
            return None
        first = self.at.min()
        key = self.series * (self.at.max() - first + 1) + (self.at - first)
        return None if (key[1:] > key[:-1]).all() else np.argsort(key, kind="stable")

    def chosen(self, rows: Column | slice | Sequence[int]) -> Self:
        """Return the rows that a mask, a slice or positions name, without the series that no row needs any more."""
        names, series = used_names(self.names, self.series[rows])
        return type(self)(
            names,
            series,
            self.at[rows],
            self.status[rows],
            self.value[rows],
            None if self.sequence is None else self.sequence[rows],
        )

    def probes(self) -> Sequence[Probe]:
        """Return the probes one by one: for tests and for what is small."""
        rows = zip(self.series.tolist(), self.at.tolist(), self.status.tolist(), self.value.tolist(), strict=True)
        return [
            Probe(
                self.names[series],
                instant_of(at),
                STATUSES[status],
                None if value == NO_VALUE else Ratio(value, MICRO),
            )
            for series, at, status, value in rows
        ]


def joined(parts: Sequence[ProbeColumns]) -> ProbeColumns:
    """Return the rows of all parts in canonical order; ``sequence`` is kept if every part has one."""
    names, places = in_one_table([part.names for part in parts])
    sequences = [part.sequence for part in parts if part.sequence is not None]
    return ProbeColumns(
        names,
        end_to_end([place[part.series] for place, part in zip(places, parts, strict=True)], np.int32),
        end_to_end([part.at for part in parts], np.int64),
        end_to_end([part.status for part in parts], np.uint8),
        end_to_end([part.value for part in parts], np.int64),
        end_to_end(sequences, np.int64) if len(sequences) == len(parts) else None,
    ).sorted()


def in_one_table(tables: Sequence[tuple[Series, ...]]) -> tuple[tuple[Series, ...], list[Column]]:
    """Return one table of all series of some tables, all sorted, and of each where its series are in it (int32)."""
    distinct = {id(table): table for table in tables}  # mostly it is the same one, day after day
    if len(distinct) == 1:
        return tables[0], [np.arange(len(tables[0]), dtype=np.int32)] * len(tables)
    names = tuple(sorted({name for table in distinct.values() for name in table}))
    index = {name: number for number, name in enumerate(names)}
    places = {key: np.array([index[name] for name in table], np.int32) for key, table in distinct.items()}
    return names, [places[id(table)] for table in tables]


def used_names(names: tuple[Series, ...], series: Column) -> tuple[tuple[Series, ...], Column]:
    """Return the series that rows point to, without those that none does, and where the rows point to now."""
    used = np.zeros(len(names), np.bool_)
    used[series] = True
    kept = names if used.all() else tuple(name for name, is_used in zip(names, used.tolist(), strict=True) if is_used)
    return kept, (np.cumsum(used, dtype=np.int32) - np.int32(1))[series]


def end_to_end(columns: Sequence[Column], of: type[np.generic]) -> Column:
    """Return columns as one, which may be empty."""
    return np.concatenate([np.empty(0, of), *columns])


def check_codes(names: tuple[Series, ...], series: Column, status: Column) -> None:
    """Check that every row has a series and a status.

    :raises ValueError: if one has not
    """
    if series.min(initial=0) < 0 or series.max(initial=-1) >= len(names):
        raise ValueError("it has a row of a series that its table does not have")
    if status.max(initial=0) >= len(STATUSES):
        raise ValueError("it has a row with a status that there is not")


def second_of(moment: datetime) -> int:
    """Return the seconds since 1970 of a moment in UTC."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def instant_of(second: int) -> datetime:
    """Return the moment, in UTC, so many seconds after 1970."""
    return _EPOCH + timedelta(seconds=second)
