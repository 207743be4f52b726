"""Evidence that was measured where it lies gives the same verdicts and cents as all of it."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import AnyRecord, Correction, State, Status, Tally
from makegood.vault.measuring.evidence.kept import Kept
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import NO_VALUE, ProbeColumns, instant_of, second_of
from makegood.vault.vault import MOST_UNMEASURED, Vault
from tests.both_ways import said
from tests.properties.amended import AGREEMENT
from tests.properties.reducible import ASKED, at, facts, probes

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@st.composite
def batches(draw: st.DrawFn) -> list[list[AnyRecord] | list[Probe]]:
    """Any evidence, in the batches in which it was accepted; some of it is withdrawn later."""
    records, found = draw(facts()), draw(probes())
    cut, split = draw(st.integers(0, len(records))), draw(st.integers(0, len(found)))
    ids = [each.id for each in records] + [record.id for each in found for record in each.records]
    gone = draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else []
    corrections: list[AnyRecord] = [
        Correction(source="d", source_id=f"{n}", of=each.partition("#")[0], corrects=each.partition("#")[2], reason="?")
        for n, each in enumerate(gone)
    ]
    every: list[list[AnyRecord] | list[Probe]] = [
        records[:cut],
        found[:split],
        records[cut:],
        found[split:],
        corrections,
    ]
    return draw(st.permutations([each for each in every if each]))


def kept(folder: Path, every: list[list[AnyRecord] | list[Probe]], sealed: Container[int]) -> Vault:
    """Return a vault with these batches, of which some of the first are in segments, sealed after these numbers."""
    vault = Vault.create(folder / "vault")
    with vault.writer(now=NOW) as writer:
        for number, batch in enumerate(every):
            some = [each for each in batch if isinstance(each, Probe)]
            if some:
                writer.append_probes(ProbeColumns.of(some))
            else:
                writer.append([each for each in batch if not isinstance(each, Probe)])
            if number + 1 in sealed:
                writer.seal()
    return vault


def orders(number: int) -> list[AnyRecord]:
    return [
        Tally(source="t", source_id=f"{n}", subject="", of="orders", result="accepted", count=1, start=at(n), end=at(n))
        for n in range(number)
    ]


class TestMeasuredEvidence:
    @settings(max_examples=50)
    @given(every=batches(), sealed=st.sets(st.integers(1, 5)), until=st.integers(0, 5), compacted=st.booleans())
    def test_gives_the_same_verdicts_and_credits(
        self, every: list[list[AnyRecord] | list[Probe]], sealed: set[int], until: int, compacted: bool
    ) -> None:
        with TemporaryDirectory() as folder:
            vault = kept(Path(folder), every, sealed)
            if compacted:
                vault.compact(now=NOW)
            last = min(until, vault.head)
            measured = measured_evidence(vault.contents(), ASKED, last)
            assert said(AGREEMENT, measured) == said(AGREEMENT, vault.evidence(last))
            assert measured.snapshot == last

    @settings(max_examples=30)
    @given(every=batches(), sealed=st.sets(st.integers(1, 5)), compacted=st.booleans())
    def test_is_the_same_if_it_was_measured_before(
        self, every: list[list[AnyRecord] | list[Probe]], sealed: set[int], compacted: bool
    ) -> None:
        with TemporaryDirectory() as folder:
            vault = kept(Path(folder), every, sealed)
            for last in range(vault.head + 1):
                if compacted and last == vault.head:
                    vault.compact(now=NOW)
                again = measured_evidence(vault.contents(), ASKED, last, kept=Kept.of(vault.path))
                assert again == measured_evidence(vault.contents(), ASKED, last)

    def test_is_little_of_much(self, tmp_path: Path) -> None:
        seen = [Probe(Series("p", "line-a"), at(step), Status.UP) for step in range(2_000)]
        sold = orders(2_000)
        vault = kept(tmp_path, [seen, sold], {2})
        found = measured_evidence(vault.contents(), ASKED)
        assert [each.seen_until for each in found.states["line-a"]] == [at(1_999)]
        assert [each.count for each in found.tallies["orders"]] == [2_000]

    def test_is_of_earlier_entries_only_also_within_a_segment(self, tmp_path: Path) -> None:
        sold = orders(12)
        vault = kept(tmp_path, [sold[:5], sold[5:]], {2})
        assert len(vault.segments()) == 2  # one of orders, one of headers
        found = measured_evidence(vault.contents(), ASKED, 1)
        assert [each.count for each in found.tallies["orders"]] == [5]
        assert measured_evidence(vault.contents(), ASKED, 0).tallies == {}

    def test_of_timelines_that_records_tell_of_too_is_read_one_by_one(self, tmp_path: Path) -> None:
        found = [Probe(Series("p", "line-a"), at(step), Status.UP) for step in range(4)]
        down: list[AnyRecord] = [State(source="p", source_id="x", subject="line-a", status=Status.DOWN, start=at(2))]
        vault = kept(tmp_path, [found, down], {1})
        measured = measured_evidence(vault.contents(), ASKED)
        assert said(AGREEMENT, measured) == said(AGREEMENT, vault.evidence())
        assert [each.start for each in measured.states["line-a"]] == [at(0), at(2), at(2), at(3)]


class TestEvidenceOfAVault:
    def columns(self, number: int) -> ProbeColumns:
        seconds = np.arange(number, dtype=np.int64) + second_of(at(0))
        zeros = np.zeros(number, np.int32)
        return ProbeColumns((Series("p", "line-a"),), zeros, seconds, zeros.astype(np.uint8), np.full(number, NO_VALUE))

    def test_is_measured_when_there_is_much_of_it(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(self.columns(MOST_UNMEASURED))
            before = vault.evidence(asked=ASKED)
            writer.append(
                [Tally(source="t", source_id="1", subject="", of="x", result="y", count=1, start=at(0), end=at(0))]
            )
        assert len(before.states["line-a"]) == MOST_UNMEASURED
        (state,) = vault.evidence(asked=ASKED).states["line-a"]
        assert state.seen_until == instant_of(second_of(at(0)) + MOST_UNMEASURED - 1)
        assert len(vault.evidence(1, asked=ASKED).states["line-a"]) == MOST_UNMEASURED
        assert len(vault.evidence().states["line-a"]) == MOST_UNMEASURED
