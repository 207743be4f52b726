"""Probes to test with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from makegood.engine.evidence.probes import MICRO, STATUSES, Probe, Series
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.probes.columns import ProbeColumns, instant_of

NOON = 1_772_452_800  # 2026-03-02 12:00 UTC
WEB = Series("monitoring", "web-1", "http", "response-time", "ms", (("site", "Köln"),))
SHOP = Series("monitoring", "shop", "http", "response-time", "ms")
PING = Series("monitoring", "shop", "ping", "delay", "s")
OTHER = Series("watcher", "shop", "http", "load")
SERIES = (SHOP, PING, WEB, OTHER)


def probe(second: int, status: Status = Status.UP, micro: int | None = None, series: Series = WEB) -> Probe:
    """Return the probe of a series so many seconds after noon, with a value in millionths."""
    return Probe(series, instant_of(NOON + second), status, None if micro is None else Ratio(micro, MICRO))


def up_at(*seconds: int, series: Series = WEB) -> list[Probe]:
    """Return probes that found a series up, so many seconds after noon."""
    return [probe(second, series=series) for second in seconds]


def accepted(probes: Sequence[Probe], *sequence: int) -> ProbeColumns:
    """Return probes in canonical order, with the number of the entry by which each came."""
    return replace(ProbeColumns.of(probes), sequence=np.array(sequence, np.int64))


def same(one: ProbeColumns, other: ProbeColumns) -> bool:
    """Tell whether columns are equal, row by row."""
    return one.probes() == other.probes() and _listed(one) == _listed(other)


def _listed(columns: ProbeColumns) -> list[int] | None:
    return None if columns.sequence is None else columns.sequence.tolist()


def probes(seconds: int = 600, largest: int = 2**63 - 1) -> st.SearchStrategy[list[Probe]]:
    """Return a strategy for probes of some series, each series and instant once."""
    keys = st.tuples(st.sampled_from(SERIES), st.integers(0, seconds - 1))
    found = st.tuples(st.sampled_from(STATUSES), st.none() | st.integers(-largest, largest))
    return st.dictionaries(keys, found, max_size=60).map(
        lambda drawn: [probe(second, *rest, series) for (series, second), rest in drawn.items()]
    )
