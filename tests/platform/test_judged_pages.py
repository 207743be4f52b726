from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import active
from tests.platform.evidence import sent, staff, state, up
from tests.platform.people import NOW, house, organisation, person

pytestmark = pytest.mark.django_db

HALF = "2026-03-10T09:00:00Z"


@pytest.fixture
def contract() -> Contract:
    """A contract in its third month, with an hour of outage in it."""
    made = active()
    sent(made, up("2025-12-31T23:00:00Z", HALF))
    sent(made, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z", incident="INC-1")])
    judge_open(contract=made, now=NOW)
    return made


def signed_in(client: Client, role: Role) -> Client:
    if role in (Role.SPONSOR, Role.MANAGER, Role.USER):
        client.force_login(person(role.label.title(), organisation("acme"), role))
    else:
        client.force_login(person(role.label.title(), house(), role))
    return client


class TestThePagesOfAVerdict:
    @pytest.mark.parametrize(("role", "site"), [(Role.OWNER, "console"), (Role.SPONSOR, "portal")])
    def test_show_it_with_its_steps(self, client: Client, contract: Contract, role: Role, site: str) -> None:
        march = latest_verdicts(viewer=staff(Role.OWNER), contract=contract)[-1]
        browser = signed_in(client, role)
        base = f"/{site}/agreements/{contract.slug}"
        for address in (
            f"/{site}/",
            f"{base}/periods/",
            f"{base}/periods/2026-03/",
            f"{base}/evidence/",
            f"{base}/exclusions/",
            f"{base}/disputes/",
        ):
            assert browser.get(address).status_code == 200, address
        page = browser.get(f"{base}/verdicts/{march.pk}/").content.decode()
        assert "99.5575 %" in page
        assert "10.00 EUR" in page
        assert "INC-1" in page or "evidence" in page
