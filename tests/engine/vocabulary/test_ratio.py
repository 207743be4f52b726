from dataclasses import FrozenInstanceError
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding
from tests.engine.vocabulary.strategies import ratios


class TestARatio:
    @pytest.mark.parametrize(
        ("_case", "ratio"),
        [
            ("two whole numbers", Ratio(18, 20)),
            ("a fraction", Ratio(Fraction(9, 10))),
            ("another ratio", Ratio(Ratio(9, 10))),
            ("ratios above one another", Ratio(Ratio(9), Ratio(10))),
        ],
    )
    def test_is_made_of_exact_numbers(self, _case: str, ratio: Ratio) -> None:
        assert (ratio.numerator, ratio.denominator, ratio.fraction) == (9, 10, Fraction(9, 10))

    @pytest.mark.parametrize("value", [0.5, True, "1/2", Decimal("0.5"), None])
    def test_is_made_of_nothing_else(self, value: object) -> None:
        with pytest.raises(TypeError, match="made of whole numbers and ratios, not of"):
            Ratio(value)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="made of whole numbers and ratios, not of"):
            Ratio(1, value)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="made of whole numbers and ratios, not of"):
            Ratio(1) + value  # type: ignore[operator]

    def test_does_not_divide_by_zero(self) -> None:
        with pytest.raises(ZeroDivisionError):
            Ratio(1, 0)
        with pytest.raises(ZeroDivisionError):
            Ratio(1) / 0

    def test_does_not_change(self) -> None:
        ratio = Ratio(1, 2)
        with pytest.raises(FrozenInstanceError):
            ratio.fraction = Fraction(1)  # type: ignore[misc]
        assert ratio == Ratio(1, 2)

    def test_shows_how_it_is_written_in_code(self) -> None:
        assert (repr(Ratio(9, 10)), repr(Ratio(-3)), repr(Ratio(0))) == ("Ratio(9, 10)", "Ratio(-3)", "Ratio(0)")


