from __future__ import annotations

from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.review.distribution import Distribution
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

sums = st.lists(st.integers(-(10**7), 10**9), min_size=1, max_size=50)


def of(*minor: int) -> Distribution:
    return Distribution.of([Amount(each, "EUR") for each in minor])


class TestADistribution:
    def test_has_the_figures_of_a_year_with_three_misses(self) -> None:
        year = of(*[0] * 9, 13800, 27600, 69000)
        shown = (year.expected, year.deviation, year.at(Ratio(95, 100)), year.at(Ratio(1, 2)), year.worst)
        assert list(map(str, shown)) == ["92.00 EUR", "197.85 EUR", "690.00 EUR", "0.00 EUR", "690.00 EUR"]
        assert (year.mean, year.variance) == (Ratio(9200), Ratio(39146 * 10_000))

    def test_rounds_what_it_shows_and_nothing_else(self) -> None:
        assert (of(0, 1).mean, of(0, 1).expected.minor, of(0, 1).deviation.minor) == (Ratio(1, 2), 1, 1)
        assert (of(0, 0, 1).expected.minor, of(0, 0, 0, 0, 0, 1).deviation.minor) == (0, 0)

    @given(minor=sums)
    def test_deviates_as_the_textbook_says(self, minor: list[int]) -> None:
        assert abs(of(*minor).deviation.minor - pstdev(minor)) <= 0.51

    @given(minor=sums, shares=st.lists(st.integers(1, 1000), min_size=2))
    def test_has_quantiles_that_never_fall(self, minor: list[int], shares: list[int]) -> None:
        found = [of(*minor).at(Ratio(share, 1000)) for share in sorted(shares)]
        assert found == sorted(found)

    @given(minor=sums, share=st.integers(1, 1000))
    def test_is_not_exceeded_at_a_quantile_by_more_than_the_rest(self, minor: list[int], share: int) -> None:
        found = of(*minor).at(Ratio(share, 1000))
        assert found.minor in minor
        assert Ratio(sum(each > found.minor for each in minor), len(minor)) <= 1 - Ratio(share, 1000)

    @pytest.mark.parametrize("share", [Ratio(0), Ratio(101, 100)])
    def test_has_no_quantile_outside(self, share: Ratio) -> None:
        with pytest.raises(ValueError, match="a quantile is taken"):
            of(1).at(share)

    def test_is_none_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="no sums"):
            of()
