"""Published tables: which values a row covers, and what is wrong with a whole table."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.agreement.rates import RATE
from makegood.engine.agreement.shapes import LEVEL, TARGET
from makegood.engine.agreement.tables import Direction, Row, Table
from makegood.engine.vocabulary.ratio import Ratio

COUNT = "{kind: count, of: orders, counting: refused}"
RATIO = "{kind: ratio, of: orders, good: accepted}"


def row(credit: str = "10%", **bounds: str) -> Row:
    return Row(credit=RATE.read(credit), **{key: LEVEL.read(level) for key, level in bounds.items()})


def findings(*rows: str, more: str = "", target: str = ">= 99.9%", measure: str = RATIO) -> list[str]:
    listed = ", ".join(f"{{{each}}}" for each in rows)
    stake = f"{{weight: 100%, table: {{{more}rows: [{listed}]}}}}"
    document = read(completed(bad_outcome(measure=measure, target=target, stake=stake)))
    return [f"{each.code} {each.text}" for each in document.findings]


class TestARow:
    @pytest.mark.parametrize(
        ("bounds", "below", "on_it", "above"),
        [
            ({"at_least": "99%"}, False, True, True),
            ({"above": "99%"}, False, False, True),
            ({"below": "99%"}, True, False, False),
            ({"up_to": "99%"}, True, True, False),
            ({}, True, True, True),
        ],
    )
    def test_covers_values_exactly_as_it_is_written(
        self, bounds: dict[str, str], *, below: bool, on_it: bool, above: bool
    ) -> None:
        found = row(**bounds)
        assert [found.covers(Ratio.parse(text)) for text in ("98.999999%", "99%", "99.000001%")] == [
            below,
            on_it,
            above,
        ]

    def test_is_told_in_words(self) -> None:
        assert (str(row(above="99%", up_to="99.9%")), str(row())) == ("above 99 %, up to 99.9 %", "any value")


class TestATable:
    GITHUB = ("above: 99%, up_to: 99.9%, credit: 10%", "below: 99%, credit: 25%")

    @pytest.mark.parametrize(
        ("_case", "found", "expected"),
        [
            (
                "a hole and a row of a met value",
                findings(*GITHUB),
                [
                    "MG540 exactly 99 %: missed, and in no row",
                    "MG542 exactly 99.9 %: in this row, and meets the target >= 99.9 %",
                ],
            ),
            ("nothing", findings("at_least: 99%, below: 99.9%, credit: 10%", "below: 99%, credit: 25%"), []),
            ("one row for all", findings("below: 99.9%, credit: 10%"), []),
            (
                "a hole with both ends open",
                findings("below: 98%, credit: 25%"),
                ["MG540 from 98 % to below 99.9 %: missed, and in no row"],
            ),
            (
                "a hole with both ends closed",
                findings("above: 99%, below: 99.9%, credit: 1%", "below: 98%, credit: 25%"),
                ["MG540 from 98 % up to 99 %: missed, and in no row"],
            ),
            (
                "two holes",
                findings("above: 99%, below: 99.5%, credit: 1%", "below: 99%, credit: 25%"),
                [
                    "MG540 exactly 99 %: missed, and in no row",
                    "MG540 from 99.5 % to below 99.9 %: missed, and in no row",
                ],
            ),
            (
                "an overlap in one value",
                findings("at_least: 99%, below: 99.9%, credit: 10%", "up_to: 99%, credit: 25%"),
                ["MG541 exactly 99 %: in this row, and in one before it"],
            ),
            (
                "rows that were meant to be tiers",
                findings("below: 99.9%, credit: 10%", "below: 99%, credit: 25%"),
                ["MG541 from 0 % to below 99 %: in this row, and in one before it"],
            ),
            (
                "worse for less",
                findings("at_least: 99%, below: 99.9%, credit: 2x", "below: 99%, credit: 50%"),
                ["MG543 below 99 % pays 50 %, but at least 99 %, below 99.9 % pays 2x"],
            ),
            (
                "fewer days for worse",
                findings("at_least: 99%, below: 99.9%, credit: 3 days", "below: 99%, credit: 1 day"),
                ["MG543 below 99 % pays 1 day of service, but at least 99 %, below 99.9 % pays 3 days of service"],
            ),
            (
                "fewer euros for worse",
                findings("at_least: 99%, below: 99.9%, credit: 3.00 EUR", "below: 99%, credit: 2.00 EUR"),
                ["MG543 below 99 % pays 2.00 EUR, but at least 99 %, below 99.9 % pays 3.00 EUR"],
            ),
            (
                "what cannot be compared",
                findings("at_least: 99%, below: 99.9%, credit: 3 days", "below: 99%, credit: 2.00 EUR"),
                [],
            ),
            (
                "a target that points the wrong way",
                findings("above: 0%, credit: 10%", more="better: lower, "),
                [
                    "MG544 lower values are better, and the target >= 99.9 % is met by the others",
                    "MG540 exactly 0 %: missed, and in no row",
                    "MG542 from 99.9 % up to 100 %: in this row, and meets the target >= 99.9 %",
                ],
            ),
            (
                "a number without end",
                findings("above: 4, up_to: 8, credit: 10%", "above: 9, credit: 25%", target="<= 4", measure=COUNT),
                ["MG540 above 8 up to 9: missed, and in no row"],
            ),
            (
                "the end of what is possible",
                findings("above: 4, up_to: 8, credit: 10%", target="<= 4", measure=COUNT, more="most: 8, "),
                [],
            ),
            (
                "what lies beyond the end",
                findings("above: 4, up_to: 9, credit: 10%", target="<= 4", measure=COUNT, more="least: 1, most: 8, "),
                [],
            ),
            (
                "no end, and a hole without end",
                findings("above: 4, up_to: 8, credit: 10%", target="<= 4", measure=COUNT),
                ["MG540 above 8: missed, and in no row"],
            ),
            (
                "another unit in a row, and as an end",
                findings("below: 4h, credit: 10%", more="most: 8, "),
                [
                    "MG330 most 8 is a number, the target >= 99.9 % is a share",
                    "MG330 below 4 hours is a time, the target >= 99.9 % is a share",
                ],
            ),
        ],
    )
    def test_is_found_wanting_where_it_is(self, _case: str, found: list[str], expected: list[str]) -> None:
        assert found == expected

    def test_can_be_agreed_with_its_faults(self) -> None:
        document = read(completed(bad_outcome(stake=f"{{weight: 100%, table: {{rows: [{{{self.GITHUB[0]}}}]}}}}")))
        assert document.agreement is not None


class TestTheMildestRow:
    TARGET = TARGET.read(">= 99.9%")

    def test_is_the_one_nearest_to_the_good_values(self) -> None:
        mild, bad = row(above="99%", below="99.9%"), row("25%", up_to="99%")
        assert Table(rows=(bad, mild)).mildest(self.TARGET) is mild

    def test_is_none_if_no_row_covers_a_miss(self) -> None:
        assert Table(rows=(row("0%", at_least="99.9%"),)).mildest(self.TARGET) is None

    def test_goes_the_way_that_the_table_says(self) -> None:
        low, high = row(above="1%", up_to="50%"), row("25%", above="50%", below="99.9%")
        assert Table(rows=(low, high), better=Direction.LOWER).mildest(self.TARGET) is low
