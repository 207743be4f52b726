import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding

amounts = st.builds(Amount, st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "BHD", "CLF"]))


class TestAnAmount:
    @pytest.mark.parametrize("minor", [1.0, True, "1", Ratio(1)])
    def test_is_a_whole_number_of_minor_units(self, minor: object) -> None:
        with pytest.raises(TypeError, match="a whole number of minor units, not"):
            Amount(minor, "EUR")  # type: ignore[arg-type]

    def test_is_in_a_known_currency(self) -> None:
        with pytest.raises(ValueError, match="'ABC' is not a currency code"):
            Amount(1, "ABC")

    @pytest.mark.parametrize(
        ("amount", "exponent", "value"),
        [
            (Amount(120050, "EUR"), 2, Ratio(2401, 2)),
            (Amount(7, "JPY"), 0, Ratio(7)),
            (Amount(1, "BHD"), 3, Ratio(1, 1000)),
        ],
    )
    def test_has_a_value_in_major_units(self, amount: Amount, exponent: int, value: Ratio) -> None:
        assert (amount.exponent, amount.value) == (exponent, value)

    @pytest.mark.parametrize(
        ("_case", "value", "currency", "mode", "minor"),
        [
            ("half a cent", Ratio(5, 1000), "EUR", Rounding.HALF_UP, 1),
            ("half a cent owed", Ratio(-5, 1000), "EUR", Rounding.HALF_UP, -1),
            ("half a cent, to even", Ratio(5, 1000), "EUR", Rounding.HALF_EVEN, 0),
            ("a third", Ratio(10, 3), "EUR", Rounding.UP, 334),
            ("half a yen", Ratio(1, 2), "JPY", Rounding.HALF_UP, 1),
            ("exact", Ratio(1, 1000), "BHD", Rounding.HALF_UP, 1),
        ],
    )
    def test_is_rounded_once(self, _case: str, value: Ratio, currency: str, mode: Rounding, minor: int) -> None:
        assert Amount.of(value, currency, mode) == Amount(minor, currency)


class TestReadingAnAmount:
    @pytest.mark.parametrize(
        ("text", "currency", "expected"),
        [
            ("1,200.00", "EUR", Amount(120000, "EUR")),
            ("1200.00 EUR", "", Amount(120000, "EUR")),
            ("1,200.00 EUR", "EUR", Amount(120000, "EUR")),
            ("-1,234,567.89EUR", "", Amount(-123456789, "EUR")),
            ("+5", "EUR", Amount(500, "EUR")),
            ("0.5", "EUR", Amount(50, "EUR")),
            (" 1200 JPY ", "", Amount(1200, "JPY")),
            ("0.001", "BHD", Amount(1, "BHD")),
            ("-0.01", "EUR", Amount(-1, "EUR")),
        ],
    )
    def test_takes_what_people_write(self, text: str, currency: str, expected: Amount) -> None:
        assert Amount.parse(text, currency) == expected

    @pytest.mark.parametrize(
        ("_case", "text", "currency", "sentence"),
        [
            ("a comma in the wrong place", "12,00", "EUR", "'12,00' is not an amount; write it like 1,200.00 EUR"),
            ("a comma too late", "1200,000.00", "EUR", "'1200,000.00' is not an amount"),
            ("an ending point", "12.", "EUR", "'12.' is not an amount"),
            ("a sign in front of the currency", "€12", "EUR", "'€12' is not an amount"),
            ("an exponent", "1e3", "EUR", "'1e3' is not an amount"),
            ("nothing", "", "EUR", "'' is not an amount"),
            ("absurd length", "9" * 61, "EUR", f"'{'9' * 60}' is not an amount"),
            ("too many decimals", "1.005", "EUR", "'1.005' has 3 decimals, EUR has 2"),
            ("decimals of a currency without", "1.0 JPY", "", "'1.0 JPY' has 1 decimals, JPY has 0"),
            ("two currencies", "1 USD", "EUR", "'1 USD' is in USD, expected EUR"),
            ("no currency", "1", "", "'1' names no currency"),
            ("an unknown currency", "1 ABC", "", "'ABC' is not a currency code of ISO 4217"),
        ],
    )
    def test_refuses_what_could_be_misread(self, _case: str, text: str, currency: str, sentence: str) -> None:
        with pytest.raises(ValueError, match=re.escape(sentence)):
            Amount.parse(text, currency)

    @given(amounts)
    def test_gives_back_what_was_shown(self, amount: Amount) -> None:
        assert Amount.parse(str(amount)) == Amount.parse(amount.plain, amount.currency) == amount


