"""One incident made several outcomes miss, and the customer says which is paid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.terms import PerIncident
from makegood.engine.judging.verdict import Choice
from makegood.engine.money.line import Line
from makegood.engine.money.per_incident import one_credit_per_incident
from makegood.engine.vocabulary.amount import Amount
from tests.engine.money.test_remedies import amounts, line, some_lines

OUTAGE = (line("availability", 1200, "I"), line("resolution", 800, "I"), line("backup", 1500, "I"))


def chosen(lines: tuple[Line, ...], *said: tuple[str, str]) -> list[int]:
    choices = tuple(Choice(incident, outcome, "Ada", f"portal#{incident}") for incident, outcome in said)
    return list(amounts(one_credit_per_incident(lines, PerIncident.CUSTOMER_CHOICE, choices)).values())


class TestTheCustomersChoice:
    @pytest.mark.parametrize(
        ("_case", "said", "expected"),
        [
            ("a cheaper one", [("I", "resolution")], [0, 800, 0]),
            ("the highest", [("I", "backup")], [0, 0, 1500]),
            ("nothing yet", [], [0, 0, 1500]),
            ("about another incident", [("J", "resolution")], [0, 0, 1500]),
            ("an outcome that owes nothing", [("I", "orders")], [0, 0, 1500]),
        ],
    )
    def test_is_paid(self, _case: str, said: list[tuple[str, str]], expected: list[int]) -> None:
        assert chosen(OUTAGE, *said) == expected

    def test_of_one_incident_suppresses_another_choice(self) -> None:
        lines = (line("a", 500, "I"), line("b", 400, "I", "J"), line("c", 300, "J"))
        assert chosen(lines, ("I", "a"), ("J", "b")) == [500, 0, 300]
        assert chosen(lines, ("J", "c"), ("I", "b")) == [500, 0, 300]
        assert chosen(lines, ("I", "b")) == [0, 400, 0]
        assert chosen((*lines, line("d", 100, "I", "J")), ("I", "a"), ("J", "c")) == [500, 0, 300, 0]
        assert chosen(lines, ("I", "a"), ("J", "b"), ("J", "c")) == [500, 0, 300]

    def test_that_concerns_nothing_leaves_the_next_one(self) -> None:
        assert chosen(OUTAGE, ("J", "backup"), ("I", "orders"), ("I", "resolution")) == [0, 800, 0]

    def test_is_paid_even_if_another_incident_of_it_has_a_dearer_credit(self) -> None:
        lines = (line("a", 500, "I"), line("b", 400, "I", "J"), line("c", 450, "J"))
        assert chosen(lines, ("I", "b")) == [0, 400, 0]
        assert chosen(lines, ("I", "b"), ("J", "c")) == [0, 400, 0]
        choice = (Choice("I", "b", "Ada", "portal#1"),)
        found = one_credit_per_incident(lines, PerIncident.CUSTOMER_CHOICE, choice)
        assert found.reason.children[1].text == (
            "c credits nothing because of J, for which b is paid: Ada chose it for I"
        )

    @given(some_lines(), st.sampled_from(["INC-1", "INC-2"]), st.sampled_from(["availability", "backup", "orders"]))
    def test_is_always_paid_where_it_owes(self, lines: tuple[Line, ...], incident: str, outcome: str) -> None:
        choice = (Choice(incident, outcome, "Ada", "portal#1"),)
        found = one_credit_per_incident(lines, PerIncident.CUSTOMER_CHOICE, choice)
        for before, after in zip(lines, found.lines, strict=True):
            if before.outcome == outcome and incident in before.incidents:
                assert after.amount == before.amount

    def test_is_followed_only_if_that_is_agreed(self) -> None:
        choice = (Choice("I", "resolution", "Ada", "portal#1"),)
        assert list(amounts(one_credit_per_incident(OUTAGE, PerIncident.HIGHEST, choice)).values()) == [0, 0, 1500]

    def test_is_told_with_who_said_so(self) -> None:
        choice = (Choice("I", "resolution", "Ada", "portal#1"),)
        found = one_credit_per_incident(OUTAGE, PerIncident.CUSTOMER_CHOICE, choice)
        assert list(found.reason.lines())[:2] == [
            "One credit per incident, as the customer chose: 2 suppressed [per-incident]",
            "  availability credits nothing because of I, for which Ada chose resolution: 0.00 EUR (evidence: portal#1)"
            " [per-incident]",
        ]

    @given(some_lines(), st.sampled_from(["INC-1", "INC-2"]), st.sampled_from(["availability", "backup", "orders"]))
    def test_never_leaves_an_incident_that_two_pay_for(
        self, lines: tuple[Line, ...], incident: str, outcome: str
    ) -> None:
        choice = (Choice(incident, outcome, "Ada", "r"),)
        found = one_credit_per_incident(lines, PerIncident.CUSTOMER_CHOICE, choice).lines
        paid = [each for line_ in found if line_.amount != Amount.zero("EUR") for each in line_.incidents]
        assert len(paid) == len(set(paid))