class TestReadingARatio:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("99.9%", Ratio(999, 1000)),
            ("12 %", Ratio(12, 100)),
            (" 99.95 % ", Ratio(9995, 10000)),
            ("0.5", Ratio(1, 2)),
            ("-3", Ratio(-3)),
            ("+3", Ratio(3)),
            ("-0.25", Ratio(-1, 4)),
            ("1/3", Ratio(1, 3)),
            ("1/3 %", Ratio(1, 300)),
            ("007", Ratio(7)),
            ("9" * 60, Ratio(10**60 - 1)),
        ],
    )
    def test_takes_what_people_write(self, text: str, expected: Ratio) -> None:
        assert Ratio.parse(text) == expected

    @pytest.mark.parametrize(
        "text", ["", "%", "1e3", "99,9", "1.", ".5", "1.5/2", "1/-2", "0x10", "1_000", "٣", "nan", "--1", "1\n2"]
    )
    def test_refuses_what_is_not_a_number(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is not a number; write it like 99\.9%, 0\.5, -3 or 1/3"):
            Ratio.parse(text)

    def test_refuses_to_divide_by_zero(self) -> None:
        with pytest.raises(ValueError, match="'1/0' divides by zero"):
            Ratio.parse("1/0")

    def test_refuses_absurd_lengths(self) -> None:
        with pytest.raises(ValueError, match="at most 60 characters, this one has 61"):
            Ratio.parse("9" * 61)

    @given(ratios)
    def test_gives_back_what_was_shown(self, ratio: Ratio) -> None:
        assert Ratio.parse(str(ratio)) == ratio


class TestCalculating:
    def test_takes_whole_numbers_on_either_side(self) -> None:
        half = Ratio(1, 2)
        assert [half + 1, 1 + half, half - 1, 1 - half] == [Ratio(3, 2), Ratio(3, 2), Ratio(-1, 2), half]
        assert [half * 3, 3 * half, half / 3, 3 / half] == [Ratio(3, 2), Ratio(3, 2), Ratio(1, 6), Ratio(6)]

    def test_takes_ratios(self) -> None:
        half, third = Ratio(1, 2), Ratio(1, 3)
        assert [half + third, half - third, half * third, half / third] == [
            Ratio(5, 6),
            Ratio(1, 6),
            Ratio(1, 6),
            Ratio(3, 2),
        ]

    def test_knows_sign_and_size(self) -> None:
        assert (-Ratio(1, 2), abs(Ratio(-1, 2)), bool(Ratio(0)), bool(Ratio(-1, 9))) == (
            Ratio(-1, 2),
            Ratio(1, 2),
            False,
            True,
        )

    @pytest.mark.parametrize(
        ("ratio", "floor", "ceil"), [(Ratio(7, 2), 3, 4), (Ratio(-7, 2), -4, -3), (Ratio(4), 4, 4), (Ratio(0), 0, 0)]
    )
    def test_finds_the_whole_numbers_around(self, ratio: Ratio, floor: int, ceil: int) -> None:
        assert (ratio.floor(), ratio.ceil()) == (floor, ceil)

    def test_adds_up_with_sum(self) -> None:
        assert sum([Ratio(1, 3)] * 3) == 1

    @given(ratios, ratios)
    def test_agrees_with_fractions(self, a: Ratio, b: Ratio) -> None:
        assert (a + b).fraction == a.fraction + b.fraction
        assert (a - b).fraction == a.fraction - b.fraction
        assert (a * b).fraction == a.fraction * b.fraction
        assert not b or (a / b).fraction == a.fraction / b.fraction


class TestComparing:
    def test_orders_ratios_and_whole_numbers(self) -> None:
        assert Ratio(1, 3) < Ratio(1, 2) <= Ratio(2, 4) < 1 <= Ratio(1)
        assert 1 > Ratio(1, 2) >= Ratio(1, 2) > Ratio(1, 3) >= 0

    def test_equals_what_is_the_same_number(self) -> None:
        assert (Ratio(2, 2) == 1, Ratio(1, 2) == Fraction(1, 2), Ratio(1, 2) == Ratio(1, 3)) == (True, True, False)
        assert {Ratio(1), Ratio(2, 2), 1} == {1}

    @pytest.mark.parametrize("other", [True, 1.0, "1", None])
    def test_equals_nothing_inexact(self, other: object) -> None:
        assert Ratio(1) != other

    def test_orders_nothing_inexact(self) -> None:
        with pytest.raises(TypeError, match="not of float"):
            assert Ratio(1) < 2.0  # type: ignore[operator]

    @given(ratios, ratios)
    def test_agrees_with_fractions(self, a: Ratio, b: Ratio) -> None:
        assert (a < b, a <= b, a == b, a >= b, a > b) == (
            a.fraction < b.fraction,
            a.fraction <= b.fraction,
            a.fraction == b.fraction,
            a.fraction >= b.fraction,
            a.fraction > b.fraction,
        )


class TestShowing:
    @pytest.mark.parametrize(
        ("_case", "ratio", "places", "expected"),
        [
            ("a third", Ratio(1, 3), 6, "0.333333"),
            ("two thirds", Ratio(2, 3), 2, "0.67"),
            ("no decimals", Ratio(5, 2), 0, "3"),
            ("a negative half", Ratio(-5, 2), 0, "-3"),
            ("less than one digit shows", Ratio(-1, 1000), 2, "0.00"),
            ("zeros behind the point", Ratio(1, 1000), 3, "0.001"),
            ("large", Ratio(1234567), 1, "1234567.0"),
        ],
    )
    def test_rounds_decimals(self, _case: str, ratio: Ratio, places: int, expected: str) -> None:
        assert ratio.decimal(places) == expected

    def test_rounds_decimals_as_told(self) -> None:
        assert Ratio(1, 8).decimal(2, Rounding.HALF_EVEN) == "0.12"

    def test_refuses_fewer_than_no_decimals(self) -> None:
        with pytest.raises(ValueError, match="0 or more decimals, not -1"):
            Ratio(1).decimal(-1)

    @pytest.mark.parametrize(
        ("_case", "ratio", "expected"),
        [
            ("whole", Ratio(1), "100 %"),
            ("short", Ratio(999, 1000), "99.9 %"),
            ("six decimals", Ratio(1, 10**8), "0.000001 %"),
            ("seven decimals", Ratio(15, 10**9), "0.000002 %"),
            ("never ending", Ratio(1, 3), "33.333333 %"),
            ("negative", Ratio(-1, 8), "-12.5 %"),
        ],
    )
    def test_gives_a_percentage_exactly_if_it_can(self, _case: str, ratio: Ratio, expected: str) -> None:
        assert ratio.percent() == expected

    def test_gives_a_percentage_with_so_many_places(self) -> None:
        assert (Ratio(999, 1000).percent(3), Ratio(2, 3).percent(0)) == ("99.900 %", "67 %")

    @pytest.mark.parametrize(
        ("ratio", "expected"),
        [
            (Ratio(1, 2), "0.5"),
            (Ratio(1, 3), "1/3"),
            (Ratio(-3), "-3"),
            (Ratio(1, 80), "0.0125"),
            (Ratio(7, 250), "0.028"),
        ],
    )
    def test_is_a_decimal_if_that_ends(self, ratio: Ratio, expected: str) -> None:
        assert str(ratio) == expected

    @given(st.integers(-(10**12), 10**12), st.integers(0, 9), st.integers(0, 9))
    def test_agrees_with_decimal_arithmetic(self, digits: int, scale: int, places: int) -> None:
        exact = Decimal(digits).scaleb(-scale)
        expected = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=40))
        assert Decimal(Ratio(digits, 10**scale).decimal(places)) == expected
