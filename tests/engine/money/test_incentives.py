"""What the provider earns: bonuses, improvements, shared gains and fees for results, on the statement of a period."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.incentives import Improvement, Incentive, OutcomeFee
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import LEVEL, Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Measurement, Ruling
from makegood.engine.money.account import account_credits
from makegood.engine.money.context import Context
from makegood.engine.money.credits import period_credits
from makegood.engine.money.earned import Earned, unmet
from makegood.engine.money.improvement import Value, values_of
from makegood.engine.money.incentives import _earned
from makegood.engine.money.outcome_fee import fee_earned
from makegood.engine.money.sums import Sums
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.money.scene import agreement, credited, judged, outcome, shown

YEAR = "{from: 2025-01-01, months: 24, timezone: UTC}"
MONEY = "{currency: EUR}"


def history(terms: Agreement, **values: list[str | None]) -> list[dict[str, str]]:
    """Return the credits of period after period, given the values of each outcome in them."""
    number = len(next(iter(values.values())))
    judgements: list[Judgement] = [
        judged(terms, place, **{name: each[place] for name, each in values.items()}) for place in range(number)
    ]
    return [shown(credits_) for credits_ in account_credits(terms, judgements)]


def earned(terms: Agreement, line: str, **values: list[str | None]) -> list[str]:
    """Return what one line earns the provider in period after period."""
    return [str(-Ratio.parse(each[line])) for each in history(terms, **values)]


class TestABonus:
    SLOPE = "bonus: {of: 10000.00 EUR, per_unit: {unit: 1%, pays: 1%, counted: exact, beyond: 97%}, at_most: 3%}"
    STEPS = "bonus: {of: 10000.00 EUR, tiers: [{at_least: 99.95%, pays: 1%}, {at_least: 99.99%, pays: 2%}]}"

    def bonus(self, bonus: str, value: str | None, target: str = ">= 97%", **more: str) -> str:
        terms = agreement(outcome("backup", target, "{of: 500.00 EUR}", bonus), **more)
        return shown(credited(terms, backup=value))["backup.bonus"]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [("98.6%", "-160.00"), ("97%", "0.00"), ("100%", "-300.00"), ("96%", "0.00"), (None, "0.00")],
    )
    def test_grows_by_units(self, value: str | None, expected: str) -> None:
        assert self.bonus(self.SLOPE, value) == expected

    @pytest.mark.parametrize(
        ("value", "expected"), [("99.94%", "0.00"), ("99.95%", "-100.00"), ("99.99%", "-200.00"), ("100%", "-200.00")]
    )
    def test_grows_in_steps_of_which_the_best_decides(self, value: str, expected: str) -> None:
        assert self.bonus(self.STEPS, value) == expected

    @pytest.mark.parametrize(("value", "expected"), [("2%", "-10.00"), ("1%", "-20.00"), ("1.5%", "-10.00")])
    def test_of_a_ceiling_grows_downwards(self, value: str, expected: str) -> None:
        steps = "bonus: {of: 1000.00 EUR, tiers: [{at_most: 1%, pays: 2%}, {at_most: 2%, pays: 1%}]}"
        assert self.bonus(steps, value, "<= 2%") == expected

    @pytest.mark.parametrize(("value", "expected"), [("2%", "0.00"), ("1%", "-5.00"), ("0.5%", "-5.00")])
    def test_of_a_ceiling_counts_units_downwards(self, value: str, expected: str) -> None:
        units = "bonus: {per_unit: {unit: 1%, pays: 5.00 EUR, counted: completed}}"
        assert self.bonus(units, value, "<= 2%") == expected

    def test_is_of_the_fee_unless_it_says_otherwise(self) -> None:
        assert self.bonus("bonus: {tiers: [{at_least: 99%, pays: 1%}]}", "99%") == "-200.00"

    def test_is_limited_to_an_amount_too(self) -> None:
        limited = "bonus: {tiers: [{at_least: 99%, pays: 1%}], at_most: 150.00 EUR}"
        assert self.bonus(limited, "99%") == "-150.00"

    @pytest.mark.parametrize(
        ("value", "expected", "because"),
        [
            ("98.5%", "-150.00", "1.5 times 1 % better than 97 %, 1 % of the base each"),
            ("99%", "-200.00", "2 times 1 % better than 97 %, 1 % of the base each"),
            ("99.5%", "-200.00", "2.5 times 1 % better than 97 %, 1 % of the base each; 2 % of the base at most"),
        ],
    )
    def test_is_limited_to_a_share_of_its_base(self, value: str, expected: str, because: str) -> None:
        limited = self.SLOPE.replace("3%", "2%")
        assert self.bonus(limited, value) == expected
        found = credited(agreement(outcome("backup", ">= 97%", "", limited)), backup=value)
        assert found.credits[0].reason.children[-1].text == because

    @pytest.mark.parametrize(("value", "expected"), [("98%", "0.00"), ("99%", "-100.00"), ("97.5%", "0.00")])
    def test_counts_units_from_its_own_level_on(self, value: str, expected: str) -> None:
        assert self.bonus(self.SLOPE.replace("beyond: 97%", "beyond: 98%"), value) == expected

    @pytest.mark.parametrize(
        "pays", ["tiers: [{at_least: 98%, pays: 2 days}]", "per_unit: {unit: 1%, pays: 2 days, counted: completed}"]
    )
    def test_may_be_days_of_its_base(self, pays: str) -> None:
        assert self.bonus(f"bonus: {{of: 310.00 EUR, {pays}}}", "98%") == "-20.00"

    @pytest.mark.parametrize(("partial", "expected"), [("actual_days", "-31.00"), ("full", "-20.00")])
    def test_by_days_is_of_the_days_that_are_charged(self, partial: str, expected: str) -> None:
        terms = {
            "term": "{from: 2025-03-12, until: 2025-04-01, timezone: UTC}",
            "money": f"{{currency: EUR, partial_period: {partial}}}",
        }
        assert self.bonus("bonus: {of: 310.00 EUR, tiers: [{at_least: 98%, pays: 2 days}]}", "98%", **terms) == expected

    def test_is_of_the_fee_of_its_service(self) -> None:
        terms = agreement(
            outcome("backup", ">= 97%", "", "service: mail\n  bonus: {tiers: [{at_least: 99%, pays: 1%}]}"),
            services="services: {erp: {title: ERP, fee: {monthly: 800.00}}, mail: {title: Mail, fee: {monthly: 200.00}}}",
        )
        assert shown(credited(terms, backup="99%")) == {"backup.bonus": "-2.00"}

    @pytest.mark.parametrize(
        ("_case", "ruling", "value"),
        [("met, and nothing happened", Ruling.MET, None), ("better, and undecided", Ruling.UNDECIDED, Ratio(1))],
    )
    def test_needs_a_period_that_is_met_by_a_value(self, _case: str, ruling: Ruling, value: Ratio | None) -> None:
        terms = agreement(outcome("backup", ">= 97%", "", self.SLOPE))
        found = judged(terms, backup="98%")
        measurement = Measurement(value, Unit.SHARE, 0, 0, Reason("a case"))
        verdict = replace(found.verdicts[0], ruling=ruling, measurement=measurement)
        assert shown(period_credits(terms, replace(found, verdicts=(verdict,)))) == {"backup.bonus": "0.00"}

    def test_is_rounded_once(self) -> None:
        terms = agreement(
            outcome("backup", ">= 97%", "", "bonus: {of: 33.33 EUR, tiers: [{at_least: 99%, pays: 10%}]}")
        )
        (line,) = credited(terms, backup="99%").credits
        assert (line.amount.plain, line.raw.plain) == ("-3.33", "-3.33")
        assert list(line.reason.lines()) == [
            "backup.bonus in 2025-03: -3.33 EUR [order-of-remedies]",
            "  99.0000 % reaches 99 %: 10 % of the base: 3.33 EUR [bonus]",
            "    3.333 EUR is rounded half up: 3.33 EUR",
        ]

    @pytest.mark.parametrize(
        ("_case", "resolution", "expected"),
        [("met", "100%", "-160.00"), ("missed", "90%", "0.00"), ("undecided", None, "0.00")],
    )
    def test_depends_on_its_conditions(self, _case: str, resolution: str | None, expected: str) -> None:
        terms = agreement(
            outcome("backup", ">= 97%", "", self.SLOPE[:-1] + ", only_if: resolution}"),
            outcome("resolution", ">= 95%"),
        )
        assert shown(credited(terms, backup="98.6%", resolution=resolution)) == {"backup.bonus": expected}

    def test_is_no_part_of_what_caps_limit(self) -> None:
        terms = agreement(
            outcome("backup", ">= 97%", "", self.STEPS),
            outcome("resolution", ">= 95%", "{of: 500.00 EUR}"),
            more="caps: [{per: period, at: 300.00 EUR}]\nminimum_credit: {more_than: 250.00 EUR}",
        )
        found = credited(terms, backup="100%", resolution="90%")
        assert (shown(found), found.total.plain) == ({"resolution": "300.00", "backup.bonus": "-200.00"}, "100.00")


def improvement(terms: str) -> Agreement:
    term = f"{{kind: improvement, of: backup, unit: 1%, pays: 100.00 EUR, {terms}}}"
    return agreement(
        outcome("backup", ">= 50%"),
        outcome("resolution", ">= 95%"),
        term=YEAR,
        more=f"incentives: {{better: {term}}}",
    )


class TestAnImprovement:
    @pytest.mark.parametrize(
        ("_case", "terms", "values", "expected"),
        [
            ("once", "baseline: 90%", ["92%", "93%", "93%", "92%", "94%"], ["200", "100", "0", "0", "100"]),
            ("as long as it lasts", "baseline: 90%, rises: false", ["92%", "93%", "89%"], ["200", "300", "0"]),
            ("by full units", "baseline: 90%", ["91.9%", "92.9%"], ["100", "100"]),
            ("by units begun", "baseline: 90%, counted: started", ["91.1%"], ["200"]),
            ("by parts of units", "baseline: 90%, counted: exact", ["91.25%"], ["125"]),
            (
                "up to a limit, and some of the rest later",
                "baseline: 80%, most: 2%, carry_over: 1%",
                ["85%", "85.5%", "84%", "86.5%"],
                ["200", "100", "0", "100"],
            ),
            ("up to a limit, and no more", "baseline: 80%, most: 2%", ["85%", "85%"], ["200", "0"]),
            ("over the mean of the first", "mean_of_first: 2", ["88%", "92%", "93%"], ["0", "0", "300"]),
            ("over what was measured first", "mean_of_first: 2", ["88%", None, "92%", "93%"], ["0", "0", "0", "300"]),
            ("not without a value", "baseline: 90%", [None, "92%"], ["0", "200"]),
        ],
    )
    def test_is_paid(self, _case: str, terms: str, values: list[str | None], expected: list[str]) -> None:
        good: list[str | None] = ["100%"] * len(values)
        assert earned(improvement(terms), "better", backup=values, resolution=good) == expected

    def test_over_the_year_before_needs_one(self) -> None:
        values: list[str | None] = [*(f"{80 + month}%" for month in range(12)), "82%", "81%"]
        good: list[str | None] = ["100%"] * 14
        found = earned(improvement("year_before: true"), "better", backup=values, resolution=good)
        assert found == ["0"] * 12 + ["200", "0"]

    def test_waits_for_its_conditions(self) -> None:
        found = earned(
            improvement("baseline: 90%, only_if: resolution"),
            "better",
            backup=["92%", "92%", "92%"],
            resolution=["90%", "100%", "100%"],
        )
        assert found == ["0", "200", "0"]

    def test_of_what_should_fall_is_downwards(self) -> None:
        terms = agreement(
            outcome("complaints", "<= 50"),
            term=YEAR,
            more="incentives: {fewer: {kind: improvement, of: complaints, baseline: 40, unit: 1, pays: 10.00 EUR}}",
        )
        assert earned(terms, "fewer", complaints=["38", "41", "37"]) == ["20", "0", "10"]

    def test_has_no_value_as_long_as_the_agreement_does_not_have_the_outcome(self) -> None:
        term = Improvement(of="backup", unit=LEVEL.read("1%"), pays=Amount(100, "EUR"))
        before = judged(agreement(outcome("complaints", "<= 50"), term=YEAR), complaints="3")
        terms = agreement(outcome("backup", ">= 50%"), term=YEAR)
        found = values_of(term, [before, judged(terms, 1, backup="92%"), judged(terms, 12, backup="93%")])
        assert found == [
            Value(None, allowed=True),
            Value(Ratio(92, 100), allowed=True),
            Value(Ratio(93, 100), allowed=True),
        ]

    @given(st.lists(st.integers(0, 1000).map(lambda number: f"{Ratio(number, 10)}%"), min_size=1, max_size=8))
    def test_is_never_paid_twice(self, values: list[str]) -> None:
        good: list[str | None] = ["100%"] * len(values)
        found = earned(
            improvement("baseline: 50%, most: 2%, carry_over: 3%, counted: exact"), "better", backup=[*values], resolution=good
        )  # fmt: skip
        best = max(Ratio(50), *(Ratio.parse(each) * 100 for each in values))
        assert sum(map(Ratio.parse, found), Ratio(0)) <= (best - 50) * 100


class TestASharedGain:
    GAIN = "{kind: gain_share, of: complaints, baseline: 120, worth: 25.00, share: 20%"

    def gain(self, more: str, complaints: str | None, backup: str | None = "100%") -> str:
        terms = agreement(
            outcome("complaints", "<= 150"),
            outcome("backup", ">= 95%"),
            more=f"incentives: {{gain: {self.GAIN}{more}}}}}",
        )
        return shown(credited(terms, complaints=complaints, backup=backup))["gain"]

    @pytest.mark.parametrize(
        ("_case", "more", "complaints", "expected"),
        [
            ("a part of what was saved", "", "100", "-100.00"),
            ("exactly as before", "", "120", "0.00"),
            ("a limit", ", at_most: 40.00 EUR", "100", "-40.00"),
            ("a limit that is not reached", ", at_most: 400.00 EUR", "100", "-100.00"),
            ("a loss, of which nothing is borne", "", "130", "0.00"),
            ("a loss, of which a part is borne", ", loss_share: 10%", "130", "25.00"),
            ("a loss that is borne up to a limit", ", loss_share: 100%, loss_at_most: 100.00 EUR", "130", "100.00"),
            ("a loss within its limit", ", loss_share: 100%, loss_at_most: 300.00 EUR", "130", "250.00"),
            ("no value", "", None, "0.00"),
            ("in units of ten", ", unit: 10", "100", "-10.00"),
            ("a gain of less than one", ", unit: 100", "119", "-0.05"),
        ],
    )
    def test_pays(self, _case: str, more: str, complaints: str | None, expected: str) -> None:
        assert self.gain(more, complaints) == expected

    @pytest.mark.parametrize(
        ("more", "complaints", "expected"),
        [
            (", at_most: 100.00 EUR", "100", "100 against 120 is a gain of 500, 20 % of it shared"),
            (", at_most: 99.99 EUR", "100", "100 against 120 is a gain of 500, 20 % of it shared; 99.99 EUR at most"),
            (", loss_share: 10%", "120", "120 against 120 is a gain of 0, 20 % of it shared"),
            (", unit: 100", "119", "119 against 120 is a gain of 0.25, 20 % of it shared"),
            (
                ", loss_share: 100%, loss_at_most: 250.00 EUR",
                "130",
                "130 against 120 is a loss of 250, 100 % of it shared",
            ),
            (
                ", loss_share: 100%, loss_at_most: 249.99 EUR",
                "130",
                "130 against 120 is a loss of 250, 100 % of it shared; 249.99 EUR at most",
            ),
        ],
    )
    def test_tells_a_limit_only_where_it_is_passed(self, more: str, complaints: str, expected: str) -> None:
        terms = agreement(
            outcome("complaints", "<= 150"),
            outcome("backup", ">= 95%"),
            more=f"incentives: {{gain: {self.GAIN}{more}}}}}",
        )
        (line,) = credited(terms, complaints=complaints, backup="100%").credits
        assert line.reason.children[0].text == expected

    @pytest.mark.parametrize(("backup", "expected"), [("100%", "-100.00"), ("90%", "0.00"), (None, "0.00")])
    def test_depends_on_its_conditions(self, backup: str | None, expected: str) -> None:
        assert self.gain(", only_if: backup", "100", backup) == expected

    def test_bears_its_loss_whatever_else_was_met(self) -> None:
        assert self.gain(", only_if: backup, loss_share: 10%", "130", "90%") == "25.00"

    @pytest.mark.parametrize(("backup", "expected"), [("97%", "-40.00"), ("94%", "10.00")])
    def test_is_a_rise_where_more_is_better(self, backup: str, expected: str) -> None:
        gain = "{kind: gain_share, of: backup, baseline: 95%, unit: 1%, worth: 100.00, share: 20%, loss_share: 10%}"
        terms = agreement(outcome("backup", ">= 90%"), more=f"incentives: {{gain: {gain}}}")
        assert shown(credited(terms, backup=backup))["gain"] == expected


class TestAFeeForAResult:
    def fees(self, more: str, *values: str | None) -> list[str]:
        fee = f"{{kind: outcome_fee, fee: 50000.00 EUR, paid_when: backup{more}}}"
        terms = agreement(outcome("backup", ">= 95%"), term=YEAR, more=f"incentives: {{fee: {fee}}}")
        return earned(terms, "fee", backup=[*values])

    def test_is_paid_in_the_first_period_that_is_met(self) -> None:
        assert self.fees("", "90%", None, "96%", "96%", "90%") == ["0", "0", "50000", "0", "0"]

    def test_is_paid_in_every_one_if_that_is_agreed(self) -> None:
        assert self.fees(", once: false", "96%", "90%", "96%") == ["50000", "0", "50000"]

    def test_is_given_back_in_part_if_the_result_does_not_last(self) -> None:
        guarantee = ", guarantee: {periods: 3, refund: 40%}"
        assert self.fees(guarantee, "90%", "96%", "96%", "90%", "90%") == ["0", "50000", "0", "-20000", "0"]
        assert self.fees(guarantee, "96%", "96%", None, "96%", "90%") == ["50000", "0", "0", "0", "0"]
        assert self.fees(guarantee, "96%", "96%", "96%", "90%") == ["50000", "0", "0", "-20000"]

    def test_is_not_due_before_there_is_a_period(self) -> None:
        term = OutcomeFee(fee=Amount(100, "EUR"), paid_when=("backup",))
        assert fee_earned(term, ()) == Earned(Ratio(0), "Nothing is due yet", "outcome-fee")

    def test_waits_for_its_conditions(self) -> None:
        terms = agreement(
            outcome("backup", ">= 95%"),
            outcome("resolution", ">= 95%"),
            term=YEAR,
            more="incentives: {fee: {kind: outcome_fee, fee: 5.00 EUR, paid_when: backup, only_if: resolution}}",
        )
        assert earned(terms, "fee", backup=["96%", "96%"], resolution=["90%", "96%"]) == ["0", "5"]


class TestIncentives:
    def test_are_lines_of_their_own_that_explain_themselves(self) -> None:
        terms = agreement(
            outcome("complaints", "<= 150"),
            more=f"incentives: {{gain: {TestASharedGain.GAIN}}}, fee: {{kind: outcome_fee, fee: 5.00 EUR, paid_when: complaints}}}}",
        )
        found = credited(terms, complaints="100")
        assert found.total.plain == "-105.00"
        assert list(found.reason.lines())[-3:] == [
            "  What incentives earn [incentives]",
            "    gain: 100.00 EUR",
            "    fee: 5.00 EUR",
        ]
        texts = [step.text for line in found.credits for step in line.reason.walk()]
        assert "100 against 120 is a gain of 500, 20 % of it shared" in texts
        assert "complaints met: the fee is due" in texts

    def test_of_no_known_kind_are_refused(self) -> None:
        terms = agreement(outcome("complaints", "<= 150"))
        judgement = judged(terms, complaints="100")
        context = Context(terms, judgement, Sums.of(terms, periods_of(terms)[0]))
        with pytest.raises(TypeError, match="no incentive"):
            _earned(Incentive(), context)

    def test_find_what_an_agreement_did_not_have_yet_unmet(self) -> None:
        terms = agreement(outcome("complaints", "<= 150"))
        assert unmet(("complaints", "later"), judged(terms, complaints="100")) == ("later",)
