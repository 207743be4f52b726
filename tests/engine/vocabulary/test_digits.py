from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.digits import digits_in_words, error_in_words, largest_error, to_digits
from makegood.engine.vocabulary.ratio import Ratio

values = st.fractions(max_denominator=10**6).map(Ratio)
numbers = st.integers(1, 9)


class TestSignificantDigits:
    @pytest.mark.parametrize(
        ("_case", "value", "digits", "expected"),
        [
            ("fewer digits than count", "12", 3, "12"),
            ("as many", "0.00123", 3, "0.00123"),
            ("below the half", "123449", 3, "123000"),
            ("the half", "123500", 3, "124000"),
            ("the half below nothing", "-123500", 3, "-124000"),
            ("just below the half", "123499.999999", 3, "123000"),
            ("a digit more", "9.995", 3, "10"),
            ("a power of ten", "1000", 1, "1000"),
            ("less than one", "0.0999", 2, "0.1"),
            ("a fraction without an end", "2/3", 4, "0.6667"),
            ("nothing", "0", 1, "0"),
        ],
    )
    def test_are_kept(self, _case: str, value: str, digits: int, expected: str) -> None:
        assert to_digits(Ratio.parse(value), digits) == Ratio.parse(expected)

    @given(values, numbers)
    def test_are_the_same_when_rounded_again(self, value: Ratio, digits: int) -> None:
        once = to_digits(value, digits)
        assert to_digits(once, digits) == once

    @given(values, numbers, st.integers(-9, 9))
    def test_do_not_depend_on_the_unit_of_ten(self, value: Ratio, digits: int, power: int) -> None:
        size = Ratio(10**power) if power > 0 else Ratio(1, 10**-power)
        assert to_digits(value * size, digits) == to_digits(value, digits) * size

    @given(values, numbers)
    def test_treat_both_signs_alike(self, value: Ratio, digits: int) -> None:
        assert to_digits(-value, digits) == -to_digits(value, digits)

    @given(values, values, numbers)
    def test_leave_the_order_as_it_is(self, one: Ratio, other: Ratio, digits: int) -> None:
        low, high = sorted([one, other])
        assert to_digits(low, digits) <= to_digits(high, digits)

    @given(values, numbers)
    def test_are_never_farther_off_than_they_say(self, value: Ratio, digits: int) -> None:
        assert abs(to_digits(value, digits) - value) <= abs(value) * largest_error(digits)

    @pytest.mark.parametrize("digits", range(1, 10))
    def test_are_as_far_off_as_they_say_where_the_first_is_a_one(self, digits: int) -> None:
        half = 1 + largest_error(digits)
        assert to_digits(half, digits) - half == largest_error(digits)

    def test_are_told_in_words(self) -> None:
        assert [digits_in_words(number) for number in (1, 2)] == ["1 significant digit", "2 significant digits"]
        assert [error_in_words(number) for number in (1, 3, 9)] == [
            "at most 50 % off",
            "at most 0.5 % off",
            "at most 0.0000005 % off",
        ]
