"""Caps that remember earlier periods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.settlement import settle
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, TWO_YEARS, booked, course, year

SERVICES = "services: {erp: {title: ERP, fee: {monthly: 1000.00}, critical: true}}"
PRICED = outcome(
    "backup",
    ">= 99%",
    "{of: 1000.00 EUR, tiers: [{below: 99%, credit: 3%}, {below: 98%, credit: 15%}, {below: 97%, credit: 25%}]}",
)


def capped(caps: str, term: str = TWO_YEARS, more: str = "") -> Agreement:
    return agreement(PRICED, services=SERVICES, term=term, more=f"caps: [{caps}]\n{more}")


class TestACapOverTwelveMonths:
    def test_leaves_what_the_fees_so_far_allow(self) -> None:
        found = course(capped("{per: 12 months, at: 10% of fees}"), backup=["97.5%", "98%", "96%"])
        assert booked(found, "backup") == ["100.00", "30.00", "170.00"]
        exceeded = "250.00 EUR is more than what is left of the cap of the last twelve months, of 170.00 EUR"
        assert list(found[2].reason.children[-1].lines()) == [
            f"{exceeded}; each credit is reduced in proportion: 170.00 EUR [caps]",
            "  Over the last twelve months 300.00 EUR may be credited, and 130.00 EUR was credited before: 170.00 EUR [caps]",
            "    The fees of the stretch: 3,000.00 EUR [fee]",
        ]

    def test_rolls(self) -> None:
        found = course(capped("{per: 12 months, at: 250.00 EUR}"), backup=["96%", *["99%"] * 10, "96%", "96%", "96%"])
        assert booked(found, "backup")[-3:] == ["0.00", "250.00", "0.00"]

    def test_counts_what_was_brought_forward_while_it_reaches_back(self) -> None:
        before = "brought_forward: {fees: 11000.00 EUR, credits: 1150.00 EUR}"
        found = course(capped(f"{{per: 12 months, at: 10% of fees, {before}}}"), backup=["97.5%", *["99%"] * 10, "96%"])
        assert booked(found, "backup")[0] == "50.00"
        assert booked(found, "backup")[-1] == "250.00"

    def test_needs_not_both_sums_brought_forward(self) -> None:
        fees = "{per: contract, at: 10% of fees, brought_forward: {fees: 500.00 EUR}}"
        assert booked(course(capped(fees), backup=["97.5%"]), "backup") == ["150.00"]
        credits = "{per: contract, at: 10% of fees, brought_forward: {credits: 70.00 EUR}}"
        assert booked(course(capped(credits), backup=["97.5%"]), "backup") == ["30.00"]

    def test_adds_what_was_brought_forward_to_what_was_credited_since(self) -> None:
        caps = "{per: contract, at: 400.00 EUR, brought_forward: {credits: 70.00 EUR}}"
        found = course(capped(caps), backup=["97.5%", "97.5%", "97.5%"])
        assert booked(found, "backup") == ["150.00", "150.00", "30.00"]

    def test_forgets_what_was_brought_forward_with_the_twelfth_month(self) -> None:
        caps = "{per: 12 months, at: 250.00 EUR, brought_forward: {credits: 250.00 EUR}}"
        assert booked(course(capped(caps), backup=["96%"] * 12), "backup") == [*["0.00"] * 11, "250.00"]

    def test_counts_every_cent(self) -> None:
        cent = outcome("backup", ">= 99%", "{of: 0.01 EUR}")
        terms = agreement(cent, term=TWO_YEARS, more="caps: [{per: contract, at: 0.01 EUR}]\n")
        assert booked(course(terms, backup=["98%", "98%"]), "backup") == ["0.01", "0.00"]

    @pytest.mark.parametrize(("rounding", "expected"), [("half_up", "33.34"), ("down", "33.33")])
    def test_rounds_its_limit_as_the_agreement_says(self, rounding: str, expected: str) -> None:
        terms = agreement(
            PRICED,
            services=SERVICES.replace("1000.00", "333.35"),
            money=f"{{currency: EUR, rounding: {rounding}}}",
            term=TWO_YEARS,
            more="caps: [{per: contract, at: 10% of fees}]\n",
        )
        assert booked(course(terms, backup=["96%"]), "backup") == [expected]

    def test_of_another_base_takes_that_of_the_period(self) -> None:
        found = course(capped("{per: 12 months, at: 20% of monthly_fee}"), backup=["97.5%", "97.5%"])
        assert booked(found, "backup") == ["150.00", "50.00"]


class TestOtherStretches:
    def test_a_contract_year_starts_anew(self) -> None:
        found = course(capped("{per: contract_year, at: 250.00 EUR}"), backup=["96%", *["99%"] * 10, "96%", "96%"])
        assert booked(found, "backup")[-2:] == ["0.00", "250.00"]

    def test_a_contract_never_does(self) -> None:
        found = course(capped("{per: contract, at: 300.00 EUR}"), backup=["96%", *["99%"] * 11, "96%"])
        assert booked(found, "backup")[-1] == "50.00"

    def test_what_was_brought_forward_to_a_contract_year_ends_with_it(self) -> None:
        before = "brought_forward: {credits: 250.00 EUR}"
        found = course(capped(f"{{per: contract_year, at: 250.00 EUR, {before}}}"), backup=["96%"] * 13)
        assert booked(found, "backup") == [*["0.00"] * 12, "250.00"]

    def test_of_several_the_one_counts_that_leaves_the_least(self) -> None:
        caps = "{per: 12 months, at: 200.00 EUR}, {per: contract, at: 120.00 EUR}, {per: period, at: 130.00 EUR}"
        found = course(capped(caps), backup=["96%", "96%"])
        assert booked(found, "backup") == ["120.00", "0.00"]
        assert "what is left of the cap of the contract, of 120.00 EUR" in "\n".join(found[0].reason.lines())

    def test_that_leave_the_same_the_first_counts(self) -> None:
        found = course(capped("{per: contract, at: 120.00 EUR}, {per: 12 months, at: 120.00 EUR}"), backup=["96%"])
        assert booked(found, "backup") == ["120.00"]
        assert "what is left of the cap of the contract, of 120.00 EUR" in "\n".join(found[0].reason.lines())

    def test_what_was_earned_back_makes_no_new_room(self) -> None:
        more = "sequences: {back: {kind: earn_back, steps: [{after: 1, returns: 100%}]}}\n"
        found = course(capped("{per: contract, at: 300.00 EUR}", more=more), backup=["96%", "99%", "96%"])
        assert booked(found, "back") == ["0.00", "-250.00", "0.00"]
        assert booked(found, "backup") == ["250.00", "0.00", "50.00"]

    def test_lines_are_reduced_in_proportion(self) -> None:
        terms = year(BACKUP, RESOLUTION, more="caps: [{per: contract, at: 100.01 EUR}]\n")
        found = course(terms, backup=["98%"], resolution=["98%"])
        assert (booked(found, "backup"), booked(found, "resolution")) == (["50.01"], ["50.00"])

    @pytest.mark.parametrize(("every", "number"), [("week", 52), ("quarter", 4), ("year", 1)])
    def test_twelve_months_are_so_many_periods(self, every: str, number: int) -> None:
        term = f"{{from: 2024-01-01, months: 36, timezone: UTC, period: {{every: {every}}}}}"
        terms = agreement(PRICED, services=SERVICES, term=term, more="caps: [{per: 12 months, at: 250.00 EUR}]\n")
        found = course(terms, backup=["96%", *["99%"] * (number - 1), "96%"])
        assert booked(found, "backup")[-1] == "250.00"
        if number > 1:
            assert booked(course(terms, backup=["96%", *["99%"] * (number - 2), "96%"]), "backup")[-1] == "0.00"


class TestAnIncentive:
    def test_that_gives_back_takes_no_room_of_a_cap(self) -> None:
        fee = "incentives: {won: {kind: outcome_fee, fee: 1000.00 EUR, paid_when: backup, guarantee: {periods: 3}}}\n"
        terms = year(more="caps: [{per: contract, at: 150.00 EUR}]\n" + fee)
        found = course(terms, backup=["99%", "98%", "98%", "98%"])
        assert booked(found, "won") == ["-1000.00", "1000.00", "0.00", "0.00"]
        assert booked(found, "backup") == ["0.00", "100.00", "50.00", "0.00"]


VALUES = st.lists(st.sampled_from(["96%", "97.5%", "98.5%", "99%", None]), min_size=1, max_size=20)


class TestAnyHistory:
    @settings(max_examples=40)
    @given(VALUES)
    def test_is_never_above_any_cap(self, months: list[str | None]) -> None:
        caps = "{per: 12 months, at: 8% of fees}, {per: contract_year, at: 700.00 EUR}, {per: contract, at: 900.00 EUR}"
        paid = [Ratio.parse(each) for each in booked(course(capped(caps), backup=months), "backup")]
        for end in range(1, len(paid) + 1):
            last = paid[max(0, end - 12) : end]
            assert sum(last, Ratio(0)) <= Ratio(8, 100) * 1000 * len(last)
            assert sum(paid[(end - 1) // 12 * 12 : end], Ratio(0)) <= 700
            assert sum(paid[:end], Ratio(0)) <= 900

    @settings(max_examples=40)
    @given(VALUES, st.integers(0, 19))
    def test_is_settled_once_and_restated_from_the_first_change_on(self, months: list[str | None], at: int) -> None:
        rules = (
            "sequences:\n  dearer: {kind: repeat, multiplies: [1, 2]}\n"
            "  back: {kind: earn_back, steps: [{after: 1, returns: 50%}]}\n"
        )
        terms = capped("{per: 12 months, at: 5% of fees}", more=rules)
        first = course(terms, backup=months)
        booked_ = settle(computed=first, booked=(), in_period="now", snapshot=1)
        assert settle(computed=first, booked=booked_, in_period="then", snapshot=2) == ()
        worse = ["96%" if month == at else value for month, value in enumerate(months)]
        again = course(terms, backup=worse)
        deltas = settle(computed=again, booked=booked_, in_period="then", snapshot=2)
        assert sum(each.amount.minor for each in booked_ + deltas) == sum(each.total.minor for each in again)
        labels = [each.period.label for each in first]
        assert all(labels.index(each.for_period) >= at for each in deltas)
