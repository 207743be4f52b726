from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.stakes import PerStep, StepBase, Together
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Miss
from makegood.engine.money.credits import period_credits
from makegood.engine.money.item_fees import ItemFees, item_fees
from makegood.engine.money.per_step import items_refunds
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import parse_instant
from tests.engine.money.scene import agreement

MODEMS = "services: {erp: {title: Net, fee: {monthly: 500.00, items: {m-7: 25.00}, per_item: 10.00}, critical: true}}"
REFUNDS: dict[str, Share | Amount] = {
    "told": Share(Ratio(1, 20)),
    "plan": Share(Ratio(1, 20)),
    "repaired": Share(Ratio(1, 10)),
}
FEES = ItemFees({"m-7": Ratio(25)}, Ratio(10))


def miss(step: str, *, item: str = "m-7", event: str = "1") -> Miss:
    return Miss(f"{event} {step}", 1, event, step=step, item=item)


def paid(term: PerStep, *misses: Miss, fees: ItemFees = FEES, base: int = 0) -> list[tuple[str, Ratio]]:
    return [(each.item, each.paid) for each in items_refunds(term, misses, base=Ratio(base), fees=fees)]


class TestRefunds:
    @pytest.mark.parametrize(
        ("_case", "term", "steps", "expected"),
        [
            ("the steps of one event add up", PerStep(refunds=REFUNDS), ("told", "repaired"), Ratio(15, 4)),
            (
                "or the highest pays",
                PerStep(refunds=REFUNDS, together=Together.HIGHEST),
                ("told", "repaired"),
                Ratio(5, 2),
            ),
            ("amounts are paid as they are", PerStep(refunds={"told": Amount(300, "EUR")}), ("told",), Ratio(3)),
            ("percentages may be of the base", PerStep(refunds=REFUNDS, of=StepBase.BASE), ("repaired",), Ratio(8)),
        ],
    )
    def test_are_paid_for_what_was_not_kept(
        self, _case: str, term: PerStep, steps: tuple[str, ...], expected: Ratio
    ) -> None:
        assert paid(term, *map(miss, steps), base=80) == [("m-7", expected)]

    def test_of_an_item_are_at_most_its_fee(self) -> None:
        nights = [miss(step, event=str(number)) for number in range(8) for step in ("told", "repaired")]
        assert paid(PerStep(refunds=REFUNDS), *nights) == [("m-7", Ratio(25))]
        half = PerStep(refunds=REFUNDS, at_most=Share(Ratio(1, 2)))
        assert paid(half, *nights) == [("m-7", Ratio(25, 2))]

    def test_of_different_items_have_different_limits(self) -> None:
        found = paid(PerStep(refunds=REFUNDS), miss("told", item="m-8"), miss("told"), miss("told", event="2"))
        assert found == [("m-7", Ratio(5, 2)), ("m-8", Ratio(1, 2))]

    def test_are_nothing_for_steps_that_pay_nothing(self) -> None:
        assert paid(PerStep(refunds={"told": Share(Ratio(1, 20))}), miss("plan")) == []

    def test_of_an_item_without_a_fee_are_its_amounts(self) -> None:
        term = PerStep(refunds={"told": Share(Ratio(1, 2)), "plan": Amount(300, "EUR")})
        assert paid(term, miss("told"), miss("plan"), fees=ItemFees()) == [("m-7", Ratio(3))]

    @given(st.lists(st.tuples(st.sampled_from(["m-7", "m-8", "x"]), st.integers(1, 9), st.sampled_from([*REFUNDS]))))
    def test_never_exceed_the_fee_and_never_fall_with_more_misses(self, found: list[tuple[str, int, str]]) -> None:
        misses = [miss(step, item=item, event=str(event)) for item, event, step in dict.fromkeys(found)]
        term = PerStep(refunds=REFUNDS)
        sums = [sum((each for _, each in paid(term, *misses[:number])), Ratio(0)) for number in range(len(misses) + 1)]
        assert sums == sorted(sums)
        assert all(each <= (25 if item == "m-7" else 10) for item, each in paid(term, *misses))
        assert paid(term, *misses[::-1]) == paid(term, *misses)


