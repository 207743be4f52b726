"""Reduced evidence gives the same verdicts and the same money as all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, State, Status, Tally
from makegood.engine.judging.reduced import reduced
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.closing import account
from makegood.engine.vocabulary.reason import Reason
from tests.properties.reducible import AGREEMENT, ASKED, at, facts


def figures(measurement: Measurement) -> Any:
    """Everything but the records that are cited: one that stands for several is cited for all of them."""
    misses = [replace(each, evidence=()) for each in measurement.misses]
    return replace(measurement, reason=Reason(""), misses=tuple(misses), undecided=bool(measurement.undecided) * "?")


def said(evidence: Evidence) -> Any:
    """What is judged and credited, as far as it does not depend on how evidence is cited."""
    seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=evidence)
    verdicts = [
        (each.outcome, each.period.label, each.ruling, figures(each.measurement))
        for judgement in seen.judgements
        for each in judgement.verdicts
    ]
    return verdicts, [(each.total, [(line.outcome, line.amount) for line in each.credits]) for each in seen.credits]


class TestReducedEvidence:
    @settings(max_examples=60)
    @given(records=facts())
    def test_gives_the_same_verdicts_and_credits(self, records: list[AnyRecord]) -> None:
        assert said(Evidence.of(reduced(records, ASKED))) == said(Evidence.of(records))

    @given(records=facts())
    def test_is_reduced_no_further_when_it_is_reduced_again(self, records: list[AnyRecord]) -> None:
        once = reduced(records, ASKED)
        assert len(reduced(once, ASKED)) == len(once) <= len(records)

    @given(records=facts(), data=st.data())
    def test_does_not_care_in_which_order_evidence_arrives(self, records: list[AnyRecord], data: st.DataObject) -> None:
        again = reduced(data.draw(st.permutations(records)), ASKED)
        assert sorted(again, key=lambda each: each.id) == sorted(reduced(records, ASKED), key=lambda each: each.id)

    def test_of_many_is_few(self) -> None:
        seen = [
            State(source="p", source_id=f"s{n}", subject="line-a", status=Status.UP, start=at(n)) for n in range(500)
        ]
        sold = [
            Tally(
                source="p",
                source_id=f"t{n}",
                subject="",
                of="orders",
                result="accepted",
                count=1,
                start=at(n),
                end=at(n),
            )
            for n in range(100)
        ]
        found = reduced([*seen, *sold], ASKED)
        assert [(each.id, getattr(each, "count", None)) for each in found] == [("p#s0+499", None), ("p#t0+99", 100)]
