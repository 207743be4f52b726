"""Persistent failure pays a share of the annual fee, chronic failure gives a right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.sequences.parts import Run, Undecided
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.sequences.chronic import is_chronic
from makegood.engine.money.sequences.persistent import annual_fee
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import SERVICES, agreement, outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, TWO_YEARS, booked, course, entries, year

COUNT = outcome("complaints", "<= 5", "", "critical: true")


class TestPersistentFailure:
    def test_pays_for_the_multiples_that_a_period_completes(self) -> None:
        rule = "failures: {kind: persistent, every: 3, pays: 1%}"
        terms = year(BACKUP, RESOLUTION, sequences=rule)
        found = course(terms, backup=["98%", "98%", "98%", "99%"], resolution=["98%", "98%", "98%", None])
        assert booked(found, "failures") == ["0.00", "2400.00", "2400.00", "0.00"]

    def test_pays_an_amount_as_well(self) -> None:
        terms = year(sequences="failures: {kind: persistent, every: 1, pays: 7.50 EUR}")
        assert booked(course(terms, backup=["98%", "99%"]), "failures") == ["7.50", "0.00"]

    def test_is_owed_as_it_is_paid_before_any_limit(self) -> None:
        rule = "failures: {kind: persistent, every: 1, pays: 7.50 EUR}"
        terms = year(sequences=rule, more="caps: [{per: period, at: 53.75 EUR}]\n")
        line = course(terms, backup=["98%"])[0].credits[1]
        assert (line.outcome, line.raw.plain, line.amount.plain) == ("failures", "7.50", "3.75")

    @pytest.mark.parametrize(("within", "expected"), [("contract_year", "0.00"), ("term", "5.00")])
    def test_forgets_what_is_left_over_unless_it_counts_over_the_term(self, within: str, expected: str) -> None:
        rule = f"failures: {{kind: persistent, every: 2, pays: 5.00 EUR, within: {within}}}"
        months = ["98%", *["99%"] * 11, "98%"]
        found = course(year(sequences=rule, term=TWO_YEARS), backup=months)
        assert booked(found, "failures")[-1] == expected

    def test_is_a_share_of_twelve_monthly_fees(self) -> None:
        assert annual_fee(year()) == 240000
        free = SERVICES.replace("fee: {monthly: 20000.00}, ", "")
        assert annual_fee(agreement(BACKUP, services=free)) == 0

    @given(st.lists(st.sampled_from(["98%", "99%", None]), min_size=1, max_size=12), st.integers(1, 4))
    def test_comes_to_the_formula_over_the_year(self, months: list[str | None], every: int) -> None:
        terms = year(sequences=f"failures: {{kind: persistent, every: {every}, pays: 10.00 EUR}}")
        paid = booked(course(terms, backup=months), "failures")
        assert sum(map(Ratio.parse, paid), Ratio(0)) == months.count("98%") // every * 10


def rights(found: tuple[PeriodCredits, ...]) -> list[tuple[int, str]]:
    return [(month, right.outcome) for month, each in enumerate(found) for right in each.rights]


class TestChronicFailure:
    @pytest.mark.parametrize(
        ("_case", "rulings", "run", "expected"),
        [
            ("nothing yet", "", Run(1), False),
            ("in a row", "-+---", Run(3), True),
            ("not in a row", "--+--", Run(3), False),
            ("of the last", "--+--+-", Run(3, of=4), True),
            ("too long ago", "--+++-", Run(3, of=5), False),
            ("not now", "---+", Run(3, of=4), False),
        ],
    )
    def test_is_so_many_misses(self, _case: str, rulings: str, run: Run, expected: bool) -> None:
        assert is_chronic(entries(*rulings), run, Undecided.PASSED_OVER) is expected

    def test_gives_the_right_in_the_first_period_and_not_again(self) -> None:
        rule = "exit: {kind: chronic, missed: 2 consecutive, gives: termination right}"
        found = course(year(sequences=rule), backup=["98%", "98%", "98%", "99%", "98%", "98%"])
        assert rights(found) == [(1, "backup"), (5, "backup")]
        right = found[1].rights[0]
        assert (right.gives, right.sequence) == ("termination right", "exit")
        assert list(right.reason.lines()) == [
            "backup was missed in 2025-01, 2025-02: 2 consecutive periods: termination right [chronic-failure]"
        ]
        assert [each.total.plain for each in found] == ["100.00", "100.00", "100.00", "0.00", "100.00", "100.00"]

    def test_counts_outcomes_one_by_one(self) -> None:
        rule = "exit: {kind: chronic, missed: 2 of 3 months, gives: to leave}"
        terms = year(BACKUP, RESOLUTION, sequences=rule)
        found = course(terms, backup=["98%", "99%", "98%", "99%"], resolution=["99%", "98%", "99%", "98%"])
        assert rights(found) == [(2, "backup"), (3, "resolution")]
        assert "exit: 2 of 3 months missed give this right: to leave: arises" in "\n".join(found[2].reason.lines())
        assert "exit: 2 of 3 months missed give this right: to leave: does not" in "\n".join(found[1].reason.lines())

    @pytest.mark.parametrize(("undecided", "expected"), [("passed_over", [2, 7]), ("ends_run", [3])])
    def test_reads_undecided_periods_as_agreed(self, undecided: str, expected: list[int]) -> None:
        rule = f"exit: {{kind: chronic, missed: 2 consecutive, gives: to leave, undecided: {undecided}}}"
        found = course(year(sequences=rule), backup=["98%", None, "98%", "98%", "99%", "98%", None, "98%"])
        assert [month for month, _ in rights(found)] == expected

    def test_concerns_outcomes_without_a_stake_and_only_those_named(self) -> None:
        terms = year(BACKUP, COUNT, sequences="exit: {kind: chronic, missed: 1 consecutive, gives: to leave}")
        assert rights(course(terms, backup=["99%"], complaints=["6"])) == [(0, "complaints")]
        named = "exit: {kind: chronic, of: backup, missed: 1 consecutive, gives: to leave}"
        found = course(year(BACKUP, COUNT, sequences=named), backup=["98%"], complaints=["6"])
        assert rights(found) == [(0, "backup")]
