from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from makegood.engine.agreement.governance import ESCALATION
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.review.governance.models import Component, Cost, ExpectedValue, Measurement, RoadmapEntry
from makegood.platform.review.governance.operations import (
    UnableToGovern,
    call_meeting,
    compare_measurement,
    end_component,
    end_cost,
    end_expected_value,
    keep_component,
    keep_cost,
    keep_expected_value,
    keep_measurement,
    mark_duty,
    plan_entry,
    take_baseline,
    write_minutes,
)
from makegood.platform.review.governance.queries import (
    Better,
    comparable,
    comparisons,
    components,
    costs,
    expected_values,
    measurements,
    relationship,
    roadmap,
    support_plans,
)
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.agreements import active, drafted, owner
from tests.platform.api_doors import key_of
from tests.platform.evidence import engineer, member, sent, state
from tests.platform.governing import governed
from tests.platform.people import NOW, days_to, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
HERE = "/console/organisations/acme/relationship/"
ROADMAP = "/console/organisations/acme/roadmap/"
MEASURED = {"title": "Open", "value": "97.5%", "measured_on": date(2025, 12, 1), "source": "Logs"}
PLANNED = {"title": "A new till", "year": 2026, "quarter": 3, "state": "PLANNED", "why": "The old one ends."}
BUILT = {"title": "Firewall", "standard": "Two of them", "version": "9", "deviation": "There is one."}


