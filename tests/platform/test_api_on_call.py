"""What programs do about being on call."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Leave, Page, Policy, Rota, Skill
from makegood.platform.tenancy.access.models import Role, Scope
from tests.platform.agreements import offered, owner
from tests.platform.api_doors import key_of
from tests.platform.on_duty import engineer, seen_by
from tests.platform.people import NOW, days_to, house, organisation, person

pytestmark = pytest.mark.django_db
HERE = "/api/v1/on-call/"
ANNA, BEN = "anna@northwind-it.example", "ben@northwind-it.example"
SPAN = {"starts_at": "2026-03-20T09:00:00Z", "ends_at": "2026-03-21T09:00:00+01:00"}


class Robot:
    """A program of the owner."""

    def __init__(self, *scopes: Scope) -> None:
        self.headers = key_of(owner(), house(), *scopes)

    def __call__(self, method: str, address: str, said: Any = None, *, status: int = 200) -> Any:
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        answer = getattr(Client(), method)(HERE + address, headers=self.headers, **body)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW) + 2  # type: ignore[attr-defined]
    engineer("Anna"), engineer("Ben")


class TestRotas:
    def test_are_made_planned_and_ended(self) -> None:
        ask = Robot()
        made = ask("post", "rotas", {"name": "First", "timezone": "Europe/Berlin"}, status=201)
        rota = f"rotas/{made['number']}"
        assert (made["organisation"], made["covers"], made["ended_at"]) == ("northwind-it", "", None)
        assert ask("put", rota, {"name": "Line", "timezone": "UTC"})["name"] == "Line"
        turns = {"people": [ANNA, BEN], "starts_on": "2026-03-02"}
        layer = ask("post", f"{rota}/layers", turns, status=201)
        assert (layer["people"], layer["days"], layer["hand_over"]) == ([ANNA, BEN], 7, "09:00:00")
        changed = ask("post", f"{rota}/layers", {**turns, "people": [BEN], "replaces": layer["number"]}, status=201)
        assert [each["number"] for each in ask("get", f"{rota}/layers")["items"]] == [changed["number"]]
        ask("post", f"{rota}/layers", {**turns, "replaces": 2**40}, status=404)
        ask("post", f"{rota}/layers", {**turns, "people": ["nobody@x.example"]}, status=422)
        rates = {"since": "2026-03-01", "currency": "EUR", "standby": 500, "called": 4000}
        assert ask("post", f"{rota}/rates", rates, status=201)["holiday"] == 0
        now = ask("get", "now")[0]
        assert (now["now"]["person"], now["next"], now["hole"], now["phones"], now["available"]) == (
            BEN,
            None,
            None,
            [],
            None,
        )
        ask("delete", f"{rota}/layers/{changed['number']}", status=204)
        ask("delete", rota, status=204)
        assert ask("get", "rotas")["items"][0]["ended_at"] is not None
        assert ask("get", "now") == []

    def test_of_others_are_made_for_them(self) -> None:
        organisation("hosting-gmbh", "Hosting GmbH")
        made = Robot()("post", "rotas", {"name": "Theirs", "organisation": "hosting-gmbh"}, status=201)
        assert made["organisation"] == "hosting-gmbh"

    def test_tell_whose_turn_it_is(self) -> None:
        ask = Robot()
        rota = f"rotas/{ask('post', 'rotas', {'name': 'First'}, status=201)['number']}"
        operations.say_presence(available=False, until=None, note="", by=seen_by(engineer("Anna")), now=NOW)
        ask("post", f"{rota}/layers", {"people": [ANNA], "starts_on": "2026-03-02"}, status=201)
        assert ask("get", "now")[0]["available"] is False
        found = ask("get", f"{rota}/timeline?since=2026-04-01T00:00:00Z&until=2026-04-02T00:00:00Z")
        assert found == [
            {
                "rota": Rota.objects.get().pk,
                "starts_at": "2026-04-01T00:00:00Z",
                "ends_at": "2026-04-02T00:00:00Z",
                "person": ANNA,
            }
        ]
        assert len(ask("get", f"{rota}/timeline")) == 1
        early = ask("get", f"{rota}/timeline?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z")
        assert early[0]["person"] is None
        ask("get", f"{rota}/timeline?since=2026-04-01T00:00:00Z&until=2036-04-01T00:00:00Z", status=422)
        ask("get", f"{rota}/timeline?since=2026-04-02T00:00:00Z&until=2026-04-01T00:00:00Z", status=422)

    def test_have_overrides(self) -> None:
        ask = Robot()
        rota = f"rotas/{ask('post', 'rotas', {'name': 'First'}, status=201)['number']}"
        made = ask("post", f"{rota}/overrides", {**SPAN, "person": ANNA}, status=201)
        assert made["instead_of"] is None
        other = ask("post", f"{rota}/overrides", {**SPAN, "person": ANNA, "instead_of": BEN}, status=201)
        assert other["instead_of"] == BEN
        assert ask("get", f"{rota}/overrides")["total"] == 2
        ask("delete", f"{rota}/overrides/{made['number']}", status=204)
        assert ask("get", f"{rota}/overrides")["total"] == 1

    def test_staff_agreements(self) -> None:
        ask, contract = Robot(), offered()
        rota = f"rotas/{ask('post', 'rotas', {'name': 'First'}, status=201)['number']}"
        ask("put", f"{rota}/agreements/{contract.slug}", status=204)
        assert contract.staffings.count() == 1
        ask("delete", f"{rota}/agreements/{contract.slug}", status=204)
        assert contract.staffings.count() == 0


class TestLeave:
    def test_is_taken_and_taken_back(self) -> None:
        ask = Robot()
        made = ask("post", "leaves", {**SPAN, "person": ANNA, "why": "Wedding"}, status=201)
        assert ask("get", "leaves")["items"] == [made]
        ask("delete", f"leaves/{made['number']}", status=204)
        assert Leave.objects.get().withdrawn_at is not None


class TestPages:
    def test_are_asked_for_once_acknowledged_and_resolved(self) -> None:
        ask = Robot()
        rota = ask("post", "rotas", {"name": "First"}, status=201)["number"]
        steps = [{"rota": rota}, {"after": 5, "person": ANNA, "channels": ["MAIL"]}]
        policy = ask("post", "paging_policies", {"name": "Usual", "steps": steps}, status=201)
        asked = {"key": "till", "subject": "Down", "policy": policy["number"]}
        made = ask("post", "pages", asked, status=201)
        assert ask("post", "pages", asked, status=201)["number"] == made["number"]
        sent = [(each["step"], each["name"], each["kind"], each["sent_at"]) for each in made["notifications"]]
        assert sent == [(0, "", "", None), (1, "Anna", "MAIL", None)]
        page = f"pages/{made['number']}"
        assert ask("post", f"{page}/acknowledge")["state"] == "ACKNOWLEDGED"
        done = ask("post", f"{page}/resolve")
        assert [each["name"] for each in done["acknowledgements"]] == ["robot"]
        assert ask("get", page)["state"] == "RESOLVED"
        assert ask("get", "pages")["total"] == 1
        ask("post", f"{page}/acknowledge", status=422)

    def test_may_be_about_a_customer(self) -> None:
        ask = Robot()
        organisation("acme")
        steps = [{"person": ANNA}]
        policy = ask("post", "paging_policies", {"name": "Usual", "steps": steps}, status=201)
        asked = {"key": "k", "subject": "Down", "policy": policy["number"], "organisation": "acme"}
        ask("post", "pages", asked, status=201)
        assert Page.objects.get().about == organisation("acme")


class TestPolicies:
    def test_are_made_changed_and_ended(self) -> None:
        ask = Robot()
        hosting = organisation("hosting-gmbh", "Hosting GmbH")
        person("Hans", hosting, Role.AFFILIATE)
        steps = [{"person": "hans@hosting-gmbh.example"}, {"after": 5, "contact": "SPONSOR"}]
        said = {"name": "Theirs", "organisation": "hosting-gmbh", "steps": steps}
        made = ask("post", "paging_policies", said, status=201)
        assert made["steps"][0]["person"] == "hans@hosting-gmbh.example"
        address = f"paging_policies/{made['number']}"
        changed = ask("put", address, {"name": "Other", "steps": [{"skill": "Linux"}], "resolve_minutes": 60})
        assert (changed["name"], changed["steps"][0]["skill"], changed["resolve_minutes"]) == ("Other", "Linux", 60)
        ask("delete", address, status=204)
        assert ask("get", "paging_policies")["items"][0]["ended_at"] is not None
        assert Policy.objects.get().ended_at is not None


class TestSkills:
    def test_are_kept_and_taken_away(self) -> None:
        ask = Robot()
        made = ask("post", "skills", {"person": ANNA, "name": "Linux", "expires_on": "2027-01-01"}, status=201)
        assert ask("get", "skills")["items"] == [made]
        ask("delete", f"skills/{made['number']}", status=204)
        assert not Skill.objects.exists()


class TestHours:
    def test_are_those_of_a_month(self) -> None:
        ask = Robot()
        rota = f"rotas/{ask('post', 'rotas', {'name': 'First'}, status=201)['number']}"
        ask("post", f"{rota}/layers", {"people": [ANNA], "starts_on": "2026-03-02"}, status=201)
        operations.keep_override(
            rota=Rota.objects.get(),
            person=engineer("Ben"),
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            by=owner(),
            now=NOW,
        )
        found = ask("get", "hours?month=2026-03")
        assert [(each["person"], each["standby"], each["called"]) for each in found][-1] == (BEN, 3600, 0)
        assert ask("get", "hours")[-1] == found[-1]  # those of Anna grow with each second
        ask("get", "hours?month=March", status=422)


class TestAKey:
    def test_that_may_only_write_finds_what_it_names(self) -> None:
        ask = Robot(Scope.WRITE_ON_CALL)
        made = ask("post", "rotas", {"name": "First"}, status=201)
        ask("put", f"rotas/{made['number']}", {"name": "Second"})
        ask("get", "rotas", status=403)
