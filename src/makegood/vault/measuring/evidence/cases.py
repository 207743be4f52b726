"""Cases in bulk: those that are inside every limit are counted, and only the others are judged one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from makegood.engine.evidence.body import CountedCases
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.asked import Asked, Limited
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, from_states
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.reading import covers
from makegood.vault.measuring.clocks.sums import ClockSums
from makegood.vault.measuring.clocks.tables import ABSENT, INSIDE, PRIORITY, SECONDS
from makegood.vault.probes.columns import Column, instant_of
from makegood.vault.segment import table_records

_ORDER = [(name, "ascending") for name in ("case", "at", "source", "source_id")]


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

    def reduced(self, tables: Iterable[pa.Table]) -> tuple[list[AnyRecord], list[CountedCases]]:
        """Return the transitions that are judged one by one, and the cases that were counted instead."""
        one_by_one, counted = list[AnyRecord](), list[CountedCases]()
        every = list(tables)
        if not every:
            return one_by_one, counted
        table = pa.concat_tables(every)
        for kind in sorted(pc.unique(table.column("of")).to_pylist()):
            mine = table.filter(pc.equal(table.column("of"), kind)).combine_chunks()
            limits = self.asked.cases.get(kind, ())
            if limits and all(covers(each.measure) for each in limits):
                mine, found = self._settled(mine, limits)
                counted += found
            one_by_one += table_records(Transition.kind, mine)
        return one_by_one, counted

    def _settled(self, table: pa.Table, limits: Sequence[Limited]) -> tuple[pa.Table, list[CountedCases]]:
        """Return the rows of the cases that are not inside every limit, and how many are."""
        table = table.sort_by(_ORDER).combine_chunks()
        names = table.column("case").combine_chunks().dictionary_encode()  # sorted, so that numbers rise with them
        rows = _changes(table, names.indices.to_numpy())
        found = [(each.measure, list(_standings(each, rows, len(names.dictionary)))) for each in limits]
        settled, others = np.zeros((2, len(names.dictionary)), np.bool_)
        for each in (each for _, every in found for each in every):
            settled |= each.standing == INSIDE
            others |= (each.standing != INSIDE) & (each.standing != ABSENT)
        for by in limits:
            others[rows.case[_unlimited(by, rows)[rows.change]]] = True
            others |= _unstarted(by, rows, len(names.dictionary))
        named = pc.is_in(names.dictionary, value_set=pa.array(sorted(self.excluded), pa.string()))
        settled &= ~(others | named.to_numpy(zero_copy_only=False))
        counted = [
            CountedCases(measure, {each.period: each.inside(settled) for each in every}) for measure, every in found
        ]
        return table.filter(pa.array(~settled[names.indices.to_numpy()])).combine_chunks(), counted


def _changes(table: pa.Table, case: Column) -> TransitionColumns:
    """Return transitions, which are by case and time, as the changes that they make."""
    state, priority = (table.column(name).combine_chunks().dictionary_encode() for name in ("state", "priority"))
    at = table.column("at").cast(pa.int64()).to_numpy() // 1000
    # That no priority was named stands at the first place, whether or not it occurs.
    priorities = ["", *(each for each in priority.dictionary.to_pylist() if each)]
    places = np.array([priorities.index(each) for each in priority.dictionary.to_pylist()], np.int32)
    return from_states(
        StateColumns(
            state.dictionary.to_pylist(),
            priorities,
            case,
            at,
            state.indices.to_numpy(),
            places[priority.indices.to_numpy()],
        )
    )


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
