"""Changes, releases and problems, as programs handle them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from makegood.platform.evidence.changes.models import Change, State, Suggestion
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.agreements import owner
from tests.platform.api_doors import key_of, without_a_rate
from tests.platform.changing import MONDAY, after, bought_desk, customer, opened, promised, requested
from tests.platform.people import days_to, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
TEXTS = dict.fromkeys(("need", "desired", "affected", "means", "continuity"), "It is known.")
TIMES = {"starts_at": "2026-04-14T20:00:00Z", "ends_at": "2026-04-14T23:00:00Z"}


class Program:
    """Asks the API, and says what came back."""

    def __init__(self, by: Any, slug: str) -> None:
        self.headers = key_of(by, organisation(slug))

    def ask(self, method: str, address: str, status: int = 200, /, **said: Any) -> Any:
        client = Client()
        body = {"content_type": "application/json"} if said or method in ("post", "put") else {}
        about = [json.dumps(said)] if body else []
        answer = getattr(client, method)(f"/api/v1/{address}", *about, headers=self.headers, **body)
        assert answer.status_code == status, (address, answer.status_code, answer.content.decode())
        return json.loads(answer.content) if answer.content else None


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Program:
    without_a_rate(monkeypatch)
    settings.DAYS_SHIFTED = days_to(after(days=20))
    house(), organisation("acme")
    return Program(owner(), "northwind-it")


@pytest.fixture
def theirs(ours: Program) -> Program:
    return Program(customer(), "acme")


class TestAChange:
    def test_goes_from_draft_to_archive(self, ours: Program, theirs: Program) -> None:
        rule = {"approves": "HIGH", "approver": "SPONSOR", "quorum": 1, "straight": True, "checks": True}
        ours.ask("put", "organisations/acme/change-rules", **rule, timezone="UTC")
        assert theirs.ask("get", "organisations/acme/change-rules")["checks"] is True
        made = ours.ask("post", "rfcs", 201, customer="acme", title="A switch", impact="high", **TEXTS)
        here = f"rfcs/{made['number']}"
        assert ours.ask("put", here, title="Two switches", impact="high", **TEXTS)["title"] == "Two switches"
        assert ours.ask("post", f"{here}/request")["state"] == "REQUESTED"
        ours.ask("post", f"{here}/return", why="Which?")
        ours.ask("post", f"{here}/request")
        ours.ask("put", f"{here}/priority", priority="high", impact="high", why="Soon.")
        assert ours.ask("put", f"{here}/manager", person="olga@northwind-it.example")["manager"] == "Olga"
        ours.ask("put", f"{here}/manager", 422, person="nobody@northwind-it.example")
        olga = {"person": "olga@northwind-it.example", "expertise": "networks"}
        assert ours.ask("post", f"{here}/authorisation", members=[olga])["state"] == "COMMITTEE"
        assert "quorum is 1" in ours.ask("post", f"{here}/votes/end", 422)["detail"]
        assert ours.ask("post", f"{here}/votes", approve=True)["state"] == "CUSTOMER"
        assert theirs.ask("post", f"{here}/decision", approve=True)["state"] == "APPROVED"
        ours.ask("put", f"{here}/plan", **TIMES)
        test = {"tester": "Tina", "what": "x", "passed": True, "environment": "x", "differences": "none"}
        assert ours.ask("post", f"{here}/tests", 201, **test)["passed"] is True
        self.released(ours, theirs, made["number"])
        assert ours.ask("get", "rfcs?state=APPROVED")["total"] == 0
        assert theirs.ask("get", "rfcs?words=switches")["total"] == 1
        record = ours.ask("get", f"{here}/record")
        assert (record["conflicts"], record["record"]["committee"][0]["expertise"]) == ([], "networks")

    def released(self, ours: Program, theirs: Program, number: int) -> None:
        manager = "olga@northwind-it.example"
        wanted = {"customer": "acme", "title": "April", "changes": [number], **TIMES}
        ours.ask("post", "releases", 422, **wanted, manager="nobody@northwind-it.example")
        made = ours.ask("post", "releases", 201, **wanted, manager=manager)
        here = f"releases/{made['number']}"
        known = dict.fromkeys(("functions", "security", "tests", "windows", "laboratory"), "Yes.")
        assert len(ours.ask("put", f"{here}/readiness", answers=known)["readiness"]) == 5
        assert ours.ask("post", f"{here}/downtime", **TIMES)["exclusion"] is None
        assert theirs.ask("post", f"{here}/check", approve=True)["checked"] is True
        assert ours.ask("post", f"{here}/approval")["state"] == "APPROVED"
        assert "for another time" in ours.ask("post", f"{here}/carried-out", 422)["detail"]
        assert ours.ask("post", f"{here}/cancellation", why="Ill.")["state"] == "CANCELLED"
        assert ours.ask("get", here)["customer"] == "acme"

    def test_is_released_straight_and_blamed(self, ours: Program) -> None:
        template = ours.ask("post", "change-templates", 201, title="New user", means="x", continuity="x")
        said = {"kind": "STANDARD", "standard_change": template["number"], "service": "mail"}
        made = ours.ask("post", "rfcs", 201, customer="acme", title="Uma comes", need="x", **said)
        here = f"rfcs/{made['number']}"
        ours.ask("post", f"{here}/request")
        ours.ask("post", f"{here}/release", at=None)
        Change.objects.update(released_at=MONDAY)
        case = opened(at=after(hours=2))
        ours.ask("post", f"{here}/caused", case=case.pk)
        assert ours.ask("post", f"{here}/review", result="FAILED", text="x")["state"] == "REVIEWED"
        assert ours.ask("post", f"{here}/archive")["state"] == "ARCHIVED"

    def test_is_rejected_resubmitted_and_withdrawn(self, ours: Program) -> None:
        here = f"rfcs/{requested().pk}"
        ours.ask("post", f"{here}/rejection", why="No.")
        ours.ask("post", f"{here}/resubmission")
        assert ours.ask("post", f"{here}/withdrawal", why="Later.")["state"] == State.WITHDRAWN
        ours.ask("get", "rfcs/999999", 404)

    def test_is_made_once_under_a_key(self, ours: Program) -> None:
        promised()
        ours.headers["Idempotency-Key"] = "one"
        case = opened()
        said = {"customer": "acme", "title": "A switch", "case": case.pk}
        first = ours.ask("post", "rfcs", 201, **said)
        assert ours.ask("post", "rfcs", 201, **said) == first
        change = Change.objects.get()
        change.refresh_from_db()
        ours.ask("post", f"rfcs/{change.pk}/request", 422)
        for address, asked in self.once().items():
            ours.headers["Idempotency-Key"] = address
            made = ours.ask("post", address, 201, **asked)
            assert ours.ask("post", address, 201, **asked)["number"] == made["number"]

    @staticmethod
    def once() -> dict[str, dict[str, Any]]:
        return {
            "problems": {"title": "Silent", "customer": "acme"},
            "freezes": {"title": "Easter", "customer": "acme", **TIMES},
            "change-templates": {"title": "New user", "means": "x", "continuity": "x"},
        }


class TestTheRules:
    def test_are_kept_and_ended(self, ours: Program, theirs: Program) -> None:
        window = ours.ask("post", "organisations/acme/windows", 201, weekday=5, starts=0, ends=1440)
        assert theirs.ask("get", "organisations/acme/windows")["items"] == [window]
        ours.ask("delete", f"organisations/acme/windows/{window['number']}", 204)
        freeze = ours.ask("post", "freezes", 201, title="Easter", **TIMES)
        assert theirs.ask("get", "freezes")["items"] == [freeze]
        ours.ask("delete", f"freezes/{freeze['number']}", 204)
        template = ours.ask("post", "change-templates", 201, title="x", means="x", continuity="x", customer="acme")
        assert theirs.ask("get", "change-templates")["items"] == [template]
        ours.ask("delete", f"change-templates/{template['number']}", 204)
        olga = "olga@northwind-it.example"
        ours.ask("put", "change-managers", technology="Mail", manager=olga)
        named = ours.ask("put", "change-managers", technology="Mail", manager=olga, resources=olga)
        assert ours.ask("get", "change-managers")["items"] == [named]
        theirs.ask("put", "change-managers", 422, technology="Mail", manager=olga)


class TestAProblem:
    def test_is_found_mended_and_closed(self, ours: Program) -> None:
        bought_desk()
        case, other = opened(), opened()
        made = ours.ask("post", "problems", 201, title="Silent", customer="acme", cases=[case.pk])
        here = f"problems/{made['number']}"
        ours.ask("post", f"{here}/cases", case=other.pk)
        ours.ask("put", f"{here}/workaround", workaround="Knock.")
        assert ours.ask("put", f"{here}/root-cause", root_cause="Dust.")["state"] == "KNOWN_ERROR"
        assert ours.ask("put", f"{here}/owner", person="olga@northwind-it.example")["owner"] == "Olga"
        ours.ask("put", f"{here}/owner", 422, person="nobody@northwind-it.example")
        assert ours.ask("post", f"{here}/referral", affiliate="hosting-gmbh", why="Look.")["referral"] is not None
        change = ours.ask("post", "rfcs", 201, customer="acme", title="A fan", problem=made["number"])
        assert change["problem"] == made["number"]
        ours.ask("post", f"{here}/resolution")
        ours.ask("post", f"{here}/reopening", why="Again.")
        ours.ask("post", f"{here}/resolution", root_cause="Heat.")
        assert ours.ask("get", f"{here}/rates")["total"] == 13
        assert ours.ask("post", f"{here}/closing")["state"] == "CLOSED"
        assert (ours.ask("get", "problems")["total"], ours.ask("get", here)["root_cause"]) == (1, "Heat.")

    def test_comes_from_a_suggestion(self, ours: Program) -> None:
        about = {"customer": organisation("acme"), "kind": "WORD", "count": 5, "cases": [], "made_at": MONDAY}
        for what in ("printer", "mouse"):
            Suggestion.objects.create(what=what, **about)
        mouse, printer = ours.ask("get", "suggestions")["items"]
        assert ours.ask("post", f"suggestions/{printer['number']}/problem", 201)["title"] == "the same word: printer"
        assert ours.ask("post", f"suggestions/{mouse['number']}/dismissal", why="Cats.")["why"] == "Cats."

    def test_does_not_exist_for_others(self, ours: Program, theirs: Program) -> None:
        made = ours.ask("post", "problems", 201, title="Silent")
        theirs.ask("get", f"problems/{made['number']}", 404)
        assert theirs.ask("get", "problems")["total"] == 0
        affiliate = viewer(person("Heinz", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)
        assert Program(affiliate, "hosting-gmbh").ask("get", "rfcs")["total"] == 0
