from __future__ import annotations

from decimal import Decimal, localcontext
from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.review.jeffreys import beta_quantile, beta_share, jeffreys
from makegood.engine.vocabulary.ratio import Ratio


def integrated(wins: int, losses: int, chance: float) -> float:
    """The same quantile by another way: with x = sin²t the density is sin^2k t · cos^2m t, integrated by Simpson."""
    steps = 20_000
    width = pi / 2 / steps

    def density(t: float) -> float:
        return sin(t) ** (2 * wins) * cos(t) ** (2 * losses)

    area = [0.0]
    for step in range(0, steps, 2):
        t = step * width
        area.append(area[-1] + width / 3 * (density(t) + 4 * density(t + width) + density(t + 2 * width)))
    found = next(number for number, each in enumerate(area) if each >= chance * area[-1])
    part = (chance * area[-1] - area[found - 1]) / (area[found] - area[found - 1])
    return float(sin((found - 1 + part) * 2 * width) ** 2)


class TestJeffreys:
    @pytest.mark.parametrize(
        ("happened", "of", "low", "high"),
        [
            (0, 12, "0.000000", "0.185306"),
            (1, 12, "0.009144", "0.328496"),
            (3, 12, "0.075942", "0.529191"),
            (12, 12, "0.814694", "1.000000"),
            (2, 36, "0.011723", "0.166492"),
            (5, 52, "0.037647", "0.197958"),
            (50, 1000, "0.037770", "0.064828"),
            (0, 1, "0.000000", "0.853254"),
            (0, 0, "0.000000", "1.000000"),
        ],
    )
    def test_gives_the_equal_tailed_interval(self, happened: int, of: int, low: str, high: str) -> None:
        found = jeffreys(happened, of)
        assert (found.low.decimal(6), found.high.decimal(6)) == (low, high)

    @pytest.mark.parametrize(("wins", "losses"), [(0, 12), (1, 11), (3, 9), (2, 34), (5, 47), (9, 3)])
    @pytest.mark.parametrize("chance", ["0.025", "0.5", "0.975"])
    def test_agrees_with_an_integral(self, wins: int, losses: int, chance: str) -> None:
        found = beta_quantile(Ratio.parse(chance), wins, losses)
        assert abs(float(found.fraction) - integrated(wins, losses, float(chance))) < 1e-7

    @settings(max_examples=20, deadline=None)
    @given(number=st.integers(1, 60), data=st.data())
    def test_is_the_mirror_of_what_did_not_happen(self, number: int, data: st.DataObject) -> None:
        happened = data.draw(st.integers(0, number))
        found, mirror = jeffreys(happened, number), jeffreys(number - happened, number)
        assert abs(found.low + mirror.high - 1) <= Ratio(1, 10**12)

    @settings(max_examples=15, deadline=None)
    @given(number=st.integers(2, 40), data=st.data())
    def test_rises_with_every_miss_and_holds_what_was_seen(self, number: int, data: st.DataObject) -> None:
        happened = data.draw(st.integers(0, number - 1))
        found, more = jeffreys(happened, number), jeffreys(happened + 1, number)
        assert found.low < more.low
        assert found.high < more.high
        assert found.low <= found.share <= found.high

    @settings(max_examples=15, deadline=None)
    @given(wins=st.integers(0, 40), losses=st.integers(0, 40), thousandths=st.lists(st.integers(1, 999), min_size=2))
    def test_has_quantiles_that_never_fall(self, wins: int, losses: int, thousandths: list[int]) -> None:
        found = [beta_quantile(Ratio(each, 1000), wins, losses) for each in sorted(thousandths)]
        assert found == sorted(found)

    def test_does_not_depend_on_the_settings_of_the_program(self) -> None:
        before = beta_share(Ratio(1, 3), 2, 5)
        with localcontext() as context:
            context.prec = 3
            assert beta_share(Ratio(1, 3), 2, 5) == before

    def test_is_a_share_of_one(self) -> None:
        assert abs(beta_share(Ratio(1, 3), 2, 5) + beta_share(Ratio(2, 3), 5, 2) - 1) < Decimal("1e-40")

    def test_says_nothing_of_what_was_never_tried(self) -> None:
        assert jeffreys(0, 0).share == 0

    @pytest.mark.parametrize(("happened", "of"), [(-1, 3), (4, 3)])
    def test_refuses_what_cannot_be(self, happened: int, of: int) -> None:
        with pytest.raises(ValueError, match="is no number of times"):
            jeffreys(happened, of)
