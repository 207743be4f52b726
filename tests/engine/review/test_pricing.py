from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.review.pricing import Wanted, at_fee, cost_of_a_year, fee_for, monthly_fee, priced
from makegood.engine.review.simulation import Draw
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, outcome
from tests.engine.review.risks import TERM, TIERS, terms, year

ROTATED = Draw(years=3, block=12, seed=1)
TWO = """
services:
  erp: {title: ERP, fee: {monthly: 300.00, items: {db-1: 40.00}, per_item: 10.00}, critical: true}
  shop: {title: Shop, fee: {monthly: 100.00}, critical: true}
  help: {title: Help, critical: true}
"""


def euro(text: str) -> Amount:
    return Amount.parse(text, "EUR")


def wanted(cost: str, margin: str = "0%", load: str = "0%") -> Wanted:
    return Wanted(euro(cost), Ratio.parse(margin), Ratio.parse(load))


class TestTheFee:
    def test_keeps_the_margin_to_the_cent(self) -> None:
        """2,000.00 / (1 - 20 % - 3.33 %) = 2,608.70 EUR; a cent less falls short."""
        here = terms()
        found = fee_for(here, year(here), ROTATED, wanted("2000.00", "20%"))
        assert found is not None
        assert str(found.monthly) == "2,608.70 EUR"
        assert str(found.risk.year.expected) == "1,043.49 EUR"  # 130.44 + 260.87 + 652.18
        assert (str(found.cost), found.surplus) == ("24,000.00 EUR", Ratio(3))
        margin = found.margin(found.risk.year.expected)
        assert margin is not None
        assert margin.percent(2) == "20.00 %"
        assert priced(here, year(here), ROTATED, wanted("2000.00", "20%"), euro("2608.69")).surplus < 0

    def test_does_not_scale_credits_that_are_amounts(self) -> None:
        """Three misses of 100.00 EUR a year are 25.00 EUR a month, whatever the fee: (2,000 + 25) / 0.8."""
        here = terms("{of: 100.00 EUR}")
        found = fee_for(here, year(here), ROTATED, wanted("2000.00", "20%"))
        assert found is not None
        assert str(found.monthly) == "2,531.25 EUR"

    def test_bears_a_load_for_the_risk(self) -> None:
        """Blocks of twelve never deviate; single months do, and the load makes the fee higher."""
        here = terms()
        assert fee_for(here, year(here), ROTATED, wanted("2000.00", "20%", "25%")) == fee_for(
            here, year(here), ROTATED, wanted("2000.00", "20%")
        )
        single = Draw(years=50, block=1, seed=1)
        plain, loaded = (fee_for(here, year(here), single, wanted("2000.00", "20%", load)) for load in ("0%", "25%"))
        assert plain is not None
        assert loaded is not None
        assert plain.monthly < loaded.monthly

    def test_is_none_if_the_credits_grow_as_fast(self) -> None:
        """Every month is missed and pays half of the fee: with a margin of 50 % nothing is ever left for the cost."""
        here = terms("{of: 50% of service_fee}")
        assert fee_for(here, year(here, ("98%",) * 12), ROTATED, wanted("0.01", "50%")) is None
        found = fee_for(here, year(here, ("98%",) * 12), ROTATED, wanted("100.00", "25%"))
        assert found is not None
        assert str(found.monthly) == "400.00 EUR"

    def test_is_nothing_if_nothing_has_to_be_borne(self) -> None:
        here = terms()
        found = fee_for(here, year(here), ROTATED, wanted("0.00"))
        assert found is not None
        assert (str(found.monthly), found.margin(found.risk.year.expected)) == ("0.00 EUR", None)

    @settings(max_examples=15, deadline=None)
    @given(
        cost=st.integers(0, 10**7),
        margin=st.integers(0, 60),
        stake=st.sampled_from([TIERS, "{of: 40.00 EUR}", "{of: 30% of service_fee, at_most: 70.00 EUR}"]),
        more=st.sampled_from(
            ["", "minimum_credit: {more_than: 500.00 EUR}", "caps: [{per: period, at: 7% of monthly_fee}]"]
        ),
        block=st.sampled_from([1, 2, 12]),
    )
    def test_is_the_upper_of_two_neighbours(self, cost: int, margin: int, stake: str, more: str, block: int) -> None:
        here = terms(stake, more=more)
        draw, asked = Draw(years=5, block=block, seed=1), Wanted(Amount(cost, "EUR"), Ratio(margin, 100))
        found = fee_for(here, year(here), draw, asked)
        assert found is not None
        assert found.surplus >= 0
        if found.monthly:
            below = priced(here, year(here), draw, asked, found.monthly - Amount(1, "EUR"))
            assert below.surplus < 0


class TestAnotherFee:
    def test_keeps_the_proportion_of_several_services(self) -> None:
        here = agreement(
            outcome("availability", ">= 99.9%", "{of: 100.00 EUR}", "service: erp"), services=TWO, term=TERM
        )
        there = at_fee(here, euro("1000.00"))
        fee = there.services["erp"].fee
        assert fee is not None
        assert (fee.items, fee.per_item) == ({"db-1": Ratio(100)}, Ratio(25))
        fees = {name: service.fee.monthly for name, service in there.services.items() if service.fee}
        assert fees == {"erp": Ratio(750), "shop": Ratio(250)}
        assert (str(monthly_fee(here)), str(monthly_fee(there))) == ("400.00 EUR", "1,000.00 EUR")

    def test_needs_one_to_begin_with(self) -> None:
        here = terms("{of: 100.00 EUR}", services="services: {erp: {title: ERP, critical: true}}")
        with pytest.raises(ValueError, match="without a fee"):
            at_fee(here, euro("10.00"))


class TestTheCostOfAYear:
    @pytest.mark.parametrize(
        ("every", "cost"), [("month", "12,000.00 EUR"), ("quarter", "12,000.00 EUR"), ("week", "11,967.12 EUR")]
    )
    def test_is_that_of_the_months_the_fee_is_for(self, every: str, cost: str) -> None:
        """A year of 52 weeks has 364 days of 365: 12,000.00 × 364 / 365."""
        term = f"{{from: 2025-01-06, months: 12, timezone: UTC, period: {{every: {every}}}}}"
        assert str(cost_of_a_year(terms(term=term), euro("1000.00"))) == cost


class TestWhatIsWanted:
    @pytest.mark.parametrize(
        ("cost", "margin", "load", "why"),
        [
            ("1.00", "100%", "0%", "a margin lies between"),
            ("1.00", "-1%", "0%", "a margin lies between"),
            ("1.00", "10%", "-1%", "a load is a share"),
            ("-1.00", "10%", "0%", "a cost is not negative"),
        ],
    )
    def test_makes_sense(self, cost: str, margin: str, load: str, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            wanted(cost, margin, load)
