from __future__ import annotations

from dataclasses import replace

import pytest

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.ruling import ruling
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.judging.scene import agreement, tally, texts, verdict

ORDERS = "{kind: ratio, of: orders, good: accepted}"


class TestLowVolume:
    @pytest.mark.parametrize(
        ("_case", "rule", "good", "bad", "ruling"),
        [
            ("one miss is allowed", "{below: 20, allowed_misses: 1}", 8, 1, Ruling.MET),
            ("two are not", "{below: 20, allowed_misses: 1}", 7, 2, Ruling.MISSED),
            ("twenty are enough for a percentage", "{below: 20, allowed_misses: 9}", 18, 2, Ruling.MISSED),
            ("too few are met", "{below: 20, gives: met}", 0, 2, Ruling.MET),
            ("too few decide nothing", "{below: 20, gives: undecided}", 2, 0, Ruling.UNDECIDED),
            ("none at all is not low volume", "{below: 20, gives: met}", 0, 0, Ruling.UNDECIDED),
        ],
    )
    def test_is_ruled_as_agreed(self, _case: str, rule: str, good: int, bad: int, ruling: Ruling) -> None:
        terms = agreement(ORDERS, target=">= 95%", more=f"low_volume: {rule}")
        records = [tally("04-10 10:00", "accepted", good), tally("04-10 10:00", "lost", bad)]
        assert verdict(terms, "2025-04", *records).ruling is ruling

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            ("{below: 20, allowed_misses: 1}", "2 misses, and 1 allowed: MISSED"),
            ("{below: 20, gives: met}", "the agreement counts that as met: MET"),
            ("{below: 20, gives: undecided}", "there is no verdict unless 11 more are recorded: UNDECIDED"),
        ],
    )
    def test_is_said(self, rule: str, said: str) -> None:
        terms = agreement(ORDERS, target=">= 95%", more=f"low_volume: {rule}")
        found = verdict(terms, "2025-04", tally("04-10 10:00", "accepted", 7), tally("04-10 10:00", "lost", 2))
        assert texts(found.reason)[-1] == f"9 in all, and below 20 no percentage decides: {said}"


class TestNothingToMeasure:
    def test_decides_nothing_and_says_what_would(self) -> None:
        assert texts(verdict(agreement(ORDERS), "2025-04").reason)[-1] == (
            "No orders that count were recorded in the period. Import the evidence of them, or agree with the term"
            " `empty` what a period without any is.: UNDECIDED"
        )

    def test_names_the_cases_that_are_lacking(self) -> None:
        terms = agreement("{kind: within, cases: incident, limit: 4h}")
        assert texts(verdict(terms, "2025-04").reason)[-1].startswith("No incident that count were recorded")

    def test_is_never_a_verdict_for_availability(self) -> None:
        outcome = replace(agreement(ORDERS).outcomes["it"], measure=Availability(of="s"))
        assert ruling(outcome, Measurement(None, Unit.SHARE, 0, 0, Reason("s")))[0] is Ruling.UNDECIDED


class TestTheTarget:
    def test_of_a_number_is_compared_with_a_number(self) -> None:
        outcome = agreement("{kind: count, of: seats}", target="< 3").outcomes["it"]
        found = ruling(outcome, Measurement(Ratio(3), Unit.NUMBER, 0, 3, Reason("seats")))
        assert found == (
            Ruling.MISSED,
            Reason("3 does not meet the target of < 3", Ruling.MISSED, rule="target"),
        )
