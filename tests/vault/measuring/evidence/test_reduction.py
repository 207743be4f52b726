"""What columns make of evidence is what the law makes of it, record by record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge, State, Status, Tally
from makegood.engine.judging.reduced import MOST_ADDED, reduced
from makegood.vault.measuring.evidence.names import without as without_probes
from makegood.vault.measuring.evidence.ranked import ranked
from makegood.vault.measuring.evidence.samples import Samples, samples_bytes, samples_columns, summed
from makegood.vault.measuring.evidence.spells import spells
from makegood.vault.measuring.evidence.tables import without
from makegood.vault.measuring.evidence.tallies import TallySums, merged
from makegood.vault.measuring.evidence.tallies import tallies as tallied
from makegood.vault.measuring.evidence.time import ExcludedTime
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.runs import alone, runs_of
from makegood.vault.segment import records_table
from tests.properties.reducible import ASKED, at, exclusions, probes, tallies


def in_order(records: Iterable[AnyRecord]) -> list[AnyRecord]:
    return sorted(records, key=lambda each: (each.kind, each.id))


def of_kind(kind: type[AnyRecord], records: Iterable[AnyRecord]) -> list[AnyRecord]:
    return [each for each in records if isinstance(each, kind)]


def table(records: Sequence[Tally]) -> pa.Table:
    return records_table("tally", records, [bytes(32)] * len(records), [1] * len(records))


def times(found: Sequence[Exclusion]) -> ExcludedTime:
    return ExcludedTime.of(found)


some_exclusions = st.integers(0, 2).flatmap(lambda number: st.tuples(*(exclusions(each) for each in range(number))))
some_tallies = st.integers(0, 25).flatmap(lambda number: st.tuples(*(tallies(each) for each in range(number))))


class TestTallies:
    @given(found=some_tallies, left_out=some_exclusions, cut=st.integers(0, 25), data=st.data())
    def test_are_added_up_as_the_law_does(
        self, found: tuple[Tally, ...], left_out: tuple[Exclusion, ...], cut: int, data: st.DataObject
    ) -> None:
        gone = data.draw(st.sets(st.sampled_from([each.id for each in found]))) if found else set()
        law = reduced([*(each for each in found if each.id not in gone), *left_out], ASKED)
        plan = TallySums(ASKED, times(left_out))
        parts = [plan.summed(without(table(each), gone)) for each in (found[:cut], found[cut:])]
        assert in_order(tallied(merged(parts))) == in_order(each for each in law if isinstance(each, Tally))

    def test_are_none_where_there_are_none(self) -> None:
        assert tallied(merged([])) == []

    def test_of_very_many_events_stay_as_they_are(self) -> None:
        many = [
            Tally(
                source="p", source_id=name, subject="", of="orders", result="accepted", count=n, start=at(0), end=at(0)
            )
            for name, n in (("1", MOST_ADDED), ("2", MOST_ADDED), ("3", MOST_ADDED + 1))
        ]
        plan = TallySums(ASKED, times([]))
        found = tallied(merged([plan.summed(table(many))]))
        assert in_order(found) == in_order(reduced(many, ASKED))
        assert sorted((each.source_id, each.count) for each in found if isinstance(each, Tally)) == [
            ("1+1", 2 * MOST_ADDED),
            ("3", MOST_ADDED + 1),
        ]


class TestProbes:
    @given(found=probes(), left_out=some_exclusions, cut=st.integers(0, 25), data=st.data())
    def test_become_the_records_that_the_law_makes_of_them(
        self, found: list[Probe], left_out: tuple[Exclusion, ...], cut: int, data: st.DataObject
    ) -> None:
        records = [record for each in found for record in each.records]
        gone = data.draw(st.sets(st.sampled_from([each.id for each in records]))) if records else set()
        law = reduced([*(each for each in records if each.id not in gone), *left_out], ASKED)
        values = Samples(ASKED, times(left_out), gone)
        samples = summed([values.of(ProbeColumns.of(each)) for each in (found[:cut], found[cut:])])
        found_again = samples_columns(samples_bytes(samples))
        assert in_order(ranked(found_again, ASKED.rankings)) == in_order(of_kind(Gauge, law))
        asked = [each for each in found if each.series.subject in ASKED.subjects]
        runs = alone(without_probes(gone, ProbeColumns.of(asked)))
        assert in_order(spells(runs, ASKED.after)) == in_order(of_kind(State, law))

    def test_without_a_longest_silence_are_one_spell(self) -> None:
        found = [Probe(Series("p", "web"), at(step), Status.UP) for step in (0, 1, 500)]
        (run,) = spells(runs_of(ProbeColumns.of(found)), None)
        assert run == State(
            source="p",
            source_id="web@2025-03-23T23:00:00Z+2",
            subject="web",
            status=Status.UP,
            start=at(0),
            seen_until=at(500),
        )
