"""Cases in bulk: those that are inside every limit are counted, and only the others are judged one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import add, sub
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.evidence.body import CountedCases
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.asked import Asked, Limited
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.reading import covers
from makegood.vault.measuring.clocks.sums import IN_NUMPY, ClockSums, compiled
from makegood.vault.measuring.clocks.tables import ABSENT, INSIDE, PRIORITY, SECONDS
from makegood.vault.measuring.evidence.brief import BRIEF, BriefTransitions
from makegood.vault.measuring.evidence.kept import Form, question_of
from makegood.vault.measuring.evidence.tables import table_of
from makegood.vault.probes.columns import Column, instant_of
from makegood.vault.segment import parquet_bytes, records_table, table_records

Reading = Callable[[Sequence[str] | None], Iterable[pa.Table]]
"""Gives transitions part by part, with some columns or all of them; in each by source, time and identifier."""

Earlier = Callable[[datetime, datetime], Iterable[pa.Table]]
"""Gives the transitions again that are known already, at least those from one instant to another."""

_Inside = list[list[dict[str, int]]]
_WHOLE: Final = [entry.name for entry in fields(Transition)]
_COMPILING_PAYS: Final = 5_000_000
"""So many transitions in so many periods are added faster by compiled code, which takes half a second to load."""
_BRIEFLY: Final = 8
"""A transition in brief takes so many times less room than a whole one."""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """What transitions tell: of cases that are counted in brief, of the others the whole.

    ``brief`` has all transitions of cases with limits. ``left`` are those, with all columns, that are judged one by
    one. ``inside`` is, by kind of case and for each limit and period, how many cases were inside by priority, and
    ``excluded`` the cases that exclusions named.
    """

    brief: BriefTransitions = field(default_factory=lambda: BriefTransitions.joined(()))
    left: pa.Table = field(default_factory=lambda: records_table(Transition.kind, [], [], []).select(_WHOLE))
    inside: Mapping[str, _Inside] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()

    def names_left(self, kind: str) -> pa.Array:
        """Return the names of the cases of a kind that are judged one by one."""
        return self.left.filter(pc.field("of") == kind).column("case").unique()

    def records(self) -> list[AnyRecord]:
        """Return the transitions of the cases that are judged one by one."""
        return table_records(Transition.kind, self.left)


@dataclass(frozen=True, slots=True)
class _Change:
    """What more transitions change about the cases of a kind that they are of.

    Now ``counted`` are some of these, by name, and ``left`` the others, to be judged one by one. ``back`` are the known
    transitions of cases that are left though they were counted before. ``inside`` are the numbers of all cases.
    """

    counted: pa.Array
    left: pa.Array
    back: BriefTransitions
    inside: _Inside


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """How each case stands in a period, and the number of its priority among ``names``; those beyond have no name."""

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
    excluded: frozenset[str]

    @property
    def limits(self) -> dict[str, tuple[Limited, ...]]:
        """The kinds of case that are counted, with their limits."""
        return {kind: each for kind, each in self.asked.cases.items() if all(covers(by.measure) for by in each)}

    @property
    def question(self) -> str:
        """What is asked of cases, as a text."""
        return question_of("cases/1", {kind: [*map(_terms, each)] for kind, each in self.limits.items()})

    def grown(self, before: Cases, more: Reading, earlier: Earlier) -> Cases:
        """Return what is known with more transitions; ``earlier`` gives those again that are known already.

        More are read twice: briefly to see which cases are which, then those that are judged one by one. Of the cases
        that were counted before only those are looked at again that more is known of.
        """
        limits = self.limits
        brief = BriefTransitions.joined(more(BRIEF) if limits else (), before.brief.next_part)
        kinds = sorted(limits.keys() & (brief.kinds | before.inside.keys()))
        news = {kind: brief.of_kind(kind) for kind in kinds}
        changes = {kind: self._change(before, each, kind, limits[kind]) for kind, each in news.items()}
        left = {kind: each.left for kind, each in changes.items()}
        found = [_without_counted(before.left, changes), *(_only(each, left) for each in more(None))]
        back = BriefTransitions.joined(()).followed_by(*(each.back for each in changes.values()))
        if len(back):
            names = {kind: back.of_kind(kind).cases() for kind in kinds}
            found += [_only(each, names, others=False) for each in earlier(*back.span())]
        return Cases(
            before.brief.followed_by(*news.values()),
            pa.concat_tables(found).combine_chunks(),
            {**before.inside, **{kind: each.inside for kind, each in changes.items()}},
            self.excluded,
        )

    def counted(self, cases: Cases) -> list[CountedCases]:
        """Return the cases that were counted."""
        return [
            CountedCases(by.measure, {period.interval: each for period, each in zip(by.periods, inside, strict=True)})
            for kind, every in sorted(cases.inside.items())
            for by, inside in zip(self.limits[kind], every, strict=True)
        ]

    def _change(self, before: Cases, news: BriefTransitions, kind: str, limits: Sequence[Limited]) -> _Change:
        """Return what more transitions of a kind of case, in brief, change about it."""
        newly = pa.array(sorted(self.excluded ^ before.excluded), pa.string())
        touched = pa.concat_arrays([news.cases(), newly])
        known = before.brief.of_kind(kind, touched)
        counted = known.of_kind(kind, _apart(known.cases(), before.names_left(kind)))
        _, no_more = _judged(counted, limits, before.excluded)
        left, inside = _judged(known.followed_by(news), limits, self.excluded)
        now = before.inside.get(kind, [[{} for _ in by.periods] for by in limits])
        now = _each(add, _each(sub, now, no_more), inside)
        return _Change(_apart(touched, left), left, counted.of_kind(kind, left), now)


def cases_bytes(cases: Cases) -> bytes:
    """Return what is known of cases as bytes."""
    left = parquet_bytes(cases.left)
    head = {"inside": cases.inside, "excluded": sorted(cases.excluded), "left": len(left)}
    return json.dumps(head).encode() + b"\n" + left + cases.brief.written()


def read_cases(content: bytes) -> Cases:
    """Return what is known of cases from bytes that ``cases_bytes`` made."""
    line, _, rest = content.partition(b"\n")
    head = json.loads(line)
    left, brief = rest[: head["left"]], rest[head["left"] :]
    return Cases(BriefTransitions.read(brief), table_of(left), head["inside"], frozenset(head["excluded"]))


def _rows(cases: Cases) -> int:
    return int(cases.left.num_rows) + len(cases.brief) // _BRIEFLY


CASES: Final = Form(read_cases, cases_bytes, _rows)


def _terms(by: Limited) -> tuple[object, ...]:
    """Return everything of a limit that decides how cases are counted."""
    clock = by.measure.clock
    calendars = {name: calendar_of(by.agreement, name) for name in {clock.on, *clock.on_priority.values()}}
    return by.measure, calendars, [each.interval for each in by.periods]


def _judged(brief: BriefTransitions, limits: Sequence[Limited], excluded: Collection[str]) -> tuple[pa.Array, _Inside]:
    """Return the names of the cases that are not inside every limit, and how many the others are."""
    if not len(brief):
        return pa.array([], pa.string()), [[{} for _ in by.periods] for by in limits]
    names, rows, others = brief.changes()
    found = [[*_standings(each, rows, len(names))] for each in limits]
    settled = np.zeros(len(names), np.bool_)
    others |= pc.is_in(names, value_set=pa.array(sorted(excluded), pa.string())).to_numpy(zero_copy_only=False)
    for each in (each for every in found for each in every):
        settled |= each.standing == INSIDE
        others |= (each.standing != INSIDE) & (each.standing != ABSENT)
    for by in limits:
        others[rows.case[_unlimited(by, rows)[rows.change]]] = True
        others |= _unstarted(by, rows, len(names))
    settled &= ~others
    return names.filter(pa.array(~settled)), [[each.inside(settled) for each in every] for every in found]


def _each(by: Callable[[int, int], int], one: _Inside, other: _Inside) -> _Inside:
    """Return the numbers of both by limit, period and priority, added or subtracted."""
    return [[_sum(by, *pair) for pair in zip(*each, strict=True)] for each in zip(one, other, strict=True)]


def _sum(by: Callable[[int, int], int], one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    numbers = {name: by(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}
    return {name: number for name, number in numbers.items() if number}


def _only(table: pa.Table, names: Mapping[str, pa.Array], *, others: bool = True) -> pa.Table:
    """Return the transitions of some cases of these kinds, and of the ``others`` all or none."""
    stays = np.full(table.num_rows, others)
    for kind, among in names.items():
        of_kind = pc.equal(table.column("of"), kind).to_numpy()
        stays = np.where(of_kind, pc.is_in(table.column("case"), value_set=among).to_numpy(), stays)
    return table.filter(pa.array(stays))


def _without_counted(table: pa.Table, changes: Mapping[str, _Change]) -> pa.Table:
    """Return the transitions without those of cases that are counted now."""
    for kind, change in changes.items():
        goes = pc.is_in(table.column("case"), value_set=change.counted)
        table = table.filter(pc.invert(pc.and_(pc.equal(table.column("of"), kind), goes)))
    return table


def _apart(names: pa.Array, others: pa.Array) -> pa.Array:
    """Return the names that are not among others."""
    return names.filter(pc.invert(pc.is_in(names, value_set=others)))


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
    kernels = compiled() if len(rows) * len(by.periods) > _COMPILING_PAYS else IN_NUMPY
    for period in by.periods:
        plan = ClockPlan.of([(by.agreement, by.measure)], period.interval, first, last)
        sums = ClockSums.none(plan, np.zeros(cases, np.int32))
        sums.add(rows, kernels)
        priority = sums.sums % SECONDS // PRIORITY
        yield _Standing(("", *plan.priorities), sums.attainment(kernels).standing, priority)