@pytest.fixture(autouse=True)
def shifted(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


@pytest.fixture
def acme() -> Organisation:
    house()
    return organisation("acme")


def client(who: Person) -> Client:
    made = Client()
    made.force_login(who)
    return made


def manager() -> Client:
    return client(person("Sam", house(), Role.SERVICE_MANAGER))


def customer(role: Role = Role.SPONSOR) -> Client:
    return client(person(f"Ada {role.value}", organisation("acme"), role))


def cost(about: Organisation, by: Viewer | None = None, **changed: Any) -> Cost:
    said = {"title": "Licences", "amount": 120_000, "currency": "EUR", **changed}
    return keep_cost(customer=about, **said, by=by or owner(), now=NOW)


def value(about: Organisation, **changed: Any) -> ExpectedValue:
    said = {"outcome": "No lost sales", "amount": 500_000, "currency": "EUR", "words": "", "agreed_with": "Ada"}
    return keep_expected_value(customer=about, **{**said, **changed}, by=owner(), now=NOW)


def measured(about: Organisation, **changed: Any) -> Measurement:
    return keep_measurement(customer=about, **{**MEASURED, **changed}, by=owner(), now=NOW)


def planned(about: Organisation, **changed: Any) -> RoadmapEntry:
    return plan_entry(customer=about, **{**PLANNED, **changed}, by=owner(), now=NOW)


def built(about: Organisation, **changed: Any) -> Component:
    return keep_component(customer=about, **{**BUILT, **changed}, by=owner(), now=NOW)


def steps(about: Organisation) -> list[tuple[str, list[str]]]:
    found = relationship(viewer=owner(), customer=about, now=NOW)
    return [(each.progress.value, [one.value for one in each.missing]) for each in found]


class TestARelationship:
    def test_begins_with_nothing(self, acme: Organisation) -> None:
        assert steps(acme) == [
            ("TO_DO", ["COSTS", "MEASUREMENT"]),
            ("TO_DO", ["EXPECTED_VALUE"]),
            ("TO_DO", ["AGREEMENT"]),
            ("TO_DO", ["ROADMAP", "ARCHITECTURE", "DUTIES", "MEETING"]),
        ]

    def test_is_evaluated_by_costs_and_a_measurement_or_an_assessment(self, acme: Organisation) -> None:
        cost(acme)
        assert steps(acme)[0] == ("BEGUN", ["MEASUREMENT"])
        contract = drafted()
        said = {"domain": "BACKUP", "answers": {"restore": "Never."}, "outcomes": []}
        take_baseline(contract=contract, **said, by=owner(), now=NOW)  # type: ignore[arg-type]
        assert steps(acme)[0] == ("DONE", [])
        assert steps(acme)[2] == ("BEGUN", ["ACTIVATION"])
        assert comparable(viewer=owner(), customer=acme) == []

    def test_is_evaluated_by_a_measurement_before_there_is_an_agreement(self, acme: Organisation) -> None:
        measured(acme)
        assert steps(acme)[0] == ("BEGUN", ["COSTS"])

    def test_is_complete_when_it_is_worked_by(self) -> None:
        contract = governed()
        acme = contract.customer
        value(acme)
        planned(acme)
        built(acme)
        assert steps(acme)[1:] == [("DONE", []), ("DONE", []), ("BEGUN", ["DUTIES", "MEETING"])]
        for duty in ("contact", "power"):
            mark_duty(contract=contract, duty=duty, standing="MET", since=NOW.date(), by=owner(), now=NOW)
        meeting = call_meeting(contract=contract, kind="PLANNING", day=NOW.date(), by=owner(), now=NOW)
        write_minutes(meeting=meeting, text="All is well.", attendees="Ada", agenda=[], by=owner(), now=NOW)
        assert steps(acme)[3] == ("DONE", [])

    def test_is_for_those_of_the_provider_who_see_money(self, acme: Organisation) -> None:
        cost(acme)
        value(acme)
        limited = replace(owner(), limited=frozenset({organisation("globex").pk}))
        for by in (engineer(), member(Role.SPONSOR), member(Role.AFFILIATE, "backup-ag"), limited):
            assert relationship(viewer=by, customer=acme, now=NOW) == []
            assert list(costs(viewer=by, customer=acme)) == []
            assert list(expected_values(viewer=by, customer=acme)) == []
        assert relationship(viewer=owner(), customer=house(), now=NOW) == []
        auditor = viewer(person("Aud", house(), Role.AUDITOR), Site.CONSOLE)
        assert [each.title for each in costs(viewer=auditor, customer=acme)] == ["Licences"]


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title": " "}, "Say what it is that costs"),
            ({"title": "x" * 201}, "Say what it is that costs"),
            ({"amount": 0}, "more than nothing"),
            ({"amount": 10**15 + 1}, "more than nothing"),
            ({"currency": "XXX"}, "three letters"),
        ],
    )
    def test_is_a_cost_of_something(self, acme: Organisation, changed: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            cost(acme, **changed)
        assert not Cost.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"outcome": ""}, "Name the outcome"),
            ({"agreed_with": ""}, "with whom this was agreed"),
            ({"amount": -1}, "more than nothing"),
        ],
    )
    def test_is_a_value_that_somebody_agreed_to(
        self, acme: Organisation, changed: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            value(acme, **changed)
        assert not ExpectedValue.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title": ""}, "Say what was measured"),
            ({"value": "much"}, "Write what was measured like"),
            ({"value": "1" * 41}, "Write what was measured like"),
            ({"source": "x" * 201}, "200 characters at most"),
            ({"measured_on": date(2026, 3, 11)}, "today or before"),
            ({"outcome": "open"}, "Choose an outcome"),
        ],
    )
    def test_is_a_measurement_of_something(self, acme: Organisation, changed: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            measured(acme, **changed)
        assert not Measurement.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title": ""}, "Say what is planned"),
            ({"quarter": 5}, "a quarter from 1 to 4"),
            ({"year": 9999}, "a year from 2000 to 2099"),
            ({"state": "SOON"}, "planned, under way, done or dropped"),
            ({"why": " "}, "Say why"),
        ],
    )
    def test_is_planned_for_a_quarter_with_a_reason(
        self, acme: Organisation, changed: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            planned(acme, **changed)
        assert not RoadmapEntry.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title": ""}, "Name the component"),
            ({"standard": ""}, "Name the standard"),
            ({"version": "x" * 201}, "200 characters at most"),
        ],
    )
    def test_is_a_component_with_its_standard(self, acme: Organisation, changed: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UnableToGovern, match=sentence):
            built(acme, **changed)
        assert not Component.objects.exists()

    def test_is_kept_by_owners_and_service_managers_for_customers(self, acme: Organisation) -> None:
        limited = replace(owner(), limited=frozenset({organisation("globex").pk}))
        for by in (engineer(), member(Role.SPONSOR), limited):
            with pytest.raises(UnableToGovern, match="Owners and service managers"):
                cost(acme, by=by)
        with pytest.raises(UnableToGovern, match="not for the provider itself"):
            cost(house())
        assert [(each.did, each.refused != "") for each in Entry.objects.filter(did="keep cost")] == [
            ("keep cost", True)
        ] * 4


