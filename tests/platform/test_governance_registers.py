from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import Assurance, Baseline, Grant, Policy, Stage
from makegood.platform.review.governance.operations import (
    UnableToGovern,
    end_assurance,
    end_grant,
    end_policy,
    grant_access,
    keep_policy,
    set_stage,
    show_assurance,
    take_baseline,
)
from makegood.platform.review.governance.queries import (
    QUESTIONS,
    assurances,
    baselines,
    expiring,
    grants,
    insurable,
    policies,
    stages,
)
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import active, owner
from tests.platform.evidence import engineer, member
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.test_claims import bought

pytestmark = pytest.mark.django_db
HERE = "agreements/acme-shop/governance/"


@pytest.fixture
def contract(settings: object) -> Contract:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    return active()


def sponsor() -> Viewer:
    return member(Role.SPONSOR)


def client(who: Person) -> Client:
    made = Client()
    made.force_login(who)
    return made


def manager() -> Client:
    return client(person("Sam", house(), Role.SERVICE_MANAGER))


def customer(role: Role = Role.SPONSOR) -> Client:
    return client(person(f"Ada {role.value}", organisation("acme"), role))


def granted(contract: Contract, until: date = date(2026, 4, 1), by: Viewer | None = None) -> Grant:
    return grant_access(
        contract=contract, who="Sam", what="The shop", way="VPN", until=until, by=by or owner(), now=NOW
    )


def insured(until: date = date(2026, 5, 1), of: Organisation | None = None) -> Policy:
    said = {"title": "Liability", "insurer": "Allianz", "amount": 100_000_000, "currency": "EUR"}
    return keep_policy(organisation=of or house(), **said, until=until, by=owner(), now=NOW)  # type: ignore[arg-type]


def certified(until: date | None = date(2026, 3, 1)) -> Assurance:
    return show_assurance(
        kind="CERTIFICATION", title="ISO 27001", words="", day=date(2023, 3, 2), until=until, by=owner(), now=NOW
    )


class TestAStage:
    def test_has_the_name_of_the_house_until_it_is_named(self, contract: Contract) -> None:
        assert [each.name for each in stages(viewer=sponsor(), contract=contract)] == [
            "Assess",
            "Design",
            "Transform",
            "Operate",
        ]
        said = {"number": 2, "began_on": date(2026, 1, 1), "ended_on": None}
        set_stage(contract=contract, name="Draw", **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        set_stage(contract=contract, name="Plan", **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert stages(viewer=sponsor(), contract=contract)[1].name == "Plan"
        assert stages(viewer=member(Role.SPONSOR, "globex"), contract=contract) == []

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"number": 5}, "four stages"),
            ({"name": " "}, "short name"),
            ({"began_on": None}, "ends after it began"),
            ({"ended_on": date(2025, 12, 31)}, "ends after it began"),
        ],
    )
    def test_is_one_of_four_and_ends_after_it_began(
        self, contract: Contract, changed: dict[str, object], sentence: str
    ) -> None:
        said = {"number": 1, "name": "A", "began_on": date(2026, 1, 1), "ended_on": date(2026, 2, 1), **changed}
        with pytest.raises(UnableToGovern, match=sentence):
            set_stage(contract=contract, **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert not Stage.objects.exists()

    def test_is_kept_by_the_provider(self, contract: Contract) -> None:
        for by in (engineer(), sponsor()):
            with pytest.raises(UnableToGovern):
                set_stage(contract=contract, number=1, name="A", began_on=None, ended_on=None, by=by, now=NOW)


class TestABaseline:
    def taken(self, contract: Contract, **changed: object) -> Baseline:
        said = {"domain": "BACKUP", "answers": {"restore": "Never tested.", "points": " "}, "outcomes": ["open"]}
        return take_baseline(contract=contract, **{**said, **changed}, by=owner(), now=NOW)  # type: ignore[arg-type]

    def test_is_frozen_and_numbered(self, contract: Contract) -> None:
        first, second = self.taken(contract), self.taken(contract)
        assert (first.number, second.number, first.answers) == (1, 2, {"restore": "Never tested."})
        assert len({first.sha256, second.sha256}) == 1
        assert list(baselines(viewer=sponsor(), contract=contract)) == [second, first]
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("UPDATE governance_baseline SET number = 9")

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"domain": "FOOD"}, "Say what was assessed"),
            ({"answers": {"restore": ""}}, "Answer at least one question"),
            ({"outcomes": ["shut"]}, "has no outcome shut"),
        ],
    )
    def test_says_something_about_something(
        self, contract: Contract, changed: dict[str, object], sentence: str
    ) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            self.taken(contract, **changed)

    def test_is_taken_on_its_page_and_read_by_the_customer(self, contract: Contract) -> None:
        for domain in QUESTIONS:
            assert manager().get(f"/console/{HERE}start/baselines/{domain.lower()}/").status_code == 200
        assert manager().get(f"/console/{HERE}start/baselines/food/").status_code == 404
        here = f"/console/{HERE}start/baselines/backup/"
        assert manager().post(here, {}).status_code == 422
        manager().post(here, {"restore": "Never tested.", "outcomes": ["open"]})
        manager().post(f"/console/{HERE}start/stages/1/", {"name": "Look", "began_on": "2026-01-02"})
        assert manager().post(f"/console/{HERE}start/stages/1/", {"name": "", "began_on": "x"}).status_code == 302
        shown = customer().get(f"/portal/{HERE}start/").content.decode()
        assert "Never tested." in shown
        assert "When was a restore tested last, and how long did it take?" in shown
        assert "1. Look" in shown
        assert "since 2 Jan 2026" in shown


