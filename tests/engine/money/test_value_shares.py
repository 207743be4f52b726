from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.value_shares import member_shares
from makegood.engine.vocabulary.amount import Amount


def agreed(of: str, *allocations: str, rounding: str = "half_up") -> Agreement:
    text = (
        f"money: {{currency: EUR, rounding: {rounding}, at_risk: {{percent: 10%, of: monthly_fee}}}}\n"
        f"value_shares:\n  network:\n    of: {of}\n    decided_by: the committee\n"
        f"    allocations: [{', '.join(allocations)}]\n"
    )
    document = read(completed(text))
    assert document.agreement is not None, document.findings
    return document.agreement


FIRST = "{from: 2026-01-01, shares: {north: 4, south: 4, coast: 2}}"
SECOND = "{from: 2026-01-16, shares: {north: 4, south: 3, coast: 3}, decided_by: the assembly}"


class TestMemberShares:
    def test_are_the_table_of_the_page(self) -> None:
        terms = agreed("20% of monthly_fee", FIRST, SECOND)
        january, february = periods_of(terms)[:2]
        assert {each.member: str(each.amount) for each in member_shares(terms, january)} == {
            "coast": "50.32 EUR",
            "north": "80.00 EUR",
            "south": "69.68 EUR",
        }
        assert {each.member: str(each.amount) for each in member_shares(terms, february)} == {
            "coast": "60.00 EUR",
            "north": "80.00 EUR",
            "south": "60.00 EUR",
        }

    def test_say_by_whose_decision(self) -> None:
        terms = agreed("20% of monthly_fee", FIRST, SECOND)
        coast = member_shares(terms, periods_of(terms)[0])[0]
        assert [step.text for step in coast.reason.children[1:]] == [
            "2 units of 96.77 EUR for 15 days, as the committee decided from 2026-01-01 on",
            "3 units of 103.23 EUR for 16 days, as the assembly decided from 2026-01-16 on",
        ]

    def test_explain_themselves_from_the_value_to_the_cent(self) -> None:
        terms = agreed("20% of monthly_fee", FIRST)
        january = periods_of(terms)[0]
        coast = member_shares(terms, january)[0]
        assert (coast.scheme, coast.member, coast.period, coast.amount.plain) == ("network", "coast", january, "40.00")
        assert list(coast.reason.lines()) == [
            "coast: 40.00 EUR",
            "  network shares 200.00 EUR in 2026-01: 200.00 EUR [value-shares]",
            "    20 % of the fee: 200.00 EUR [stake]",
            "      The fee of 2026-01: 1,000.00 EUR [fee]",
            "        The shop: 1,000.00 EUR a month: 1,000.00 EUR",
            "  2 units of 200.00 EUR for 31 days, as the committee decided from 2026-01-01 on: 40.00 EUR [value-shares]",
        ]

    @pytest.mark.parametrize(
        ("second", "january", "february"),
        [
            ("2026-01-31", {"north": "30.00", "south": "1.00"}, {"south": "31.00"}),
            ("2026-02-01", {"north": "31.00"}, {"south": "31.00"}),
        ],
    )
    def test_change_with_the_day_of_a_decision(
        self, second: str, january: dict[str, str], february: dict[str, str]
    ) -> None:
        terms = agreed(
            "31.00 EUR", "{from: 2026-01-01, shares: {north: 1}}", f"{{from: {second}, shares: {{south: 1}}}}"
        )
        found = [
            {each.member: each.amount.plain for each in member_shares(terms, month)} for month in periods_of(terms)
        ]
        assert found[:2] == [january, february]

    @pytest.mark.parametrize(("rounding", "expected"), [("half_up", "50.01"), ("down", "50.00")])
    def test_are_of_a_value_that_is_rounded_as_the_agreement_says(self, rounding: str, expected: str) -> None:
        terms = agreed("5.0005% of monthly_fee", "{from: 2026-01-01, shares: {north: 1}}", rounding=rounding)
        (north,) = member_shares(terms, periods_of(terms)[0])
        assert north.amount.plain == expected

    def test_give_ten_units_to_fifteen_members(self) -> None:
        members = ", ".join(f"m{number:02}: 0.6" if number < 10 else f"m{number:02}: 0.8" for number in range(15))
        terms = agreed("1000.00 EUR", f"{{from: 2026-01-01, shares: {{{members}}}}}")
        shares = member_shares(terms, periods_of(terms)[0])
        assert len(shares) == 15
        assert {str(each.amount) for each in shares} == {"60.00 EUR", "80.00 EUR"}

    @given(
        st.integers(0, 10**7),
        st.lists(st.tuples(st.integers(2, 364), st.lists(st.integers(0, 9), min_size=1, max_size=4)), max_size=4),
    )
    def test_have_all_of_the_value_together(self, cents: int, later: list[tuple[int, list[int]]]) -> None:
        days = sorted({day: shares for day, shares in later if any(shares)}.items())
        allocations = [
            f"{{from: {date(2026, 1, 1).fromordinal(date(2025, 12, 31).toordinal() + day)}, shares: "
            f"{{{', '.join(f'm{number}: {share}' for number, share in enumerate(shares))}}}}}"
            for day, shares in [(1, [1, 1, 1]), *days]
        ]
        amount = Amount(cents, "EUR")
        terms = agreed(str(amount).replace(",", ""), *allocations)
        for period in periods_of(terms):
            shares = member_shares(terms, period)
            assert Amount.total((each.amount for each in shares), "EUR") == amount
            assert [each.member for each in shares] == sorted({each.member for each in shares})
