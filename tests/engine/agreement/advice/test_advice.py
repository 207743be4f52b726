"""Advice: each kind shown by its own example, and left unsaid where there is nothing to say."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.advice.advise import advise, sound
from makegood.engine.agreement.advice.codes import ADVICE_CODES
from makegood.engine.agreement.catalogue import GOOD, completed, example
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read
from makegood.engine.vocabulary.finding import Severity

_RATIO = "{kind: ratio, of: orders, good: accepted}"
_EXCLUDED = "{storm: {effect: up, notice: 1h, allowance: 1h per period}}"
_SOLD = "  sold:\n    promise: Orders are accepted.\n    service: shop\n    measure: {kind: ratio, of: orders, good: accepted}\n"


def said(text: str, code: str) -> list[tuple[int, int, str]]:
    """Return place and sentence of each finding of a kind."""
    found = [each for each in advise(completed(text), "a.yaml") if each.code == code]
    return [(each.place.line, each.place.column, each.text) for each in found if each.place is not None]


def tiers(*rows: str) -> str:
    return bad_outcome(stake=f"{{weight: 100%, tiers: [{', '.join(f'{{{row}}}' for row in rows)}]}}")


class TestTheCodes:
    def test_are_each_there_once_and_in_order(self) -> None:
        codes = [code.code for code in ADVICE_CODES]
        assert codes == sorted(set(codes))
        assert all(code.meaning.endswith(".") and code.remedy.endswith(".") for code in ADVICE_CODES)

    @pytest.mark.parametrize("number", range(len(ADVICE_CODES)))
    def test_are_shown_by_an_agreement_without_errors(self, number: int) -> None:
        code = ADVICE_CODES[number]
        text = example(code)
        assert read(text).agreement is not None
        assert [each for each in read(text).findings if each.severity is not Severity.NOTE] == []
        assert code.code in {each.code for each in advise(text)}

    def test_are_no_errors(self) -> None:
        assert {code.severity for code in ADVICE_CODES} == {Severity.NOTE, Severity.WARNING}


class TestAdvice:
    def test_is_sorted_by_place(self) -> None:
        found = advise(GOOD)
        assert list(found) == sorted(found)

    def test_waits_until_there_are_no_errors(self) -> None:
        assert advise("makegood: agreement/1") == ()
        assert sound("makegood: agreement/1") is None
        assert sound(GOOD) is not None


class TestAdviceOnTiers:
    def test_says_where_the_last_one_ends(self) -> None:
        text = tiers("below: 99.9%, credit: 10%", "below: 99%, credit: 30%")
        assert said(text, "MG800") == [(6, 85, "below 99 % nothing costs more than 30 % of the base")]

    def test_says_so_of_ceilings_too(self) -> None:
        text = bad_outcome(
            measure="{kind: count, of: seats}",
            target="<= 5",
            stake="{weight: 100%, tiers: [{above: 5, credit: 10%}]}",
        )
        assert said(text, "MG800") == [(6, 54, "above 5 nothing costs more than 10 % of the base")]

    def test_says_nothing_when_all_the_money_is_in_them(self) -> None:
        assert said(tiers("below: 99.9%, credit: 10%", "below: 99%, credit: 100%"), "MG800") == []

    def test_says_nothing_of_amounts(self) -> None:
        text = tiers("below: 99.9%, credit: 10.00 EUR", "below: 99%, credit: 90.00 EUR")
        assert said(text, "MG800") + said(text, "MG802") == []

    @pytest.mark.parametrize(("worse", "cliff"), [("39%", False), ("40%", True), ("100%", True)])
    def test_finds_a_cliff_from_four_times_on(self, worse: str, cliff: bool) -> None:
        found = said(tiers("below: 99.9%, credit: 10%", f"below: 99%, credit: {worse}"), "MG802")
        assert bool(found) is cliff

    def test_finds_no_cliff_after_nothing(self) -> None:
        assert said(tiers("below: 99.9%, credit: 0%", "below: 99%, credit: 10%"), "MG802") == []

    @pytest.mark.parametrize(
        ("_case", "stake", "found"),
        [
            (
                "half at once",
                "{weight: 100%, tiers: [{below: 99.9%, credit: 50%}]}",
                ["the smallest miss pays 50 % of the base"],
            ),
            ("less than half", "{weight: 100%, tiers: [{below: 99.9%, credit: 49%}]}", []),
            ("all at once", "{weight: 100%}", ["the smallest miss pays 100 % of the base"]),
            ("by the unit", "{weight: 100%, per_unit: {unit: 1h, credit: 1%, counted: started}}", []),
            ("an amount", "{weight: 100%, tiers: [{below: 99.9%, credit: 50.00 EUR}]}", []),
        ],
    )
    def test_looks_at_the_smallest_miss(self, _case: str, stake: str, found: list[str]) -> None:
        assert [text for _, _, text in said(bad_outcome(stake=stake), "MG803")] == found


class TestAdviceOnUnits:
    @pytest.mark.parametrize(
        ("_case", "measure", "target", "per_unit", "most", "found"),
        [
            (
                "points",
                _RATIO,
                ">= 95%",
                "unit: 1%, credit: 10%, counted: exact",
                "50%",
                "from 90 % on worse costs nothing more than 50 %",
            ),
            (
                "points with an allowance",
                _RATIO,
                ">= 95%",
                "unit: 1%, credit: 10%, counted: exact, allowance: 1%",
                "50%",
                "from 94 % on worse costs nothing more than 50 %",
            ),
            (
                "numbers",
                "{kind: count, of: seats}",
                "<= 5",
                "unit: 2, credit: 25%, counted: started",
                "100%",
                "from 13 on worse costs nothing more than 100 %",
            ),
            (
                "numbers with an allowance",
                "{kind: count, of: seats}",
                "<= 5",
                "unit: 2, credit: 25%, counted: started, allowance: 8",
                "100%",
                "from 16 on worse costs nothing more than 100 %",
            ),
            ("beyond the worst value", _RATIO, ">= 95%", "unit: 10%, credit: 5%, counted: exact", "100%", ""),
            (
                "time of outage beside a share",
                "{kind: availability, of: shop}",
                ">= 99%",
                "unit: 1h, credit: 5%, counted: started",
                "100%",
                "",
            ),
            ("an amount a unit", _RATIO, ">= 95%", "unit: 1%, credit: 5.00 EUR, counted: exact", "100%", ""),
            ("an amount at most", _RATIO, ">= 95%", "unit: 1%, credit: 5%, counted: exact", "50.00 EUR", ""),
            ("nothing a unit", _RATIO, ">= 95%", "unit: 1%, credit: 0%, counted: exact", "50%", ""),
        ],
    )
    def test_says_from_where_on_worse_is_free(
        self, _case: str, measure: str, target: str, per_unit: str, most: str, found: str
    ) -> None:
        text = bad_outcome(
            measure=measure, target=target, stake=f"{{weight: 100%, per_unit: {{{per_unit}}}, at_most: {most}}}"
        )
        assert [sentence for _, _, sentence in said(text, "MG801")] == ([found] if found else [])


class TestAdviceOnSeveralPromises:
    def two(
        self, first: str, second: str, *, measure: str = "{kind: availability, of: shop}", target: str = ">= 99%"
    ) -> str:
        return bad_outcome(
            stake=first,
            more=f"  awful:\n    promise: Never for long.\n    measure: {measure}\n"
            f'    target: "{target}"\n    stake: {second}\n',
        )

    @pytest.mark.parametrize(
        ("_case", "text", "number"),
        [
            ("the worse one is cheaper", ("{weight: 60%}", "{weight: 40%}", {}), 1),
            ("the worse one is dearer", ("{weight: 40%}", "{weight: 60%}", {}), 0),
            ("they cost the same", ("{weight: 50%}", "{weight: 50%}", {}), 0),
            ("the dearer one is limited", ("{weight: 60%, at_most: 50%}", "{weight: 40%}", {}), 0),
            ("they measure different things", ("{weight: 60%}", "{weight: 40%}", {"measure": _RATIO}), 0),
            ("both are missed together", ("{weight: 60%}", "{weight: 40%}", {"target": ">= 99.9%"}), 0),
        ],
    )
    def test_compares_what_the_same_figure_costs(
        self, _case: str, text: tuple[str, str, dict[str, str]], number: int
    ) -> None:
        first, second, more = text
        assert len(said(self.two(first, second, **more), "MG804")) == number

    def test_compares_ceilings_the_other_way_round(self) -> None:
        count = "{kind: count, of: seats}"
        text = bad_outcome(
            measure=count,
            target="<= 5",
            stake="{weight: 60%}",
            more=f"  awful:\n    promise: Never many.\n    measure: {count}\n    target: '<= 9'\n    stake: {{weight: 40%}}\n",
        )
        assert [text for _, _, text in said(text, "MG804")] == [
            "open is missed sooner and pays up to 60 % of the amount at risk, awful is missed later and pays up to 40 %"
        ]

    @pytest.mark.parametrize(("first", "second", "number"), [("90%", "10%", 1), ("89%", "11%", 0)])
    def test_finds_one_that_outweighs_the_others(self, first: str, second: str, number: int) -> None:
        text = self.two(f"{{weight: {first}}}", f"{{weight: {second}}}", measure=_RATIO)
        assert len(said(text, "MG815")) == number

    def test_lets_a_single_one_have_all_weight(self) -> None:
        assert said(GOOD, "MG815") == []


class TestAdviceOnGain:
    def test_asks_for_something_to_gain(self) -> None:
        assert said(GOOD, "MG813") == [(6, 33, "10 % of the fee are at risk, and nothing is to be gained")]

    def test_asks_at_the_outcomes_where_no_amount_is_at_risk(self) -> None:
        text = "money: {currency: EUR}\n" + bad_outcome(stake="{of: 10% of monthly_fee}")
        assert said(completed(text), "MG813") == [(2, 1, "credits are at risk, and nothing is to be gained")]

    def test_is_content_with_what_can_be_earned_back(self) -> None:
        back = "sequences: {back: {kind: earn_back, steps: [{after: 3, returns: 100%}]}}\n"
        assert read(back + GOOD).agreement is not None
        assert said(back + GOOD, "MG813") == []

    def test_asks_nothing_of_suppliers_and_of_promises_without_money(self) -> None:
        assert said("kind: underpinning\n" + GOOD, "MG813") == []
        assert said(completed("money: {currency: EUR}\noutcomes:\n" + _SOLD + '    target: ">= 99%"\n'), "MG813") == []


class TestAdviceOnThinPeriods:
    @pytest.mark.parametrize(
        ("_case", "target", "rule", "code", "found"),
        [
            ("kinder", ">= 98%", "{below: 50, allowed_misses: 3}", "MG805", ["3 of 49 may go wrong, but not 3 of 50"]),
            ("as it should be", ">= 98%", "{below: 50, allowed_misses: 1}", "MG805", []),
            ("as it should be", ">= 98%", "{below: 50, allowed_misses: 1}", "MG806", []),
            ("as it should be", ">= 98%", "{below: 50, allowed_misses: 1}", "MG807", []),
            (
                "harder",
                ">= 95%",
                "{below: 200, allowed_misses: 1}",
                "MG806",
                ["2 of 199 may not go wrong, though that would be >= 95 %"],
            ),
            (
                "no miss",
                ">= 99.9%",
                "{below: 40, allowed_misses: 0}",
                "MG807",
                ["from 40 to 999 cases not one may go wrong"],
            ),
            (
                "no miss and not even the last case",
                "> 99%",
                "{below: 40, allowed_misses: 0}",
                "MG807",
                ["from 40 to 100 cases not one may go wrong"],
            ),
            ("everything", ">= 100%", "{below: 40, allowed_misses: 0}", "MG807", []),
            ("a rule of two cases", ">= 99%", "{below: 2, allowed_misses: 1}", "MG805", []),
            ("a rule of two cases", ">= 50%", "{below: 2, allowed_misses: 0}", "MG806", []),
            ("a ruling instead of a number", ">= 99%", "{below: 40, gives: met}", "MG807", []),
        ],
    )
    def test_compares_their_rule_with_the_percentage(
        self, _case: str, target: str, rule: str, code: str, found: list[str]
    ) -> None:
        text = bad_outcome(measure=_RATIO, target=target, stake="{weight: 100%}", more=f"    low_volume: {rule}\n")
        assert [sentence for _, _, sentence in said(text, code)] == found

    @pytest.mark.parametrize(
        ("target", "hint"),
        [
            (">= 95%", "at 199 cases >= 95 % allows 9"),
            ("> 95%", "at 199 cases > 95 % allows 9"),
            ("> 50%", "at 199 cases > 50 % allows 99"),
        ],
    )
    def test_says_how_many_would_be_right(self, target: str, hint: str) -> None:
        text = bad_outcome(
            measure=_RATIO,
            target=target,
            stake="{weight: 100%}",
            more="    low_volume: {below: 200, allowed_misses: 1}\n",
        )
        assert [each.hint for each in advise(completed(text)) if each.code == "MG806"] == [hint]

    def test_says_how_many_would_be_right_where_the_bound_is_exclusive(self) -> None:
        text = bad_outcome(
            measure=_RATIO,
            target="> 98%",
            stake="{weight: 100%}",
            more="    low_volume: {below: 50, allowed_misses: 1}\n",
        )
        assert [each.hint for each in advise(completed(text)) if each.code == "MG805"] == [
            "at 50 cases > 98 % allows 0"
        ]

    @pytest.mark.parametrize(
        ("_case", "measure", "target", "stake", "found"),
        [
            ("a share of cases", _RATIO, ">= 99%", "{weight: 100%}", ["below 100 cases one miss is a missed period"]),
            ("all of them", _RATIO, ">= 100%", "{weight: 100%}", []),
            ("a share of time", "{kind: availability, of: shop}", ">= 99%", "{weight: 100%}", []),
            ("a ceiling", _RATIO, "<= 1%", "{weight: 100%}", []),
        ],
    )
    def test_asks_for_a_rule(self, _case: str, measure: str, target: str, stake: str, found: list[str]) -> None:
        assert [text for _, _, text in said(bad_outcome(measure=measure, target=target, stake=stake), "MG808")] == found

    def test_asks_for_none_where_nothing_is_at_stake(self) -> None:
        assert said(completed("money: {currency: EUR}\noutcomes:\n" + _SOLD + '    target: ">= 99%"\n'), "MG808") == []


class TestAdviceOnResolution:
    @pytest.mark.parametrize(
        ("_case", "measure", "target", "found"),
        [
            (
                "outages that count are longer",
                "count: {ignore_up_to: 1h}",
                ">= 99.9%",
                ["less than the shortest outage that counts, 1 hour"],
            ),
            ("they are not", "count: {ignore_up_to: 40m}", ">= 99.9%", []),
            (
                "whole minutes of four",
                "count: {granularity: touched_minutes}",
                ">= 99.99%",
                ["and whole minutes are counted (touched_minutes)"],
            ),
            ("whole minutes of forty", "count: {granularity: touched_minutes}", ">= 99.9%", []),
            ("on a calendar, which nobody adds up here", "on: office, count: {ignore_up_to: 1h}", ">= 99.9%", []),
            ("always", "count: {ignore_up_to: 1h}", ">= 100%", []),
        ],
    )
    def test_looks_at_what_the_target_allows(self, _case: str, measure: str, target: str, found: list[str]) -> None:
        calendars = 'calendars: {office: {days: {mon-fri: "08:00-18:00"}}}\n'
        text = calendars + bad_outcome(
            measure=f"{{kind: availability, of: shop, {measure}}}", target=target, stake="{weight: 100%}"
        )
        assert [sentence.partition("days, ")[2] for _, _, sentence in said(completed(text), "MG809")] == found

    def test_takes_a_term_that_is_one_period_as_long_as_it_is(self) -> None:
        (found,) = said(
            GOOD.replace("timezone: Europe/Berlin", "timezone: Europe/Berlin, period: {every: term}").replace(
                "ignore_shorter_than: 60s", "ignore_shorter_than: 24h"
            ),
            "MG809",
        )
        assert found[2].endswith("in 365 days, less than the shortest outage that counts, 24 hours")

    def test_looks_at_shares_of_availability_only(self) -> None:
        assert said(bad_outcome(measure=_RATIO), "MG809") == []


class TestAdviceOnWhatMatters:
    def test_wants_something_that_the_business_feels(self) -> None:
        assert said(GOOD, "MG810") == [(10, 3, "all headline outcomes are about components that are up")]
        assert said(bad_outcome(more=_SOLD + '    target: ">= 99%"\n'), "MG810") == []
        assert said("kind: underpinning\n" + GOOD, "MG810") == []

    def test_wants_a_promise_about_what_is_critical(self) -> None:
        services = (
            "services:\n  shop: {title: S, fee: {monthly: 1.00}, critical: true}\n  till: {title: T, critical: true}\n"
            "  shelf: {title: U}\n"
        )
        assert said(completed(services), "MG811") == [(3, 3, "nothing is promised about till")]

    def test_wants_money_on_what_is_critical(self) -> None:
        text = bad_outcome(more=_SOLD + '    target: ">= 99%"\n')
        assert [sentence for _, _, sentence in said(text, "MG812")] == ["a miss of sold costs nothing"]
        for more in ("    critical: false\n", "    headline: false\n"):
            assert said(bad_outcome(more=_SOLD + '    target: ">= 99%"\n' + more), "MG812") == []

    def test_wants_none_where_there_is_no_money_at_all(self) -> None:
        assert said(completed("money: {currency: EUR}\noutcomes:\n" + _SOLD + '    target: ">= 99%"\n'), "MG812") == []


class TestAdviceOnSilence:
    def test_lists_what_money_depends_on_and_nobody_wrote(self) -> None:
        found = [sentence for _, _, sentence in said(GOOD, "MG814")]
        assert len(found) == 2
        assert "money.rounding = half_up" in found[0]
        assert "per_incident = highest" in found[0]
        assert "count.granularity = seconds" in found[1]
        assert "count.ignore_shorter_than" not in found[1]

    def test_says_nothing_of_promises_without_money(self) -> None:
        text = completed("money: {currency: EUR}\noutcomes:\n" + _SOLD + '    target: ">= 99%"\n')
        assert [line for line, _, _ in said(text, "MG814")] == [1]

    def test_counts_what_was_left(self) -> None:
        slices = "slices: {every: 5m, method: mean_error_rate, empty: good, weight: equal}"
        text = bad_outcome(
            measure=f"{{kind: ratio, of: orders, good: ok, empty: met, excluded: {_EXCLUDED}, {slices}}}"
        )
        found = [sentence for line, _, sentence in said(text, "MG814") if line == 4]
        assert found == ["1 reading is not written: slices.bad_when = none"]

    def test_says_nothing_where_all_is_written(self) -> None:
        measure = f"{{kind: count, of: orders, counting: lost, empty: met, excluded: {_EXCLUDED}}}"
        text = bad_outcome(measure=measure, target="<= 5", stake="{weight: 100%}")
        assert [sentence for line, _, sentence in said(text, "MG814") if line == 4] == []
