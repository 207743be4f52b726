from datetime import date

import pytest

from makegood.engine.vocabulary.holiday import holiday_dates


class TestHolidays:
    def test_are_those_of_the_country(self) -> None:
        assert sorted(holiday_dates("DE", None, 2025)) == [
            date(2025, 1, 1),
            date(2025, 4, 18),
            date(2025, 4, 21),
            date(2025, 5, 1),
            date(2025, 5, 29),
            date(2025, 6, 9),
            date(2025, 10, 3),
            date(2025, 12, 25),
            date(2025, 12, 26),
        ]

    def test_are_those_of_the_subdivision_too(self) -> None:
        berlin, country = holiday_dates("DE", "BE", 2025), holiday_dates("DE", None, 2025)
        assert berlin - country == {date(2025, 3, 8), date(2025, 5, 8)}  # 8 May was one in 2025 only

    def test_include_the_days_on_which_they_are_observed(self) -> None:
        assert date(2021, 12, 31) in holiday_dates("US", None, 2021)  # New Year 2022 fell on a Saturday

    @pytest.mark.parametrize("country", ["Germany", "de", "HolidayBase", "", "D"])
    def test_are_asked_for_by_country_code(self, country: str) -> None:
        with pytest.raises(ValueError, match=f"'{country}' is not a country code, such as DE or US"):
            holiday_dates(country, None, 2025)

    @pytest.mark.parametrize(
        ("country", "subdivision", "where"), [("XX", None, "XX"), ("DE", "ZZ", "DE, subdivision ZZ")]
    )
    def test_are_never_guessed(self, country: str, subdivision: str | None, where: str) -> None:
        with pytest.raises(ValueError, match=f"^no public holidays are known for {where}$"):
            holiday_dates(country, subdivision, 2025)
