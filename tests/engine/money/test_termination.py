"""Leaving early: so many monthly fees, and never more than the rest of the term."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.termination import Damages, DamagesCap, FeeBase
from makegood.engine.money.termination import damages_owed, leaving, months_left
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, amended, outcome, written

SERVICES = (
    "services:\n  erp: {title: ERP, fee: {monthly: 2000.00}, critical: true}\n"
    "  crm: {title: CRM, fee: {monthly: 760.00}}\n  free: {title: Free}\n"
)


def owed(months: int, left: Ratio | int, history: list[int], **terms: object) -> Ratio:
    term = Damages(months=Ratio(months), **terms)  # type: ignore[arg-type]  # whatever a case needs
    return damages_owed(term, fee=Ratio(2760), history=[Ratio(each) for each in history], months_left=Ratio(left))[0]


def leave(on: str, terms: str = "{}", service: str = "", months: int = 24) -> tuple[str, list[str]]:
    own = agreement(
        outcome("backup", ">= 95%"),
        services=SERVICES,
        term=f"{{from: 2025-01-01, months: {months}, timezone: Europe/Berlin}}",
        more=f"termination: {terms}",
    )
    found = leaving(own, date.fromisoformat(on), service)
    return found.amount.plain, list(found.reason.lines())


class TestDamages:
    @pytest.mark.parametrize(
        ("_case", "months", "left", "history", "terms", "expected"),
        [
            ("two months", 2, 10, [], {}, 5520),
            ("three months", 3, 9, [2400, 2760, 2760], {}, 8280),
            ("of the average", 3, 9, [2400, 2760, 2760], {"of": FeeBase.TRAILING_AVERAGE}, 7920),
            ("of the average of the last two", 3, 9, [2400, 2760, 2760], {"of": FeeBase.TRAILING_AVERAGE, "averaged": 2}, 8280),
            ("of an average of nothing", 2, 9, [], {"of": FeeBase.TRAILING_AVERAGE}, 5520),
            ("no more than what is left", 2, 1, [], {}, 2760),
            ("in full all the same", 2, 1, [], {"cap": DamagesCap.NONE}, 5520),
        ],
    )  # fmt: skip
    def test_are_so_many_monthly_fees(
        self, _case: str, months: int, left: int, history: list[int], terms: dict[str, object], expected: int
    ) -> None:
        assert owed(months, left, history, **terms) == expected

    @given(st.integers(1, 12), st.integers(0, 60), st.lists(st.integers(0, 3000), max_size=20))
    def test_are_never_more_than_the_rest_of_the_term(self, months: int, left: int, history: list[int]) -> None:
        dearest = max(2760, *history, 0)
        assert owed(months, left, history, of=FeeBase.TRAILING_AVERAGE) <= left * dearest

    @pytest.mark.parametrize(
        ("left", "expected"),
        [
            (2, ["2 months of the monthly fee in force: 5520 [termination]"]),
            (
                1,
                [
                    "2 months of the monthly fee in force: 5520 [termination]",
                    "Only 1 months of the term are left: 2760 [termination]",
                ],
            ),
        ],
    )
    def test_tell_that_less_is_left_only_if_it_is(self, left: int, expected: list[str]) -> None:
        _, steps = damages_owed(Damages(), fee=Ratio(2760), history=(), months_left=Ratio(left))
        assert [line for step in steps for line in step.lines()] == expected


class TestTheMonthsThatAreLeft:
    @pytest.mark.parametrize(
        ("on", "end", "expected"),
        [
            ("2026-03-01", "2027-01-01", Ratio(10)),
            ("2026-12-31", "2027-01-01", Ratio(1, 31)),
            ("2027-01-01", "2027-01-01", Ratio(0)),
            ("2027-02-01", "2027-01-01", Ratio(0)),
            ("2026-11-16", "2027-01-01", Ratio(3, 2)),
            ("2026-02-28", "2026-03-31", Ratio(1)),
            ("2025-01-01", "2027-01-01", Ratio(24)),
        ],
    )
    def test_are_counted_back_from_the_end(self, on: str, end: str, expected: Ratio) -> None:
        assert months_left(date.fromisoformat(on), date.fromisoformat(end)) == expected


class TestLeaving:
    @pytest.mark.parametrize(
        ("_case", "on", "terms", "service", "expected"),
        [
            ("everything", "2026-03-01", "{}", "", "5520.00"),
            ("one service", "2026-03-01", "{}", "crm", "1520.00"),
            ("one service and a fixed fee", "2026-03-01", "{removal_fee: 250.00 EUR}", "crm", "1770.00"),
            (
                "everything, for which the fixed fee is not meant",
                "2026-03-01",
                "{removal_fee: 250.00 EUR}",
                "",
                "5520.00",
            ),
            ("a service without a fee", "2026-03-01", "{}", "free", "0.00"),
            ("with a month and a half left", "2026-11-16", "{}", "", "4140.00"),
            ("with a day left", "2026-12-31", "{}", "", "89.03"),
            ("at the end", "2027-01-01", "{}", "", "0.00"),
            ("of an average of one fee", "2026-03-01", "{damages: {of: trailing_average}}", "", "5520.00"),
            ("on the first day", "2025-01-01", "{damages: {of: trailing_average}}", "", "5520.00"),
        ],
    )
    def test_costs(self, _case: str, on: str, terms: str, service: str, expected: str) -> None:
        assert leave(on, terms, service)[0] == expected

    def test_explains_itself(self) -> None:
        assert leave("2026-12-31", "{removal_fee: 5.00 EUR}", "crm")[1] == [
            "Removing crm on 2026-12-31 costs: 29.52 EUR [termination]",
            "  The monthly fee in force: 760.00 EUR; 1/31 months are left [fee]",
            "  2 months of the monthly fee in force: 1520 [termination]",
            "  Only 1/31 months of the term are left: 760/31 [termination]",
            "  The fixed fee for removing a service: 5.00 EUR [termination]",
            "  915/31 EUR is rounded half up: 29.52 EUR",
        ]

    def test_costs_nothing_where_nothing_is_agreed(self) -> None:
        own = agreement(outcome("backup", ">= 95%"))
        found = leaving(own, date(2025, 3, 5))
        assert (found.amount.plain, found.reason.text) == (
            "0.00",
            "Leaving on 2025-03-05 costs nothing: nothing is agreed about it",
        )

    def test_costs_nothing_when_the_term_is_over(self) -> None:
        assert leave("2027-01-01")[1] == [
            "Leaving on 2027-01-01 costs nothing: the term is over: 0.00 EUR [termination]"
        ]

    @pytest.mark.parametrize(("rounding", "expected"), [("half_up", "50.01"), ("down", "50.00")])
    def test_is_rounded_as_the_agreement_says(self, rounding: str, expected: str) -> None:
        own = agreement(
            outcome("backup", ">= 95%"),
            services="services: {erp: {title: ERP, fee: {monthly: 100.01}, critical: true}}",
            money=f"{{currency: EUR, rounding: {rounding}}}",
            more="termination: {damages: {months: 0.5}}",
        )
        assert leaving(own, date(2025, 3, 1)).amount.plain == expected

    @pytest.mark.parametrize(
        ("_case", "on", "damages", "expected"),
        [
            ("the fee that was in force first", "2025-01-31", "{months: 1}", "1000.00"),
            ("the fee in force since the day before", "2025-02-02", "{months: 1}", "2000.00"),
            ("all fees so far", "2025-04-01", "{months: 1, of: trailing_average}", "2333.33"),
            ("the last two", "2025-04-01", "{months: 1, of: trailing_average, averaged: 2}", "3000.00"),
            ("the last one", "2025-04-01", "{months: 1, of: trailing_average, averaged: 1}", "4000.00"),
        ],
    )
    def test_counts_the_fees_that_were_in_force(self, _case: str, on: str, damages: str, expected: str) -> None:
        first, second, third = (
            written(
                outcome("backup", ">= 95%"),
                services=f"services: {{erp: {{title: ERP, fee: {{monthly: {fee}}}, critical: true}}}}",
                term="{from: 2025-01-01, months: 24, timezone: Europe/Berlin}",
                more=f"termination: {{damages: {damages}}}",
            )
            for fee in ("1000.00", "2000.00", "4000.00")
        )
        own = amended(first, ("2025-02-01", second), ("2025-03-01", third))
        assert leaving(own, date.fromisoformat(on)).amount.plain == expected
