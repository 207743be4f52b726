"""Tiers: which step decides."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import LEVEL, Share
from makegood.engine.agreement.stakes import Tier
from makegood.engine.money.tiers import matching_tier
from makegood.engine.vocabulary.ratio import Ratio


def below(bound: str, percent: int) -> Tier:
    return Tier(below=LEVEL.read(bound), credit=Share(Ratio(percent, 100)))


def above(bound: str, percent: int) -> Tier:
    return Tier(above=LEVEL.read(bound), credit=Share(Ratio(percent, 100)))


AVAILABILITY = (below("99.9%", 10), below("99%", 25), below("95%", 100))
REOPENED = (above("5%", 3), above("2%", 1), above("3%", 2))


class TestTheTier:
    @pytest.mark.parametrize(
        ("_case", "value", "expected"),
        [
            ("just below the first bound", "99.8999999%", "10 %"),
            ("on the second bound", "99%", "10 %"),
            ("below the second bound", "98.999999%", "25 %"),
            ("far below", "0%", "100 %"),
        ],
    )
    def test_is_the_worst_below_whose_bound_the_value_lies(self, _case: str, value: str, expected: str) -> None:
        tier = matching_tier(AVAILABILITY, Ratio.parse(value), higher_is_better=True)
        assert tier is not None
        assert str(tier.credit) == expected

    @pytest.mark.parametrize(
        ("_case", "value", "expected"),
        [("above the first", "2.5%", "1 %"), ("on the second", "3%", "1 %"), ("above all", "50%", "3 %")],
    )
    def test_is_the_worst_above_whose_bound_the_value_lies(self, _case: str, value: str, expected: str) -> None:
        tier = matching_tier(REOPENED, Ratio.parse(value), higher_is_better=False)
        assert tier is not None
        assert str(tier.credit) == expected

    def test_is_none_in_a_gap_between_target_and_first_bound(self) -> None:
        assert matching_tier(AVAILABILITY, Ratio.parse("99.95%"), higher_is_better=True) is None

    @pytest.mark.parametrize(("tiers", "better", "expected"), [(AVAILABILITY, True, "10 %"), (REOPENED, False, "1 %")])
    def test_is_the_mildest_without_a_value(self, tiers: tuple[Tier, ...], better: bool, expected: str) -> None:
        tier = matching_tier(tiers, None, higher_is_better=better)
        assert tier is not None
        assert str(tier.credit) == expected
