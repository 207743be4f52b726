"""Samples of which only the side of every quantile is kept give the figures of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge, Status
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.reduced import reduced
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.evidence.kept import Kept
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.vault import Vault

TEXT = """\
makegood: agreement/1
agreement: ranked
title: What is ranked
parties: {provider: provider, customer: customer}
term: {from: 2025-03-03, until: 2025-03-17, timezone: UTC, period: {every: week}}
money: {currency: EUR}
services: {shop: {title: The shop}}
calendars:
  office: {days: {mon-fri: ["08:00-12:00", "13:00-18:00"]}}
outcomes:
  fast:
    promise: Answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 75%, excluded: {maintenance: {effect: shrink}}}
    target: "<= 300 ms"
  between:
    promise: Half of the answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 40%, method: linear, on: office, minimum_samples: 2}
    target: "<= 300 ms"
  worst:
    promise: Every shop is fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 50%, subjects: worst, significant_digits: 1}
    target: "<= 300 ms"
  all:
    promise: No answer is slow.
    measure: {kind: quantile, of: latency, unit: time, quantile: 100%, subject: [a, b]}
    target: "<= 300 ms"
  none:
    promise: Some answer is fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 0%, subject: c}
    target: "<= 300 ms"
  mean:
    promise: Answers are fast in the mean.
    measure: {kind: average, of: latency, unit: time, subjects: worst, excluded: {maintenance: {effect: shrink}}}
    target: "<= 300 ms"
"""
START = datetime(2025, 3, 3, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)

_agreement = read(TEXT).agreement
assert _agreement is not None
AGREEMENT = _agreement
ASKED = Asked.of(AGREEMENT)

places = st.integers(0, 14 * 24 * 6).map(lambda step: START + timedelta(minutes=10 * step))
values = st.one_of(st.integers(0, 40), st.integers(-1, 20_000)).map(lambda number: Ratio(number, 10))


@st.composite
def probes(draw: st.DrawFn) -> list[Probe]:
    found = {}
    for _ in range(draw(st.integers(0, 60))):
        subject, check = draw(st.sampled_from("abc")), draw(st.sampled_from(["", "x"]))
        labels = draw(st.sampled_from([(), (("site", "north"),)]))
        unit = draw(st.sampled_from(["ms"] * 30 + ["s"]))
        at = draw(places)
        found[subject, check, at] = Probe(
            Series("p", subject, check, "latency", unit, labels), at, Status.UP, draw(values)
        )
    return list(found.values())


@st.composite
def exclusions(draw: st.DrawFn) -> list[AnyRecord]:
    found: list[AnyRecord] = []
    for number in range(draw(st.integers(0, 2))):
        start = draw(places)
        found.append(
            Exclusion(
                source="ops",
                source_id=f"{number}",
                cause="maintenance",
                subject=draw(st.sampled_from(["", "a"])),
                start=start,
                end=start + timedelta(hours=draw(st.integers(1, 60))),
            )
        )
    return found


@st.composite
def samples(draw: st.DrawFn) -> list[AnyRecord]:
    return [
        Gauge(
            source="q",
            source_id=f"{number}",
            subject=draw(st.sampled_from("abc")),
            of="latency",
            value=draw(values),
            unit="ms",
            at=draw(places),
            count=draw(st.integers(1, 3)),
        )
        for number in range(draw(st.integers(0, 3)))
    ]


def figures(evidence: Evidence) -> list[tuple[object, ...]]:
    judged = judge_periods(AGREEMENT, periods_of(AGREEMENT), evidence)
    return [
        (each.outcome, each.period.label, each.ruling, each.measurement.value, bool(each.measurement.undecided))
        for judgement in judged
        for each in judgement.verdicts
    ]


class TestRankedSamples:
    def test_are_asked_of_gauges_that_are_ranked_alone(self) -> None:
        assert len(ASKED.rankings["latency"]) == 5

    @given(found=probes(), left_out=exclusions(), more=samples())
    def test_give_the_same_verdicts(self, found: list[Probe], left_out: list[AnyRecord], more: list[AnyRecord]) -> None:
        records = [*(record for each in found for record in each.records), *left_out, *more]
        assert figures(Evidence.of(reduced(records, ASKED))) == figures(Evidence.of(records))

    @settings(max_examples=60)
    @given(found=probes(), left_out=exclusions(), more=samples(), cut=st.integers(0, 60))
    def test_give_the_same_verdicts_from_a_vault(
        self, found: list[Probe], left_out: list[AnyRecord], more: list[AnyRecord], cut: int
    ) -> None:
        with TemporaryDirectory() as folder:
            vault = Vault.create(Path(folder) / "vault")
            with vault.writer(now=NOW) as writer:
                writer.append_probes(ProbeColumns.of(found[:cut]))
                writer.seal()
                writer.append_probes(ProbeColumns.of(found[cut:]))
                writer.append([*left_out, *more])
            measured = measured_evidence(vault.contents(), ASKED, kept=Kept.of(vault.path))
            assert figures(measured) == figures(vault.evidence())
            if not more:
                records = [record for each in found for record in each.records]
                law = Evidence.of(reduced([*records, *left_out], ASKED), snapshot=vault.head)
                assert replace(measured, exclusions=law.exclusions) == law

    def test_leave_room_for_those_that_an_exclusion_may_leave_out(self) -> None:
        found: list[AnyRecord] = [
            Gauge(
                source="p",
                source_id=f"{number}",
                subject="b",
                of="latency",
                value=Ratio(max(number, 0)),
                unit="ms",
                at=START + timedelta(minutes=number + 20),
            )
            for number in range(-8, 200)
        ]
        start, end = START, START + timedelta(minutes=20)
        found.append(Exclusion(source="ops", source_id="1", cause="maintenance", subject="a", start=start, end=end))
        assert figures(Evidence.of(reduced(found, ASKED))) == figures(Evidence.of(found))

    def test_of_many_are_few(self) -> None:
        found = [
            Gauge(
                source="p",
                source_id=f"{number}",
                subject="a",
                of="latency",
                value=Ratio(number),
                unit="ms",
                at=START + timedelta(minutes=number),
            )
            for number in range(1_000)
        ]
        kept = reduced(found, ASKED)
        assert len(kept) < 60
        assert figures(Evidence.of(kept)) == figures(Evidence.of(found))
