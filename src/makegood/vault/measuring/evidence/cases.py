"""Cases in bulk: those that are inside every limit are counted, and only the others are judged one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from makegood.engine.evidence.body import CountedCases
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.asked import Asked, Limited
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.reading import covers
from makegood.vault.measuring.clocks.sums import ClockSums
from makegood.vault.measuring.clocks.tables import ABSENT, INSIDE, PRIORITY, SECONDS
from makegood.vault.measuring.evidence.brief import BRIEF, BriefTransitions
from makegood.vault.probes.columns import Column, instant_of
from makegood.vault.segment import table_records

Reading = Callable[[Sequence[str] | None], Iterable[pa.Table]]
"""Gives transitions part by part, with some columns or all of them; in each by source, time and identifier."""


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """How each case stands in a period, and the number of its priority among ``names``; those beyond have no name."""

    period: Interval
    names: tuple[str, ...]
    standing: Column
    priority: Column

    def inside(self, settled: Column) -> dict[str, int]:
        """Return how many of the settled cases were inside their limit, by priority."""
        found = np.bincount(self.priority[settled & (self.standing == INSIDE)], minlength=len(self.names)).tolist()
        named = {name: number for name, number in zip(self.names, found, strict=False) if number}
        unnamed = sum(found[len(self.names) :])
        return {**named, "": named.get("", 0) + unnamed} if unnamed else named


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How cases are reduced: what is asked, and the cases that exclusions name, which stay as they are."""

    asked: Asked
    excluded: Collection[str]

    def reduced(self, read: Reading) -> tuple[list[AnyRecord], list[CountedCases]]:
        """Return the transitions that are judged one by one, and the cases that were counted instead.

        They are read twice: briefly to see which cases are which, then those that are judged one by one.
        """
        limited = {kind: each for kind, each in self.asked.cases.items() if all(covers(by.measure) for by in each)}
        brief = BriefTransitions.joined(read(BRIEF) if limited else ())
        left, counted = dict[str, pa.Array](), list[CountedCases]()
        for kind in sorted(brief.kinds & limited.keys()):
            left[kind], found = self._counted(brief, kind, limited[kind])
            counted += found
        one_by_one = list[AnyRecord]()
        for table in read(None):
            one_by_one += table_records(Transition.kind, _left(table, left))
        return one_by_one, counted

    def _counted(
        self, brief: BriefTransitions, kind: str, limits: Sequence[Limited]
    ) -> tuple[pa.Array, list[CountedCases]]:
        """Return the names of the cases of a kind that are not inside every limit, and how many the others are."""
        rows, unclear = brief.changes(kind)
        names = brief.texts["case"]
        found = [(each.measure, list(_standings(each, rows, len(names)))) for each in limits]
        settled = np.zeros(len(names), np.bool_)
        others = pc.is_in(names, value_set=pa.array(sorted(self.excluded), pa.string())).to_numpy(zero_copy_only=False)
        others = others | unclear
        for each in (each for _, every in found for each in every):
            settled |= each.standing == INSIDE
            others |= (each.standing != INSIDE) & (each.standing != ABSENT)
        for by in limits:
            others[rows.case[_unlimited(by, rows)[rows.change]]] = True
            others |= _unstarted(by, rows, len(names))
        settled &= ~others
        counted = [
            CountedCases(measure, {each.period: each.inside(settled) for each in every}) for measure, every in found
        ]
        return names.filter(pa.array(~settled)), counted


def _left(table: pa.Table, left: Mapping[str, pa.Array]) -> pa.Table:
    """Return the transitions of kinds that were not counted, and of cases of the others that are left."""
    for kind, names in left.items():
        stays = pc.is_in(table.column("case"), value_set=names)
        table = table.filter(pc.or_(pc.not_equal(table.column("of"), kind), stays))
    return table.combine_chunks()


def _unlimited(by: Limited, rows: TransitionColumns) -> Column:
    """Return which changes leave a case with a priority for which no limit is agreed: explanations name such cases."""
    measure = by.measure
    return np.array(
        [
            measure.limit_of(each.priority) is None and (not measure.priority or each.priority in measure.priority)
            for each in rows.changes
        ],
        np.bool_,
    )


def _unstarted(by: Limited, rows: TransitionColumns, cases: int) -> Column:
    """Return the cases whose clock never started: explanations count them."""
    starts = np.array([each.after == by.measure.clock.from_ for each in rows.changes], np.bool_)
    unstarted: Column = np.bincount(rows.case[starts[rows.change]], minlength=cases) == 0
    return unstarted


def _standings(by: Limited, rows: TransitionColumns, cases: int) -> Iterator[_Standing]:
    """Yield how cases stand in each of the periods."""
    first, last = instant_of(int(rows.at.min())), instant_of(int(rows.at.max()))
    for period in by.periods:
        plan = ClockPlan.of([(by.agreement, by.measure)], period.interval, first, last)
        sums = ClockSums.none(plan, np.zeros(cases, np.int32))
        sums.add(rows)
        priority = sums.sums % SECONDS // PRIORITY
        yield _Standing(period.interval, ("", *plan.priorities), sums.attainment().standing, priority)
