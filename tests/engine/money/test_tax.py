from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.money.tax import with_tax
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding


class TestTax:
    @pytest.mark.parametrize(
        ("_case", "net", "tax"),
        [
            ("half a cent", 50, 10),
            ("nothing", 0, 0),
            ("a month", 1832000, 348080),
            ("credits beyond the fee", -50, -10),
        ],
    )
    def test_is_charged_on_the_net_and_rounded_once(self, _case: str, net: int, tax: int) -> None:
        found = with_tax(Amount(net, "EUR"), Ratio(19, 100))
        assert (found.net.minor, found.tax.minor, found.gross.minor) == (net, tax, net + tax)

    @pytest.mark.parametrize(("rounding", "tax"), [(Rounding.HALF_UP, 10), (Rounding.DOWN, 9)])
    def test_is_rounded_as_it_is_asked_to(self, rounding: Rounding, tax: int) -> None:
        assert with_tax(Amount(50, "EUR"), Ratio(19, 100), rounding).tax.minor == tax

    def test_has_no_negative_rate(self) -> None:
        with pytest.raises(ValueError, match="a tax rate is not negative"):
            with_tax(Amount(1, "EUR"), Ratio(-1, 100))

    @given(st.integers(-(10**9), 10**9), st.integers(0, 100))
    def test_mirrors_what_is_paid_back(self, net: int, percent: int) -> None:
        paid, back = (with_tax(Amount(each, "EUR"), Ratio(percent, 100)) for each in (net, -net))
        assert paid.gross.minor == -back.gross.minor
