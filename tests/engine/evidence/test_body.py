from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.body import Evidence, withdrawals
from makegood.engine.evidence.records import (
    AnyRecord,
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.vocabulary.ratio import Ratio


def at(hour: int) -> datetime:
    return datetime(2026, 3, 6, hour, tzinfo=UTC)


def state(number: int, hour: int, subject: str = "till") -> State:
    return State(source="probes", source_id=f"{number}", subject=subject, status=Status.DOWN, start=at(hour))


def correction(number: str, of: str, *, source: str = "desk") -> Correction:
    of, _, corrects = of.partition("#")
    return Correction(source=source, source_id=number, of=of, corrects=corrects, reason="wrong")


class TestEvidence:
    def test_is_found_by_what_is_asked_of_it(self) -> None:
        down, up = state(1, 8), state(2, 9, "oven")
        order = Tally(
            source="s", source_id="1", subject="till", of="orders", result="ok", count=1, start=at(8), end=at(8)
        )
        opened = Transition(source="s", source_id="2", case="T-1", of="incident", state="opened", at=at(9))
        closed = Transition(source="s", source_id="3", case="T-1", of="incident", state="closed", at=at(10))
        storm = Exclusion(source="s", source_id="4", cause="weather", start=at(8), end=at(9))
        gauge = Gauge(source="s", source_id="5", subject="till", of="load", value=Ratio(1, 2), unit="1", at=at(8))
        score = Statement(
            source="s", source_id="6", subject="till", of="csat", value=Ratio(4), unit="1", at=at(8), by="Acme"
        )
        cause = Attribution(source="s", source_id="7", incident="INC-1", party="host", share=Ratio(1))
        evidence = Evidence.of([closed, opened, storm, order, up, down, gauge, score, cause], snapshot=3)
        assert evidence == Evidence(
            snapshot=3,
            states={"till": [down], "oven": [up]},
            tallies={"orders": [order]},
            cases={"incident": {"T-1": [opened, closed]}},
            exclusions={"weather": [storm]},
            gauges={"load": [gauge]},
            statements={"csat": [score]},
            attributions={"INC-1": [cause]},
        )

    def test_is_the_same_in_whatever_order_it_arrived(self) -> None:
        records: list[AnyRecord] = [state(1, 8), state(2, 8), state(3, 7), correction("9", "probes#1")]
        found = [Evidence.of(order).states for order in permutations(records)]
        assert found == [{"till": [state(3, 7), state(2, 8)]}] * 24

    def test_leaves_out_what_was_withdrawn_and_says_why(self) -> None:
        wrong = correction("1", "probes#1")
        evidence = Evidence.of([state(1, 8), wrong])
        assert (evidence.states, evidence.withdrawn) == ({}, {"probes#1": wrong})


class TestWithdrawals:
    @pytest.mark.parametrize(
        ("_case", "corrections", "expected"),
        [
            ("one", [("1", "probes#1")], {"probes#1": "desk#1"}),
            ("two of the same record", [("2", "probes#1"), ("1", "probes#1")], {"probes#1": "desk#1"}),
            ("one that is itself withdrawn", [("1", "probes#1"), ("2", "desk#1")], {"desk#1": "desk#2"}),
            (
                "one whose withdrawal is withdrawn",
                [("1", "probes#1"), ("2", "desk#1"), ("3", "desk#2")],
                {"probes#1": "desk#1", "desk#2": "desk#3"},
            ),
            (
                "one of two",
                [("1", "probes#1"), ("2", "probes#1"), ("3", "desk#1")],
                {"probes#1": "desk#2", "desk#1": "desk#3"},
            ),
            ("a circle", [("1", "desk#2"), ("2", "desk#1")], {"desk#2": "desk#1", "desk#1": "desk#2"}),
            (
                "a circle of three",
                [("1", "desk#3"), ("2", "desk#1"), ("3", "desk#2")],
                {"desk#3": "desk#1", "desk#1": "desk#2", "desk#2": "desk#3"},
            ),
            (
                "a circle that another one breaks",
                [("1", "desk#2"), ("2", "desk#1"), ("3", "desk#1")],
                {"desk#1": "desk#2"},
            ),
        ],
    )
    def test_hold_while_one_correction_counts(
        self, _case: str, corrections: list[tuple[str, str]], expected: dict[str, str]
    ) -> None:
        found = withdrawals(correction(number, of) for number, of in corrections)
        assert {target: each.id for target, each in found.items()} == expected

    @pytest.mark.parametrize(("number", "expected"), [(5_000, 2_500), (5_001, 2_501)])
    def test_of_withdrawals_reach_as_far_as_people_quarrel(self, number: int, expected: int) -> None:
        quarrel = [correction(str(each), f"desk#{each - 1}") for each in range(1, number + 1)]
        found = withdrawals(quarrel)
        assert len(found) == expected
        assert f"desk#{number - 1}" in found

    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), unique_by=lambda pair: pair[0]), st.randoms())
    def test_do_not_depend_on_the_order(self, pairs: list[tuple[int, int]], random: Random) -> None:
        corrections = [correction(f"{number}", f"desk#{target}") for number, target in pairs]
        shuffled = sorted(corrections, key=lambda _: random.random())
        assert withdrawals(corrections) == withdrawals(shuffled)
