"""Wording: values and lists as people read them, at the places where they change."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.wording import LISTED, leaf, listed, shown
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.judging.scene import down


class TestATime:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("0", "0 seconds"),
            ("1", "1 second"),
            ("0.0005", "0.5 ms"),
            ("0.1", "100 ms"),
            ("9.999", "9999 ms"),
            ("10.5", "10.5 s"),
            ("100.25", "100.25 s"),
            ("-10.5", "-10.5 s"),
            ("-10", "-10 s"),
        ],
    )
    def test_is_shown_in_the_unit_that_fits(self, value: str, text: str) -> None:
        assert shown(Ratio.parse(value), Unit.TIME) == text


class TestALeaf:
    @pytest.mark.parametrize(
        ("most", "text"),
        [
            (3, "down"),
            (2, "down (the first 2 records are cited, 1 more is not)"),
            (1, "down (the first record is cited, 2 more are not)"),
        ],
    )
    def test_says_how_many_records_are_not_cited(self, most: int, text: str) -> None:
        records = [down("04-10 10:00 .. 04-10 11:00", name=name) for name in "abc"]
        cited = tuple(f"monitor#{name}" for name in "abc"[:most])
        assert leaf("down", "1 h", records, most=most) == Reason(text, "1 h", evidence=cited)


class TestAList:
    def test_of_a_thousand_is_whole(self) -> None:
        steps = [Reason(str(number)) for number in range(LISTED + 1)]
        assert listed(steps[:LISTED], "case") == tuple(steps[:LISTED])
        assert listed(steps, "case")[LISTED:] == (Reason("1 case more, which is not listed"),)
