import pytest

from makegood.engine.agreement.shapes import Comparison
from makegood.engine.review.figures import Rulings
from makegood.engine.review.trend import Direction, Trend, ValueTrend, trend, value_trend
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.review.sample import year


def ratios(*numbers: int | None) -> list[Ratio | None]:
    return [None if number is None else Ratio(number) for number in numbers]


class TestTheTrendOfValues:
    @pytest.mark.parametrize(
        ("_case", "values", "comparison", "expected"),
        [
            ("up, more is better", ratios(1, 1, 1, 2, 2, 2), Comparison.AT_LEAST, (1, 2, Direction.BETTER)),
            ("up, less is better", ratios(1, 1, 1, 2, 2, 2), Comparison.LESS_THAN, (1, 2, Direction.WORSE)),
            ("down, more is better", ratios(4, 1, 1, 1, 1, 1), Comparison.MORE_THAN, (2, 1, Direction.WORSE)),
            ("unchanged", ratios(3, 2, 1, 1, 2, 3), Comparison.AT_MOST, (2, 2, Direction.SAME)),
            ("older periods do not count", ratios(99, 1, 1, 1, 2, 2, 2), Comparison.AT_LEAST, (1, 2, Direction.BETTER)),
            ("a gap is left out", ratios(1, None, 1, 2, 2, None), Comparison.AT_LEAST, (1, 2, Direction.BETTER)),
        ],
    )
    def test_compares_three_periods_with_the_three_before(
        self, _case: str, values: list[Ratio | None], comparison: Comparison, expected: tuple[int, int, Direction]
    ) -> None:
        before, recent, direction = expected
        assert value_trend(values, comparison) == ValueTrend(Ratio(before), Ratio(recent), direction)

    def test_is_exact(self) -> None:
        found = value_trend(ratios(1, 0, 0, 1, 1, 0), Comparison.AT_LEAST)
        assert found == ValueTrend(Ratio(1, 3), Ratio(2, 3), Direction.BETTER)

    @pytest.mark.parametrize(
        ("_case", "values"),
        [
            ("five periods", ratios(1, 2, 3, 4, 5)),
            ("no value before", ratios(None, None, None, 1, 2, 3)),
            ("no value now", ratios(1, 2, 3, None, None, None)),
        ],
    )
    def test_says_nothing_where_there_is_too_little(self, _case: str, values: list[Ratio | None]) -> None:
        assert value_trend(values, Comparison.AT_LEAST) is None


class TestTheTrendOfRulings:
    def test_counts_the_verdicts_and_credits_of_both_halves(self) -> None:
        assert trend(year(12).periods) == Trend(
            Rulings(met=7, missed=2, undecided=0),
            Rulings(met=8, missed=1, undecided=0),
            Amount.parse("372.00 EUR"),
            Amount.parse("120.00 EUR"),
        )

    def test_needs_six_periods(self) -> None:
        assert trend(year(5).periods) is None