class TestItemFees:
    def test_are_those_of_the_period(self) -> None:
        terms = agreement(
            "a: {promise: P., measure: {kind: availability, of: erp}, target: '>= 99%'}",
            services=MODEMS,
            term="{from: 2025-03-01, until: 2025-06-01, timezone: UTC, period: {every: quarter}}",
            money="{currency: EUR, partial_period: actual_days}",
        )
        first, second = periods_of(terms)
        assert (item_fees(terms, first, "").of("m-7"), item_fees(terms, second, "erp").of("other")) == (
            75 * Ratio(31, 90),
            30 * Ratio(61, 91),
        )
        assert item_fees(terms, first, "another").of("m-7") is None

    @pytest.mark.parametrize(("partial", "expected"), [("actual_days", Ratio(250, 31)), ("full", Ratio(25))])
    def test_of_a_partial_period_are_charged_as_agreed(self, partial: str, expected: Ratio) -> None:
        terms = agreement(
            "a: {promise: P., measure: {kind: availability, of: erp}, target: '>= 99%'}",
            services=MODEMS,
            term="{from: 2025-03-01, until: 2025-03-11, timezone: UTC}",
            money=f"{{currency: EUR, partial_period: {partial}}}",
        )
        assert item_fees(terms, periods_of(terms)[0], "erp").of("m-7") == expected


class TestAStake:
    def test_pays_for_each_step_and_says_so(self) -> None:
        assert shown("m-7") == ("3.75 EUR", "m-7: told, repaired, 3.75 in all")

    def test_pays_of_its_base_if_that_is_agreed(self) -> None:
        assert shown("m-7", more=", of: base") == ("75.00 EUR", "m-7: told, repaired, 75 in all")

    def test_says_what_limits_it(self) -> None:
        assert shown("m-7", at_most="10%") == (
            "2.50 EUR",
            "m-7: told, repaired, 3.75 in all, of which at most 2.5 is paid",
        )

    def test_says_where_nothing_is_agreed(self) -> None:
        services = MODEMS.replace(", per_item: 10.00", "")
        assert shown("m-9", services=services) == (
            "0.00 EUR",
            "m-9: told, repaired; no fee is agreed for it, so no percentage is paid",
        )
        assert shown("", services=services)[1].startswith("an item without a name: told, repaired;")

    def test_says_if_no_step_that_pays_was_left_out(self) -> None:
        assert shown("m-7", refunds="{plan: 5%}") == ("0.00 EUR", "No step that pays was left out")


def shown(
    item: str,
    *,
    at_most: str = "100%",
    services: str = MODEMS,
    refunds: str = "{told: 5%, repaired: 10%}",
    more: str = "",
) -> tuple[str, str]:
    """Return what one bad night of an item pays, and why."""
    steps = "{told: {state: told, within: 15m}, plan: {state: plan, within: 1h}, repaired: {state: up, within: 8h}}"
    terms: Agreement = agreement(
        "net:\n  promise: It is repaired.\n  service: erp\n"
        f"  measure: {{kind: steps, cases: outage, steps: {steps}}}\n  target: '>= 100%'\n"
        f"  stake: {{per_step: {{refunds: {refunds}, at_most: {at_most}{more}}}}}",
        services=services,
    )
    records = [
        Transition(
            source="desk",
            source_id=state,
            case="1",
            of="outage",
            state=state,
            at=parse_instant(f"2025-03-03T{hour}:00Z"),
            labels=(("item", item),) if item else (),
        )
        for state, hour in (("occurred", "02:00"), ("plan", "02:30"))
    ]
    (period,) = periods_of(terms)
    credits = period_credits(terms, judge(terms, period, Evidence.of(records)))
    because = [each.text for each in credits.credits[0].reason.walk() if each.rule == "per-step"]
    return str(credits.total), because[0]
