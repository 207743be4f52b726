"""How many monthly fees a period costs, whole or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import PartialPeriod
from makegood.engine.money.fee import days_charged, fee_charged, months_charged
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import amended, outcome, written

DAYS, SECONDS, THIRTY, FULL = PartialPeriod


def months(start: str, end: str, every: Every, rule: PartialPeriod, starts_on: int = 1) -> list[Ratio]:
    found = periods(
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        every=every,
        starts_on=starts_on,
        zone="Europe/Berlin",
    )
    return [months_charged(period, every, rule) for period in found]


class TestAWholePeriod:
    @pytest.mark.parametrize("rule", PartialPeriod)
    @pytest.mark.parametrize(
        ("every", "end", "expected"),
        [(Every.MONTH, "2025-02-01", 1), (Every.QUARTER, "2025-04-01", 3), (Every.YEAR, "2026-01-01", 12)],
    )
    def test_costs_its_months(self, every: Every, end: str, expected: int, rule: PartialPeriod) -> None:
        assert months("2025-01-01", end, every, rule) == [expected]

    def test_costs_a_month_when_it_starts_on_another_day(self) -> None:
        assert months("2025-01-16", "2025-03-16", Every.MONTH, DAYS, starts_on=16) == [1, 1]

    @pytest.mark.parametrize("rule", PartialPeriod)
    def test_costs_the_days_of_its_week(self, rule: PartialPeriod) -> None:
        assert months("2025-03-24", "2025-03-31", Every.WEEK, rule) == [Ratio(12 * 7, 365)]

    def test_costs_each_day_of_a_week_in_its_own_year(self) -> None:
        assert months("2023-12-28", "2024-01-04", Every.WEEK, DAYS, starts_on=4) == [
            Ratio(12 * 4, 365) + Ratio(12 * 3, 366)
        ]

    def test_costs_sixty_months_in_the_weeks_of_five_years(self) -> None:
        assert sum(months("2024-01-01", "2029-01-01", Every.WEEK, DAYS), Ratio(0)) == 60


class TestAPartialPeriod:
    @pytest.mark.parametrize(
        ("_case", "start", "end", "rule", "expected"),
        [
            ("22 of 31 days", "2025-03-10", "2025-04-01", DAYS, Ratio(22, 31)),
            ("its seconds lack the hour of the clock change", "2025-03-10", "2025-04-01", SECONDS, Ratio(527, 743)),
            ("22 thirtieths", "2025-03-10", "2025-04-01", THIRTY, Ratio(22, 30)),
            ("30 thirtieths are the whole", "2025-03-02", "2025-04-01", THIRTY, Ratio(1)),
            ("a whole month all the same", "2025-03-10", "2025-04-01", FULL, Ratio(1)),
            ("the last day only", "2025-03-31", "2025-04-01", DAYS, Ratio(1, 31)),
            ("a first part", "2025-03-01", "2025-03-12", DAYS, Ratio(11, 31)),
        ],
    )
    def test_costs_its_part_of_a_month(
        self, _case: str, start: str, end: str, rule: PartialPeriod, expected: Ratio
    ) -> None:
        assert months(start, end, Every.MONTH, rule) == [expected]

    @pytest.mark.parametrize(
        ("_case", "start", "rule", "expected"),
        [
            ("60 of 90 days", "2025-01-31", DAYS, 3 * Ratio(60, 90)),
            ("60 thirtieths", "2025-01-31", THIRTY, Ratio(2)),
            ("89 thirtieths", "2025-01-02", THIRTY, Ratio(89, 30)),
            ("all of it", "2025-01-31", FULL, Ratio(3)),
        ],
    )
    def test_costs_its_part_of_a_quarter(self, _case: str, start: str, rule: PartialPeriod, expected: Ratio) -> None:
        assert months(start, "2025-04-01", Every.QUARTER, rule) == [expected]

    @pytest.mark.parametrize(
        ("rule", "expected"), [(DAYS, Ratio(12 * 3, 365)), (THIRTY, Ratio(3, 30)), (FULL, Ratio(12 * 7, 365))]
    )
    def test_costs_its_part_of_a_week(self, rule: PartialPeriod, expected: Ratio) -> None:
        assert months("2025-03-20", "2025-03-23", Every.WEEK, rule) == [expected]

    @pytest.mark.parametrize(("rule", "expected"), [(DAYS, 22), (SECONDS, 22), (THIRTY, 22), (FULL, 31)])
    def test_is_paid_for_its_days_or_for_all_in_full(self, rule: PartialPeriod, expected: int) -> None:
        (march,) = periods(start=date(2025, 3, 10), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
        assert days_charged(march, rule) == expected

    @pytest.mark.parametrize(("rule", "expected"), [(DAYS, 10), (FULL, 10)])
    def test_is_paid_for_its_own_days_where_a_version_cut_it(self, rule: PartialPeriod, expected: int) -> None:
        (april,) = periods(start=date(2025, 4, 1), end=date(2025, 5, 1), every=Every.MONTH, zone="UTC")
        part = replace(
            april,
            interval=Interval(april.interval.start, april.interval.start + timedelta(days=10)),
            last_day=date(2025, 4, 10),
            cut_from=april,
        )
        assert days_charged(part, rule) == expected
        assert months_charged(part, Every.MONTH, rule) == Ratio(10, 30)

    def test_costs_the_days_of_a_term_that_is_one_period(self) -> None:
        assert months("2025-01-01", "2026-01-01", Every.TERM, DAYS) == [12]
        assert months("2025-02-15", "2025-03-11", Every.TERM, DAYS) == [Ratio(14, 28) + Ratio(10, 31)]


class TestAPartThatAVersionCut:
    def parts(
        self,
        monthly: str,
        rule: str,
        *changes: str,
        term: str = "{from: 2025-03-01, months: 1, timezone: Europe/Berlin}",
    ) -> list[tuple[Ratio, str]]:
        """Return the months that each part costs, and its fee."""
        text = written(
            outcome("backup", ">= 99%"),
            money=f"{{currency: EUR, partial_period: {rule}}}",
            services=f"services: {{erp: {{title: ERP, fee: {{monthly: {monthly}}}, critical: true}}}}",
            term=term,
        )
        terms = amended(text, *((day, text) for day in changes))
        fee = Ratio.parse(monthly)
        return [
            (
                months_charged(period, Every.MONTH, PartialPeriod(rule)),
                fee_charged(fee, period, Every.MONTH, terms.money).plain,
            )
            for period in periods_of(terms)
        ]

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("actual_days", [(Ratio(15, 31), "483.87"), (Ratio(16, 31), "516.13")]),
            ("actual_seconds", [(Ratio(360, 743), "484.52"), (Ratio(383, 743), "515.48")]),
            ("thirty", [(Ratio(15, 31), "483.87"), (Ratio(16, 31), "516.13")]),
        ],
    )
    def test_costs_its_share_of_what_the_period_costs(self, rule: str, expected: list[tuple[Ratio, str]]) -> None:
        assert self.parts("1000.00", rule, "2025-03-16") == expected

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("actual_days", [(Ratio(6, 31), "193.55"), (Ratio(16, 31), "516.13")]),
            ("full", [(Ratio(6, 22), "272.73"), (Ratio(16, 22), "727.27")]),
            ("thirty", [(Ratio(6, 30), "200.00"), (Ratio(16, 30), "533.33")]),
        ],
    )
    def test_costs_its_share_of_what_a_partial_period_costs(self, rule: str, expected: list[tuple[Ratio, str]]) -> None:
        term = "{from: 2025-03-10, until: 2025-04-01, timezone: Europe/Berlin}"
        assert self.parts("1000.00", rule, "2025-03-16", term=term) == expected

    @pytest.mark.parametrize(
        ("monthly", "expected"), [("0.01", ["0.00", "0.01", "0.00"]), ("0.05", ["0.02", "0.01", "0.02"])]
    )
    def test_is_rounded_so_that_all_parts_come_to_the_fee(self, monthly: str, expected: list[str]) -> None:
        found = self.parts(monthly, "actual_days", "2025-03-11", "2025-03-21")
        assert [fee for _, fee in found] == expected
