from dataclasses import replace
from datetime import date

import pytest

from makegood.engine.review.wording import every_word, period_name, short_name
from makegood.engine.vocabulary.period import Every, periods


class TestAPeriod:
    @pytest.mark.parametrize(
        ("every", "starts_on", "name", "short"),
        [
            (Every.MONTH, 1, "February 2025", "Feb\n2025"),
            (Every.QUARTER, 1, "Q1 2025", "Q1\n2025"),
            (Every.WEEK, 1, "week 5 of 2025", "W05\n2025"),
            (Every.YEAR, 1, "2025", "2025"),
            (Every.MONTH, 15, "2025-02-01 to 2025-02-14", "1 Feb\n2025"),
        ],
    )
    def test_is_named_as_people_name_it(self, every: Every, starts_on: int, name: str, short: str) -> None:
        first = periods(start=date(2025, 2, 1), end=date(2025, 3, 1), every=every, starts_on=starts_on, zone="UTC")[0]
        assert (period_name(first), short_name(first)) == (name, short)

    def test_that_was_cut_is_named_by_its_days(self) -> None:
        (whole,) = periods(start=date(2025, 2, 1), end=date(2025, 3, 1), every=Every.MONTH, zone="UTC")
        part = replace(whole, label="2025-02.v2", first_day=date(2025, 2, 15), cut_from=whole)
        assert (period_name(part), short_name(part)) == ("2025-02-15 to 2025-02-28", "15 Feb\n2025")

    def test_is_called_by_its_length(self) -> None:
        assert [every_word(Every.QUARTER), every_word(Every.WEEK, 2)] == ["quarter", "weeks"]
