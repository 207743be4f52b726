from __future__ import annotations

import pytest
from django.test import Client

from makegood.engine.evidence.records import Attribution
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.queries import causes_found, open_vault
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, active, owner
from tests.platform.evidence import member
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.world import world

pytestmark = pytest.mark.django_db

MOOD = """\
  mood:
    promise: The manager is content.
    measure: {kind: stated, of: contentment, unit: number, minimum: 1, maximum: 5}
    target: ">= 4"
    headline: false
"""
SAID = {"of": "contentment", "subject": "", "value": "4.5", "unit": "", "at": "2026-02-27T12:00"}


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


def signed_in(name: str, slug: str, *roles: Role) -> Client:
    client = Client()
    client.force_login(person(name, house() if slug == "northwind-it" else organisation(slug), *roles))
    return client


class TestAStatedValue:
    def test_is_attested_in_the_portal_and_judged(self) -> None:
        contract = active(TEXT + MOOD)
        ada = signed_in("Ada Lovelace", "acme", Role.MANAGER)
        address = f"/portal/agreements/{contract.slug}/evidence/values/"
        assert "State it under my name" in ada.get(address).content.decode()
        shown = ada.post(address, SAID, follow=True).content.decode()
        assert "contentment of contentment: 4.5" in shown
        assert "Ada Lovelace" in shown
        judge_open(contract=contract, now=NOW)
        found = {(each.period.label, each.outcome): each for each in latest_verdicts(viewer=owner(), contract=contract)}
        february = found["2026-02", "mood"]
        assert (february.ruling, february.shown) == ("MET", "4.5")

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"value": "much"}, "much"),
            ({"at": "2026-03-20T12:00"}, "A value is stated of a moment that has passed."),
            ({"of": "open"}, "Select a valid choice."),
        ],
    )
    def test_that_is_none_is_refused_with_a_sentence(self, wrong: dict[str, str], sentence: str) -> None:
        contract = active(TEXT + MOOD)
        ada = signed_in("Ada", "acme", Role.MANAGER)
        answer = ada.post(f"/portal/agreements/{contract.slug}/evidence/values/", SAID | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()

    def test_is_not_asked_for_where_nothing_is_judged_by_it(self) -> None:
        contract = active()
        page = signed_in("Ada", "acme", Role.MANAGER).get(f"/portal/agreements/{contract.slug}/evidence/values/")
        assert "No outcome of this agreement is judged by what people state." in page.content.decode()


class TestACause:
    @pytest.fixture
    def contract(self) -> Contract:
        return world()[0].contract

    def test_is_found_in_the_console_and_kept_where_the_affiliate_answers(self, contract: Contract) -> None:
        edith = signed_in("Edith", "northwind-it", Role.ENGINEER)
        address = f"/console/agreements/{contract.slug}/evidence/causes/"
        said = {"party": "hosting-gmbh", "share": "40%", "incident": "INC-0", "start": "", "end": ""}
        shown = edith.post(address, said, follow=True).content.decode()
        assert "hosting-gmbh caused 40% of INC-0" in shown
        vault = open_vault(contract=Contract.objects.get(slug="hosting"))
        assert vault is not None
        [found] = [each for each in vault.records() if isinstance(each, Attribution)]
        assert (found.party, str(found.share), found.by) == ("hosting-gmbh", "0.4", "Edith")
        assert not causes_found(viewer=member(Role.SPONSOR), contract=contract).exists()
        assert (
            "hosting"
            not in signed_in("Ada", "acme", Role.SPONSOR)
            .get(f"/portal/agreements/{contract.slug}/evidence/")
            .content.decode()
            .lower()
        )

    def test_names_an_incident_or_a_stretch(self, contract: Contract) -> None:
        edith = signed_in("Edith", "northwind-it", Role.ENGINEER)
        said = {"party": "acme", "share": "40%", "incident": "", "start": "2026-02-01T00:00", "end": ""}
        answer = edith.post(f"/console/agreements/{contract.slug}/evidence/causes/", said)
        assert answer.status_code == 422
        assert "Name the incident, or say from when to when it was." in answer.content.decode()