class TestAMeasurement:
    def test_is_compared_with_what_was_judged_last(self) -> None:
        contract = governed()
        acme = contract.customer
        about = {"contract": contract, "outcome": "open"}
        for each in ("97.5%", "100%", "99.9999%", "4h"):
            measured(acme, title=each, value=each, **about)
        measured(acme, title="alone")
        found = comparisons(viewer=owner(), customer=acme)
        assert [(each.measurement.title, each.shown, each.better) for each in found] == [
            ("97.5%", "97.5 %", Better.BETTER),
            ("100%", "100 %", Better.SAME),
            ("99.9999%", "99.9999 %", Better.BETTER),
            ("4h", "4 hours", None),
            ("alone", "97.5 %", None),
        ]
        assert [each.verdict.period.label if each.verdict else "" for each in found] == [*["2026-03"] * 4, ""]

    def test_is_worse_when_it_fell(self) -> None:
        contract = governed()
        sent(contract, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z", incident="INC-2")])
        judge_open(contract=contract, now=NOW)
        measured(contract.customer, value="100%", contract=contract, outcome="open")
        assert [each.better for each in comparisons(viewer=owner(), customer=contract.customer)] == [Better.WORSE]

    def test_is_compared_with_another_outcome_and_stays_what_it_was(self) -> None:
        contract = governed()
        made = measured(contract.customer)
        said = {"measurement": made, "by": owner(), "now": NOW}
        held = compare_measurement(contract=contract, outcome="open", **said)  # type: ignore[arg-type]
        assert (held.contract, held.outcome) == (contract, "open")
        with pytest.raises(UnableToGovern, match="Choose an outcome"):
            compare_measurement(contract=contract, outcome="shut", **said)  # type: ignore[arg-type]
        held = compare_measurement(contract=None, outcome="", **said)  # type: ignore[arg-type]
        assert (held.contract, held.outcome) == (None, "")
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("UPDATE governance_measurement SET value = '1%'")

    def test_is_no_business_of_an_affiliate_or_of_others(self, acme: Organisation) -> None:
        measured(acme)
        assert len(measurements(viewer=member(Role.SPONSOR), customer=acme)) == 1
        for by in (member(Role.SPONSOR, "globex"), member(Role.AFFILIATE, "acme")):
            assert list(measurements(viewer=by, customer=acme)) == []


class TestTheRelationshipPage:
    def test_leads_from_what_is_missing_to_where_it_is_mended(self, acme: Organisation) -> None:
        shown = manager().get(HERE).content.decode()
        assert "Next: Write a cost down" in shown
        assert f'href="{HERE}measurements/new/"' in shown
        assert 'href="/console/new-agreement/"' in shown
        assert "Nobody has said how the duties of the customer stand." in shown
        said = {"title": "Licences", "amount": "1,200", "currency": "JPY"}
        assert manager().get(f"{HERE}costs/new/").status_code == 200
        assert manager().post(f"{HERE}costs/new/", {**said, "amount": "1.5"}).status_code == 422
        assert manager().post(f"{HERE}costs/new/", {**said, "currency": "ABC"}).status_code == 422
        assert manager().post(f"{HERE}costs/new/", {**said, "amount": "-5"}).status_code == 422
        assert manager().post(f"{HERE}costs/new/", said).status_code == 302
        kept = Cost.objects.get()
        assert (kept.amount, kept.currency) == (1200, "JPY")
        shown = manager().get(HERE).content.decode()
        assert "Next: Keep a measurement" in shown
        assert shown.count("1,200 JPY") == 2
        manager().post(f"{HERE}costs/{kept.pk}/end/")
        assert "No cost is written down yet" in manager().get(HERE).content.decode()
        assert manager().post(f"{HERE}costs/{kept.pk}/end/").status_code == 404

    def test_keeps_what_an_outcome_is_worth(self, acme: Organisation) -> None:
        said = {"outcome": "No lost sales", "amount": "5,000.00", "currency": "EUR", "agreed_with": "Ada"}
        assert manager().post(f"{HERE}values/new/", {**said, "agreed_with": ""}).status_code == 422
        manager().post(f"{HERE}values/new/", said)
        assert "5,000.00 EUR" in manager().get(HERE).content.decode()
        manager().post(f"{HERE}values/{ExpectedValue.objects.get().pk}/end/")
        assert "Nobody has said yet what an outcome is worth." in manager().get(HERE).content.decode()

    def test_shows_before_and_now(self) -> None:
        contract = governed()
        said = {"title": "Open", "value": "97.5%", "measured_on": "2025-12-01", "compared": ""}
        assert manager().post(f"{HERE}measurements/new/", {**said, "value": "a lot"}).status_code == 422
        manager().post(f"{HERE}measurements/new/", said)
        assert "not compared yet" in manager().get(HERE).content.decode()
        made = Measurement.objects.get()
        there = f"{HERE}measurements/{made.pk}/"
        assert "The web shop of Acme: open" in manager().get(there).content.decode()
        assert manager().post(there, {"compared": "acme-shop/shut"}).status_code == 422
        manager().post(there, {"compared": "acme-shop/open"})
        shown = manager().get(HERE).content.decode()
        assert "97.5 %" in shown
        assert "better" in shown
        assert 'value="acme-shop/open" selected' in manager().get(there).content.decode()
        contract.refresh_from_db()
        assert f'href="/console/agreements/{contract.slug}/duties' not in shown

    def test_is_none_of_the_provider_and_not_for_engineers(self, acme: Organisation) -> None:
        assert manager().get("/console/organisations/northwind-it/relationship/").status_code == 404
        assert manager().get("/console/organisations/northwind-it/roadmap/").status_code == 404
        worker = client(person("Emil", house(), Role.ENGINEER))
        assert worker.get(HERE).status_code == 404
        assert "relationship" not in worker.get("/console/organisations/acme/").content.decode()
        assert worker.get(ROADMAP).status_code == 200
        auditor = client(person("Aud", house(), Role.AUDITOR))
        assert "Write a cost down" not in auditor.get(HERE).content.decode()


class TestTheRoadmapPage:
    def test_is_kept_in_the_console_and_read_in_the_portal(self) -> None:
        contract = governed()
        portal = "/portal/organisation/acme/roadmap/"
        assert "Nothing is planned yet; ask your service manager." in customer().get(portal).content.decode()
        said = {"title": "A new till", "year": "2026", "quarter": "3", "state": "PLANNED", "why": "The old one ends."}
        assert 'value="2026"' in manager().get(f"{ROADMAP}new/").content.decode()
        for wrong in ({"quarter": "9"}, {"year": "1"}, {"year": "9999"}, {"why": ""}, {"state": "X"}):
            assert manager().post(f"{ROADMAP}new/", {**said, **wrong}).status_code == 422
        manager().post(f"{ROADMAP}new/", said)
        entry = RoadmapEntry.objects.get()
        assert "The old one ends." in manager().get(f"{ROADMAP}{entry.pk}/").content.decode()
        manager().post(f"{ROADMAP}{entry.pk}/", {**said, "quarter": "4", "state": "UNDER_WAY"})
        component = {"title": "Firewall", "standard": "Two of them", "version": "9", "deviation": "There is one."}
        assert manager().post(f"{ROADMAP}components/new/", {}).status_code == 422
        manager().post(f"{ROADMAP}components/new/", component)
        shown = customer().get(portal).content.decode()
        for words in ("2026 Q4", "under way", "There is one.", "telephone", "sponsors of both sides", contract.title):
            assert words in shown
        assert "Take it off" not in shown
        assert "Roadmap" in customer().get("/portal/organisation/acme/people/").content.decode()
        manager().post(f"{ROADMAP}components/{Component.objects.get().pk}/end/")
        assert "No component is written down yet" in manager().get(ROADMAP).content.decode()
        assert customer(Role.USER).get(portal).status_code == 404

    def test_is_for_the_provider_and_the_customer(self, acme: Organisation) -> None:
        planned(acme)
        built(acme)
        for by in (owner(), engineer(), member(Role.SPONSOR)):
            assert len(roadmap(viewer=by, customer=acme)) == 1
            assert len(components(viewer=by, customer=acme)) == 1
        for by in (member(Role.SPONSOR, "globex"), member(Role.AFFILIATE, "acme")):
            assert list(roadmap(viewer=by, customer=acme)) == []
            assert list(components(viewer=by, customer=acme)) == []
            assert support_plans(viewer=by, customer=acme) == []


class TestASupportPlan:
    def test_follows_from_the_terms(self) -> None:
        contract = active()
        plan = support_plans(viewer=member(Role.SPONSOR), customer=contract.customer)[0]
        assert (plan.contract, plan.hours, plan.channels, plan.places) == (contract, "", (), ())
        assert plan.escalation == ESCALATION


class TestTheApi:
    def test_keeps_and_shows_a_relationship(self) -> None:
        governed()
        program, key = Client(), key_of(owner(), house())
        here = "/api/v1/organisations/acme"

        def asked(method: str, where: str, body: object) -> Any:
            answer = getattr(program, method)(f"{here}/{where}", body, content_type="application/json", headers=key)
            assert answer.status_code in {200, 201, 204}, answer.content
            return answer.json() if answer.content else None

        def read(where: str) -> Any:
            return program.get(f"{here}/{where}", headers=key).json()

        amount = {"amount": 120_000, "currency": "EUR"}
        cost = asked("post", "costs", {"title": "Licences", **amount})
        value = asked("post", "expected-values", {"outcome": "No lost sales", "agreed_with": "Ada", **amount})
        said = {"title": "Open", "value": "97.5%", "measured_on": "2025-12-01"}
        measurement = asked("post", "measurements", said)
        assert (measurement["now"], measurement["better"], measurement["agreement"]) == (None, None, None)
        said = {"agreement": "acme-shop", "outcome": "open"}
        measurement = asked("put", f"measurements/{measurement['number']}", said)
        assert (measurement["now"], measurement["period"], measurement["better"]) == ("100.0000 %", "2026-03", "BETTER")
        entry = asked("post", "roadmap", PLANNED)
        change = {"year": 2026, "quarter": 4, "state": "DONE", "why": "It came early."}
        assert asked("put", f"roadmap/{entry['number']}", change)["state"] == "DONE"
        component = asked("post", "components", BUILT)
        assert [each["progress"] for each in read("relationship")] == ["DONE", "DONE", "DONE", "BEGUN"]
        assert read("support-plans")[0]["escalation"][0] == "after 14 days: service manager of the provider"
        for where, made in (("costs", cost), ("expected-values", value), ("components", component)):
            assert read(where)["items"] == [made]
            asked("delete", f"{where}/{made['number']}", None)
            assert read(where)["total"] == 0

    def test_shows_no_money_to_a_program_that_may_not_read_it(self, acme: Organisation) -> None:
        cost(acme)
        key = key_of(owner(), house(), Scope.READ_GOVERNANCE)
        answer = Client().get("/api/v1/organisations/acme/costs", headers=key).json()
        assert answer == {"items": [], "total": 0}
        assert Client().get("/api/v1/organisations/acme/relationship", headers=key).json() == []


class TestAnEnd:
    def test_comes_once(self, acme: Organisation) -> None:
        by, about, worth, part = owner(), cost(acme), value(acme), built(acme)
        ends = (
            partial(end_cost, cost=about),
            partial(end_expected_value, value=worth),
            partial(end_component, component=part),
        )
        for end in ends:
            end(by=by, now=NOW)
            with pytest.raises(UnableToGovern, match="taken off the list before"):
                end(by=by, now=NOW)
