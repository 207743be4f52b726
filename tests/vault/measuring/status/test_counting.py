from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.interval import intersection
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.probes.columns import second_of
from tests.vault.measuring.status.law import SECONDS, Asked, asked, stretch
from tests.vault.probes.probing import NOON


def shown(asked: Asked) -> list[list[tuple[int, int]]]:
    """Return the counting time of each series, in seconds after noon."""
    counting: Counting = asked.plan([]).counting
    stretches = list(zip((counting.starts - NOON).tolist(), (counting.ends - NOON).tolist(), strict=True))
    offsets = counting.offsets.tolist()
    return [stretches[start:end] for start, end in pairwise(offsets)]


class TestCountingTime:
    @given(asked())
    def test_is_that_of_the_law(self, asked: Asked) -> None:
        expected = [
            [(second_of(each.start) - NOON, second_of(each.end) - NOON) for each in asked.counting(number)]
            for number in range(len(asked.names))
        ]
        assert shown(asked) == expected

    @pytest.mark.parametrize(
        ("_case", "agreed", "excluded", "expected"),
        [
            ("nothing is agreed", [], [(0, 10)], []),
            ("nothing is excluded", [(0, 10), (20, 30)], [], [(0, 10), (20, 30)]),
            ("what touches is one stretch", [(10, 20), (0, 10)], [], [(0, 20)]),
            ("what overlaps is one stretch", [(0, 10), (5, 20), (6, 7)], [], [(0, 20)]),
            ("exclusions that overlap", [(0, 30)], [(5, 10), (8, 12), (5, 12)], [(0, 5), (12, 30)]),
            ("an exclusion over the end", [(0, 30)], [(20, 40)], [(0, 20)]),
            ("an exclusion of all", [(0, 30)], [(0, 30)], []),
            ("two that meet", [(0, 30)], [(10, 20), (20, 25)], [(0, 10), (25, 30)]),
            ("empty ones", [(0, 30), (40, 40)], [(10, 10)], [(0, 30)]),
        ],
    )
    def test_is_what_is_agreed_without_what_is_excluded(
        self,
        _case: str,
        agreed: Sequence[tuple[int, int]],
        excluded: Sequence[tuple[int, int]],
        expected: list[tuple[int, int]],
    ) -> None:
        found = shown(Asked(agreed=agreed, excluded=[(1, *each) for each in excluded]))
        assert found[1] == expected
        assert found[0] == shown(Asked(agreed=agreed))[0]

    @given(asked(), st.integers(0, 2), st.integers(-50, SECONDS + 50), st.integers(0, SECONDS))
    def test_within_a_stretch_is_that_of_the_law(self, asked: Asked, number: int, start: int, seconds: int) -> None:
        within = intersection([stretch(start, start + seconds)], asked.counting(number))
        numbers, starts = np.array([number]), np.array([NOON + start])
        found = asked.plan([]).counting.within(numbers, starts, starts + seconds)
        assert found.tolist() == [sum(each.seconds for each in within)]
