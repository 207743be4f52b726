"""The amount at risk and its parts."""

from __future__ import annotations

import pytest

from makegood.engine.money.at_risk import weighted_bases
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


class TestTheBases:
    @pytest.mark.parametrize(
        ("_case", "minor", "percents", "expected"),
        [
            ("half, three and two tenths", 240000, {"a": 50, "b": 30, "c": 20}, {"a": "1200", "b": "720", "c": "480"}),
            ("a cent left over", 10001, {"b": 50, "a": 50}, {"b": "50.00", "a": "50.01"}),
            ("less than the whole", 10001, {"a": 50, "b": 25}, {"a": "50.005", "b": "25.0025"}),
            ("more than the whole", 1000000, {"a": 75, "b": 75}, {"a": "7500", "b": "7500"}),
            ("no weights", 10001, {}, {}),
        ],
    )
    def test_are_parts_of_the_amount_at_risk(
        self, _case: str, minor: int, percents: dict[str, int], expected: dict[str, str]
    ) -> None:
        weights = {name: Ratio(percent, 100) for name, percent in percents.items()}
        assert weighted_bases(Amount(minor, "EUR"), weights) == {
            name: Ratio.parse(value) for name, value in expected.items()
        }
