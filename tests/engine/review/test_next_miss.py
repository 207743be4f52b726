from __future__ import annotations

import pytest

from makegood.engine.agreement.terms import Agreement
from makegood.engine.review.next_miss import NextMiss
from tests.engine.money.scene import agreement, judged, outcome
from tests.engine.review.risks import TERM

STAKE = "{of: 100% of service_fee, tiers: [{below: 95%, credit: 10%}, {below: 90%, credit: 50%}]}"
FEE = "services: {erp: {title: ERP, fee: {monthly: 1000.00}, critical: true}}"


def desk(more: str = "") -> Agreement:
    """Return an agreement of which a missed resolution costs 100.00 EUR, or 500.00 EUR below 90 %."""
    return agreement(
        outcome("resolution", ">= 95%", STAKE),
        outcome("availability", ">= 99%"),
        services=FEE,
        term=TERM,
        more=more,
    )


def cost(of: str | None, *, outcome: str = "resolution", more: str = "") -> str:
    """Return what the next miss costs in February, after a January that cost 100.00 EUR."""
    here = desk(more)
    january = judged(here, 0, resolution="56/60", availability=None)
    return str(NextMiss(here, [january, judged(here, 1, resolution=of, availability=None)]).cost(outcome))


class TestTheNextMiss:
    @pytest.mark.parametrize(
        ("_case", "of", "expected"),
        [
            ("the next one costs", "57/60", "100.00 EUR"),
            ("the fourth from now costs, and each uses up a quarter of what is allowed", "60/60", "25.00 EUR"),
            ("it is missed, and the third from now costs 400.00 EUR more", "56/60", "133.33 EUR"),
            ("the next one falls below the second bound", "54/60", "400.00 EUR"),
            ("there was no case yet: one late case of one is nothing", None, "500.00 EUR"),
            ("below the last bound nothing more is lost", "40/60", "0.00 EUR"),
            ("a hundred more may be late", "2000/2000", "0.00 EUR"),
        ],
    )
    def test_costs_what_the_law_says(self, _case: str, of: str | None, expected: str) -> None:
        assert cost(of) == expected

    @pytest.mark.parametrize("other", ["availability", "nothing"])
    def test_of_an_outcome_without_a_stake_costs_nothing(self, other: str) -> None:
        assert cost("60/60", outcome=other) == "0.00 EUR"

    def test_is_free_beyond_a_cap(self) -> None:
        assert cost("54/60", more="caps: [{at: 12% of monthly_fee, per: period}]") == "20.00 EUR"
