"""The remedies that concern several outcomes: one credit per incident, caps, minimum credit."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.terms import MinimumCredit, PerIncident
from makegood.engine.money.cap import capped
from makegood.engine.money.line import Line, Remedied, total
from makegood.engine.money.minimum import above_minimum
from makegood.engine.money.per_incident import one_credit_per_incident
from makegood.engine.vocabulary.amount import Amount

INCIDENTS = st.frozensets(st.sampled_from(["INC-1", "INC-2", "INC-3"]))
NAMES = ["availability", "backup", "orders", "patches", "restore"]


def line(outcome: str, cents: int, *incidents: str, weighted: bool = False) -> Line:
    amount = Amount(cents, "EUR")
    return Line(outcome, amount, amount, (), frozenset(incidents), weighted)


def amounts(remedied: Remedied) -> dict[str, int]:
    return {each.outcome: each.amount.minor for each in remedied.lines}


@st.composite
def some_lines(draw: st.DrawFn) -> tuple[Line, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    return tuple(
        line(name, draw(st.integers(0, 10**7)), *draw(INCIDENTS), weighted=draw(st.booleans())) for name in names
    )


class TestOneCreditPerIncident:
    @pytest.mark.parametrize(
        ("_case", "lines", "expected"),
        [
            ("three misses by one incident", [("a", 1200, "I"), ("r", 800, "I"), ("b", 1500, "I")], [0, 0, 1500]),
            ("another incident adds", [("a", 27600, "P7"), ("r", 22080, "P7"), ("p", 13800, "P9")], [27600, 0, 13800]),
            ("a tie in the order of the agreement", [("z", 500, "I"), ("a", 500, "I")], [500, 0]),
            ("what nobody pays for is not suppressed", [("a", 0, "I"), ("b", 300, "I")], [0, 300]),
            ("no incident is shared by no incident", [("a", 500), ("b", 300)], [500, 300]),
            ("a chain", [("a", 500, "I"), ("b", 400, "I", "J"), ("c", 300, "J")], [500, 0, 300]),
            ("a chain whose middle is dear", [("a", 500, "I"), ("b", 600, "I", "J"), ("c", 300, "J")], [500, 0, 300]),
            ("a chain whose middle is dearest", [("a", 500, "I"), ("b", 900, "I", "J"), ("c", 300, "J")], [0, 900, 0]),
            (
                "two chains",
                [("a", 5, "I"), ("b", 5, "J"), ("c", 6, "J", "K"), ("d", 7, "I"), ("e", 2, "K"), ("f", 1)],
                [0, 5, 0, 7, 2, 1],
            ),
            ("two incidents at once", [("a", 500, "I"), ("b", 400, "J"), ("c", 300, "J", "I")], [500, 400, 0]),
        ],
    )
    def test_keeps_the_highest(
        self, _case: str, lines: list[tuple[str, int, *tuple[str, ...]]], expected: list[int]
    ) -> None:
        found = one_credit_per_incident(tuple(line(*each) for each in lines), PerIncident.HIGHEST)
        assert list(amounts(found).values()) == expected

    def test_keeps_all_with_the_other_rule(self) -> None:
        lines = (line("availability", 27600, "P7"), line("restore", 22080, "P7"))
        found = one_credit_per_incident(lines, PerIncident.SUM)
        assert (found.lines, found.reason.text) == (lines, "An incident pays for every outcome that it made miss")

    def test_names_the_incident_and_who_pays(self) -> None:
        found = one_credit_per_incident((line("b", 400, "A", "K", "I"), line("a", 500, "I", "K")), PerIncident.HIGHEST)
        assert list(found.reason.lines()) == [
            "One credit per incident, the highest: 1 suppressed [per-incident]",
            "  b credits nothing because of I, for which a owes 5.00 EUR: 0.00 EUR [per-incident]",
        ]
        assert found.lines[0].reasons == found.reason.children
        assert found.lines[1].reasons == ()

    def test_says_when_there_was_nothing_to_do(self) -> None:
        found = one_credit_per_incident((line("a", 500, "I"),), PerIncident.HIGHEST)
        assert found.reason.text == "One credit per incident, the highest: none suppressed"

    @given(some_lines())
    def test_leaves_no_incident_that_two_pay_for(self, lines: tuple[Line, ...]) -> None:
        paying = [each for each in one_credit_per_incident(lines, PerIncident.HIGHEST).lines if each.amount]
        paid_for = [incident for each in paying for incident in each.incidents]
        assert len(paid_for) == len(set(paid_for))

    @given(some_lines())
    def test_pays_as_much_as_any_choice_could(self, lines: tuple[Line, ...]) -> None:
        choices = (kept for size in range(len(lines) + 1) for kept in combinations(lines, size))
        dearest = max(
            sum(each.amount.minor for each in kept)
            for kept in choices
            if all(a.incidents.isdisjoint(b.incidents) for a, b in combinations(kept, 2))
        )
        assert sum(amounts(one_credit_per_incident(lines, PerIncident.HIGHEST)).values()) == dearest

    @given(some_lines(), st.data())
    def test_never_pays_less_when_one_owes_more(self, lines: tuple[Line, ...], data: st.DataObject) -> None:
        worse = data.draw(st.sampled_from(lines))
        more = Amount(worse.amount.minor + data.draw(st.integers(1, 10**7)), "EUR")
        dearer = tuple(replace(each, amount=more) if each is worse else each for each in lines)
        before, after = (
            sum(amounts(one_credit_per_incident(each, PerIncident.HIGHEST)).values()) for each in (lines, dearer)
        )
        assert after >= before


class TestACap:
    @pytest.mark.parametrize(
        ("_case", "lines", "limit", "expected"),
        [
            ("below", [("a", 16667), ("b", 33333)], 50001, [16667, 33333]),
            ("exactly met", [("a", 16667), ("b", 33333)], 50000, [16667, 33333]),
            ("exceeded", [("a", 16667), ("b", 33333), ("c", 26667)], 50000, [10870, 21739, 17391]),
            ("four equal credits", [("a", 3000), ("b", 3000), ("c", 3000), ("d", 3000)], 10000, [2500] * 4),
            ("nothing stays nothing", [("a", 0), ("b", 33333)], 10000, [0, 10000]),
            ("a cap of nothing", [("a", 16667), ("b", 33333)], 0, [0, 0]),
            ("no lines", [], 0, []),
        ],
    )
    def test_reduces_in_proportion(
        self, _case: str, lines: list[tuple[str, int]], limit: int, expected: list[int]
    ) -> None:
        found = capped(tuple(line(*each) for each in lines), Amount(limit, "EUR"), name="the cap", rule="caps")
        assert list(amounts(found).values()) == expected

    def test_may_concern_only_weighted_lines(self) -> None:
        lines = (line("a", 800, weighted=True), line("b", 500), line("c", 400, weighted=True))
        found = capped(lines, Amount(600, "EUR"), name="the amount at risk", rule="at-risk", only_weighted=True)
        assert amounts(found) == {"a": 400, "b": 500, "c": 200}

    def test_explains_itself(self) -> None:
        found = capped((line("a", 800), line("b", 0)), Amount(600, "EUR"), name="the period cap", rule="caps")
        assert list(found.reason.lines()) == [
            "8.00 EUR is more than the period cap of 6.00 EUR; each credit is reduced in proportion: 6.00 EUR [caps]"
        ]
        assert [next(reason.lines()) for reason in found.lines[0].reasons] == [
            "8.00 EUR of 8.00 EUR becomes its part of the period cap of 6.00 EUR: 6.00 EUR [caps]"
        ]
        assert found.lines[1].reasons == ()

    def test_says_that_it_was_not_reached(self) -> None:
        found = capped((line("a", 600),), Amount(600, "EUR"), name="the period cap", rule="caps")
        assert next(found.reason.lines()) == "6.00 EUR is within the period cap of 6.00 EUR: 6.00 EUR [caps]"

    @given(some_lines(), st.integers(0, 10**7))
    def test_is_never_exceeded_and_never_missed(self, lines: tuple[Line, ...], limit: int) -> None:
        found = capped(lines, Amount(limit, "EUR"), name="the cap", rule="caps")
        assert total(found.lines, "EUR") == min(total(lines, "EUR"), Amount(limit, "EUR"))

    @given(some_lines(), st.integers(0, 10**7))
    def test_raises_no_line(self, lines: tuple[Line, ...], limit: int) -> None:
        found = capped(lines, Amount(limit, "EUR"), name="the cap", rule="caps")
        assert all(after.amount <= before.amount for after, before in zip(found.lines, lines, strict=True))


class TestTheMinimumCredit:
    @pytest.mark.parametrize(
        ("_case", "minimum", "cents", "expected"),
        [
            ("exactly one euro is not more", {"more_than": 100}, [100], [0]),
            ("a cent more", {"more_than": 100}, [101], [101]),
            ("exactly five euros are at least five", {"at_least": 500}, [500], [500]),
            ("a cent less", {"at_least": 500}, [499], [0]),
            ("together enough", {"more_than": 100}, [60, 60], [60, 60]),
            ("together too little", {"at_least": 500}, [60, 60], [0, 0]),
            ("both fail the second", {"more_than": 100, "at_least": 500}, [499], [0]),
            ("nothing anyway", {"more_than": 100}, [0], [0]),
        ],
    )
    def test_is_paid_or_not(self, _case: str, minimum: dict[str, int], cents: list[int], expected: list[int]) -> None:
        terms = MinimumCredit(**{name: Amount(bound, "EUR") for name, bound in minimum.items()})
        lines = tuple(line(name, each) for name, each in zip(NAMES, cents, strict=False))
        assert list(amounts(above_minimum(lines, terms, "EUR")).values()) == expected

    @pytest.mark.parametrize(
        ("minimum", "expected"),
        [
            ({"more_than": 100}, "Nothing is paid: the sum of 0.60 EUR is not greater than 1.00 EUR: 0.00 EUR"),
            ({"at_least": 100}, "Nothing is paid: the sum of 0.60 EUR is below 1.00 EUR: 0.00 EUR"),
            ({"at_least": 60}, "The sum is not below the minimum credit: 0.60 EUR"),
        ],
    )
    def test_explains_itself(self, minimum: dict[str, int], expected: str) -> None:
        terms = MinimumCredit(**{name: Amount(bound, "EUR") for name, bound in minimum.items()})
        found = above_minimum((line("orders", 60), line("backup", 0)), terms, "EUR")
        rule = "below-minimum-credit" if "Nothing" in expected else "minimum-credit"
        assert next(found.reason.lines()) == f"{expected} [{rule}]"
        assert [each.reasons for each in found.lines] == [(found.reason,) if "Nothing" in expected else (), ()]
