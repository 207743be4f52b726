from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.rounding import Rounding, rounded

values = st.fractions(max_denominator=1000)
modes = st.sampled_from(Rounding)


class TestRounded:
    @pytest.mark.parametrize(
        ("_case", "value", "half_up", "half_even", "up", "down"),
        [
            ("a whole number", Fraction(3), 3, 3, 3, 3),
            ("nothing", Fraction(0), 0, 0, 0, 0),
            ("below the half", Fraction(21, 10), 2, 2, 3, 2),
            ("the half over an even number", Fraction(5, 2), 3, 2, 3, 2),
            ("the half over an odd number", Fraction(7, 2), 4, 4, 4, 3),
            ("above the half", Fraction(29, 10), 3, 3, 3, 2),
            ("just below the half", Fraction(2_499_999, 1_000_000), 2, 2, 3, 2),
            ("half of one", Fraction(1, 2), 1, 0, 1, 0),
            ("below the half, negative", Fraction(-21, 10), -2, -2, -3, -2),
            ("the half, negative", Fraction(-5, 2), -3, -2, -3, -2),
            ("above the half, negative", Fraction(-29, 10), -3, -3, -3, -2),
        ],
    )
    def test_follows_its_mode(
        self, _case: str, value: Fraction, half_up: int, half_even: int, up: int, down: int
    ) -> None:
        found = [rounded(value, mode) for mode in (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP, Rounding.DOWN)]
        assert found == [half_up, half_even, up, down]

    def test_goes_away_from_zero_at_the_half_unless_told_otherwise(self) -> None:
        assert (rounded(Fraction(1, 2)), rounded(Fraction(-1, 2))) == (1, -1)

    def test_refuses_an_unknown_mode_instead_of_guessing(self) -> None:
        with pytest.raises(ValueError, match="'half_down' is not a valid Rounding"):
            rounded(Fraction(1, 2), "half_down")  # type: ignore[arg-type]  # what an untyped caller may do

    @given(values, modes)
    def test_treats_both_signs_alike(self, value: Fraction, mode: Rounding) -> None:
        assert rounded(-value, mode) == -rounded(value, mode)

    @given(values, modes)
    def test_moves_by_less_than_one(self, value: Fraction, mode: Rounding) -> None:
        assert abs(rounded(value, mode) - value) < 1

    @given(values, st.integers(-1000, 1000))
    def test_never_moves_a_half_mode_by_more_than_half(self, value: Fraction, shift: int) -> None:
        assert abs(rounded(value + shift, Rounding.HALF_UP) - value - shift) <= Fraction(1, 2)
        assert rounded(value, Rounding.HALF_EVEN) == round(value)
