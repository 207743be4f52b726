"""Misses are counted in points, and points pay or give rights by a table."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.sequences.points import Balance, Band, Points, PointsRow, Rows
from makegood.engine.agreement.shapes import LEVEL, Share
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.sequences.points import balances, points_of_miss, worth
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, TWO_YEARS, booked, course, year

BANDS = "bands: [{below: 99%, points: 1}, {below: 98%, points: 2}, {below: 97%, points: 3}, {below: 96%, points: 4}]"
TABLE = "table: [{at_least: 3, credit: 5%}, {at_least: 6, credit: 10%}], base: 1000.00 EUR"
COUNT = outcome("complaints", "<= 5", "", "critical: true")


def told(found: Iterable[PeriodCredits]) -> list[str]:
    return [step.value for each in found for step in each.reason.walk() if step.text.startswith("points of ")]


class TestThePointsOfAMiss:
    @pytest.mark.parametrize(
        ("_case", "value", "expected"),
        [
            ("mild", "98.5%", 1),
            ("on a bound", "98%", 1),
            ("worst", "10%", 4),
            ("no value", None, 1),
            ("none", "99.5%", 0),
        ],
    )
    def test_are_those_of_the_worst_band(self, _case: str, value: str | None, expected: int) -> None:
        bands = [Band(below=LEVEL.read(f"{bound}%"), points=Ratio(100 - bound)) for bound in (99, 98, 97, 96)]
        found = points_of_miss(bands, None if value is None else Ratio.parse(value), higher_is_better=True)
        assert found == expected

    def test_grow_with_the_value_where_less_is_better(self) -> None:
        bands = [Band(points=Ratio(1)), Band(above=LEVEL.read("10"), points=Ratio(5))]
        assert [points_of_miss(bands, Ratio(value), higher_is_better=False) for value in (6, 10, 11)] == [1, 1, 5]
        assert points_of_miss(bands, None, higher_is_better=False) == 1

    @pytest.mark.parametrize(
        ("_case", "side", "bounds", "higher", "expected"),
        [
            ("more is better", "below", ["98%", "99%", "97%"], True, ["9", "4", "1", "0"]),
            ("less is better", "above", ["98%", "97%", "99%"], False, ["0", "1", "4", "9"]),
        ],
    )
    def test_do_not_depend_on_the_order_of_the_bands(
        self, _case: str, side: str, bounds: list[str], higher: bool, expected: list[str]
    ) -> None:
        bands = [
            Band(**{side: LEVEL.read(bound)}, points=Ratio(points))
            for bound, points in zip(bounds, (4, 1, 9), strict=True)
        ]
        values = ["96.5%", "97.5%", "98.5%", "99.5%"]
        found = [points_of_miss(bands, Ratio.parse(value), higher_is_better=higher) for value in values]
        assert list(map(str, found)) == expected

    def test_of_a_band_without_a_bound_are_the_mildest(self) -> None:
        bands = [Band(below=LEVEL.read("98%"), points=Ratio(5)), Band(points=Ratio(1))]
        found = [
            points_of_miss(bands, value, higher_is_better=True) for value in (Ratio(97, 100), Ratio(99, 100), None)
        ]
        assert found == [5, 1, 1]

    def test_are_multiplied_when_repeated_and_a_met_period_resets_that(self) -> None:
        terms = year(sequences=f"points: {{kind: points, {BANDS}, repeat_factor: 2}}")
        assert told(course(terms, backup=["96.5%", "99%", "95.9%", "97.2%"])) == ["3", "0", "4", "4"]

    def test_climb_a_ladder_of_consecutive_misses(self) -> None:
        rule = "points: {{kind: points, consecutive: [1, 2, 4], undecided: {}}}"
        months = ["98%", "98%", None, "98%", "98%", "99%", "98%"]
        assert told(course(year(sequences=rule.format("passed_over")), backup=months)) == list("1204401")
        assert told(course(year(sequences=rule.format("ends_run")), backup=months)) == list("1201201")

    def test_are_one_without_bands(self) -> None:
        terms = year(BACKUP, COUNT, sequences="points: {kind: points}")
        assert told(course(terms, backup=["98%"], complaints=["6"])) == ["1", "1"]


class TestATableOfPoints:
    @pytest.mark.parametrize(
        ("rows", "points", "expected"),
        [
            (Rows.HIGHEST, 2, 0),
            (Rows.HIGHEST, 3, 50),
            (Rows.HIGHEST, 7, 100),
            (Rows.HIGHEST, 9, 7),
            (Rows.HIGHEST, 12, 7),
            (Rows.EACH_POINT, 12, 478),
            (Rows.EACH_POINT, 2, 0),
            (Rows.EACH_POINT, 3, 50),
            (Rows.EACH_POINT, 7, 350),
        ],
    )
    def test_is_worth(self, rows: Rows, points: int, expected: int) -> None:
        table = [
            PointsRow(at_least=Ratio(6), credit=Share(Ratio(1, 10))),
            PointsRow(at_least=Ratio(3), credit=Share(Ratio(1, 20))),
            PointsRow(at_least=Ratio(9), credit=Amount(700, "EUR")),
            PointsRow(at_least=Ratio(12), gives="a talk"),
        ]
        assert worth(table, rows, Ratio(points), Ratio(1000)) == expected

    @pytest.mark.parametrize(("points", "expected"), [(0, 0), (1, 10), (2, 30)])
    def test_is_worth_something_from_the_first_point_on(self, points: int, expected: int) -> None:
        table = [
            PointsRow(at_least=Ratio(1), credit=Share(Ratio(1, 10))),
            PointsRow(at_least=Ratio(2), credit=Share(Ratio(1, 5))),
        ]
        assert worth(table, Rows.EACH_POINT, Ratio(points), Ratio(100)) == expected

    @given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(Rows))
    def test_never_pays_less_for_more_points(self, some: int, more: int, rows: Rows) -> None:
        table = [PointsRow(at_least=Ratio(least), credit=Share(Ratio(least, 100))) for least in (2, 5, 9)]
        fewer, all_ = (worth(table, rows, Ratio(points), Ratio(1000)) for points in (some, some + more))
        assert fewer <= all_


class TestBalances:
    @pytest.mark.parametrize(
        ("balance", "expected"),
        [
            (Balance.PERIOD, [3, 0, 4, 0]),
            (Balance.TERM, [3, 1, 5, 3]),
            (Balance.CONTRACT_YEAR, [3, 1, 4, 2]),
        ],
    )
    def test_are_carried_as_agreed_and_lapse(self, balance: Balance, expected: list[int]) -> None:
        points = [(0, Ratio(3)), (0, Ratio(0)), (1, Ratio(4)), (1, Ratio(0))]
        found = balances(points, Points(balance=balance, decay=Ratio(2)))
        assert [each.balance for each in found] == expected
        assert [(each.year, each.points) for each in found] == points

    def test_never_fall_below_nothing(self) -> None:
        found = balances([(0, Ratio(1)), (0, Ratio(0))], Points(balance=Balance.TERM, decay=Ratio(5)))
        assert [each.balance for each in found] == [1, 0]


class TestPoints:
    def test_pay_by_the_table_on_a_line_of_their_own(self) -> None:
        terms = year(sequences=f"points: {{kind: points, {BANDS}, {TABLE}}}")
        found = course(terms, backup=["99%", "96.5%", "98%", "95%"])
        assert booked(found, "points") == ["0.00", "50.00", "0.00", "50.00"]
        assert [each.total.plain for each in found] == ["0.00", "150.00", "100.00", "150.00"]

    def test_pay_each_point_once_where_they_are_carried(self) -> None:
        terms = year(sequences=f"points: {{kind: points, {BANDS}, {TABLE}, balance: term, decay: 1}}")
        found = course(terms, backup=["96.5%", "99%", "98.5%", "96.5%", "96.5%"])
        assert booked(found, "points") == ["50.00", "0.00", "0.00", "50.00", "0.00"]

    def test_start_anew_with_a_contract_year(self) -> None:
        rule = f"points: {{kind: points, {BANDS}, {TABLE}, balance: contract_year}}"
        months = ["96.5%", *["99%"] * 11, "96.5%"]
        assert booked(course(year(sequences=rule, term=TWO_YEARS), backup=months), "points")[-1] == "50.00"

    def test_of_several_outcomes_are_added_up(self) -> None:
        terms = year(BACKUP, RESOLUTION, sequences=f"points: {{kind: points, {BANDS}, {TABLE}}}")
        assert booked(course(terms, backup=["96.5%"], resolution=["96.5%"]), "points") == ["100.00"]

    def test_are_those_of_the_outcomes_that_it_names(self) -> None:
        for name, expected in (("backup", ["3"]), ("resolution", ["4"])):
            terms = year(BACKUP, RESOLUTION, sequences=f"points: {{kind: points, of: {name}, {BANDS}, {TABLE}}}")
            found = course(terms, backup=["96.5%"], resolution=["95%"])
            assert (booked(found, "points"), told(found)) == (["50.00"], expected)

    def test_only_told_have_no_line_and_give_rights(self) -> None:
        rule = "points: {kind: points, balance: term, table: [{at_least: 2, gives: a plan}, {at_least: 3, gives: to leave}]}"
        found = course(year(sequences=rule), backup=["98%", "98%", "99%", "98%", "98%"])
        assert [[(right.gives, right.outcome) for right in each.rights] for each in found] == [
            [],
            [("a plan", "")],
            [],
            [("to leave", "")],
            [],
        ]
        assert {credit.outcome for each in found for credit in each.credits} == {"backup"}

    def test_pay_and_give_a_right_by_one_table(self) -> None:
        table = "table: [{at_least: 3, credit: 5%}, {at_least: 4, gives: a plan}], base: 1000.00 EUR"
        rule = f"points: {{kind: points, {BANDS}, {table}}}"
        (found,) = course(year(sequences=rule, more="caps: [{per: period, at: 75.00 EUR}]\n"), backup=["95%"])
        paid, (right,) = found.credits[1], found.rights
        assert (paid.outcome, paid.raw.plain, paid.amount.plain) == ("points", "50.00", "25.00")
        assert (right.gives, right.sequence, right.outcome) == ("a plan", "points", "")
        assert list(right.reason.lines())[:2] == [
            "points: 4 points in the period, and 4 for the table: 50.00 EUR [points]",
            "  points of backup: 4 [points]",
        ]

    @pytest.mark.parametrize(
        ("balance", "expected"), [("period", [2, 3, 12, 13]), ("contract_year", [2, 12]), ("term", [2])]
    )
    def test_give_a_right_anew_where_the_balance_begins_anew(self, balance: str, expected: list[int]) -> None:
        rule = f"points: {{kind: points, {BANDS}, balance: {balance}, table: [{{at_least: 3, gives: a plan}}]}}"
        months = ["99%", "99%", "96.5%", "96.5%", *["99%"] * 8, "96.5%", "96.5%"]
        found = course(year(sequences=rule, term=TWO_YEARS), backup=months)
        assert [number for number, each in enumerate(found) if each.rights] == expected

    def test_stay_within_the_caps(self) -> None:
        rule = f"points: {{kind: points, {BANDS}, {TABLE}}}"
        terms = year(sequences=rule, more="caps: [{per: period, at: 75.00 EUR}]\n")
        found = course(terms, backup=["96.5%"])
        assert (booked(found, "backup"), booked(found, "points")) == (["50.00"], ["25.00"])
