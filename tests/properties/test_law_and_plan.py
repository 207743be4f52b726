"""Law equals plan: measured evidence of a vault is judged as all of its records are, however an agreement was amended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.amendment import Amendment
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import versions_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import AnyRecord, Gauge, State, Status, Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge_periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.evidence.kept import Kept
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.vault import Vault
from tests.both_ways import said_both_ways
from tests.properties.amended import agreements
from tests.properties.reducible import Batch, batches, correction

NOW = datetime(2025, 6, 1, tzinfo=UTC)
TEXT = """\
makegood: agreement/1
agreement: one
title: One promise
parties: {{provider: provider, customer: customer}}
term: {{from: 2025-01-01, months: 3, timezone: UTC}}
money: {{currency: EUR}}
services: {{line: {{title: The line}}}}
outcomes:
  it: {{promise: It works., measure: {measure}, target: "{target}"}}
"""
RISING = "sequences: {better: {kind: ratchet, of: it, every: 1}}\n"


def agreement(measure: str, more: str = "", *, target: str = ">= 3%") -> Agreement:
    found = read(TEXT.format(measure=measure, target=target) + more)
    assert found.agreement is not None, found.findings
    return found.agreement


def amended(first: Agreement, second: Agreement, effective: date) -> Agreement:
    second = replace(second, amendment=Amendment(version=2, effective=effective, amends="0" * 16))
    return replace(second, versions=(first, second))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2025, 1, day, hour, minute, tzinfo=UTC)


def kept(folder: Path, every: list[Batch], *, sealed: set[int], compacted: int) -> Vault:
    """Return a vault with these batches; it was sealed after some of them, and compacted after one."""
    vault = Vault.create(folder / "vault")
    with vault.writer(now=NOW) as writer:
        for number, batch in enumerate(every):
            probes = [each for each in batch if isinstance(each, Probe)]
            if probes:
                writer.append_probes(ProbeColumns.of(probes))
            else:
                writer.append([each for each in batch if not isinstance(each, Probe)])
            if number in sealed:
                writer.seal()
            if number == compacted:
                writer.compact()
    return vault


class TestLawEqualsPlan:
    @settings(max_examples=25)
    @given(
        agreement=agreements(),
        every=batches(),
        sealed=st.sets(st.integers(0, 6)),
        compacted=st.integers(0, 7),
        until=st.integers(0, 8),
        void=st.sets(st.sampled_from(["d#0", "d#1", "d#2"]), max_size=1),
    )
    def test_in_values_rulings_and_cents(
        self, agreement: Agreement, every: list[Batch], sealed: set[int], compacted: int, until: int, void: set[str]
    ) -> None:
        with TemporaryDirectory() as folder:
            vault = kept(Path(folder), every, sealed=sealed, compacted=compacted)
            law, plan = said_both_ways(vault, agreement, min(until, vault.head), without=void)
        assert plan == law

    @settings(max_examples=12)
    @given(agreement=agreements(), every=batches(), sealed=st.sets(st.integers(0, 6)))
    def test_also_with_what_was_measured_for_another_version(
        self, agreement: Agreement, every: list[Batch], sealed: set[int]
    ) -> None:
        with TemporaryDirectory() as folder:
            vault = kept(Path(folder), every, sealed=sealed, compacted=7)
            contents, parts = vault.contents(), Kept.of(vault.path)
            for each in (*versions_of(agreement), agreement):
                asked = Asked.of(each)
                assert measured_evidence(contents, asked, kept=parts) == measured_evidence(contents, asked)


class TestWhatOnceDiffered:
    """Each of these was found by the properties above, or by looking for what they might miss."""

    def told(self, folder: Path, terms: Agreement, *every: Batch) -> list[tuple[str, str, Ratio | None]]:
        """Return target and value of each period, which are the same measured or not."""
        vault = kept(folder, [*every], sealed={0}, compacted=9)
        law, plan = said_both_ways(vault, terms)
        assert plan == law
        measured = measured_evidence(vault.contents(), Asked.of(terms))
        return [
            (each.period.label, f"{each.of('it').target}", each.of("it").measurement.value)
            for each in judge_periods(terms, periods_of(terms), measured)
        ]

    def test_is_an_incident_among_states_that_repeat_themselves(self, tmp_path: Path) -> None:
        line: list[AnyRecord] = [
            State(
                source="p",
                source_id=f"{hour}",
                subject="line",
                status=Status.DOWN if hour == 2 else Status.UP,
                start=at(1, hour),
                incident="INC-1" if hour == 2 else "",
            )
            for hour in range(5)
        ]
        terms = agreement("{kind: availability, of: line}")
        assert self.told(tmp_path, terms, line)[0] == ("2025-01", ">= 3 %", Ratio(743, 744))

    def test_is_a_state_that_is_still_seen_when_the_next_begins(self, tmp_path: Path) -> None:
        line: list[AnyRecord] = [
            State(
                source="p",
                source_id="1",
                subject="line",
                status=Status.UP,
                start=at(31, 22),
                seen_until=at(31, 23, 59) + timedelta(minutes=2),
            ),
            State(source="p", source_id="2", subject="line", status=Status.UP, start=at(31, 23)),
        ]
        terms = agreement("{kind: availability, of: line, unknown: {as: up, after: 3h}}")
        assert self.told(tmp_path, terms, line)[1] == ("2025-02", ">= 3 %", Ratio(1))

    def test_is_the_label_of_an_outage_that_begins_inside_a_run(self, tmp_path: Path) -> None:
        """One of the two that the line needs is down twice over when the other goes, too."""

        def down(source: str, subject: str, site: str, *starts: datetime, up: datetime) -> list[AnyRecord]:
            states = [(each, Status.DOWN) for each in starts] + [(up, Status.UP)]
            return [
                State(
                    source=source,
                    source_id=f"{subject}{number}",
                    subject=subject,
                    status=status,
                    start=start,
                    labels=(("site", site),),
                )
                for number, (start, status) in enumerate(states)
            ]

        records = [
            *down("p", "a", "north", *(at(1, hour) for hour in range(3)), up=at(2)),
            *down("q", "a", "south", at(1, 0, 30), up=at(2)),
            *down("p", "b", "west", at(1, 2), up=at(1, 3)),
            State(source="q", source_id="b", subject="b", status=Status.UP, start=at(1), end=at(1, 2)),
        ]
        text = TEXT.replace("{{title: The line}}", "{{title: The line, made_of: {{any_of: [a, b]}}}}")
        terms = read(text.format(measure="{kind: availability, of: line, by: site}", target=">= 3%")).agreement
        assert terms is not None
        assert self.told(tmp_path, terms, records)[0][2] == Ratio(743, 744)
        (judged,) = judge_periods(terms, periods_of(terms)[:1], Evidence.of(records))
        assert [each.label for each in judged.of("it").measurement.parts] == ["north"]

    def test_is_a_version_that_begins_inside_a_period(self, tmp_path: Path) -> None:
        sold: list[AnyRecord] = [
            Tally(
                source="t",
                source_id=f"{day}",
                subject="",
                of="orders",
                result="ok",
                count=1,
                start=at(day),
                end=at(day),
            )
            for day in (10, 20)
        ]
        terms = agreement("{kind: ratio, of: orders, good: ok}")
        found = self.told(tmp_path, amended(terms, terms, date(2025, 1, 15)), sold)
        assert [value for _, _, value in found] == [1, 1, None, None]

    @pytest.mark.parametrize(("limit", "target"), [("2h", ">= 51.5 %"), ("20m", ">= 26.5 %")])
    def test_is_a_target_that_rises_with_cases_of_an_earlier_version(
        self, limit: str, target: str, tmp_path: Path
    ) -> None:
        """By the new limit half of the cases of January were inside, and by one of 2 hours all of them."""
        done: list[AnyRecord] = [
            Transition(
                source="d",
                source_id=f"{day}-{state}",
                case=f"C-{day}",
                of="incident",
                state=state,
                at=at(day, 0, minute * (day % 2 + 1)),
            )
            for day in range(10, 20)
            for state, minute in (("opened", 0), ("resolved", 15))
        ]
        first, second = (
            agreement(f"{{kind: within, cases: incident, limit: {each}}}", RISING) for each in ("3h", limit)
        )
        found = self.told(tmp_path, amended(first, second, date(2025, 2, 1)), done)
        assert found[1] == ("2025-02", target, None)

    def test_is_a_target_that_rises_with_samples_of_an_earlier_version(self, tmp_path: Path) -> None:
        rate: list[AnyRecord] = [
            Gauge(source="p", source_id=f"{n}", subject="web", of="rate", value=Ratio(5 + n), unit="", at=at(5, 0, n))
            for n in range(50)
        ]
        measure = "{{kind: quantile, of: rate, unit: number, quantile: {}}}"
        first, second = (agreement(measure.format(each), RISING, target=">= 3") for each in ("20%", "60%"))
        found = self.told(tmp_path, amended(first, second, date(2025, 2, 1)), rate)
        assert [(target, value) for _, target, value in found] == [(">= 3", 14), (">= 18.5", None), (">= 18.5", None)]

    def test_is_a_correction_of_the_name_of_a_record_that_stands_for_several(self, tmp_path: Path) -> None:
        up = [Probe(Series("p", "line"), at(1) + timedelta(minutes=n), Status.UP) for n in range(60)]
        gone: list[AnyRecord] = [correction("1", "p#line@2025-01-01T00:00:00Z+59")]
        terms = agreement("{kind: availability, of: line, unknown: {as: down, after: 5m}}")
        assert self.told(tmp_path, terms, up, gone)[0] == ("2025-01", ">= 3 %", Ratio(64, 744 * 60))

    def test_are_words_about_a_case_whose_clock_never_started_for_another_measure(self, tmp_path: Path) -> None:
        other = "{kind: within, cases: incident, limit: 2h, clock: {from: answered, to: resolved}}"
        terms = agreement(
            "{kind: within, cases: incident, limit: 2h}",
            f"  other: {{promise: It works too., measure: {other}, target: '>= 3%'}}\n",
        )
        steps: list[AnyRecord] = [
            Transition(source="d", source_id=state, case="C-1", of="incident", state=state, at=at(5, hour))
            for state, hour in (("opened", 0), ("resolved", 1))
        ]
        vault = kept(tmp_path, [steps], sealed={0}, compacted=9)
        january = periods_of(terms)[:1]
        measured = measured_evidence(vault.contents(), Asked.of(terms))
        (law,), (plan,) = (judge_periods(terms, january, each) for each in (vault.evidence(), measured))
        assert plan == law
        assert "1 case without a recorded start of their clock" in "\n".join(plan.of("other").reason.lines())
