from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.review.bootstrap import resampled, usual_block


class TestTheUsualBlock:
    @given(number=st.integers(1, 100_000))
    def test_is_the_whole_number_nearest_to_the_cube_root(self, number: int) -> None:
        block = usual_block(number)
        assert (2 * block - 1) ** 3 <= 8 * number < (2 * block + 1) ** 3


class TestResampled:
    @given(number=st.integers(1, 40), length=st.integers(1, 60), block=st.integers(1, 40), seed=st.integers(0, 2**32))
    def test_goes_in_blocks_around_the_circle(self, number: int, length: int, block: int, seed: int) -> None:
        block = min(block, number)
        for sequence in islice(resampled(number=number, length=length, block=block, seed=seed), 3):
            assert len(sequence) == length
            for place in range(1, length):
                if place % block:
                    assert sequence[place] == (sequence[place - 1] + 1) % number

    def test_draws_each_period_about_as_often_at_any_place(self) -> None:
        years = list(islice(resampled(number=3, length=4, block=2, seed=1), 900))
        counts = [[year[place] for year in years].count(period) for place in range(4) for period in range(3)]
        assert (min(counts), max(counts)) == (279, 316)

    def test_is_a_rotation_if_a_block_is_a_year(self) -> None:
        years = islice(resampled(number=12, length=12, block=12, seed=9), 5)
        assert [sorted(year) for year in years] == [list(range(12))] * 5

    @pytest.mark.parametrize("block", [0, 4])
    def test_refuses_a_block_that_is_no_part_of_the_past(self, block: int) -> None:
        with pytest.raises(ValueError, match="a block has from 1 to 3 periods"):
            next(resampled(number=3, length=12, block=block, seed=1))
