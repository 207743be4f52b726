"""Good periods return what a bad one cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.sequences.earn_back import (
    EarnBack,
    EarnBackAverage,
    EarnBackFraction,
    EarnBackStep,
    Mean,
)
from makegood.engine.agreement.sequences.parts import Stretch, Undecided
from makegood.engine.agreement.shapes import LEVEL
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.sequences.earn_back import (
    average,
    earned_by_average,
    earned_by_fraction,
    earned_by_run,
    is_good,
)
from makegood.engine.money.sequences.history import Entry
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, TWO_YEARS, booked, course, entries, year

HALVES = (EarnBackStep(after=2, returns=Ratio(1, 2)), EarnBackStep(after=4, returns=Ratio(1, 2)))
BACK = "back: {kind: earn_back, steps: [{after: 2, returns: 50%}, {after: 4, returns: 50%}]}"


def by_run(found: list[Entry], term: EarnBack) -> list[int]:
    return [earned_by_run(found[: number + 1], term, higher_is_better=True).minor for number in range(len(found))]


def worth(value: str, *, ruling: Ruling = Ruling.MET) -> Entry:
    return Entry("m", 0, ruling, Ratio.parse(value), Amount.zero("EUR"))


class TestAGoodPeriod:
    @pytest.mark.parametrize(
        ("_case", "level", "value", "higher", "expected"),
        [
            ("above", {"above": "99.9%"}, "99.95%", True, True),
            ("exactly is not above", {"above": "99.9%"}, "99.9%", True, False),
            ("exactly is at", {"at_or_above": "99.9%"}, "99.9%", True, True),
            ("below", {"at_or_above": "99.9%"}, "99.8%", True, False),
            ("lower is better", {"above": "5%"}, "4%", False, True),
            ("lower is better, exactly", {"at_or_above": "5%"}, "5%", False, True),
            ("lower is better, higher", {"at_or_above": "5%"}, "6%", False, False),
        ],
    )
    def test_is_better_than_its_level(
        self, _case: str, level: dict[str, str], value: str, higher: bool, expected: bool
    ) -> None:
        term = EarnBackFraction(returns=Ratio(1), **{key: LEVEL.read(text) for key, text in level.items()})
        assert is_good(worth(value), term, higher_is_better=higher) is expected

    def test_is_met(self) -> None:
        term = EarnBack(steps=HALVES)
        assert is_good(worth("50%"), term, higher_is_better=True)
        assert not is_good(worth("100%", ruling=Ruling.UNDECIDED), term, higher_is_better=True)

    def test_has_a_value_if_there_is_a_level(self) -> None:
        empty = replace(worth("1%"), value=None)
        assert not is_good(empty, EarnBack(steps=HALVES, above=LEVEL.read("99%")), higher_is_better=True)
        assert is_good(empty, EarnBack(steps=HALVES), higher_is_better=True)


class TestARunOfGoodPeriods:
    @pytest.mark.parametrize(
        ("_case", "rulings", "expected"),
        [
            ("step by step", "-+++++", [0, 0, 750, 0, 750, 0]),
            ("nothing to earn back", "++++", [0, 0, 0, 0]),
            ("a new miss ends what is open", "-++-++++", [0, 0, 750, 0, 0, 750, 0, 750]),
            ("an undecided period is passed over", "-+?+", [0, 0, 0, 750]),
        ],
    )
    def test_returns(self, _case: str, rulings: str, expected: list[int]) -> None:
        assert by_run(entries(*rulings, credit=1500), EarnBack(steps=HALVES)) == expected

    def test_starts_anew_with_an_undecided_period_if_that_is_agreed(self) -> None:
        term = EarnBack(steps=HALVES, undecided=Undecided.ENDS_RUN)
        assert by_run(entries(*"-+?++", credit=1500), term) == [0, 0, 0, 0, 750]

    def test_starts_anew_with_a_period_that_is_only_met(self) -> None:
        term = EarnBack(steps=HALVES, above=LEVEL.read("99.9%"))
        good, met = entries("+")[0], worth("99.5%")
        months = [*entries("-", credit=1500), good, met, good, good, met, good, good, good, good]
        assert by_run(months, term) == [0, 0, 0, 0, 750, 0, 0, 0, 0, 750]

    def test_lapses_with_the_contract_year_unless_it_counts_over_the_term(self) -> None:
        months = [*entries("-", credit=1500), *entries("+", "+", year_=1)]
        assert by_run(months, EarnBack(steps=HALVES)) == [0, 0, 0]
        assert by_run(months, EarnBack(steps=HALVES, within=Stretch.TERM)) == [0, 0, 750]

    @given(st.text("+-?", min_size=1, max_size=20), st.integers(0, 9999), st.lists(st.integers(1, 60), max_size=4))
    def test_never_returns_more_than_was_credited(self, rulings: str, cents: int, shares: list[int]) -> None:
        steps = tuple(EarnBackStep(after=number + 1, returns=Ratio(each, 100)) for number, each in enumerate(shares))
        months = entries(*rulings, credit=cents)
        returned = by_run(months, EarnBack(steps=steps))
        assert sum(returned) <= sum(each.credit.minor for each in months)


class TestAnAverage:
    def test_is_the_mean_of_values_or_pooled(self) -> None:
        months = [Entry("m", 0, Ruling.MET, Ratio(*of), Amount.zero("EUR"), *of) for of in ((9, 10), (100, 100))]
        assert average(months, Mean.OF_PERIODS) == Ratio(95, 100)
        assert average(months, Mean.POOLED) == Ratio(109, 110)

    def test_is_pooled_of_what_went_wrong_under_a_ceiling(self) -> None:
        months = [Entry("m", 0, Ruling.MET, 1 - Ratio(*of), Amount.zero("EUR"), *of) for of in ((94, 100), (99, 100))]
        assert average(months, Mean.POOLED, higher_is_better=False) == Ratio(7, 200)
        miss = [*entries("-", credit=1000), *months]
        miss[0] = replace(miss[0], value=Ratio(6, 100), good=94, total=100)
        term = EarnBackAverage(reaches=LEVEL.read("5%"), mean=Mean.POOLED)
        assert earned_by_average(miss, term, higher_is_better=False).minor == 1000
        assert earned_by_average(miss[:1], term, higher_is_better=False).minor == 0

    def test_is_none_without_values_or_anything_to_pool(self) -> None:
        empty = replace(worth("1%"), value=None)
        assert average([], Mean.OF_PERIODS) is None
        assert average([worth("99%"), empty], Mean.OF_PERIODS) is None
        assert average([worth("99%")], Mean.POOLED) is None

    def test_that_is_reached_exactly_returns_the_share_of_the_year(self) -> None:
        months = [*entries("-", credit=999, year_=0), *entries("-", "+", credit=1001, year_=1)]
        half = EarnBackAverage(reaches=LEVEL.read("100%"), returns=Ratio(1, 2))
        assert earned_by_average(months, half, higher_is_better=True).minor == 501
        worse = [*months[:-1], worth("99.9%")]
        assert earned_by_average([*worse[:-1], replace(worse[-1], year=1)], half, higher_is_better=True).minor == 0

    def test_returns_nothing_where_there_is_none(self) -> None:
        months = [replace(worth("1%"), value=None)]
        term = EarnBackAverage(reaches=LEVEL.read("1%"))
        assert earned_by_average(months, term, higher_is_better=True).minor == 0


class TestAFraction:
    def test_of_each_credit_is_returned_until_all_is(self) -> None:
        term = EarnBackFraction(at_or_above=LEVEL.read("99%"), returns=Ratio(2, 5))
        months = entries(*"-+-+?+", credit=101)
        found = [earned_by_fraction(months[: end + 1], term, higher_is_better=True).minor for end in range(len(months))]
        assert found == [0, 40, 0, 81, 0, 61]

    @given(st.text("+-?", min_size=1, max_size=20), st.integers(0, 9999), st.integers(1, 100))
    def test_never_returns_more_than_was_credited(self, rulings: str, cents: int, share: int) -> None:
        term = EarnBackFraction(at_or_above=LEVEL.read("99%"), returns=Ratio(share, 100))
        months = entries(*rulings, credit=cents)
        returned = sum(
            earned_by_fraction(months[: end + 1], term, higher_is_better=True).minor for end in range(len(months))
        )
        assert returned <= sum(each.credit.minor for each in months)


class TestEarnBack:
    def test_is_booked_as_a_line_of_its_own(self) -> None:
        found = course(year(sequences=BACK), backup=["98%", "99%", "99%", "99%", "99%"])
        assert booked(found, "backup") == ["100.00", "0.00", "0.00", "0.00", "0.00"]
        assert booked(found, "back") == ["0.00", "0.00", "-50.00", "0.00", "-50.00"]
        assert [each.total.plain for each in found] == ["100.00", "0.00", "-50.00", "0.00", "-50.00"]
        assert "back: earned back, and charged: 50.00 EUR [earn-back]" in "\n".join(found[2].reason.lines())

    @pytest.mark.parametrize(
        ("rule", "steps"),
        [
            ("steps: [{after: 2, returns: 50%}]", ["2025-02 credited 100.00 EUR", "2025-03 good", "2025-04 good"]),
            (
                "kind: earn_back_fraction, at_or_above: 99%, returns: 50%",
                ["2025-01 credited 100.00 EUR", "2025-02 credited 100.00 EUR", "2025-03 good", "2025-04 good"],
            ),
            (
                "kind: earn_back_average, reaches: 98%",
                ["2025-01 credited 100.00 EUR", "2025-02 credited 100.00 EUR"],
            ),
        ],
    )
    def test_names_the_periods_that_it_comes_from(self, rule: str, steps: list[str]) -> None:
        kind = "" if "kind" in rule else "kind: earn_back, "
        short = "{from: 2025-01-01, months: 4, timezone: UTC}"
        found = course(year(sequences=f"back: {{{kind}{rule}}}", term=short), backup=["98%", "98%", "99%", "99%"])
        told = found[3].reason.children[-1].children[0].children
        said = [f"{each.text} {each.value}".replace("was ", "").strip() for each in told]
        assert [each for each in said if not each.startswith("The average")] == steps

    def test_returns_what_was_booked_and_not_what_was_owed(self) -> None:
        terms = year(sequences=BACK, more="caps: [{per: period, at: 30.00 EUR}]\n")
        assert booked(course(terms, backup=["98%", "99%", "99%"]), "back") == ["0.00", "0.00", "-15.00"]

    def test_concerns_each_outcome_by_itself(self) -> None:
        terms = year(BACKUP, RESOLUTION, sequences=BACK)
        found = course(terms, backup=["98%", "99%", "99%"], resolution=["98%", "98%", "99%"])
        assert booked(found, "back") == ["0.00", "0.00", "-50.00"]

    def test_by_fraction_stops_when_all_is_returned(self) -> None:
        terms = year(sequences="back: {kind: earn_back_fraction, above: 99.5%, returns: 50%}")
        found = course(terms, backup=["98%", "99.9%", "99.5%", "99.9%", "99.9%"])
        assert booked(found, "back") == ["0.00", "-50.00", "0.00", "-50.00", "0.00"]

    def test_by_average_comes_with_the_last_period_of_the_contract_year(self) -> None:
        rule = "back: {kind: earn_back_average, reaches: 99.5%}"
        good = ["98%", *["99.6%"] * 8, "99.7%", "99.7%", "99.8%"]
        found = course(year(sequences=rule, term=TWO_YEARS), backup=[*good, "99%"])
        assert booked(found, "back") == [*["0.00"] * 11, "-100.00", "0.00"]
        assert "The average of the contract year: 99.5 %" in "\n".join(found[11].reason.lines())

    def test_by_average_comes_with_the_last_period_of_the_term(self) -> None:
        rule = "back: {kind: earn_back_average, reaches: 98%}"
        short = "{from: 2025-01-01, months: 2, timezone: UTC}"
        found = course(year(sequences=rule, term=short), backup=["98%", None])
        assert booked(found, "back") == ["0.00", "0.00"]
        assert "The average of the contract year: none" in "\n".join(found[1].reason.lines())
        assert booked(course(year(sequences=rule, term=short), backup=["98%", "98%"]), "back") == ["0.00", "-200.00"]

    def test_of_a_number_tells_its_average_as_a_number(self) -> None:
        few = outcome("complaints", "<= 5", "{of: 100.00 EUR}", "critical: true")
        rule = "back: {kind: earn_back_average, reaches: 5}"
        short = "{from: 2025-01-01, months: 2, timezone: UTC}"
        found = course(year(few, sequences=rule, term=short), complaints=["6", "4"])
        assert booked(found, "back") == ["0.00", "-100.00"]
        assert "The average of the contract year: 5 [" in "\n".join(found[1].reason.lines())
