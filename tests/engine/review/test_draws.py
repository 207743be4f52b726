from __future__ import annotations

import hashlib
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.review.draws import draws


class TestDraws:
    def test_are_the_remainders_of_the_words_of_a_digest(self) -> None:
        first = hashlib.sha256(b"makegood/draws/1:7:0").digest()
        second = hashlib.sha256(b"makegood/draws/1:7:1").digest()
        words = [int.from_bytes((first + second)[at : at + 8], "big") for at in range(0, 64, 8)]
        assert list(islice(draws(7, 12), 8)) == [word % 12 for word in words]

    def test_differ_from_seed_to_seed_and_follow_from_it(self) -> None:
        one, two, again = (list(islice(draws(seed, 1000), 20)) for seed in (1, 2, 1))
        assert one == again != two

    def test_throw_away_what_would_favour_a_number(self) -> None:
        """Of 2^63 + 1 numbers a word can name each once only, and nearly half of all words name none."""
        below = 2**63 + 1
        first = hashlib.sha256(b"makegood/draws/1:1:0").digest() + hashlib.sha256(b"makegood/draws/1:1:1").digest()
        words = [int.from_bytes(first[at : at + 8], "big") for at in range(0, 64, 8)]
        kept = [word for word in words if word < below]
        assert 0 < len(kept) < 8
        assert list(islice(draws(1, below), len(kept))) == kept

    def test_give_every_number_about_as_often(self) -> None:
        seen = list(islice(draws(3, 6), 6000))
        assert sorted(seen.count(number) for number in range(6)) == [960, 980, 991, 996, 1030, 1043]

    @given(seed=st.integers(), below=st.integers(1, 2**64))
    def test_never_leave_their_bounds(self, seed: int, below: int) -> None:
        assert all(0 <= number < below for number in islice(draws(seed, below), 10))

    def test_are_refused_out_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="nothing can be drawn out of 0"):
            next(draws(1, 0))
