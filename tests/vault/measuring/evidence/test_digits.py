"""Columns are rounded as the law rounds, digit by digit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.probes import LARGEST_VALUE, MICRO
from makegood.engine.vocabulary.digits import to_digits as by_law
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.evidence.digits import to_digits
from makegood.vault.probes.columns import NO_VALUE

digits = st.integers(1, 9)
_powers = st.builds(lambda power, near: 10**power + near, st.integers(0, 18), st.integers(-5, 5))
_halves = st.builds(lambda first, power, near: first * 5 * 10**power + near, *3 * [st.integers(0, 17)])
sizes = st.one_of(st.integers(0, LARGEST_VALUE), _powers, _halves.filter(lambda each: each <= LARGEST_VALUE))
values = st.builds(lambda size, sign: size * sign, sizes, st.sampled_from([1, -1]))


class TestColumns:
    @given(found=st.lists(values, max_size=20), number=digits)
    def test_are_rounded_by_the_law(self, found: list[int], number: int) -> None:
        law = [by_law(Ratio(each, MICRO), number) * MICRO for each in found]
        expected = [now if abs(now) <= LARGEST_VALUE else was for was, now in zip(found, law, strict=True)]
        assert to_digits(np.array(found, np.int64), number).tolist() == expected

    @given(number=digits)
    def test_have_no_value_where_there_was_none(self, number: int) -> None:
        assert to_digits(np.array([NO_VALUE, 1_234_567_890_123, NO_VALUE], np.int64)[::2], number).tolist() == [
            NO_VALUE,
            NO_VALUE,
        ]

    def test_stay_where_there_is_no_room(self) -> None:
        largest = np.array([LARGEST_VALUE, -LARGEST_VALUE], np.int64)
        assert to_digits(largest, 5).tolist() == [LARGEST_VALUE, -LARGEST_VALUE]
        assert to_digits(largest, 4).tolist() == [9_223 * 10**15, -9_223 * 10**15]

    def test_are_not_changed_themselves(self) -> None:
        column = np.array([300_040, -299_500, 0], np.int64)
        assert to_digits(column, 3).tolist() == [300_000, -300_000, 0]
        assert column.tolist() == [300_040, -299_500, 0]
