from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from makegood.engine.agreement.versions import newest
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.review.governance.queries import shares_value, value_shares
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, drafted, owner
from tests.platform.api_doors import key_of
from tests.platform.evidence import engineer, member
from tests.platform.people import NOW, days_to, house, organisation, person

pytestmark = pytest.mark.django_db
HERE = "agreements/acme-shop/money/"
SHARED = (
    TEXT
    + """\
value_shares:
  network:
    of: 300.00 EUR
    units: 10
    decided_by: the steering committee
    allocations:
      - {from: 2026-01-01, shares: {north: 4, south: 6}}
      - {from: 2026-02-15, shares: {north: 5, south: 5}, decided_by: the board}
  tills:
    of: 10% of monthly_fee
    decided_by: Ada
    allocations: [{from: 2026-01-01, shares: {north: 1}}]
"""
)


@pytest.fixture(autouse=True)
def shifted(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


def page(who: Person, address: str) -> tuple[int, str]:
    made = Client()
    made.force_login(who)
    answer = made.get(f"/{address}")
    return answer.status_code, answer.content.decode()


def manager() -> Person:
    return person("Sam", house(), Role.SERVICE_MANAGER)


def sponsor() -> Person:
    return person("Ada", organisation("acme"), Role.SPONSOR)


class TestValueShares:
    def test_are_those_of_the_period_by_days_and_units(self) -> None:
        contract = active(SHARED)
        found = value_shares(viewer=owner(), contract=contract, now=NOW, label="2026-02")
        assert found is not None
        assert (found.label, found.labels, found.members) == (
            "2026-02",
            ("2026-03", "2026-02", "2026-01"),
            ["north", "south"],
        )
        assert [(each.scheme, each.member, str(each.amount)) for one in found.values for each in one.members] == [
            ("network", "north", "135.00 EUR"),
            ("network", "south", "165.00 EUR"),
            ("tills", "north", "100.00 EUR"),
        ]

    def test_are_for_those_who_see_money(self) -> None:
        contract = active(SHARED)
        assert shares_value(viewer=member(Role.SPONSOR), contract=contract)
        for by in (engineer(), member(Role.SPONSOR, "globex"), member(Role.USER)):
            assert not shares_value(viewer=by, contract=contract)
            assert value_shares(viewer=by, contract=contract, now=NOW) is None

    def test_are_none_without_the_term_or_an_agreement_in_force(self) -> None:
        assert not shares_value(viewer=owner(), contract=drafted())
        shop = active(TEXT.replace("acme-shop", "acme-second"))
        assert newest(terms_of(contract=shop)[1]).value_shares == {}
        assert not shares_value(viewer=owner(), contract=shop)

    def test_are_none_of_a_period_that_has_not_begun(self) -> None:
        contract = active(SHARED)
        assert value_shares(viewer=owner(), contract=contract, now=NOW, label="2026-04") is None
        early = datetime(2025, 12, 1, tzinfo=UTC)
        assert value_shares(viewer=owner(), contract=contract, now=early) is None


class TestThePage:
    def test_states_what_each_member_has(self) -> None:
        active(SHARED)
        for who, site in ((manager(), "console"), (sponsor(), "portal")):
            assert f'href="/{site}/{HERE}shares/"' in page(who, f"{site}/{HERE}")[1]
            status, shown = page(who, f"{site}/{HERE}shares/?period=2026-02")
            assert status == 200
            for words in ("135.00 EUR", "165.00 EUR", "the steering committee", "the board", "15 Feb 2026", "10 units"):
                assert words in shown

    def test_states_what_one_member_has_of_all_values(self) -> None:
        active(SHARED)
        shown = page(sponsor(), f"portal/{HERE}shares/?period=2026-02&member=north")[1]
        assert "What north has in 2026-02" in shown
        assert "235.00 EUR" in shown
        assert "165.00 EUR" not in shown
        shown = page(sponsor(), f"portal/{HERE}shares/?member=south")[1]
        assert "This member has no part of it in this period." in shown
        assert "150.00 EUR" in shown

    @pytest.mark.parametrize("asked", ["period=2026-04", "period=x", "member=west"])
    def test_is_none_of_another_period_or_member(self, asked: str) -> None:
        active(SHARED)
        assert page(sponsor(), f"portal/{HERE}shares/?{asked}")[0] == 404

    def test_says_that_nothing_is_shared(self) -> None:
        active()
        status, shown = page(manager(), f"console/{HERE}shares/")
        assert (status, "This agreement shares no value among members." in shown) == (200, True)
        assert "Value shares of members" not in page(manager(), f"console/{HERE}")[1]
        assert page(manager(), f"console/{HERE}shares/?period=2026-01")[0] == 404


class TestTheApi:
    def test_states_the_same(self) -> None:
        active(SHARED)
        key = key_of(owner(), house())
        here = "/api/v1/agreements/acme-shop/value-shares"
        found = Client().get(here, headers=key).json()
        assert [(each["period"], each["value"], each["member"], each["amount"]) for each in found] == [
            ("2026-03", "network", "north", 15_000),
            ("2026-03", "network", "south", 15_000),
            ("2026-03", "tills", "north", 10_000),
        ]
        assert Client().get(f"{here}?period=2026-04", headers=key).status_code == 404

    def test_states_nothing_where_nothing_is_shared(self) -> None:
        active()
        assert Client().get("/api/v1/agreements/acme-shop/value-shares", headers=key_of(owner(), house())).json() == []
