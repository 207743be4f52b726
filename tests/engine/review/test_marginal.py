from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.review.balance import balance_of
from makegood.engine.review.marginal import Marginal, marginal, shortened
from makegood.engine.review.trial import Trial
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, outcome
from tests.engine.review.risks import TERM, TIERS, terms

EXAMPLES = [
    file
    for file in sorted((Path(__file__).parents[3] / "examples").rglob("*.yaml"))
    if "makegood: agreement/" in file.read_text(encoding="utf-8")
]
BONUS = "bonus: {of: 1000.00 EUR, tiers: [{at_least: 99.99%, pays: 5%}]}"
JANUARY = 31 * 24 * 3600


def tried(here: Agreement, name: str = "availability", **totals: int) -> Marginal:
    return marginal(Trial.of(here, totals), name)


def steps(found: Marginal) -> list[tuple[int, str, str]]:
    return [(step.wrong, step.cost.plain, step.jump.plain if step.jump else "") for step in found.steps]


def resolved(stake: str, *, target: str = ">= 90%", more: str = "", rest: str = "") -> Agreement:
    return agreement(outcome("resolution", target, stake, more), term=TERM, more=rest)


class TestWhatAWorseValueCosts:
    def test_jumps_at_the_bounds_of_the_tiers_and_then_goes_dead(self) -> None:
        """A thousandth of 744 hours are 44 min 38.4 s: the 2,679th second costs 5 % of 2,760.00 EUR."""
        found = tried(terms())
        assert steps(found) == [
            (0, "0.00", ""),
            (2_679, "138.00", "138.00"),
            (13_393, "276.00", "138.00"),
            (26_785, "690.00", "414.00"),
        ]
        assert found.cliff == found.dead == found.steps[-1]
        assert (found.scale.total, found.dead_by_limit, found.free) == (JANUARY, False, False)
        assert (found.most.plain, found.mildest.plain) == ("690.00", "138.00")

    def test_goes_dead_sooner_where_a_cap_stops_it(self) -> None:
        found = tried(terms(more="caps: [{per: period, at: 10% of monthly_fee}]"))
        assert steps(found)[-1] == (13_393, "276.00", "138.00")
        assert found.dead is not None
        assert (found.dead.wrong, found.dead_by_limit) == (13_393, True)

    def test_is_nothing_at_first_below_a_minimum_credit(self) -> None:
        found = tried(terms(more="minimum_credit: {more_than: 138.00 EUR}"))
        assert (found.free, steps(found)[1]) == (True, (13_393, "276.00", "276.00"))

    def test_grows_by_every_unit_up_to_its_end(self) -> None:
        """90 of 100 are promised; every 5 points started cost 10 % of 1,000.00 EUR, at most 300.00 EUR."""
        stake = "{of: 1000.00 EUR, per_unit: {unit: 5%, credit: 10%, counted: started}, at_most: 30%}"
        found = tried(resolved(stake), "resolution", resolution=100)
        assert steps(found) == [
            (0, "0.00", ""), (11, "100.00", "100.00"), (16, "200.00", "100.00"), (21, "300.00", "100.00"),
        ]  # fmt: skip
        assert found.dead == found.steps[-1]
        assert not found.dead_by_limit

    def test_counts_units_of_time_beyond_an_allowance(self) -> None:
        stake = "{of: 1000.00 EUR, per_unit: {unit: 1h, credit: 10%, counted: completed, allowance: 30m}, at_most: 20%}"
        assert steps(tried(terms(stake))) == [(0, "0.00", ""), (5_400, "100.00", "100.00"), (9_000, "200.00", "100.00")]

    def test_counts_units_of_time_beyond_an_allowance_in_percent(self) -> None:
        """A hundredth of 744 hours is 26,784 s, and two hours more are 33,984 s."""
        stake = "{of: 1000.00 EUR, per_unit: {unit: 2h, credit: 10%, counted: completed, allowance: 1%}, at_most: 10%}"
        assert steps(tried(terms(stake))) == [(0, "0.00", ""), (33_984, "100.00", "100.00")]

    def test_grows_gradually_where_parts_count_exactly(self) -> None:
        """0.1 % is free and 1.5 % more are paid: 42,854.4 s, and half a cent before that rounding is there already."""
        stake = "{of: 1000.00 EUR, per_unit: {unit: 1%, credit: 10%, counted: exact}, at_most: 15%}"
        found = tried(terms(stake))
        assert steps(found)[-1] == (42_854, "150.00", "")
        assert found.dead == found.steps[-1]
        assert all(step.jump is None or step.jump.minor <= 1 for step in found.steps)

    def test_never_goes_dead_where_the_last_case_counts(self) -> None:
        found = tried(resolved("{per_event: {credit: 7.00 EUR}}"), "resolution", resolution=10)
        assert steps(found)[:2] == [(0, "0.00", ""), (2, "14.00", "14.00")]
        assert (steps(found)[-1], found.dead) == ((10, "70.00", "7.00"), None)

    def test_begins_with_the_bonus_that_is_lost(self) -> None:
        """A ten-thousandth of 744 hours are 267.84 s; the miss itself costs 100.00 EUR more."""
        here = agreement(outcome("availability", ">= 99.9%", "{of: 100.00 EUR}", BONUS), term=TERM)
        found = tried(here)
        assert steps(found) == [(0, "0.00", ""), (268, "50.00", "50.00"), (2_679, "150.00", "100.00")]
        assert found.mildest.plain == "150.00"

    def test_takes_a_thousand_cases_where_nothing_is_known(self) -> None:
        found = tried(resolved("{of: 10.00 EUR}"), "resolution")
        assert (found.scale.total, steps(found)[1]) == (1000, (101, "10.00", "10.00"))

    def test_knows_that_thin_periods_are_ruled_by_their_misses(self) -> None:
        found = tried(
            resolved("{of: 10.00 EUR}", more="low_volume: {below: 20, allowed_misses: 2}"), "resolution", resolution=6
        )
        assert steps(found) == [(0, "0.00", ""), (3, "10.00", "10.00")]

    def test_turns_around_for_ceilings(self) -> None:
        here = agreement(
            outcome("backup", "<= 2%", "{of: 10.00 EUR, tiers: [{above: 2%, credit: 50%}, {above: 5%, credit: 100%}]}"),
            term=TERM,
        )
        found = tried(here, "backup", backup=100)
        assert steps(found) == [(0, "0.00", ""), (3, "5.00", "5.00"), (6, "10.00", "5.00")]
        assert [step.value for step in found.steps] == [Ratio(0), Ratio(3, 100), Ratio(6, 100)]

    def test_counts_events_one_by_one(self) -> None:
        here = agreement(
            outcome("complaints", "<= 3", "{per_event: {credit: 5.00 EUR, events: beyond_target}, at_most: 15.00 EUR}"),
            term=TERM,
        )
        found = tried(here, "complaints")
        assert steps(found) == [(0, "0.00", ""), (4, "5.00", "5.00"), (5, "10.00", "5.00"), (6, "15.00", "5.00")]

    def test_counts_what_is_lacking(self) -> None:
        here = agreement(outcome("complaints", ">= 3", "{of: 5.00 EUR}"), term=TERM)
        found = tried(here, "complaints")
        assert [(step.value, step.cost.plain) for step in found.steps] == [(Ratio(6), "0.00"), (Ratio(2), "5.00")]

    def test_is_missed_by_the_first_failure_where_all_is_promised(self) -> None:
        here = agreement(outcome("complaints", "= 0", "{of: 5.00 EUR}"), term=TERM)
        assert steps(tried(here, "complaints")) == [(0, "0.00", ""), (1, "5.00", "5.00")]

    def test_is_missed_by_one_less_where_exactly_so_many_are_promised(self) -> None:
        here = agreement(outcome("complaints", "= 4", "{of: 5.00 EUR}"), term=TERM)
        found = tried(here, "complaints")
        assert [(step.value, step.cost.plain) for step in found.steps] == [(Ratio(4), "0.00"), (Ratio(3), "5.00")]

    @settings(max_examples=20, deadline=None)
    @given(
        stake=st.sampled_from(
            [
                TIERS,
                "{of: 100.00 EUR}",
                "{of: 100% of service_fee, per_unit: {unit: 1h, credit: 1%, counted: exact}, at_most: 9%}",
            ]
        ),
        more=st.sampled_from(
            ["", "caps: [{per: period, at: 6% of monthly_fee}]", "minimum_credit: {at_least: 140.00 EUR}"]
        ),
        wrong=st.lists(st.integers(0, JANUARY), min_size=2, max_size=6),
    )
    def test_never_falls_and_never_exceeds_the_most(self, stake: str, more: str, wrong: list[int]) -> None:
        here = terms(stake, more=more)
        trial = Trial.of(here)
        found = marginal(trial, "availability")
        costs = [trial.credits({"availability": each}).total for each in sorted(wrong)]
        assert costs == sorted(costs)
        assert all(cost <= found.most for cost in costs)
        if found.dead is not None:
            late = [trial.credits({"availability": each}).total for each in wrong if each >= found.dead.wrong]
            assert {cost.minor for cost in late} <= {found.most.minor}


