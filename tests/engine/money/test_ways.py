"""The further ways in which a miss becomes money: to the cent, and with their reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.agreement.stakes import MoneyBack
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, State, Status, Tally
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Measurement, Part
from makegood.engine.money.credits import period_credits
from makegood.engine.money.money_back import items_refunded
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.money.scene import agreement, credited, outcome, shown

APRIL = "{from: 2025-04-01, months: 1, timezone: UTC}"
TABLE = "{rows: [{above: 99%, up_to: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]}"
DEVICES = "{kind: ratio, of: patches, good: done, by: device}"


def owes(stake: str, value: Measurement | str | None, target: str = ">= 99.9%", **terms: str) -> str:
    return shown(credited(agreement(outcome("backup", target, stake), **terms), backup=value))["backup"]


def rules(stake: str, value: str, target: str = ">= 99.9%") -> set[str]:
    (credit,) = credited(agreement(outcome("backup", target, stake)), backup=value).credits
    return {step.rule for step in credit.reason.walk()}


def texts(stake: str, value: str, target: str = ">= 99.9%") -> list[str]:
    (credit,) = credited(agreement(outcome("backup", target, stake)), backup=value).credits
    return [step.text for step in credit.reason.walk()]


class TestATable:
    @pytest.mark.parametrize(
        ("value", "expected", "marks"),
        [
            ("99.95%", "0.00", set()),
            ("99.9%", "0.00", {"tier-covers-met-value"}),
            ("99.5%", "63.00", {"tables"}),
            ("99%", "0.00", {"no-tier"}),
            ("98.9%", "157.50", {"tables"}),
        ],
    )
    def test_is_read_literally(self, value: str, expected: str, marks: set[str]) -> None:
        stake = f"{{of: 630.00 EUR, table: {TABLE}}}"
        assert owes(stake, value) == expected
        assert rules(stake, value) & {"tier-covers-met-value", "no-tier", "tables"} == marks

    def test_pays_by_its_first_row(self) -> None:
        assert (
            owes("{of: 100.00 EUR, table: {rows: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]}}", "98%")
            == "10.00"
        )

    def test_pays_the_mildest_row_for_a_miss_without_value(self) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("no jobs"), empty=True)
        assert owes(f"{{of: 630.00 EUR, table: {TABLE}}}", nothing) == "63.00"

    def test_says_why(self) -> None:
        found = texts(f"{{of: 630.00 EUR, table: {TABLE}}}", "99.5%")
        assert "99.5 % is above 99 %, up to 99.9 %: 10 % of the base" in found
        found = texts(f"{{of: 630.00 EUR, table: {TABLE}}}", "99%")
        assert "No row of the table covers 99 %, so the miss pays nothing" in found

    def test_of_tiers_is_told_too_if_a_met_value_is_in_one(self) -> None:
        tiers = "{of: 630.00 EUR, tiers: [{below: 99.95%, credit: 10%}]}"
        assert "tier-covers-met-value" in rules(tiers, "99.92%")
        assert "tier-covers-met-value" not in rules(tiers, "99.95%")

    def test_is_silent_about_what_is_undecided(self) -> None:
        assert owes(f"{{of: 630.00 EUR, table: {TABLE}}}", None) == "0.00"


class TestDaysAndMultiples:
    @pytest.mark.parametrize(
        ("_case", "credit", "term", "expected"),
        [
            ("three days of January", "3 days", "{from: 2025-01-01, months: 1, timezone: UTC}", "30.00"),
            ("three days of April", "3 days", APRIL, "31.00"),
            ("half a day of April", "0.5 days", APRIL, "5.17"),
            ("twice the base", "2x", APRIL, "620.00"),
            ("half of it", "0.5x", APRIL, "155.00"),
        ],
    )
    def test_are_those_of_the_base(self, _case: str, credit: str, term: str, expected: str) -> None:
        stake = f"{{of: 310.00 EUR, tiers: [{{below: 99.9%, credit: {credit}}}]}}"
        assert owes(stake, "99%", term=term) == expected

    @pytest.mark.parametrize(
        ("partial", "expected"), [("actual_days", "2000.00"), ("full", "2000.00"), ("thirty", "2000.00")]
    )
    def test_of_a_partial_period_are_days_of_its_fee(self, partial: str, expected: str) -> None:
        stake = "{of: 100% of monthly_fee, tiers: [{below: 99.9%, credit: 3 days}]}"
        term = "{from: 2025-04-11, until: 2025-05-01, timezone: UTC}"
        assert owes(stake, "99%", term=term, money=f"{{currency: EUR, partial_period: {partial}}}") == expected


class TestAProratedUnit:
    @pytest.mark.parametrize(
        ("counted", "expected"), [("completed", "41.67"), ("started", "83.33"), ("exact", "62.50")]
    )
    def test_pays_the_base_for_its_time(self, counted: str, expected: str) -> None:
        unit = f"{{unit: 1h, counted: {counted}, allowance: 0s, credit: 10x prorated}}"
        terms = agreement(outcome("availability", ">= 100%", f"{{of: 3000.00 EUR, per_unit: {unit}}}"))
        down = Measurement(Ratio(2586600, 2592000), Unit.SHARE, 2586600, 2592000, Reason("1.5 h down"))
        assert shown(credited(terms, availability=down))["availability"] == expected


class TestAProportion:
    @pytest.mark.parametrize(
        ("_case", "linear", "target", "value", "expected"),
        [
            ("all of it", "{times: 10}", ">= 99%", "98%", "200.00"),
            ("beyond the target", "{times: 10, beyond: target}", ">= 99%", "98%", "100.00"),
            ("once", "{beyond: nothing}", ">= 99%", "98.5%", "15.00"),
            ("of what is a ceiling", "{times: 1}", "<= 2%", "5%", "50.00"),
            ("beyond a ceiling", "{beyond: target}", "<= 2%", "5%", "30.00"),
        ],
    )
    def test_is_that_of_what_was_lost(self, _case: str, linear: str, target: str, value: str, expected: str) -> None:
        assert owes(f"{{of: 1000.00 EUR, linear: {linear}}}", value, target) == expected

    def test_of_a_miss_without_value_is_nothing(self) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("no jobs"), empty=True)
        assert owes("{of: 1000.00 EUR, linear: {times: 10}}", nothing) == "0.00"

    def test_says_why(self) -> None:
        found = texts("{of: 1000.00 EUR, linear: {times: 10, beyond: target}}", "98%", ">= 99%")
        assert "1 % was lost beyond 99 %; 10 times that share of the base" in found


class TestAMinimumLevel:
    TIERS = "tiers: [{below: 99.9%, credit: 10%}]"

    @pytest.mark.parametrize(
        ("_case", "more", "value", "expected"),
        [
            ("a miss of the target", "", "99.5%", "100.00"),
            ("exactly the minimum", "", "99%", "100.00"),
            ("a miss of the minimum", "", "98.9%", "500.00"),
            ("both", ", added: true", "98.9%", "600.00"),
        ],
    )
    def test_pays_instead_or_besides(self, _case: str, more: str, value: str, expected: str) -> None:
        stake = f"{{of: 1000.00 EUR, {self.TIERS}, minimum: {{level: 99%, credit: 50%{more}}}}}"
        assert owes(stake, value) == expected

    def test_of_a_ceiling_is_above_it(self) -> None:
        stake = "{of: 1000.00 EUR, tiers: [{above: 2%, credit: 10%}], minimum: {level: 5%, credit: 50%}}"
        assert [owes(stake, value, "<= 2%") for value in ("5%", "5.1%")] == ["100.00", "500.00"]

    def test_is_not_missed_without_a_value(self) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("no jobs"), empty=True)
        assert owes(f"{{of: 1000.00 EUR, {self.TIERS}, minimum: {{level: 99%, credit: 50%}}}}", nothing) == "100.00"

    def test_is_limited_like_everything_else(self) -> None:
        stake = f"{{of: 1000.00 EUR, {self.TIERS}, at_most: 55%, minimum: {{level: 99%, credit: 50%, added: true}}}}"
        assert owes(stake, "98%") == "550.00"

    def test_tells_both_steps(self) -> None:
        stake = f"{{of: 1000.00 EUR, {self.TIERS}, minimum: {{level: 99%, credit: 50%, added: true}}}}"
        found = texts(stake, "98%")
        assert "98 % is below 99.9 %: 10 % of the base" in found
        assert "98 % misses the minimum level of 99 %: 50 % of the base" in found


class TestDecimals:
    @pytest.mark.parametrize(
        ("decimals", "rounding", "expected"),
        [(0, "half_up", "3.00"), (1, "half_up", "2.50"), (0, "half_even", "2.00"), (0, "down", "2.00")],
    )
    def test_of_credits_can_be_fewer_than_those_of_the_currency(
        self, decimals: int, rounding: str, expected: str
    ) -> None:
        money = f"{{currency: EUR, decimals: {decimals}, rounding: {rounding}}}"
        stake = "{of: 25.00 EUR, tiers: [{below: 99.9%, credit: 10%}]}"
        assert owes(stake, "99%", money=money) == expected

    def test_are_those_of_the_most_of_an_outcome_as_well(self) -> None:
        money = "{currency: EUR, decimals: 0}"
        assert owes("{of: 25.00 EUR, at_most: 10%}", "99%", money=money) == "3.00"


def patches(**done: tuple[int, int]) -> list[AnyRecord]:
    at = datetime(2025, 4, 10, tzinfo=UTC)
    return [
        Tally(
            source="t",
            source_id=f"{device}/{result}",
            subject="",
            of="patches",
            result=result,
            count=count,
            start=at,
            end=at,
            incident="I-1",
            labels=(("device", device),),
        )
        for device, (good, bad) in done.items()
        for result, count in (("done", good), ("open", bad))
        if count
    ]


def by_device(more: str = "", second: str = "", rule: str = "highest") -> Agreement:
    own = (
        f"patches:\n  promise: p\n  critical: true\n  measure: {DEVICES}\n  target: '>= 100%'\n"
        f"  stake: {{money_back: {{price: 8.00, worse_than: 95%{more}}}}}"
    )
    return agreement(*([own, second] if second else [own]), term=APRIL, more=f"per_incident: {rule}")


def settled(terms: Agreement, records: list[AnyRecord]) -> dict[str, str]:
    (period,) = periods_of(terms)
    return shown(period_credits(terms, judge(terms, period, Evidence.of(records))))


OTHER = (
    "again:\n  promise: p\n  critical: true\n  measure: {kind: ratio, of: patches, good: done}\n  target: '>= 100%'\n"
    "  stake: {of: 10.00 EUR}"
)


class TestMoneyBack:
    DONE = patches(w1=(20, 0), w2=(18, 2), w3=(19, 1), w4=(0, 5))

    @pytest.mark.parametrize(("more", "expected"), [("", "16.00"), (", scope: all", "32.00")])
    def test_is_that_of_the_items_that_missed(self, more: str, expected: str) -> None:
        assert settled(by_device(more), self.DONE) == {"patches": expected}

    def test_is_none_if_no_item_is_as_bad_as_that(self) -> None:
        assert settled(by_device(", scope: all"), patches(w1=(19, 1), w2=(20, 0))) == {"patches": "0.00"}

    @pytest.mark.parametrize(
        ("_case", "more", "rule", "expected"),
        [
            ("less what the same incident is credited for", "", "sum", {"patches": "6.00", "again": "10.00"}),
            ("in full if it nets nothing", ", nets: false", "sum", {"patches": "16.00", "again": "10.00"}),
            ("alone if one credit an incident is paid", "", "highest", {"patches": "16.00", "again": "0.00"}),
        ],
    )
    def test_is_paid(self, _case: str, more: str, rule: str, expected: dict[str, str]) -> None:
        assert settled(by_device(more, OTHER, rule), self.DONE) == expected

    def test_says_what_was_credited_already(self) -> None:
        terms = by_device("", OTHER, "sum")
        (period,) = periods_of(terms)
        found = period_credits(terms, judge(terms, period, Evidence.of(self.DONE)))
        assert list(found.credits[0].reason.lines())[-1] == (
            "  10.00 EUR are credited for the same incidents already: 6.00 EUR [money-back]"
        )
        assert "  Money back is net of other credits for the same incidents [money-back]" in found.reason.lines()

    def test_is_never_less_than_nothing(self) -> None:
        dear = OTHER.replace("10.00 EUR", "100.00 EUR")
        assert settled(by_device("", dear, "sum"), self.DONE) == {"patches": "0.00", "again": "100.00"}

    @pytest.mark.parametrize(
        ("target", "worse_than", "expected"),
        [
            (">= 95%", "", ("b", "c")),
            (">= 95%", "90%", ("c",)),
            ("<= 10%", "", ("c",)),
            ("<= 5%", "9%", ("b", "c")),
            ("<= 5%", "10%", ("c",)),
        ],
    )
    def test_compares_each_item_the_way_of_the_target(
        self, target: str, worse_than: str, expected: tuple[str, ...]
    ) -> None:
        level = TARGET.read(f">= {worse_than}").level if worse_than else None
        parts = Part("a", 10, 10), Part("b", 9, 10), Part("c", 5, 10), Part("d", 0, 0)
        assert items_refunded(MoneyBack(price=Ratio(1), worse_than=level), TARGET.read(target), parts) == expected


def state(name: str, status: Status, start: str, end: str) -> State:
    at = [datetime.fromisoformat(f"2025-{text}:00+00:00") for text in (start, end)]
    return State(source="s", source_id=name, subject="erp", status=status, start=at[0], end=at[1])


class TestWindows:
    UP = state("up", Status.UP, "04-01T00:00", "05-01T00:00")
    STAKE = "{windows: {every: 1h, below: 90%, price: 0.0960}}"

    def credits(self, *records: State, target: str = ">= 100%", stake: str = STAKE) -> tuple[str, int]:
        terms = agreement(outcome("availability", target, stake), term=APRIL)
        (period,) = periods_of(terms)
        judgement = judge(terms, period, Evidence.of(records))
        return (
            shown(period_credits(terms, judgement))["availability"],
            judgement.verdicts[0].measurement.bad_windows,
        )

    def test_are_refunded_if_they_are_worse_than_their_level(self) -> None:
        down = [
            state("a", Status.DOWN, "04-10T10:50", "04-10T11:08"),
            state("b", Status.DOWN, "04-10T12:00", "04-10T12:06"),
        ]
        assert self.credits(self.UP, *down) == ("0.19", 2)

    def test_are_not_looked_at_in_a_perfect_or_a_met_period(self) -> None:
        assert self.credits(self.UP) == ("0.00", 0)
        down = state("a", Status.DOWN, "04-10T10:00", "04-10T11:00")
        assert self.credits(self.UP, down, target=">= 99%") == ("0.00", 1)

    def test_without_evidence_are_not_refunded(self) -> None:
        before = state("before", Status.UP, "04-01T00:00", "04-10T10:00")
        after = state("after", Status.UP, "04-10T12:00", "05-01T00:00")
        down = state("down", Status.DOWN, "04-10T13:00", "04-10T14:00")
        assert self.credits(before, after, down) == ("0.10", 1)

    def test_of_an_undecided_period_are_not_counted(self) -> None:
        assert self.credits() == ("0.00", 0)

    def test_without_agreed_time_are_told(self) -> None:
        terms = agreement(
            outcome("availability", ">= 100%", self.STAKE).replace("of: erp}", "of: erp, on: office}"),
            term=APRIL,
            more="calendars: {office: {days: {mon-fri: '08:00-18:00'}}}",
        )
        down = state("a", Status.DOWN, "04-10T10:00", "04-10T11:00")
        (period,) = periods_of(terms)
        verdict = judge(terms, period, Evidence.of([self.UP, down])).verdicts[0]
        told = {step.text: step.value for step in verdict.reason.walk()}
        assert verdict.measurement.bad_windows == 1
        assert "1 of 720 windows of 1 hour are below 90 %" in told
        assert told["windows without value, which are not refunded"] == str(720 - 22 * 10)

    def test_on_the_day_of_a_clock_change_are_real_hours(self) -> None:
        terms = agreement(
            outcome("availability", ">= 100%", "{windows: {every: 1h, below: 90%, price: 1.00}}"),
            term="{from: 2025-03-30, until: 2025-03-31, timezone: Europe/Berlin}",
        )
        records = [
            state("up", Status.UP, "03-29T00:00", "04-02T00:00"),
            state("down", Status.DOWN, "03-29T23:00", "03-30T22:00"),
        ]
        assert settled(terms, list(records)) == {"availability": "23.00"}


LEVELS = st.integers(0, 10_000).map(lambda number: f"{Ratio(number, 100)}%")


class TestWorse:
    @pytest.mark.parametrize(
        "stake",
        [
            "{of: 977.77 EUR, table: {rows: [{at_least: 99%, below: 99.9%, credit: 3 days}, {below: 99%, credit: 9 days}]}}",
            "{of: 977.77 EUR, linear: {times: 3}, at_most: 100%}",
            "{of: 977.77 EUR, linear: {times: 3, beyond: target}}",
            "{of: 977.77 EUR, per_unit: {unit: 1%, credit: 1 day, counted: started}}",
            "{of: 977.77 EUR, tiers: [{below: 99.9%, credit: 1%}], minimum: {level: 95%, credit: 2x}}",
        ],
    )
    @given(one=LEVELS, other=LEVELS)
    def test_never_costs_less(self, stake: str, one: str, other: str) -> None:
        worse, better = sorted((one, other), key=Ratio.parse)
        assert Ratio.parse(owes(stake, worse)) >= Ratio.parse(owes(stake, better))

    @given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 240)), min_size=1, max_size=5))
    def test_by_windows_never_costs_less(self, outages: list[tuple[int, int]]) -> None:
        terms = agreement(
            outcome("availability", ">= 100%", "{windows: {every: 1h, below: 90%, price: 0.0960}}"),
            term="{from: 2025-04-10, until: 2025-04-11, timezone: UTC}",
        )
        midnight = datetime(2025, 4, 10, tzinfo=UTC)
        records: list[AnyRecord] = [state("up", Status.UP, "04-10T00:00", "04-12T00:00")]
        last = Ratio(0)
        for number, (minute, length) in enumerate(outages):
            start = midnight + timedelta(minutes=minute)
            records.append(
                State(
                    source="s",
                    source_id=f"down-{number}",
                    subject="erp",
                    status=Status.DOWN,
                    start=start,
                    end=start + timedelta(minutes=length),
                )
            )
            now = Ratio.parse(settled(terms, records)["availability"])
            assert now >= last
            last = now
