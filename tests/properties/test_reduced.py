"""Reduced evidence gives the same verdicts and the same money as all of it, however an agreement was amended."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, State, Status, Tally
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.reduced import reduced
from tests.both_ways import said
from tests.properties.amended import agreements
from tests.properties.reducible import ASKED, at, facts


class TestReducedEvidence:
    @settings(max_examples=25)
    @given(records=facts(), agreement=agreements())
    def test_gives_the_same_verdicts_and_credits(self, records: list[AnyRecord], agreement: Agreement) -> None:
        fewer = reduced(records, Asked.of(agreement))
        assert said(agreement, Evidence.of(fewer)) == said(agreement, Evidence.of(records))

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
