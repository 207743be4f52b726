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
from makegood.engine.agreement.shapes import LEVEL, Unit
from makegood.engine.judging.verdict import Measurement, Ruling
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
from makegood.engine.vocabulary.reason import Reason
from tests.engine.money.scene import agreement, outcome
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

    @pytest.mark.parametrize(
        ("_case", "steps", "expected"),
        [
            ("two steps at once", [(2, 30), (2, 25)], [0, 0, 55, 0]),
            ("more than all in two steps", [(1, 70), (2, 60)], [0, 70, 30, 0]),
            ("more than all at once", [(3, 70), (3, 60)], [0, 0, 0, 100]),
        ],
    )
    def test_returns_steps_until_nothing_is_left(
        self, _case: str, steps: list[tuple[int, int]], expected: list[int]
    ) -> None:
        term = EarnBack(steps=tuple(EarnBackStep(after=after, returns=Ratio(each, 100)) for after, each in steps))
        assert by_run(entries(*"-+++", credit=100), term) == expected

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

    def test_that_is_pooled_has_to_be_reached_where_more_is_better(self) -> None:
        months = [
            Entry("m", 0, ruling, Ratio(*of), Amount(credit, "EUR"), *of)
            for ruling, of, credit in ((Ruling.MISSED, (9, 10), 1000), (Ruling.MET, (100, 100), 0))
        ]
        for level, expected in (("99%", 1000), ("99.1%", 0)):
            term = EarnBackAverage(reaches=LEVEL.read(level), mean=Mean.POOLED)
            assert earned_by_average(months, term, higher_is_better=True).minor == expected

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

    def test_of_a_single_cent_is_returned_as_well(self) -> None:
        term = EarnBackFraction(returns=Ratio(1))
        assert earned_by_fraction(entries(*"-+", credit=1), term, higher_is_better=True).minor == 1

    @pytest.mark.parametrize(("within", "expected"), [(Stretch.CONTRACT_YEAR, 0), (Stretch.TERM, 40)])
    def test_of_a_credit_is_returned_as_long_as_it_is_remembered(self, within: Stretch, expected: int) -> None:
        months = [*entries("-", credit=100), *entries("+", year_=1)]
        term = EarnBackFraction(returns=Ratio(2, 5), within=within)
        assert earned_by_fraction(months, term, higher_is_better=True).minor == expected

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
                [
                    "The average of the contract year 98.5 %",
                    "2025-01 credited 100.00 EUR",
                    "2025-02 credited 100.00 EUR",
                ],
            ),
        ],
    )
    def test_names_the_periods_that_it_comes_from(self, rule: str, steps: list[str]) -> None:
        kind = "" if "kind" in rule else "kind: earn_back, "
        short = "{from: 2025-01-01, months: 4, timezone: UTC}"
        found = course(year(sequences=f"back: {{{kind}{rule}}}", term=short), backup=["98%", "98%", "99%", "99%"])
        told = found[3].reason.children[-1].children[0].children
        said = [f"{each.text} {each.value}".replace("was ", "").strip() for each in told]
        assert said == steps

    @pytest.mark.parametrize(
        ("within", "months", "steps"),
        [
            ("term", ["98%", "99.5%", "99.1%", "99.5%"], ["2025-12 credited", "2026-01 good", "2026-03 good"]),
            ("contract_year", ["98%", "99.5%", "98%", "99.5%"], ["2026-01 good", "2026-02 credited", "2026-03 good"]),
        ],
    )
    def test_names_the_good_periods_that_it_remembers(self, within: str, months: list[str], steps: list[str]) -> None:
        rule = f"back: {{kind: earn_back_fraction, at_or_above: 99.2%, returns: 25%, within: {within}}}"
        found = course(year(sequences=rule, term=TWO_YEARS), backup=[*["99%"] * 11, *months])
        told = found[14].reason.children[-1].children[0].children
        assert [each.text.replace("was ", "") for each in told] == steps

    def test_tells_a_pooled_average_the_way_of_the_target(self) -> None:
        rule = "back: {kind: earn_back_average, mean: pooled, reaches: 50%}"
        term = "{from: 2025-01-01, months: 1, timezone: UTC}"
        told = "The average of the contract year: {} [earn-back]"
        few = outcome("backup", "<= 5%", "{of: 100.00 EUR}", "critical: true")
        for terms, value, shown in (
            (year(sequences=rule, term=term), "98/100", "98 %"),
            (
                year(few, sequences=rule, term=term),
                Measurement(Ratio(8, 100), Unit.SHARE, 92, 100, Reason("8 of 100")),
                "8 %",
            ),
        ):
            (found,) = course(terms, backup=[value])
            assert booked([found], "back") == ["-100.00"]
            assert told.format(shown) in [line.strip() for line in found.reason.lines()]

    def test_returns_what_was_booked_and_not_what_was_owed(self) -> None:
        terms = year(sequences=BACK, more="caps: [{per: period, at: 30.00 EUR}]\n")
        assert booked(course(terms, backup=["98%", "99%", "99%"]), "back") == ["0.00", "0.00", "-15.00"]

    def test_concerns_each_outcome_by_itself(self) -> None:
        terms = year(BACKUP, RESOLUTION, sequences=BACK)
        found = course(terms, backup=["98%", "99%", "99%"], resolution=["98%", "98%", "99%"])
        assert booked(found, "back") == ["0.00", "0.00", "-50.00"]

    def test_is_of_the_outcomes_that_it_names(self) -> None:
        rule = "back: {kind: earn_back, of: resolution, steps: [{after: 1, returns: 50%}]}"
        counted = outcome("complaints", "<= 5", "", "critical: true")
        for named, expected in ((rule, "-50.00"), (rule.replace("of: resolution, ", ""), "-100.00")):
            terms = year(BACKUP, RESOLUTION, counted, sequences=named)
            found = course(terms, backup=["98%", "99%"], resolution=["98%", "99%"], complaints=["6", "5"])
            assert booked(found, "back") == ["0.00", expected]
            told = [step.text for step in found[1].reason.walk() if step.text.endswith(" earns back")]
            assert told == ["backup earns back", "resolution earns back"][-1 if named is rule else 0 :]

    def test_is_owed_as_it_is_charged(self) -> None:
        line = course(year(sequences=BACK), backup=["98%", "99%", "99%"])[2].credits[1]
        assert (line.outcome, line.raw.plain, line.amount.plain) == ("back", "-50.00", "-50.00")

    @pytest.mark.parametrize(
        ("rule", "half_up", "down"),
        [
            (
                "kind: earn_back, steps: [{after: 1, returns: 50%}]",
                ["-50.01", "0.00", "0.00"],
                ["-50.00", "0.00", "0.00"],
            ),
            (
                "kind: earn_back_fraction, at_or_above: 99%, returns: 25%",
                ["-25.00", "-25.01", "-25.00"],
                ["-25.00", "-25.00", "-25.00"],
            ),
            (
                "kind: earn_back_average, reaches: 98%, returns: 50%",
                ["0.00", "0.00", "-50.01"],
                ["0.00", "0.00", "-50.00"],
            ),
        ],
    )
    def test_is_rounded_as_the_agreement_says(self, rule: str, half_up: list[str], down: list[str]) -> None:
        odd = outcome("backup", ">= 99%", "{of: 100.01 EUR}", "critical: true")
        for rounding, expected in (("half_up", half_up), ("down", down)):
            terms = agreement(
                odd,
                money=f"{{currency: EUR, rounding: {rounding}}}",
                term="{from: 2025-01-01, months: 4, timezone: UTC}",
                more=f"sequences: {{back: {{{rule}}}}}\n",
            )
            assert booked(course(terms, backup=["98%", "99%", "99%", "99%"]), "back") == ["0.00", *expected]

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
