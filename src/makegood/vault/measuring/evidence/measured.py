"""The evidence that an agreement asks for, measured: reduced where it lies, and judged like any other."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast

import pyarrow as pa

from makegood.engine.evidence.body import Evidence, withdrawals
from makegood.engine.evidence.records import KINDS, AnyRecord, Correction, Exclusion, Gauge, State, Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.reduced import reduced
from makegood.vault.contents import Contents
from makegood.vault.manifest import Segment
from makegood.vault.measuring.evidence.cases import CASES, CaseCounts, Cases
from makegood.vault.measuring.evidence.kept import Kept, Part, question_of
from makegood.vault.measuring.evidence.ranked import ranked
from makegood.vault.measuring.evidence.samples import SAMPLES, SampleColumns, Samples, summed
from makegood.vault.measuring.evidence.spells import Spells, spells
from makegood.vault.measuring.evidence.tables import logged_rows, sealed_rows
from makegood.vault.measuring.evidence.tallies import TALLIES, TallySums, merged, tallies
from makegood.vault.measuring.evidence.time import ExcludedTime
from makegood.vault.probes.columns import second_of
from makegood.vault.probes.runs import RunColumns, joined_runs
from makegood.vault.reach import DayOfProbes, days_until
from makegood.vault.segment import ordered


def measured_evidence(
    contents: Contents,
    asked: Asked,
    until: int | None = None,
    *,
    without: Container[str] = frozenset(),
    kept: Kept | None = None,
) -> Evidence:
    """Return evidence that gives the same verdicts on what is ``asked`` as all of it up to an entry.

    It is read part by part, and of each part only what decides is kept; ``without`` corrections that are void. What was
    ``kept`` of segments that were measured before is not measured again.

    :raises NoSuchEntry: if there is no entry of that number
    :raises VaultDamaged: if a segment or an entry of the log is not what was written
    """
    last = contents.until(until)
    found = list(contents.records(last, KINDS.keys() - {Tally.kind, Transition.kind}))
    withdrawn = withdrawals(each for each in found if isinstance(each, Correction) and each.id not in without)
    # Corrections are applied here, to what was recorded: they say nothing of records that stand for several.
    records = [each for each in found if each.id not in withdrawn and not isinstance(each, Correction)]
    exclusions = [each for each in records if isinstance(each, Exclusion)]
    measuring = _Measuring(contents, last, asked, ExcludedTime.of(exclusions), withdrawn, kept or Kept(None))
    states = {(each.source, each.subject) for each in records if isinstance(each, State)}
    probes = measuring.probes(states, {each.of for each in records if isinstance(each, Gauge)})
    counts = CaseCounts(asked, frozenset(each.case for each in exclusions if each.case))
    cases = measuring.cases(counts)
    every = [*probes.with_records(records, asked), *probes.reduced, *measuring.tallies(), *cases.records()]
    return replace(Evidence.of(every, snapshot=last, counted=tuple(counts.counted(cases))), withdrawn=withdrawn)


@dataclass(frozen=True, slots=True)
class _Probes:
    """The records that probes mean: those that are ``reduced``, and those that others have to be reduced with.

    ``gauges`` are those of which there are samples.
    """

    reduced: list[AnyRecord]
    one_by_one: list[AnyRecord]
    gauges: frozenset[str]

    def with_records(self, records: Sequence[AnyRecord], asked: Asked) -> list[AnyRecord]:
        """Return other records, reduced; a gauge that probes sampled too is not ranked by these alone."""
        ranked = {name: each for name, each in asked.rankings.items() if name not in self.gauges}
        return reduced([*records, *self.one_by_one], replace(asked, rankings=ranked))


@dataclass(frozen=True, slots=True)
class _Measuring:
    """What is measured, by what is asked of it."""

    contents: Contents
    until: int
    asked: Asked
    excluded: ExcludedTime
    withdrawn: Collection[str]
    kept: Kept

    def probes(self, mixed: Collection[tuple[str, str]], gauges: Collection[str]) -> _Probes:
        """Return what the probes mean; of ``mixed`` timelines and of ``gauges`` other records tell, too."""
        status = Spells(self.asked, self.withdrawn, mixed)
        values = Samples(self.asked, self.excluded, self.withdrawn)
        runs, days, one_by_one = list[RunColumns](), list[DayOfProbes](), list[AnyRecord]()
        for day in days_until(self.contents, self.until):
            beside = list(day.runs())
            runs.append(status.of_day(day, beside))
            one_by_one += status.one_by_one(day)
            if any(values.wants(name) for each in beside for name in each.names):
                days.append(day)
        samples = self._samples(values, days)
        rankings = {name: each for name, each in self.asked.rankings.items() if name not in gauges}
        found: list[AnyRecord] = [*ranked(samples, rankings)]
        found += spells(joined_runs(runs), self.asked.after)
        return _Probes(found, one_by_one, frozenset(each.of for each in samples.names))

    def tallies(self) -> list[AnyRecord]:
        """Return the tallies, those that only add up taken together."""
        sums = TallySums(self.asked, self.excluded)
        asked = self._asked("tallies/1", self.asked.results)
        whole, cut = self._segments(Tally.kind)
        parts = [Part(each, asked + self._about(each)) for each in whole]
        found = self.kept.found(asked, parts, TALLIES, partial(self._summed, sums), merged)
        logged = map(sums.summed, logged_rows(self.contents, Tally.kind, self.until, self.withdrawn))
        return tallies(merged([found, *(self._summed(sums, each) for each in cut), *logged]))

    def cases(self, counts: CaseCounts) -> Cases:
        """Return what transitions tell of cases."""
        whole, cut = self._segments(Transition.kind)
        asked = counts.question
        parts = [Part(each, asked + question_of(self._withdrawn(each))) for each in whole]

        def grown(before: Cases | None, fresh: Sequence[Part]) -> Cases:
            more = [each.segment for each in fresh]
            known = [each for each in whole if each not in more]
            return counts.grown(before or Cases(), partial(self._transitions, more), partial(self._between, known))

        found = self.kept.grown(asked, parts, CASES, grown)
        logged = [*logged_rows(self.contents, Transition.kind, self.until, self.withdrawn)]

        def later(columns: Sequence[str] | None) -> Iterator[pa.Table]:
            yield from self._transitions(cut, columns)
            for rows in logged:
                table = ordered(Transition.kind, [rows])
                yield table if columns is None else table.select(columns)

        return counts.grown(found, later, partial(self._between, whole))

    def _segments(self, kind: str) -> tuple[list[Segment], list[Segment]]:
        """Return the segments of records of a kind: all of whose records count, and only some."""
        every = [each for each in self.contents.manifest.of_kind(kind) if each.first <= self.until]
        return [each for each in every if each.last <= self.until], [each for each in every if each.last > self.until]

    def _transitions(self, segments: Sequence[Segment], columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the transitions of segments, or some of their columns; each by source, time and identifier."""
        for segment in segments:
            yield sealed_rows(self.contents, segment, self.until, self.withdrawn, columns)

    def _between(self, segments: Sequence[Segment], first: datetime, last: datetime) -> Iterator[pa.Table]:
        """Yield the transitions of the segments that have any from one instant to another."""
        times = [(each, cast("datetime", each.first_at), cast("datetime", each.last_at)) for each in segments]
        return self._transitions([each for each, start, end in times if start <= last and first <= end])

    def _samples(self, values: Samples, days: Iterable[DayOfProbes]) -> SampleColumns:
        asked = self._asked("samples/1", self.asked.gauges)
        parts, others = list[Part](), list[SampleColumns]()
        for day in days:
            parts += (Part(each, asked + self._about(each)) for each in day.whole)
            others += (self._sampled(values, each) for each in day.cut)
            others += [values.of(day.logged)] if day.logged is not None else []
        found = self.kept.found(asked, parts, SAMPLES, partial(self._sampled, values), summed)
        return summed([found, *others]) if others else found

    def _sampled(self, values: Samples, segment: Segment) -> SampleColumns:
        return values.of(self.contents.probes(segment, self.until))

    def _summed(self, sums: TallySums, segment: Segment) -> pa.Table:
        return sums.summed(sealed_rows(self.contents, segment, self.until, self.withdrawn))

    def _asked(self, kind: str, names: Mapping[str, object]) -> str:
        """Return what is asked of all segments as a text."""
        cuts = {name: self.asked.cuts.get(name, ()) for name in names}
        return question_of(kind, names, self.asked.whole, cuts, self.asked.digits)

    def _about(self, segment: Segment) -> str:
        """Return, as a text, what else decides what is found in a segment."""
        first, last = (second_of(cast("datetime", each)) for each in (segment.first_at, segment.last_at))
        return question_of(self.excluded.between(first, last), self._withdrawn(segment))

    def _withdrawn(self, segment: Segment) -> list[str]:
        """Return what was withdrawn of the sources of a segment."""
        starts = tuple(f"{source}{mark}" for source in segment.sources for mark in "#/")
        return sorted(each for each in self.withdrawn if each.startswith(starts))
