"""How an amount is split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.money.apportionment import apportioned
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

NAMES = st.sampled_from(["availability", "backup", "orders", "patches", "resolution", "restore"])
WEIGHTS = st.dictionaries(NAMES, st.integers(0, 10**6).map(Ratio), min_size=1).filter(lambda each: any(each.values()))
AMOUNTS = st.integers(-(10**9), 10**9).map(lambda minor: Amount(minor, "EUR"))


class TestAnApportionment:
    @pytest.mark.parametrize(
        ("_case", "minor", "weights", "expected"),
        [
            ("an even split", 900, {"a": 1, "b": 2}, {"a": 300, "b": 600}),
            ("the cent goes to the largest remainder", 100, {"a": 1, "b": 2}, {"a": 33, "b": 67}),
            ("a tie goes to the first name", 100, {"c": 1, "b": 1, "a": 1}, {"c": 33, "b": 33, "a": 34}),
            ("several cents are left", 5, {"b": 1, "a": 1, "c": 1}, {"b": 2, "a": 2, "c": 1}),
            ("nothing for no weight", 100, {"a": 0, "b": 1}, {"a": 0, "b": 100}),
            ("nothing to split", 0, {"a": 1, "b": 1}, {"a": 0, "b": 0}),
            ("a negative amount mirrors its positive", -100, {"a": 1, "b": 2}, {"a": -33, "b": -67}),
            (
                "two parts of a month",
                99999,
                {"until the 11th": 11, "then": 20},
                {"until the 11th": 35484, "then": 64515},
            ),
            (
                "three credits under a cap",
                50000,
                {"a": 16667, "b": 33333, "c": 26667},
                {"a": 10870, "b": 21739, "c": 17391},
            ),
        ],
    )
    def test_splits_by_largest_remainder(
        self, _case: str, minor: int, weights: dict[str, int], expected: dict[str, int]
    ) -> None:
        parts = apportioned(Amount(minor, "EUR"), weights)
        assert {name: part.minor for name, part in parts.items()} == expected

    @pytest.mark.parametrize(
        ("_case", "weights"), [("no parts", {}), ("only zeros", {"a": 0}), ("a negative one", {"a": 2, "b": -1})]
    )
    def test_refuses_weights_that_split_nothing(self, _case: str, weights: dict[str, int]) -> None:
        with pytest.raises(ValueError, match="not negative and not all zero"):
            apportioned(Amount(100, "EUR"), weights)

    @given(AMOUNTS, WEIGHTS)
    def test_adds_up_to_the_amount(self, amount: Amount, weights: dict[str, Ratio]) -> None:
        assert Amount.total(apportioned(amount, weights).values(), "EUR") == amount

    @given(AMOUNTS, WEIGHTS)
    def test_is_less_than_a_cent_from_the_exact_part(self, amount: Amount, weights: dict[str, Ratio]) -> None:
        whole = sum(weights.values(), Ratio(0))
        parts = apportioned(amount, weights)
        assert all(abs(parts[name].minor - amount.minor * weights[name] / whole) < 1 for name in weights)

    @given(AMOUNTS, WEIGHTS)
    def test_does_not_depend_on_the_order(self, amount: Amount, weights: dict[str, Ratio]) -> None:
        turned_round = dict(sorted(weights.items(), reverse=True))
        assert apportioned(amount, turned_round) == apportioned(amount, weights)
