"""Consecutive misses cost more from period to period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.sequences.parts import Undecided
from makegood.engine.money.sequences.history import run_of_misses
from tests.engine.money.scene import agreement, outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, YEAR, booked, course, entries, year

BASE = outcome("backup", ">= 99%", "{of: 8000.00 EUR}", "critical: true")
THIRD = outcome("backup", ">= 99%", "{of: 333.33 EUR}", "critical: true")


class TestARunOfMisses:
    @pytest.mark.parametrize(
        ("rulings", "passed_over", "ends_run"),
        [
            ("", 0, 0),
            ("-", 1, 1),
            ("--+", 0, 0),
            ("--?", 0, 0),
            ("-+--", 2, 2),
            ("-?-", 2, 1),
            ("+?--", 2, 2),
        ],
    )
    def test_ends_with_the_last_period(self, rulings: str, passed_over: int, ends_run: int) -> None:
        found = entries(*rulings)
        assert run_of_misses(found, Undecided.PASSED_OVER) == passed_over
        assert run_of_misses(found, Undecided.ENDS_RUN) == ends_run

    @given(st.text("+-?", max_size=30))
    def test_is_never_longer_when_undecided_periods_end_it(self, rulings: str) -> None:
        found = entries(*rulings)
        assert run_of_misses(found, Undecided.ENDS_RUN) <= run_of_misses(found, Undecided.PASSED_OVER)


class TestARepeat:
    def test_multiplies_credits_and_rounds_each(self) -> None:
        terms = year(THIRD, sequences="dearer: {kind: repeat, multiplies: [1, 1.5, 2]}")
        found = course(terms, backup=["98%", "98%", "98%", "98%", "99%", "98%"])
        assert booked(found, "backup") == ["333.33", "500.00", "666.66", "666.66", "0.00", "333.33"]

    def test_pays_shares_of_the_base_instead(self) -> None:
        terms = year(BASE, sequences="dearer: {kind: repeat, of: backup, pays: [12.5%, 25%, 50%]}")
        found = course(terms, backup=["98%", "98%", "98%", "98%", "99%", "98%"])
        assert booked(found, "backup") == ["1000.00", "2000.00", "4000.00", "4000.00", "0.00", "1000.00"]

    def test_concerns_each_outcome_by_itself_and_only_those_named(self) -> None:
        terms = year(BACKUP, RESOLUTION, sequences="dearer: {kind: repeat, of: backup, multiplies: [1, 3]}")
        found = course(terms, backup=["98%", "98%"], resolution=["98%", "98%"])
        assert booked(found, "backup") == ["100.00", "300.00"]
        assert booked(found, "resolution") == ["100.00", "100.00"]
        terms = year(BACKUP, RESOLUTION, sequences="dearer: {kind: repeat, of: resolution, multiplies: [1, 3]}")
        found = course(terms, backup=["98%", "98%"], resolution=["98%", "98%"])
        assert booked(found, "backup") == ["100.00", "100.00"]
        assert booked(found, "resolution") == ["100.00", "300.00"]

    def test_leaves_a_miss_that_owes_nothing(self) -> None:
        tiers = "{of: 100.00 EUR, tiers: [{below: 98%, credit: 100%}]}"
        late = outcome("backup", ">= 99%", tiers, "critical: true")
        found = course(year(late, sequences="dearer: {kind: repeat, pays: [10%, 20%]}"), backup=["98.5%", "97%"])
        assert booked(found, "backup") == ["0.00", "20.00"]

    def test_reads_undecided_periods_as_agreed(self) -> None:
        rule = "dearer: {{kind: repeat, multiplies: [1, 2], undecided: {}}}"
        months = ["98%", None, "98%"]
        assert booked(course(year(sequences=rule.format("passed_over")), backup=months), "backup")[-1] == "200.00"
        assert booked(course(year(sequences=rule.format("ends_run")), backup=months), "backup")[-1] == "100.00"

    @pytest.mark.parametrize(
        ("rule", "name", "expected"),
        [
            ("dearer: {kind: repeat, multiplies: [1.255]}", "backup", "127.00"),
            ("dearer: {kind: repeat, pays: [33.3%]}", "backup", "34.00"),
            ("lasting: {kind: persistent, every: 1, pays: 0.0014%}", "lasting", "3.00"),
            ("points: {kind: points, table: [{at_least: 1, credit: 0.0135%}]}", "points", "3.00"),
        ],
    )
    def test_is_rounded_to_the_decimals_of_credits(self, rule: str, name: str, expected: str) -> None:
        late = outcome("backup", ">= 99%", "{of: 101.00 EUR, tiers: [{below: 99%, credit: 100%}]}", "critical: true")
        money = "{currency: EUR, decimals: 0}"
        terms = agreement(late, money=money, term=YEAR, more=f"sequences: {{{rule}}}\n")
        assert booked(course(terms, backup=["98%"]), name) == [expected]

    def test_says_why(self) -> None:
        found = course(year(sequences="dearer: {kind: repeat, multiplies: [1, 1.5]}"), backup=["98%", "98%"])
        lines = "\n".join(found[1].reason.lines())
        assert "backup: Missed in 2 consecutive periods: 100.00 EUR times 1.5: 150.00 EUR [repeat]" in lines
        assert "Missed in 1 consecutive period: 100.00 EUR times 1:" in "\n".join(found[0].reason.lines())

    def test_acts_one_after_the_other_if_there_are_several(self) -> None:
        rules = "a: {kind: repeat, multiplies: [2]}, b: {kind: repeat, multiplies: [1.5]}"
        found = course(year(sequences=rules), backup=["98%"])
        assert booked(found, "backup") == ["300.00"]
        assert "what consecutive misses cost" in "\n".join(found[0].reason.lines())

    @given(st.lists(st.sampled_from(["98%", "99%", None]), min_size=1, max_size=12), st.integers(0, 11))
    def test_never_pays_less_for_one_more_miss(self, months: list[str | None], at: int) -> None:
        terms = year(sequences="dearer: {kind: repeat, multiplies: [1, 1.5, 2]}")
        worse = ["98%" if month == at else value for month, value in enumerate(months)]
        before, after = (sum(each.total.minor for each in course(terms, backup=found)) for found in (months, worse))
        assert after >= before
