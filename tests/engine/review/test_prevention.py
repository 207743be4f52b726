from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.review.prevention import Prevention, cost_of_misses
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, judged, measured, outcome
from tests.engine.review.risks import TERM, terms, year


def euro(text: str) -> Amount:
    return Amount.parse(text, "EUR")


def prevention(
    without: str = "12%", with_: str = "2%", penalty: str = "690.00", loss: Amount | None = None
) -> Prevention:
    return Prevention(euro("1200.00"), Ratio.parse(without), Ratio.parse(with_), euro(penalty), loss)


class TestPrevention:
    def test_does_not_pay_where_the_penalty_is_small(self) -> None:
        found = prevention(loss=euro("8000.00"))
        assert (str(found.benefit), str(found.required), found.pays) == ("69.00 EUR", "12,000.00 EUR", False)
        assert found.cover is not None
        assert (found.cover.percent(2), found.worth_it) == ("8.63 %", False)

    def test_pays_from_the_penalty_on_that_is_required(self) -> None:
        assert prevention(penalty="12000.00").pays
        assert not prevention(penalty="11999.99").pays

    def test_is_worth_it_where_the_customer_loses_more(self) -> None:
        assert prevention(loss=euro("12000.00")).worth_it
        assert prevention(loss=euro("0.00")).cover is None

    def test_leaves_open_what_is_not_known(self) -> None:
        assert (prevention().cover, prevention().worth_it) == (None, None)

    def test_that_prevents_nothing_needs_no_penalty(self) -> None:
        assert (prevention("5%", "5%").required, prevention("5%", "5%").pays) == (None, False)

    @pytest.mark.parametrize(("without", "with_"), [("2%", "12%"), ("101%", "2%"), ("12%", "-1%")])
    def test_lowers_a_chance(self, without: str, with_: str) -> None:
        with pytest.raises(ValueError, match="prevention lowers a chance"):
            prevention(without, with_)

    @given(penalty=st.integers(0, 10**8))
    def test_pays_exactly_from_what_is_required_on(self, penalty: int) -> None:
        found = Prevention(euro("1200.00"), Ratio(12, 100), Ratio(2, 100), Amount(penalty, "EUR"))
        assert found.pays is (penalty >= 1_200_000)


class TestTheCostOfMisses:
    def test_is_what_they_credited(self) -> None:
        here = terms()
        assert str(cost_of_misses(here, year(here), "availability")) == "1,104.00 EUR"

    def test_is_no_more_than_what_a_cap_leaves(self) -> None:
        here = terms(more="caps: [{per: period, at: 20% of monthly_fee}]")
        assert str(cost_of_misses(here, year(here), "availability")) == "966.00 EUR"

    def test_is_nothing_where_another_promise_pays_for_the_same_incident(self) -> None:
        here = agreement(
            outcome("availability", ">= 99.9%", "{of: 100.00 EUR}"),
            outcome("backup", ">= 99%", "{of: 80.00 EUR}"),
            term=TERM,
        )
        judgements = [judged(here, 0, availability=measured("98%", "I-1"), backup=measured("90%", "I-1"))]
        assert str(cost_of_misses(here, judgements, "backup")) == "0.00 EUR"
        assert str(cost_of_misses(here, judgements, "availability")) == "20.00 EUR"
