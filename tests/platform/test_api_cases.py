"""Cases as programs open, work on and read them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.operations import File, set_stakes, write_message
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Role, Viewer
from tests.platform.agreements import owner
from tests.platform.api_doors import key_of
from tests.platform.desk import MONDAY, after, desk, engineer, opened, sponsor
from tests.platform.people import house, organisation, person
from tests.platform.test_desk_queue import STAKES, bought

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"


@pytest.fixture(autouse=True)
def then(settings: object) -> None:
    """Let it be half an hour after cases are opened in the small world."""
    apart = after(minutes=30) - datetime.now(UTC).replace(microsecond=0)
    settings.DAYS_SHIFTED = apart / timedelta(days=1)  # type: ignore[attr-defined]


class Program:
    """A program of the house or of a customer."""

    def __init__(self, by: Viewer | None = None, of: str = "northwind-it", *scopes: Scope) -> None:
        about = house() if of == "northwind-it" else organisation(of)
        self.headers = key_of(
            by or owner(), about, *(scopes or (Scope.READ_CASES, Scope.WRITE_CASES, Scope.READ_MONEY))
        )
        self.client = Client()

    def get(self, address: str, status: int = 200) -> Any:
        answer = self.client.get(address, headers=self.headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, address: str, status: int = 200, **said: Any) -> Any:
        answer = self.client.post(address, json.dumps(said), content_type="application/json", headers=self.headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    def put(self, address: str, status: int = 200, **said: Any) -> Any:
        answer = self.client.put(address, json.dumps(said), content_type="application/json", headers=self.headers)
        assert answer.status_code == status, answer.content
        return answer.json()


class TestAProgramOfTheProvider:
    def test_opens_a_case_and_works_on_it_to_its_end(self) -> None:
        desk()
        uma = person("Uma", organisation("acme"), Role.USER)
        ours = Program()
        said = {
            "customer": "acme",
            "title": "No till",
            "requester_email": uma.email,
            "impact": "high",
            "urgency": "high",
        }
        made = ours.post(CASES, 201, **said)
        here = f"{CASES}/{made['number']}"
        assert (made["state"], made["priority"], made["requester"]) == ("NEW", "critical", "Uma")
        assert ours.post(f"{here}/respond")["state"] == "OPEN"
        assert ours.post(f"{here}/move", to="HELD", held_for="APPOINTMENT")["held_for"] == "APPOINTMENT"
        assert ours.post(f"{here}/priority", impact="low", urgency="low", why="One till.")["priority"] == "low"
        assert ours.post(f"{here}/major")["major_since"] is not None
        assert ours.post(f"{here}/cause", cause="HARDWARE")["number"] == made["number"]
        assert ours.post(f"{here}/resolve", resolution="A cable.")["held_for"] == "CONFIRMATION"
        assert ours.post(f"{here}/close", told_by="Uma")["state"] == "CLOSED"
        assert ours.post(f"{here}/reopen", why="Again.")["reopened"] == 1
        words = [each["word"] for each in ours.get(f"{here}/steps")["items"]]
        assert words[:3] == ["opened", "responded", "hold-for-resolution"]

    def test_reads_the_queue_and_the_limits(self) -> None:
        set_stakes(contract=desk(), stakes=STAKES, now=MONDAY)
        case = opened()
        ours = Program()
        assert ours.get("/api/v1/queue")["items"] == [
            {
                "number": case.pk,
                "customer": "acme",
                "title": "The till is silent",
                "priority": "critical",
                "state": "NEW",
                "owner": "Eva",
                "due_at": "2026-03-09T10:00:00Z",
                "per_hour": 20_000,
                "currency": "EUR",
            }
        ]
        first = ours.get(f"{CASES}/{case.pk}/clocks")[0]
        assert (first["outcome"], first["limit"], first["standing"], first["stake"]) == (
            "response",
            "1h",
            "running",
            10_000,
        )
        assert ours.get(f"{CASES}?words=till&customer=acme")["total"] == 1
        assert ours.get(f"{CASES}?closed=true&state=CLOSED")["total"] == 0
        assert ours.get(f"{CASES}?customer=initech", 404)["detail"] == "there is no such organisation"

    def test_hands_over_refers_and_joins(self) -> None:
        desk()
        bought()
        case, other = opened(), opened()
        ours, here = Program(), f"{CASES}/{case.pk}"
        ed = person("Ed", house(), Role.ENGINEER)
        assert ours.post(f"{here}/transfer", to=ed.email, reason="SHIFT")["owner"] == "Ed"
        assert "own it already" in ours.post(f"{here}/transfer", 422, to=ed.email, reason="SHIFT")["detail"]
        assert ours.post(f"{here}/refer", 201, affiliate="hosting-gmbh", why="Look.")["customer"] == "northwind-it"
        assert "in force" in ours.post(f"{here}/refer", 422, affiliate="acme", why="Look.")["detail"]
        assert ours.post(f"{here}/cause", cause="AFFILIATE", affiliate="hosting-gmbh")["number"] == case.pk
        assert ours.post(f"{CASES}/{other.pk}/relation", to=case.pk)["state"] == "NEW"

    def test_takes_promised_steps(self) -> None:
        desk()
        case = opened(kind="outage", marks={"occurred": after(minutes=-1)})
        ours = Program()
        ours.post(f"{CASES}/{case.pk}/steps", word="plan-sent", labels={"ticket": "T-7"})
        standing = {each["step"]: each["standing"] for each in ours.get(f"{CASES}/{case.pk}/clocks")}
        assert standing == {"told": "over", "planned": "kept", "repaired": "running"}

    def test_asks_who_pays_and_keeps_the_time(self) -> None:
        desk()
        case = opened(kind="request")
        ours, theirs, here = Program(), Program(sponsor(), "acme"), f"{CASES}/{case.pk}"
        asked = ours.post(f"{here}/permissions", 201, text="A till.", at_most=90_000, currency="EUR")
        assert (asked["given"], theirs.get(f"{here}/permissions")["total"]) == (None, 1)
        assert theirs.post(f"{here}/permissions/decision", given=True)["given"] is True
        assert theirs.post(f"{here}/permissions/decision", 404, given=True)["findings"] == []
        made = ours.post(f"{here}/times", 201, minutes=15, worked_at="2026-03-09T09:20:00Z")
        assert (made["minutes"], made["pays"]) == (15, "CHARGED")
        assert (ours.get(f"{here}/times")["total"], theirs.get(f"{here}/times")["total"]) == (1, 0)
        other = opened(kind="request")
        assert ours.post(f"{CASES}/{other.pk}/hand-back", why="Ask a carpenter.")["state"] == "CLOSED"
        third = opened()
        assert theirs.post(f"{CASES}/{third.pk}/withdraw", why="We found it.")["state"] == "CLOSED"

    def test_keeps_instructions(self) -> None:
        desk()
        ours = Program()
        address = "/api/v1/organisations/acme/instructions"
        body = json.dumps({"text": "Call Ada first."})
        answer = ours.client.put(address, body, content_type="application/json", headers=ours.headers)
        assert (answer.status_code, answer.json()["text"]) == (200, "Call Ada first.")
        assert [each["text"] for each in ours.get(address)] == ["Call Ada first."]


class TestAProgramOfACustomer:
    def test_reads_its_own_and_what_is_public(self) -> None:
        desk()
        case = opened()
        for public in (True, False):
            write_message(
                case=case,
                text=f"Public: {public}",
                public=public,
                attachments=[File("till.txt", "text/plain", b"Nothing prints.")],
                by=engineer(),
                now=after(minutes=1),
            )
        theirs, here = Program(sponsor(), "acme"), f"{CASES}/{case.pk}"
        [message] = theirs.get(f"{here}/messages")["items"]
        assert (message["text"], len(message["files"])) == ("Public: True", 1)
        answer = theirs.client.get(f"{here}/files/{message['files'][0]}", headers=theirs.headers)
        assert (answer.status_code, answer.content) == (200, b"Nothing prints.")
        assert theirs.get(f"{CASES}/{case.pk + 1}", 404)["detail"] == "there is no such case"
        assert theirs.post(f"{here}/messages", 201, text="Hurry.")["who"] == "robot"

    def test_confirms_and_rejects(self) -> None:
        desk()
        case = opened()
        ours, theirs, here = Program(), Program(sponsor(), "acme"), f"{CASES}/{case.pk}"
        ours.post(f"{here}/resolve", resolution="A cable.")
        assert theirs.post(f"{here}/reject", why="Silent.")["state"] == "OPEN"
        ours.post(f"{here}/resolve", resolution="A till.")
        assert theirs.post(f"{here}/confirm")["state"] == "CLOSED"
        assert theirs.post(f"{here}/resolve", 422, resolution="No.")["findings"] == []

    def test_without_the_scope_sees_nothing(self) -> None:
        desk()
        case = opened()
        assert "cases:read" in Program(sponsor(), "acme", Scope.READ_MONEY).get(f"{CASES}/{case.pk}", 403)["detail"]
        assert Case.objects.count() == 1
