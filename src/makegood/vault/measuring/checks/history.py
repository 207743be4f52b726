"""What a vault knows about a stretch of time: the days in it, and how each timeline stood before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Self

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.contents import Contents
from makegood.vault.measuring.evidence.names import ranks, without
from makegood.vault.measuring.schedule.scheduler import UnableToMeasure
from makegood.vault.probes.columns import NO_VALUE, ProbeColumns, joined, second_of
from makegood.vault.probes.runs import RunColumns, joined_runs, runs_columns, runs_of
from makegood.vault.reach import DayOfProbes, days_until, only

Timeline = tuple[str, str]
Wanted = Callable[[Series], bool]


class ProbesRemoved(UnableToMeasure):
    """A policy of retention left the runs of a day, and removed the probes that are asked for."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"the probes of {day} are needed, and were removed by retention; ask for time alone, or for later days"
        )
        self.day = day


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The days of a stretch of time with their ``runs``, those that came ``earlier``, and what was known ``before``.

    ``before`` has the last earlier probe of each timeline, without its value.
    """

    days: tuple[DayOfProbes, ...]
    earlier: tuple[DayOfProbes, ...]
    runs: RunColumns
    before: ProbeColumns

    @classmethod
    def of(cls, contents: Contents, span: Interval, wanted: Wanted) -> Self:
        """Return what is known about the wanted series, from the runs beside segments wherever they suffice.

        :raises ProbesRemoved: if the runs of a day do not suffice, and its probes were removed
        :raises VaultDamaged: if a segment or an entry of the log is not what was written
        """
        first, last = span.start.date(), (span.end - timedelta(seconds=1)).date()
        found = [each for each in days_until(contents, contents.head) if each.day <= last]
        days = tuple(each for each in found if each.day >= first)
        earlier = tuple(each for each in found if each.day < first)
        runs = joined_runs([_runs(each, wanted) for each in days])
        runs = runs.chosen(runs.first_at < second_of(span.end))
        return cls(days, earlier, runs, _before(earlier, wanted))

    def probes(self, wanted: Wanted) -> Iterator[ProbeColumns]:
        """Yield the probes of the wanted series, day by day.

        :raises ProbesRemoved: if they are not there any more
        """
        for day in self.days:
            refuse_removed(day, wanted)
            yield day.probes(wanted)

    def begun(self, wanted: Wanted, withdrawn: Mapping[str, object]) -> ProbeColumns:
        """Return the last earlier probe of each wanted timeline that is not withdrawn.

        :raises ProbesRemoved: if it is not there any more
        """
        begun = only(self.before, wanted)
        found = without(withdrawn, begun)
        lacking = _timelines(begun) - _timelines(found)
        for day in reversed(self.earlier):
            if not lacking:
                break
            mine = partial(_is_of, lacking, wanted)
            refuse_removed(day, mine)
            last = last_of(without(withdrawn, day.probes(mine)))
            found = joined([found, replace(last, sequence=None)])
            lacking -= _timelines(last)
        return found


def refuse_removed(day: DayOfProbes, wanted: Wanted) -> None:
    """Do nothing if the probes of the wanted series are still there.

    :raises ProbesRemoved: if only their runs are
    """
    for each in day.bereft:
        if len(only(day.contents.read_segment(each, runs_columns), wanted)):
            raise ProbesRemoved(day.day)


def in_one_line(columns: ProbeColumns, called: Mapping[Timeline, Series]) -> ProbeColumns:
    """Return the probes of each timeline under the one name by which it is called."""
    names = tuple(sorted({called[each.timeline] for each in columns.names}))
    places = {name: place for place, name in enumerate(names)}
    series = np.array([places[called[each.timeline]] for each in columns.names], np.int32)[columns.series]
    return replace(columns, names=names, series=series).sorted()


def last_of(columns: ProbeColumns) -> ProbeColumns:
    """Return the last probe of each timeline."""
    line = ranks([each.timeline for each in columns.names])[columns.series]
    order = np.lexsort((columns.at, line))
    is_last = np.ones(len(columns), np.bool_)
    is_last[:-1] = line[order][1:] != line[order][:-1]
    return columns.chosen(np.sort(order[is_last]))


def _before(earlier: Sequence[DayOfProbes], wanted: Wanted) -> ProbeColumns:
    """Return the last probe of each timeline, as runs tell it; a source is always in the same bucket."""
    found: dict[str, ProbeColumns] = {}
    for day in earlier:
        bucket = day.part.partition(".")[2]
        ends = [_ends(only(runs, wanted)) for runs in day.runs()]
        found[bucket] = last_of(joined([*([found[bucket]] if bucket in found else []), *ends]))
    return replace(joined([*found.values()]), sequence=None)


def _ends(runs: RunColumns) -> ProbeColumns:
    """Return the last probe of each run, without its value."""
    return ProbeColumns(runs.names, runs.series, runs.last_at, runs.status, np.full(len(runs), NO_VALUE))


def _runs(day: DayOfProbes, wanted: Wanted) -> RunColumns:
    """Return the runs of a day: those of several segments as they are, unless their series interlace."""
    runs = joined_runs([only(each, wanted) for each in day.runs()])
    if not ((runs.series[1:] == runs.series[:-1]) & (runs.first_at[1:] <= runs.last_at[:-1])).any():
        return runs
    refuse_removed(day, wanted)
    return runs_of(day.probes(wanted))


def _is_of(lines: set[Timeline], wanted: Wanted, series: Series) -> bool:
    return series.timeline in lines and wanted(series)


def _timelines(columns: ProbeColumns) -> set[Timeline]:
    return {each.timeline for each in columns.names}
