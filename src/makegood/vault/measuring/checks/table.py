"""The table of checks: a row for each timeline, measured from runs or by the pass over all probes.

Time alone is answered from the runs beside segments. What needs probes is measured by a scheduler, partition by
partition. Few timelines are measured here, day by day: those with a probe that a correction withdraws, those whose
labels changed in between, and those whose time and values are not excluded alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np

from makegood.engine.evidence.body import withdrawals
from makegood.engine.evidence.probes import MICRO, Series
from makegood.engine.evidence.records import Correction, Exclusion
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.contents import Contents
from makegood.vault.layout import SEGMENTS
from makegood.vault.measuring.checks.asked import ChecksAsked, Excluding
from makegood.vault.measuring.checks.figures import CheckFigures
from makegood.vault.measuring.checks.history import History, Timeline, in_one_line, refuse_removed
from makegood.vault.measuring.evidence.names import without
from makegood.vault.measuring.schedule.scheduler import Scheduler
from makegood.vault.measuring.schedule.status import Logged, Piece, measured_by, partitions
from makegood.vault.measuring.status.measure import fastest, measured
from makegood.vault.measuring.status.part import StatusFigures, StatusPart
from makegood.vault.measuring.status.plan import StatusPlan
from makegood.vault.measuring.status.runs import seconds_of_runs
from makegood.vault.probes.columns import NO_VALUE, Column, ProbeColumns, joined, second_of
from makegood.vault.probes.runs import RunColumns, alone, joined_runs
from makegood.vault.reach import only
from makegood.vault.storage import Storage


@dataclass(frozen=True, eq=False)
class CheckTable:
    """What the rows of a table are made of: the history, the corrections in force, and the exclusions that count."""

    contents: Contents
    asked: ChecksAsked
    history: History
    withdrawn: Mapping[str, Correction]
    excluding: Excluding
    series: Mapping[Timeline, tuple[Series, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: Contents, asked: ChecksAsked) -> Self:
        """Return what is known; a timeline has the series of its probes in that time, or that of the last before.

        :raises ProbesRemoved: if runs do not suffice for a day whose probes were removed
        :raises VaultDamaged: if a segment or an entry of the log is not what was written
        """
        records = [*contents.records(contents.head, {Correction.kind, Exclusion.kind})]
        withdrawn = withdrawals(each for each in records if isinstance(each, Correction))
        exclusions = tuple(
            each
            for each in records
            if isinstance(each, Exclusion) and each.cause in asked.causes and not each.case and each.id not in withdrawn
        )
        history = History.of(contents, asked.span, asked.wants)
        series: dict[Timeline, list[Series]] = defaultdict(list)
        for name in history.runs.names:
            series[name.timeline].append(name)
        for name in history.before.names:
            if name.timeline not in series:
                series[name.timeline].append(name)
        excluding = Excluding(asked.agreed, exclusions)
        return cls(contents, asked, history, withdrawn, excluding, {line: tuple(each) for line, each in series.items()})

    @cached_property
    def called(self) -> Mapping[Timeline, Series]:
        """The name under which the probes of each timeline are measured."""
        return {line: names[0] for line, names in self.series.items()}

    def figures(self, scheduler: Scheduler, workers: int) -> tuple[CheckFigures, ...]:
        """Return the figures of every check that was heard of before the end of what is asked, in order of their names.

        :raises UnableToMeasure: if probes that are needed were removed, or too many workers are lost
        :raises UnableToUseVault: if a segment is not what was sealed
        """
        apart = self._apart
        plain = tuple(sorted(name for line, name in self.called.items() if line not in apart))
        found: dict[Series, CheckFigures] = {}
        if not self.asked.needs_probes:
            plan = self._plan(plain)
            seconds, refused = seconds_of_runs(plan, self._runs(plain))
            found.update(self._rows(plan, seconds))
            plain = tuple(name for name, again in zip(plain, refused.tolist(), strict=True) if again)
        if plain:
            plan = self._plan(plain)
            figures = self._measured(plan, scheduler, workers)
            found.update(self._rows(plan, figures.seconds, figures))
        if apart:
            plan = self._plan(tuple(sorted(self.called[line] for line in apart)))
            figures = self._one_by_one(plan)
            found.update(self._rows(plan, figures.seconds, figures))
        return tuple(found[self.called[line]] for line in sorted(self.called))

    @cached_property
    def _apart(self) -> set[Timeline]:
        """The timelines that are measured day by day."""
        starts = {each.rpartition("@")[0] for each in self.withdrawn}
        return {
            line
            for line, names in self.series.items()
            if len(names) > 1 or "#".join(line) in starts or self.excluding.differs_by_label(names[0])
        }

    @cached_property
    def _heard(self) -> frozenset[Series]:
        """The series of the time that is asked for; days in UTC may begin before it."""
        runs = self.history.runs
        heard = runs.series[runs.last_at >= second_of(self.asked.span.start)]
        return frozenset(runs.names[each] for each in np.unique(heard).tolist())

    def _plan(self, names: tuple[Series, ...]) -> StatusPlan:
        """Return what is asked of some timelines, as arrays."""
        runs = self.history.runs
        counts = np.zeros(len(runs.names), np.int64)
        np.add.at(counts, runs.series, runs.count)
        most: dict[Timeline, int] = defaultdict(int)
        for name, count in zip(runs.names, counts.tolist(), strict=True):
            most[name.timeline] += count
        return StatusPlan(
            names=names,
            counting=self.excluding.counting(names),
            after=self.asked.after,
            quantile=self.asked.quantile(np.array([most[each.timeline] for each in names], np.int64)),
            windows=self.asked.windows,
        )

    def _runs(self, names: tuple[Series, ...]) -> RunColumns:
        """Return the runs of timelines that have one series each, and as one more how each stood before."""
        return joined_runs([alone(self._in_one_line(self._before(names))), self.history.runs])

    def _measured(self, plan: StatusPlan, scheduler: Scheduler, workers: int) -> StatusFigures:
        """Return what all probes of timelines that have one series each tell, whoever measures them."""
        wanted, pieces = set(plan.names), list[Piece]()
        for day in self.history.days:
            refuse_removed(day, wanted.__contains__)
            pieces += [*day.whole, *day.cut]
            pieces += [] if day.logged is None else [Logged(day.part, day.logged)]
        storage = Storage(str((self.contents.folder / SEGMENTS).resolve()))
        begun = measured(plan, [self._in_one_line(self._before(plan.names))])
        return measured_by(scheduler, plan, storage, partitions(pieces, workers), begun=begun).figures()

    def _one_by_one(self, plan: StatusPlan) -> StatusFigures:
        """Return what the probes of any timelines tell that are not withdrawn, day by day.

        A correction withdraws the state that a probe means, or its value; so they are measured apart.
        """
        lines = {each.timeline for each in plan.names}
        agreed = Excluding(self.asked.agreed, ()).counting(plan.names)
        states = StatusPart.of(replace(plan, quantile=None))
        values = StatusPart.of(replace(plan, windows=None, counting=agreed))
        add = fastest()

        def wanted(series: Series) -> bool:
            return series.timeline in lines and self.asked.wants(series)

        add(states, self._in_one_line(self.history.begun(wanted, self.withdrawn)))
        for columns in self.history.probes(wanted):
            add(states, self._in_one_line(without(self.withdrawn, columns)))
            add(values, self._in_one_line(self._values(columns)))
        return replace(states.figures(), quantile=values.figures().quantile)

    def _rows(
        self, plan: StatusPlan, seconds: Column, figures: StatusFigures | None = None
    ) -> Iterator[tuple[Series, CheckFigures]]:
        """Yield the rows of some timelines, given how long each status held, and perhaps what else was found."""
        counted = np.diff(plan.counting.before[plan.counting.offsets]).tolist()
        for number, name in enumerate(plan.names):
            up, degraded, down = seconds[number, :3].tolist()
            names = self.series[name.timeline]
            values = {(each.of, each.unit) for each in self._heard.intersection(names) or names if each.of}
            row = CheckFigures(
                source=name.source,
                check=name.check,
                subject=name.subject,
                values=tuple(sorted(values)),
                up=up,
                degraded=degraded,
                down=down,
                unknown=counted[number] - up - degraded - down,
            )
            yield name, row if figures is None else self._with(row, figures, number)

    def _with(self, row: CheckFigures, figures: StatusFigures, number: int) -> CheckFigures:
        """Return a row with what was asked beyond time."""
        asked, value = self.asked, int(figures.quantile[number])
        one_value = len(row.values) == 1 and value != NO_VALUE
        return replace(
            row,
            probes=tuple(figures.probes[number].tolist()) if asked.needs_probes else None,
            windows=int(figures.windows[number]) if asked.windows else None,
            bad_windows=int(figures.bad[number]) if asked.windows else None,
            quantile=Ratio(value, MICRO) if one_value else None,
        )

    def _before(self, names: tuple[Series, ...]) -> ProbeColumns:
        lines = {each.timeline for each in names}
        return only(self.history.before, lambda series: series.timeline in lines)

    def _in_one_line(self, columns: ProbeColumns) -> ProbeColumns:
        return in_one_line(columns, self.called)

    def _values(self, columns: ProbeColumns) -> ProbeColumns:
        """Return the probes whose values count: not withdrawn, and not excluded by their own labels."""
        names = {each.of for each in columns.names} - {""}
        found = joined([self._values_of(columns, name) for name in sorted(names)])
        counts = self.excluding.counting(found.names, by_label=True).within(found.series, found.at, found.at + 1)
        return found.chosen(counts > 0)

    def _values_of(self, columns: ProbeColumns, name: str) -> ProbeColumns:
        return without(self.withdrawn, only(columns, lambda series: series.of == name), f"/{name}")
