"""Limits and pools in bulk: the same parts as the law's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.money.apportionment import apportioned as apportioned_by_law
from makegood.engine.money.at_risk import weighted_bases
from makegood.engine.money.cap import capped as capped_by_law
from makegood.engine.money.line import Line
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.settlement_limits import NO_LIMIT, Groups, apportioned, capped
from makegood.vault.probes.columns import Column

amounts = st.one_of(st.integers(0, 1000), st.integers(2**40, 2**60))
pools = st.lists(st.tuples(amounts, st.lists(amounts, min_size=1, max_size=6).filter(any)), min_size=1, max_size=5)
lines = st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=6)


def whole(*numbers: int) -> Column:
    return np.array(numbers, np.int64)


def euro(cents: int) -> Amount:
    return Amount(cents, "EUR")


class TestAmountsInBulk:
    @given(pools)
    def test_are_split_as_the_law_splits_each(self, given_pools: list[tuple[int, list[int]]]) -> None:
        groups = Groups.of(whole(*(len(weights) for _, weights in given_pools)))
        parts = apportioned(
            whole(*(amount for amount, _ in given_pools)),
            whole(*(weight for _, weights in given_pools for weight in weights)),
            groups,
        )
        expected = [
            part.minor
            for amount, weights in given_pools
            for part in apportioned_by_law(euro(amount), {f"o{n}": weight for n, weight in enumerate(weights)}).values()
        ]
        assert parts.tolist() == expected

    @given(st.lists(st.tuples(lines, amounts), min_size=1, max_size=5), st.booleans())
    def test_are_held_to_limits_as_the_law_holds_them(
        self, periods: list[tuple[list[tuple[int, bool]], int]], only_weighted: bool
    ) -> None:
        expected = []
        for given_lines, limit in periods:
            one = tuple(
                Line(f"o{n}", euro(cents), euro(cents), (), weighted=weighted)
                for n, (cents, weighted) in enumerate(given_lines)
            )
            remedied = capped_by_law(one, euro(limit), name="the cap", rule="caps", only_weighted=only_weighted)
            expected += [line.amount.minor for line in remedied.lines]
        every = [line for given_lines, _ in periods for line in given_lines]
        found = capped(
            whole(*(cents for cents, _ in every)),
            whole(*(limit for _, limit in periods)),
            Groups.of(whole(*(len(given_lines) for given_lines, _ in periods))),
            np.array([weighted for _, weighted in every]) if only_weighted else None,
        )
        assert found.tolist() == expected

    def test_at_risk_are_the_bases_of_weighted_stakes(self) -> None:
        weights = {"availability": Ratio(1, 3), "backup": Ratio(1, 3), "orders": Ratio(1, 3)}
        bases = weighted_bases(euro(10_000), weights)
        parts = apportioned(whole(10_000), whole(1, 1, 1), Groups.of(whole(3)))
        assert parts.tolist() == [3334, 3333, 3333]
        assert [euro(part).value for part in parts.tolist()] == list(bases.values())

    def test_stay_where_there_is_no_limit(self) -> None:
        assert capped(whole(2**62, 2**62), whole(NO_LIMIT, NO_LIMIT), Groups.of(whole(1, 1))).tolist() == [2**62] * 2

    def test_are_added_up_beyond_64_bits(self) -> None:
        assert Groups.of(whole(3)).sums(whole(2**62, 2**62, 2**62)).tolist() == [3 * 2**62]

    @pytest.mark.parametrize(
        ("_case", "amount", "weights"),
        [("a negative amount", -1, (1, 1)), ("a negative weight", 1, (1, -1)), ("no weight", 1, (0, 0))],
    )
    def test_are_not_split_by_nonsense(self, _case: str, amount: int, weights: tuple[int, int]) -> None:
        with pytest.raises(ValueError, match=r"^amounts that are not negative are split, by weights that are not neg"):
            apportioned(whole(amount), whole(*weights), Groups.of(whole(2)))

    def test_belong_to_groups_that_have_rows(self) -> None:
        with pytest.raises(ValueError, match=r"^each group has at least one row$"):
            Groups.of(whole(1, 0))