class TestAnAccess:
    def test_is_seen_by_the_customer_until_it_ends(self, contract: Contract) -> None:
        made = granted(contract)
        assert list(grants(viewer=sponsor())) == [made]
        assert list(grants(viewer=member(Role.SPONSOR, "globex"))) == []
        end_grant(grant=made, by=owner(), now=NOW)
        assert list(grants(viewer=sponsor(), contract=contract)) == []
        with pytest.raises(UnableToGovern, match="has ended before"):
            end_grant(grant=made, by=owner(), now=NOW)

    def test_is_written_down_by_the_provider_for_a_time_to_come(self, contract: Contract) -> None:
        with pytest.raises(UnableToGovern, match="An access ends today or later"):
            granted(contract, until=date(2026, 3, 9))
        with pytest.raises(UnableToGovern, match="Your role does not include this"):
            granted(contract, by=sponsor())
        here = f"/console/{HERE}access/"
        said = {"who": "Sam", "what": "The shop", "way": "VPN", "until": "2026-04-01"}
        assert manager().post(f"{here}new/", {**said, "until": "2026-03-01"}).status_code == 422
        assert manager().post(f"{here}new/", said).status_code == 302
        made = Grant.objects.get()
        assert "The shop" in customer().get(f"/portal/{HERE}access/").content.decode()
        manager().post(f"{here}{made.pk}/end/")
        assert "No access is written down." in customer().get(f"/portal/{HERE}access/").content.decode()


class TestWhatRunsOut:
    def test_is_told_sixty_days_before(self, contract: Contract) -> None:
        granted(contract)
        insured()
        certified()
        certified(until=None)
        insured(until=date(2026, 5, 10))
        found = expiring(viewer=owner(), now=NOW)
        assert [(each.what, each.title, each.days) for each in found] == [
            ("certification", "ISO 27001", -9),
            ("Access", "Sam: The shop (The web shop of Acme)", 22),
            ("Insurance", "Liability (Northwind IT)", 52),
        ]

    def test_of_the_house_is_not_for_limited_staff(self, contract: Contract) -> None:
        insured()
        certified()
        limited = replace(owner(), limited=frozenset({organisation("globex").pk}))
        assert expiring(viewer=limited, now=NOW) == []
        assert list(policies(viewer=sponsor())) == []
        with pytest.raises(UnableToGovern):
            end_policy(policy=Policy.objects.get(), by=limited, now=NOW)


class TestTheTrustPage:
    def test_shows_assurances_to_all_and_accesses_to_those_who_answer(self, contract: Contract) -> None:
        granted(contract)
        made = certified()
        shown = customer().get("/portal/trust/").content.decode()
        assert "ISO 27001" in shown
        assert "ran out" in shown
        assert "Who may reach what of yours" in shown
        assert "Who may reach what of yours" not in customer(Role.USER).get("/portal/trust/").content.decode()
        end_assurance(assurance=made, by=owner(), now=NOW)
        assert list(assurances(viewer=sponsor())) == []
        with pytest.raises(UnableToGovern, match="taken off the page before"):
            end_assurance(assurance=made, by=owner(), now=NOW)

    def test_is_kept_in_the_console(self, contract: Contract) -> None:
        said = {"kind": "TEST", "title": "Restore of all", "words": "It took an hour.", "day": "2026-02-01"}
        assert manager().post("/console/assurance/new/", {**said, "until": "2026-01-01"}).status_code == 422
        manager().post("/console/assurance/new/", said)
        policy = {"organisation": house().pk, "title": "Cyber", "amount": "1,000.00", "until": "2026-04-01"}
        assert manager().post("/console/assurance/policies/new/", {**policy, "amount": "x"}).status_code == 422
        manager().post("/console/assurance/policies/new/", policy)
        shown = manager().get("/console/assurance/").content.decode()
        assert "Restore of all" in shown
        assert "1,000.00 EUR" in shown
        assert "It took an hour." in customer().get("/portal/trust/").content.decode()
        manager().post(f"/console/assurance/{Assurance.objects.get().pk}/end/")
        manager().post(f"/console/assurance/policies/{Policy.objects.get().pk}/end/")
        shown = manager().get("/console/assurance/").content.decode()
        assert "Nothing yet." in shown
        assert "Nothing runs out in the next sixty days." in shown

    def test_takes_insurances_of_the_house_and_of_affiliates_that_provide_to_it(self, contract: Contract) -> None:
        assert insurable(viewer=owner()) == [house()]
        affiliate = bought().provider
        assert insurable(viewer=owner()) == [affiliate, house()]
        shown = manager().get("/console/assurance/").content.decode()
        assert f'<option value="{affiliate.pk}">' in shown
        assert f'<option value="{contract.customer_id}">' not in shown
        with pytest.raises(UnableToGovern, match="of the provider and of its affiliates"):
            insured(of=contract.customer)
        insured(of=affiliate)
        assert Policy.objects.get().organisation == affiliate

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"kind": "SONG"}, "Say what it is"),
            ({"title": ""}, "Name it"),
            ({"until": date(2025, 1, 1)}, "It ends after it began"),
        ],
    )
    def test_shows_no_nonsense(self, contract: Contract, changed: dict[str, object], sentence: str) -> None:
        said = {"kind": "TEST", "title": "T", "words": "", "day": date(2026, 1, 1), "until": None, **changed}
        with pytest.raises(UnableToGovern, match=sentence):
            show_assurance(**said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert not Assurance.objects.exists()
