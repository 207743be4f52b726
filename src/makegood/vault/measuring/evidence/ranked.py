"""Ranked samples in columns: those on the same side of everything that is asked of a gauge are taken together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from makegood.engine.evidence.records import Gauge
from makegood.engine.judging.ranked import Ranking
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.measuring.evidence.names import ranks
from makegood.vault.measuring.evidence.samples import SampleColumns, gauges
from makegood.vault.measuring.evidence.time import seconds_of
from makegood.vault.probes.columns import Column

_LARGEST_SUM: Final = 2**62


def ranked(samples: SampleColumns, asked: Mapping[str, Sequence[Ranking]]) -> Iterator[Gauge]:
    """Yield the records that samples mean, by the rule of ``engine.judging.ranked`` for the gauges that it names."""
    for of in sorted({each.of for each in samples.names}):
        mine = samples.chosen(np.array([each.of == of for each in samples.names], np.bool_)[samples.series])
        if of in asked and _can_be_ranked(mine):
            yield from _ranked(mine, asked[of])
        else:
            yield from gauges(mine)


def _can_be_ranked(samples: SampleColumns) -> bool:
    """Tell whether units are the same, no value is below nothing, and sums have room in 64 bits."""
    units = {samples.names[each].unit for each in np.unique(samples.series).tolist()}
    largest = int(samples.value.max(initial=0)) * int(samples.count.sum())
    return len(units) == 1 and samples.value.min(initial=0) >= 0 and largest <= _LARGEST_SUM


def _ranked(samples: SampleColumns, asked: Sequence[Ranking]) -> Iterator[Gauge]:
    sides = np.zeros((len(asked), len(samples)), np.int64)
    near = samples.alone.copy()
    for side, ranking in zip(sides, asked, strict=True):
        for agreed in ranking.periods:
            for rows, doubtful in _populations(samples, ranking, agreed):
                side[rows] = _sides(samples.value[rows], samples.count[rows], ranking, doubtful)
                near[rows] |= side[rows] == 0
    yield from gauges(samples.chosen(near))
    others = samples.chosen(~near)
    order, first = others.grouped((*sides[:, ~near], others.cell))
    totals = np.add.reduceat((others.value * others.count)[order], first) if len(first) else others.value
    yield from gauges(others.merged(order, first), totals)


def _populations(samples: SampleColumns, ranking: Ranking, agreed: Sequence[Interval]) -> Iterator[tuple[Column, int]]:
    """Yield where the samples are that are ranked together, by their value, and how many more may be."""
    subjects = [each.subject for each in samples.names]
    about = np.array([not ranking.about or each in ranking.about for each in subjects], np.bool_)
    apart = ranks(subjects) if ranking.each else np.zeros(len(subjects), np.int64)
    inside = _inside(agreed, samples.at)
    rows = np.flatnonzero(inside & ~samples.alone & about[samples.series])
    if len(rows):
        rows = rows[np.lexsort((samples.value[rows], apart[samples.series[rows]]))]
        doubtful = int(samples.count[inside & samples.alone].sum())
        for each in np.split(rows, np.flatnonzero(np.diff(apart[samples.series[rows]])) + 1):
            yield each, doubtful


def _inside(agreed: Sequence[Interval], at: Column) -> Column:
    """Return which instants lie in one of some stretches, which are sorted and apart."""
    starts, ends = seconds_of([each.start for each in agreed]), seconds_of([each.end for each in agreed])
    place = np.searchsorted(starts, at, side="right") - 1
    return (place >= 0) & (at < np.append(ends, 0)[place])


def _sides(value: Column, count: Column, ranking: Ranking, doubtful: int) -> Column:
    """Return on which side of a quantile each of some sorted samples lies; 0 if it may be the quantile."""
    reached = np.cumsum(count)
    first, last = ranking.ranks(int(reached[-1]), doubtful)
    lowest = value[np.searchsorted(reached, max(first, 1))]
    highest = value[min(int(np.searchsorted(reached, last)), len(value) - 1)]
    sides: Column = (value > highest).astype(np.int64) - (value < lowest)
    return sides
