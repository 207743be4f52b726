"""Caps: what is said of a limit, whether it was reached or not."""

from __future__ import annotations

import pytest

from makegood.engine.money.cap import capped
from makegood.engine.money.line import Line
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason

WHY = (Reason("a quarter of the fee", "25.00 EUR"),)


def line(outcome: str, cents: int) -> Line:
    return Line(outcome, Amount(cents, "EUR"), Amount(cents, "EUR"), ())


class TestACap:
    @pytest.mark.parametrize(
        ("_case", "cents", "text", "value"),
        [
            ("not reached", 2400, "24.00 EUR is within the cap of 25.00 EUR", "24.00 EUR"),
            ("just reached", 2500, "25.00 EUR is within the cap of 25.00 EUR", "25.00 EUR"),
            (
                "exceeded",
                2600,
                "26.00 EUR is more than the cap of 25.00 EUR; each credit is reduced in proportion",
                "25.00 EUR",
            ),
        ],
    )
    def test_says_what_it_did_and_how_it_came_about(self, _case: str, cents: int, text: str, value: str) -> None:
        remedied = capped((line("a", cents),), Amount(2500, "EUR"), name="the cap", rule="caps", why=WHY)
        assert remedied.reason == Reason(text, value, WHY, rule="caps")
