"""What the law says of the status of series, probe by probe."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from makegood.engine.agreement.measures.quantile import Method
from makegood.engine.evidence.probes import MICRO, STATUSES, Probe, Series
from makegood.engine.evidence.records import State, Status
from makegood.engine.judging.quantile import quantile
from makegood.engine.judging.timeline import held
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, difference, intersection
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.part import StatusFigures
from makegood.vault.measuring.status.plan import Quantile, StatusPlan, Windows
from makegood.vault.probes.columns import NO_VALUE, Column, instant_of, second_of
from tests.vault.probes.probing import NOON, SERIES

SECONDS = 600
ALL = Ratio(1)

Row = tuple[list[int], list[int], int, int, int]
"""Of a series: probes and seconds by status, windows, bad windows, and the quantile in millionths."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of some series; instants are in seconds since noon, excluded are (series, start, end)."""

    names: tuple[Series, ...] = SERIES
    agreed: Sequence[tuple[int, int]] = ((0, SECONDS),)
    excluded: Sequence[tuple[int, int, int]] = ()
    after: int | None = None
    share: Ratio | None = None
    every: int | None = None
    level: Ratio = ALL
    good: frozenset[Status] = frozenset({Status.UP})

    def plan(self, probes: Sequence[Probe], *, spare: int = 0) -> StatusPlan:
        """Return this as arrays; of each series, at most so many more values are expected than there are."""
        counts = Counter(each.series for each in probes if each.value is not None)
        starts, ends = NOON + columns(self.agreed, 2)
        series, since, until = columns(self.excluded, 3)
        quantile_, windows = None, None
        if self.share is not None:
            quantile_ = Quantile(share=self.share, most=np.array([counts[name] + spare for name in self.names]))
        if self.every is not None:
            windows = Windows(start=NOON, every=self.every, level=self.level, good=self.good)
        counting = Counting.of(len(self.names), (starts, ends), (series, NOON + since, NOON + until))
        return StatusPlan(names=self.names, counting=counting, after=self.after, quantile=quantile_, windows=windows)

    def counting(self, number: int) -> tuple[Interval, ...]:
        """Return the counting time of a series."""
        excluded = [stretch(start, end) for series, start, end in self.excluded if series == number]
        return difference([stretch(*each) for each in self.agreed], excluded)


def asked() -> st.SearchStrategy[Asked]:
    """Return a strategy for what may be asked of all series but one."""
    ends = st.tuples(st.integers(0, SECONDS), st.integers(0, SECONDS)).map(lambda two: (min(two), max(two)))
    excluded = st.tuples(st.integers(0, 2), ends).map(lambda drawn: (drawn[0], *drawn[1]))
    shares = st.sampled_from([Ratio(0), Ratio(1, 3), Ratio(1, 2), Ratio(95, 100), Ratio(1)])
    return st.builds(
        Asked,
        names=st.just((*SERIES[:2], SERIES[3])),
        agreed=st.lists(ends, max_size=4),
        excluded=st.lists(excluded, max_size=8),
        after=st.none() | st.integers(0, 200),
        share=st.none() | shares,
        every=st.none() | st.integers(1, 200),
        level=shares,
        good=st.frozensets(st.sampled_from(STATUSES)),
    )


def law(asked: Asked, probes: Sequence[Probe]) -> list[Row]:
    """Return what the law says of each series."""
    found = []
    for number, name in enumerate(asked.names):
        own = sorted((each for each in probes if each.series == name), key=lambda each: each.at)
        counting = asked.counting(number)
        counted = [each for each in own if any(stretch.contains(each.at) for stretch in counting)]
        by_status = Counter(each.status for each in counted)
        seconds = _seconds(asked, own, counting)
        found.append(
            (
                [by_status[status] for status in STATUSES],
                [seconds[status] for status in STATUSES],
                *_windows(asked, counted),
                _quantile(asked, counted),
            )
        )
    return found


def rows(figures: StatusFigures) -> list[Row]:
    """Return the figures of each series."""
    found = (figures.probes, figures.seconds, figures.windows, figures.bad, figures.quantile)
    return list(zip(*(column.tolist() for column in found), strict=True))


def stretch(start: int, end: int) -> Interval:
    """Return the time between two seconds after noon."""
    return Interval(instant_of(NOON + start), instant_of(NOON + end))


def columns(rows: Sequence[tuple[int, ...]], width: int) -> Column:
    """Return rows as columns, which may be empty."""
    return np.array(rows, np.int64).reshape(len(rows), width).T


def _seconds(asked: Asked, probes: list[Probe], counting: tuple[Interval, ...]) -> Counter[Status]:
    seconds: Counter[Status] = Counter()
    states = [each for found in probes for each in found.records if isinstance(each, State)]
    for each in held(states, after=None if asked.after is None else Duration(asked.after)):
        within = intersection([Interval(each.start, each.end)], counting)
        seconds[each.state.status] += sum(part.seconds for part in within)
    return seconds


def _windows(asked: Asked, probes: list[Probe]) -> tuple[int, int]:
    if asked.every is None:
        return 0, 0
    windows: dict[int, list[bool]] = defaultdict(list)
    for each in probes:
        windows[(second_of(each.at) - NOON) // asked.every].append(each.status in asked.good)
    shares = [Ratio(sum(found), len(found)) for found in windows.values()]
    return len(shares), sum(share < asked.level for share in shares)


def _quantile(asked: Asked, probes: list[Probe]) -> int:
    values = [(each.value, 1) for each in probes if each.value is not None]
    found = None if asked.share is None else quantile(values, asked.share, Method.NEAREST_RANK)
    return NO_VALUE if found is None else (found * MICRO).floor()
