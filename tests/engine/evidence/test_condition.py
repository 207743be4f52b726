from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.shapes import Unreadable
from makegood.engine.evidence.condition import CONDITION, Condition, exact_number


class TestCondition:
    @pytest.mark.parametrize(
        ("text", "holds", "fails"),
        [
            ("known", ["x", ""], [None]),
            ("unknown", [None], ["x", ""]),
            ("major", ["major"], ["minor", "Major", None]),
            ("= known", ["known"], ["x", None]),
            ("=", [""], ["x", None]),
            ("<= 15", ["15", "-3", "14.999", "1.5e1"], ["15.001", "16", None]),
            (">= 0.3", ["0.3", "1", "30%"], ["0.29999", None]),
            ("< 0.5", ["0.49", "-1"], ["0.5", "1", None]),
            ("> 40", ["40.0001", "41"], ["40", "40.0", None]),
        ],
    )
    def test_holds_for_these_cells(self, text: str, holds: list[str | None], fails: list[str | None]) -> None:
        condition: Condition = CONDITION.read(text)
        assert [condition.holds(cell) for cell in holds] == [True] * len(holds)
        assert [condition.holds(cell) for cell in fails] == [False] * len(fails)

    def test_refuses_a_comparison_with_a_word(self) -> None:
        with pytest.raises(Unreadable, match="'many' is not a number"):
            CONDITION.read("<= many")

    def test_refuses_to_compare_a_word(self) -> None:
        with pytest.raises(ValueError, match="'late' is not a number"):
            Condition.parse("<= 15").holds("late")


class TestExactNumber:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("7", 7),
            ("-7", -7),
            (" 7 ", 7),
            ("+7", 7),
            ("0.1", Fraction(1, 10)),
            ("1012.", 1012),
            ("10.357019999999999", Fraction(10357019999999999, 10**15)),
            ("1e-05", Fraction(1, 100_000)),
            ("1E+20", 10**20),
            ("12.5 %", Fraction(1, 8)),
        ],
    )
    def test_reads_every_digit(self, text: str, expected: int | Fraction) -> None:
        assert exact_number(text) == expected

    @pytest.mark.parametrize("text", ["", "x", "1,5", "1_000", "0x10", "nan", "inf", "1e999", "٣", "1/3", "9" * 61])
    def test_refuses_what_is_no_number(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a number"):
            exact_number(text)

    @given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
    def test_loses_nothing(self, number: object) -> None:
        assert exact_number(str(number)) == Fraction(str(number))