class TestCalculating:
    def test_stays_within_one_currency(self) -> None:
        a, b = Amount(500, "EUR"), Amount(700, "EUR")
        assert [a + b, a - b, -a, abs(a - b)] == [
            Amount(1200, "EUR"),
            Amount(-200, "EUR"),
            Amount(-500, "EUR"),
            Amount(200, "EUR"),
        ]
        assert (bool(a), bool(Amount.zero("EUR"))) == (True, False)

    def test_refuses_another_currency(self) -> None:
        euro, dollar = Amount(100, "EUR"), Amount(100, "USD")
        for refused in (lambda: euro + dollar, lambda: euro - dollar, lambda: euro < dollar, lambda: euro >= dollar):
            with pytest.raises(ValueError, match=r"1.00 EUR and 1.00 USD are in different currencies"):
                refused()
        assert euro != dollar

    def test_refuses_a_bare_number(self) -> None:
        with pytest.raises(TypeError, match="an amount meets amounts only, not int"):
            Amount(100, "EUR") + 1  # type: ignore[operator]

    def test_orders_amounts(self) -> None:
        one, two = Amount(1, "EUR"), Amount(2, "EUR")
        assert one < two <= Amount(2, "EUR")
        assert two > one >= Amount(1, "EUR")
        assert sorted([two, one]) == [one, two]

    @pytest.mark.parametrize(
        ("_case", "factor", "mode", "minor"),
        [
            ("half a cent goes up", Ratio(1, 2), Rounding.HALF_UP, 3),
            ("half a cent goes to the even cent", Ratio(1, 2), Rounding.HALF_EVEN, 2),
            ("a whole number", 3, Rounding.HALF_UP, 15),
            ("a negative factor", Ratio(-1, 2), Rounding.HALF_UP, -3),
            ("a bit is a cent", Ratio(1, 1000), Rounding.UP, 1),
        ],
    )
    def test_rounds_a_product_once(self, _case: str, factor: Ratio | int, mode: Rounding, minor: int) -> None:
        assert Amount(5, "EUR").times(factor, mode) == Amount(minor, "EUR")

    def test_totals_what_there_is(self) -> None:
        assert Amount.total((Amount(n, "EUR") for n in (1, 2, 3)), "EUR") == Amount(6, "EUR")
        assert Amount.total([], "JPY") == Amount(0, "JPY")

    def test_totals_one_currency_only(self) -> None:
        with pytest.raises(ValueError, match="different currencies"):
            Amount.total([Amount(1, "USD")], "EUR")

    @given(amounts, st.fractions())
    def test_loses_less_than_a_minor_unit(self, amount: Amount, factor: object) -> None:
        exact = Ratio(factor)  # type: ignore[arg-type]  # hypothesis types fractions loosely
        assert abs(amount.times(exact).minor - exact * amount.minor) <= Ratio(1, 2)


class TestShowing:
    @pytest.mark.parametrize(
        ("amount", "shown", "plain"),
        [
            (Amount(120000, "EUR"), "1,200.00 EUR", "1200.00"),
            (Amount(-120000, "EUR"), "-1,200.00 EUR", "-1200.00"),
            (Amount(-5, "EUR"), "-0.05 EUR", "-0.05"),
            (Amount(0, "EUR"), "0.00 EUR", "0.00"),
            (Amount(1234567, "JPY"), "1,234,567 JPY", "1234567"),
            (Amount(1234567, "BHD"), "1,234.567 BHD", "1234.567"),
        ],
    )
    def test_has_one_form_for_people_and_one_for_machines(self, amount: Amount, shown: str, plain: str) -> None:
        assert (str(amount), amount.plain) == (shown, plain)
