import pytest

from makegood.engine.vocabulary.currencies import EXPONENTS, exponent


class TestTheCurrencies:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [("EUR", 2), ("USD", 2), ("JPY", 0), ("ISK", 0), ("BHD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4), ("XCG", 2)],
    )
    def test_have_their_decimals(self, code: str, expected: int) -> None:
        assert exponent(code) == expected

    def test_are_those_of_the_standard(self) -> None:
        counts = {places: list(EXPONENTS.values()).count(places) for places in (0, 2, 3, 4)}
        assert (len(EXPONENTS), counts) == (165, {0: 17, 2: 139, 3: 7, 4: 2})

    @pytest.mark.parametrize("code", ["XXX", "XAU", "eur", "EURO", "", "DEM"])
    def test_are_never_guessed(self, code: str) -> None:
        with pytest.raises(ValueError, match="is not a currency code of ISO 4217"):
            exponent(code)
