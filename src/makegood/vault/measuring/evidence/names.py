"""Names of records that probes mean, and of those that stand for several."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.engine.vocabulary.times import show_instant
from makegood.vault.probes.columns import Column, ProbeColumns, instant_of


def state_id(series: Series, at: int) -> str:
    """Return the identifier of the state that a probe means."""
    return f"{series.subject}@{show_instant(instant_of(at))}"


def named(identifier: str, count: int) -> str:
    """Return the identifier of a record that stands for so many, of which the first has this identifier."""
    return f"{identifier}+{count - 1}" if count > 1 else identifier


def ranks(keys: Sequence[Hashable]) -> Column:
    """Return for each key its place among the different ones, in order (int64)."""
    places = {key: place for place, key in enumerate(sorted(set(keys)))}  # type: ignore[type-var]  # all of one type
    return np.array([places[key] for key in keys], np.int64)


def without(withdrawn: Collection[str], columns: ProbeColumns, ending: str = "") -> ProbeColumns:
    """Return the probes whose records, with this ending of their identifier, are not withdrawn."""
    starts = {f"{each.origin}#{each.subject}" for each in columns.names}
    if not any(each.rpartition("@")[0] in starts for each in withdrawn):
        return columns
    rows = zip(columns.series.tolist(), columns.at.tolist(), strict=True)
    ids = (f"{columns.names[series].origin}#{state_id(columns.names[series], at)}{ending}" for series, at in rows)
    return columns.chosen(np.fromiter((each not in withdrawn for each in ids), np.bool_, len(columns)))
