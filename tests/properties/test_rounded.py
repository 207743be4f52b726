"""Samples rounded and taken together give the figures of all of them, and those are as near as the agreement says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge
from makegood.engine.judging.reduced import reduced
from makegood.engine.vocabulary.digits import largest_error, to_digits
from makegood.engine.vocabulary.ratio import Ratio

TEXT = """\
makegood: agreement/1
agreement: rounded
title: What is rounded before it is ranked
parties: {{provider: provider, customer: customer}}
term: {{from: 2025-03-03, until: 2025-03-17, timezone: UTC, period: {{every: week}}}}
money: {{currency: EUR}}
services: {{shop: {{title: The shop}}}}
outcomes:
  ranked:
    promise: Answers are fast.
    measure: {{kind: quantile, of: latency, unit: time, quantile: 75%, excluded: {{maintenance: {{}}}}{digits}}}
    target: "<= 300 ms"
  between:
    promise: Half of the answers are fast.
    measure: {{kind: quantile, of: latency, unit: time, quantile: 40%, method: linear, subjects: worst{digits}}}
    target: "<= 300 ms"
  hours:
    promise: Most hours are fast.
    measure:
      {{kind: quantile, of: latency, unit: time, quantile: 50%, slices: {{every: 1h, good_when: "<= 300 ms"}}{digits}}}
    target: ">= 90%"
"""
DIGITS = 2
START = datetime(2025, 3, 3, tzinfo=UTC)


def agreement(digits: str = "") -> Agreement:
    found = read(TEXT.format(digits=digits)).agreement
    assert found is not None
    return found


ROUNDED = agreement(f", significant_digits: {DIGITS}")
EXACT = agreement()
ASKED = Asked.of(ROUNDED)
places = st.one_of(st.integers(0, 30), st.integers(1_000, 1_030)).map(lambda step: START + timedelta(minutes=10 * step))
values = st.one_of(st.sampled_from([295, 304, 305, 306]), st.integers(0, 20_000)).map(Ratio)


@st.composite
def facts(draw: st.DrawFn) -> list[AnyRecord]:
    made: list[AnyRecord] = [
        Gauge(
            source=draw(st.sampled_from("pq")),
            source_id=f"g{number}",
            subject=draw(st.sampled_from(["web-1", "web-2"])),
            of="latency",
            value=draw(values) / draw(st.sampled_from([1, 1, 1000])),
            unit=draw(st.sampled_from(["ms", "s"])),
            at=draw(places),
            count=draw(st.integers(1, 3)),
        )
        for number in range(draw(st.integers(0, 30)))
    ]
    start = draw(places)
    out = Exclusion(source="x", source_id="x", cause="maintenance", start=start, end=start + timedelta(hours=1))
    return [*made, out]


def figures(records: list[AnyRecord]) -> list[object]:
    evidence = Evidence.of(records)
    return [
        (each.ruling, each.measurement.value, each.measurement.good, each.measurement.total)
        for period in periods_of(ROUNDED)
        for each in judge(ROUNDED, period, evidence).verdicts
    ]


class TestRoundedSamples:
    @settings(max_examples=60)
    @given(records=facts())
    def test_are_judged_alike_one_by_one_and_taken_together(self, records: list[AnyRecord]) -> None:
        assert figures(reduced(records, ASKED)) == figures(records)

    @given(records=facts())
    def test_are_reduced_no_further_when_they_are_reduced_again(self, records: list[AnyRecord]) -> None:
        once = reduced(records, ASKED)
        assert len(reduced(once, ASKED)) == len(once) <= len(reduced(records, Asked.of(EXACT)))

    @given(values_=st.lists(values, min_size=1, max_size=30))
    def test_have_figures_as_near_as_the_agreement_says(self, values_: list[Ratio]) -> None:
        records: list[AnyRecord] = [
            Gauge(source="p", source_id=str(n), subject="web-1", of="latency", value=value, unit="ms", at=START)
            for n, value in enumerate(values_)
        ]
        near, exact = (judge(terms, periods_of(terms)[0], Evidence.of(records)) for terms in (ROUNDED, EXACT))
        for name in ("ranked", "between"):
            found, wanted = near.of(name).measurement.value, exact.of(name).measurement.value
            assert found is not None
            assert wanted is not None
            assert abs(found - wanted) <= wanted * largest_error(DIGITS)
        ranked = exact.of("ranked").measurement.value
        assert ranked is not None
        assert near.of("ranked").measurement.value == to_digits(ranked, DIGITS)
