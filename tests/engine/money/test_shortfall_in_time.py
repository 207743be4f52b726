"""Shortfalls where the target is a ceiling on time, or one value and no other."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import LEVEL, TARGET, Share, Unit
from makegood.engine.agreement.stakes import Counted, PerUnit
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.per_unit import shortfall
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


class TestAShortfallInTime:
    @pytest.mark.parametrize(
        ("_case", "target", "expected"),
        [
            ("a floor leaves the rest free", ">= 99%", Ratio(60 - 10)),
            ("a ceiling leaves itself free", "<= 2%", Ratio(60 - 20)),
        ],
    )
    def test_is_what_went_wrong_beyond_what_the_target_allows(self, _case: str, target: str, expected: Ratio) -> None:
        term = PerUnit(unit=LEVEL.read("10s"), credit=Share(Ratio(1)), counted=Counted.STARTED)
        measured = Measurement(Ratio(94, 100), Unit.SHARE, good=940, total=1000, reason=Reason("x"))
        assert shortfall(term, TARGET.read(target), measured) == expected


class TestAShortfallFromOneValue:
    @pytest.mark.parametrize(("_case", "value", "expected"), [("below", 7, 3), ("above", 14, 4), ("exactly", 10, 0)])
    def test_is_the_distance_from_it(self, _case: str, value: int, expected: int) -> None:
        term = PerUnit(unit=LEVEL.read("1"), credit=Share(Ratio(1)), counted=Counted.EXACT)
        measured = Measurement(Ratio(value), Unit.NUMBER, good=0, total=0, reason=Reason("x"))
        assert shortfall(term, TARGET.read("= 10"), measured) == Ratio(expected)

    def test_is_the_distance_for_shares_too(self) -> None:
        term = PerUnit(unit=LEVEL.read("1%"), credit=Share(Ratio(1)), counted=Counted.EXACT)
        measured = Measurement(Ratio(97, 100), Unit.SHARE, good=97, total=100, reason=Reason("x"))
        assert shortfall(term, TARGET.read("= 95%"), measured) == Ratio(2, 100)
