"""Rates: what may be written as a credit, and how rates are compared."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.rates import RATE, UNIT_RATE, in_words, pays_less
from makegood.engine.agreement.shapes import Unreadable


class TestARate:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("10%", "10 % of the base"),
            ("2x", "2x the base"),
            ("1.5x", "1.5x the base"),
            ("1 day", "1 day of service"),
            ("3 days", "3 days of service"),
            ("0.5 days", "0.5 days of service"),
            ("25.00 EUR", "25.00 EUR"),
        ],
    )
    def test_is_read_and_told(self, text: str, words: str) -> None:
        assert in_words(RATE.read(text)) == in_words(UNIT_RATE.read(text)) == words

    @pytest.mark.parametrize(
        ("text", "words"),
        [("prorated", "the base for that time"), ("10x prorated", "10 times the base for that time")],
    )
    def test_of_a_unit_may_be_prorated(self, text: str, words: str) -> None:
        assert in_words(UNIT_RATE.read(text)) == words

    def test_of_a_tier_has_no_time_to_be_prorated_by(self) -> None:
        with pytest.raises(Unreadable, match="needs a unit of time"):
            RATE.read("10x prorated")

    @pytest.mark.parametrize("text", ["x", "-2x", "2 x", "days", "3 dayss", "ten"])
    def test_is_nothing_else(self, text: str) -> None:
        with pytest.raises(Unreadable):
            UNIT_RATE.read(text)


class TestTheSmallerRate:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("10%", "25%", True),
            ("10%", "10%", False),
            ("50%", "2x", True),
            ("3 days", "4 days", True),
            ("2x prorated", "3x prorated", True),
            ("1.00 EUR", "2.00 EUR", True),
            ("1%", "100 days", False),
            ("100 days", "1%", False),
        ],
    )
    def test_is_known_among_rates_of_a_kind(self, one: str, other: str, *, expected: bool) -> None:
        assert pays_less(UNIT_RATE.read(one), UNIT_RATE.read(other)) is expected
