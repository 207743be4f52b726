"""Error budgets in the ledger: minutes that a promise allows to go wrong, and minutes that did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.money.ledger.models import Entry, Kind
from makegood.platform.money.ledger.operations import Booking, Line, book
from makegood.platform.money.ledger.queries import Budget, balances, budgets
from makegood.platform.money.settlement.operations import close_due
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active, owner
from tests.platform.evidence import engineer, member, missed, sent, state
from tests.platform.people import NOW, PASSWORD, days_to

pytestmark = pytest.mark.django_db


def close(contract: Contract) -> None:
    close_due(contract=contract, by=owner(), now=NOW, without_actions="For the test.")


def minutes(contract: Contract) -> dict[str, int]:
    found = balances(viewer=owner(), contract=contract)
    return {each.kind.value: each.amount for each in found if each.unit == "error-budget minutes"}


@pytest.fixture
def contract() -> Contract:
    """January with six hours without a till, of 744 hours; February without a fault, of 672. 99.9 % are promised."""
    made = missed()
    close(made)
    return made


class TestAnErrorBudget:
    def test_is_booked_when_a_period_closes(self, contract: Contract) -> None:
        assert budgets(viewer=owner(), contract=contract, run=1) == [Budget("open", "2026-01", 45, 360)]
        assert budgets(viewer=owner(), contract=contract, run=2) == [Budget("open", "2026-02", 40, 0)]
        assert minutes(contract) == {"BUDGET_ALLOWED": 85, "BUDGET_SPENT": 360, "BUDGET_LEFT": -275}
        texts = Entry.objects.filter(key__startswith="budget/").values_list("text", flat=True)
        assert list(texts) == [
            "open in 2026-01: 360 of 45 minutes of the error budget are spent",
            "open in 2026-02: 0 of 40 minutes of the error budget are spent",
        ]

    def test_is_adjusted_by_late_evidence(self, contract: Contract) -> None:
        sent(contract, [state("front", "down", "2026-02-10T10:00:00Z", "2026-02-10T20:00:00Z", number="late")])
        close(contract)
        assert budgets(viewer=owner(), contract=contract, run=3) == [Budget("open", "2026-02", 0, 600)]
        assert minutes(contract) == {"BUDGET_ALLOWED": 85, "BUDGET_SPENT": 960, "BUDGET_LEFT": -875}
        close(contract)
        assert minutes(contract)["BUDGET_SPENT"] == 960

    def test_is_not_there_without_a_verdict(self) -> None:
        contract = active()
        close(contract)
        assert (minutes(contract), budgets(viewer=owner(), contract=contract, run=1)) == ({}, [])

    def test_is_seen_by_those_who_see_money(self, contract: Contract) -> None:
        assert budgets(viewer=member(Role.SPONSOR), contract=contract, run=1) != []
        for stranger in (engineer(), member(Role.USER), member(Role.SPONSOR, "globex")):
            assert budgets(viewer=stranger, contract=contract, run=1) == []

    def test_stands_on_the_statement_and_beside_the_balances(self, contract: Contract, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        client = Client()
        assert member(Role.SPONSOR).person is not None
        assert client.login(username="acme.sponsor@acme.example", password=PASSWORD)
        text = client.get("/portal/agreements/acme-shop/money/1/").content.decode()
        assert "360 min" in text
        assert "-315 min" in text
        assert "-275 min" in client.get("/portal/agreements/acme-shop/money/").content.decode()


class TestOtherMinutes:
    @pytest.mark.parametrize("unit", ["support minutes", "flex minutes"])
    def test_have_accounts_of_their_own(self, contract: Contract, unit: str) -> None:
        lines = (Line(Kind.OTHER, unit, 90), Line(Kind.DUE_TO_CUSTOMER, unit, -90))
        march = Period.objects.get(contract=contract, label="2026-03")
        book(period=march, bookings=[Booking("grant", "A grant.", lines)], now=NOW + timedelta(hours=1))
        found = [each for each in balances(viewer=owner(), contract=contract) if each.unit == unit]
        assert [(each.kind, each.amount) for each in found] == [(Kind.DUE_TO_CUSTOMER, 90), (Kind.OTHER, 90)]