class TestStepsForShowing:
    def test_are_all_of_them_if_they_are_few(self) -> None:
        found = tried(terms())
        assert shortened(found.steps) == found.steps


class TestTheBalance:
    def test_is_all_stick_where_nothing_can_be_gained(self) -> None:
        found = balance_of(Trial.of(terms()))
        assert tuple(map(str, (found.fee, found.owed, found.at_risk, found.to_gain, found.absorbed))) == (
            "2,760.00 EUR", "690.00 EUR", "690.00 EUR", "0.00 EUR", "0.00 EUR",
        )  # fmt: skip
        assert found.stick == 1

    def test_says_what_the_limits_take_off(self) -> None:
        here = agreement(
            outcome("availability", ">= 99.9%", "{of: 100.00 EUR}"),
            outcome("backup", ">= 99%", "{of: 50.00 EUR}"),
            term=TERM,
            more="caps: [{per: period, at: 120.00 EUR}]",
        )
        found = balance_of(Trial.of(here))
        assert tuple(map(str, (found.owed, found.at_risk, found.absorbed))) == ("150.00 EUR", "120.00 EUR", "30.00 EUR")

    def test_weighs_a_bonus_against_what_can_be_lost(self) -> None:
        here = agreement(outcome("availability", ">= 99.9%", "{of: 100.00 EUR}", BONUS), term=TERM)
        found = balance_of(Trial.of(here))
        assert (str(found.at_risk), str(found.to_gain), found.stick) == ("100.00 EUR", "50.00 EUR", Ratio(2, 3))

    def test_is_none_where_nothing_is_at_stake(self) -> None:
        found = balance_of(Trial.of(agreement(outcome("availability", ">= 99.9%"), term=TERM)))
        assert (found.stick, str(found.at_risk)) == (None, "0.00 EUR")


class TestEveryExample:
    @pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
    def test_can_be_tried(self, file: Path) -> None:
        here = read(file.read_text(encoding="utf-8"), file.name).agreement
        assert here is not None
        trial = Trial.of(here)
        found = [marginal(trial, name) for name, promised in here.outcomes.items() if promised.stake is not None]
        assert all(step.cost.minor >= 0 for each in found for step in each.steps)
        assert all(each.most <= balance_of(trial).at_risk + balance_of(trial).to_gain for each in found)


class TestAScale:
    @pytest.mark.parametrize(
        ("target", "best", "worst"), [(">= 99.9%", Ratio(1), Ratio(0)), ("<= 2%", Ratio(0), Ratio(1))]
    )
    def test_goes_from_the_best_to_the_worst(self, target: str, best: Ratio, worst: Ratio) -> None:
        scale = Trial.of(agreement(outcome("backup", target), term=TERM)).scales["backup"]
        assert (scale.value(0), scale.value(scale.worst)) == (best, worst)
