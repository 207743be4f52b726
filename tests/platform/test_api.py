from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.access.operations import make_key
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.wsgi import application
from tests.platform.agreements import active, owner
from tests.platform.api_doors import Asked, key_of, operations, without_a_rate
from tests.platform.evidence import sent, staff, up
from tests.platform.people import NOW, house, organisation, person, viewer
from tests.platform.world import World, world

pytestmark = pytest.mark.django_db
HALF = "2026-03-10T09:00:00Z"


@pytest.fixture
def contract() -> Contract:
    made = active()
    sent(made, up("2025-12-31T23:00:00Z", HALF))
    judge_open(contract=made, now=NOW)
    return made


def key(*scopes: Scope, of: str = "northwind-it") -> dict[str, str]:
    """Return the header of a program of the house or of a customer."""
    now = clock.now()
    owner = (
        staff(Role.OWNER)
        if of == "northwind-it"
        else viewer(person("Ada", organisation(of), Role.SPONSOR), Site.PORTAL)
    )
    about = house() if of == "northwind-it" else organisation(of)
    made = make_key(
        organisation=about, name="robot", scopes=scopes, expires_at=now + timedelta(days=30), by=owner, now=now
    )
    return {"authorization": f"Bearer {made[1]}"}


class TestTheApi:
    def test_gives_agreements_and_verdicts(self, client: Client, contract: Contract) -> None:
        headers = key(Scope.READ_AGREEMENTS, Scope.READ_VERDICTS, Scope.READ_MONEY)
        assert client.get("/api/v1/agreements", headers=headers).json() == {
            "items": [
                {
                    "identifier": contract.slug,
                    "title": "The web shop of Acme",
                    "provider": "northwind-it",
                    "customer": "acme",
                    "state": "ACTIVE",
                }
            ],
            "total": 1,
        }
        listed = client.get(f"/api/v1/agreements/{contract.slug}/verdicts?period=2026-03", headers=headers).json()
        found = listed["items"]
        assert [(each["ruling"], each["value"], each["credit"]) for each in found] == [("MET", "100.0000 %", 0)]
        whole = client.get(f"/api/v1/agreements/{contract.slug}/verdicts/{found[0]['number']}", headers=headers).json()
        assert whole["form"]["outcome"] == found[0]["outcome"]

    def test_asks_a_program_for_patience_and_no_other(self, client: Client, contract: Contract) -> None:
        eager, other = key(Scope.READ_AGREEMENTS), key(Scope.READ_AGREEMENTS)
        address = f"/api/v1/agreements/{contract.slug}"
        answers = [client.get(address, headers=eager).status_code for _ in range(601)]
        assert answers == [200] * 600 + [429]
        assert client.get(address, headers=other).status_code == 200

    def test_takes_evidence_once(self, client: Client, contract: Contract) -> None:
        headers = key(Scope.WRITE_EVIDENCE) | {"idempotency-key": "night"}
        line = json.dumps(
            {
                "kind": "state",
                "source": "probe",
                "source_id": "x-1",
                "subject": "till",
                "status": "down",
                "start": "2026-03-06T10:00:00Z",
                "end": "2026-03-06T11:00:00Z",
            }
        )
        address = f"/api/v1/agreements/{contract.slug}/evidence"
        before = Batch.objects.count()
        for _ in range(2):
            answer = client.post(address, line, content_type="application/jsonl", headers=headers)
            assert (answer.status_code, answer.json()["records"]) == (200, 1), answer.content
        assert Batch.objects.count() == before + 1
        other = client.post(address, line + "\n" + line, content_type="application/jsonl", headers=headers)
        assert (other.status_code, other.json()["detail"][:24]) == (422, "the key night was used f")

    @pytest.mark.parametrize(
        ("_case", "scopes", "of", "status"),
        [
            ("without the scope", (Scope.READ_VERDICTS,), "northwind-it", 403),
            ("of another customer", (Scope.READ_AGREEMENTS,), "globex", 404),
            ("of the customer", (Scope.READ_AGREEMENTS,), "acme", 200),
        ],
    )
    def test_shows_an_agreement_to_a_key(
        self, client: Client, contract: Contract, _case: str, scopes: tuple[Scope, ...], of: str, status: int
    ) -> None:
        answer = client.get(f"/api/v1/agreements/{contract.slug}", headers=key(*scopes, of=of))
        assert answer.status_code == status

    def test_knows_nobody_without_a_key(self, client: Client, contract: Contract) -> None:
        assert client.get("/api/v1/agreements").status_code == 401
        assert client.get("/api/v1/agreements", headers={"authorization": "Bearer mg_1_x"}).status_code == 401
        assert client.get("/api/v1/openapi.json").status_code == 200

    @pytest.mark.parametrize(
        ("_case", "kind", "body", "status"),
        [("of no known kind", "text/html", "x", 415), ("that is no record", "application/jsonl", "x", 422)],
    )
    def test_refuses_a_body(
        self, client: Client, contract: Contract, _case: str, kind: str, body: str, status: int
    ) -> None:
        answer = client.post(
            f"/api/v1/agreements/{contract.slug}/evidence", body, content_type=kind, headers=key(Scope.WRITE_EVIDENCE)
        )
        assert (answer.status_code, "detail" in answer.json()) == (status, True), answer.content


@pytest.mark.django_db(transaction=True)
class TestEveryAnswer:
    def test_is_as_declared_whatever_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without_a_rate(monkeypatch)
        worlds = world()
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        asked = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
        doors = {(each.method, each.route): each for each in operations()}
        assert len(asked) == len(doors)

        for each in asked:
            headers = {"Authorization": key_of(owner(), house())["authorization"]}
            answers_as_declared(each, doors[each.method.upper(), each.path], worlds, headers)


def answers_as_declared(
    asked: APIOperation[Any, Any, Any, Any], door: Asked, worlds: tuple[World, ...], headers: dict[str, str]
) -> None:
    """Ask for an operation in ways that its schema allows, of objects that are there and of others."""

    @settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=asked.as_strategy(), which=st.sampled_from([*worlds, None]))
    def answers(case: schemathesis.Case[Any], which: World | None) -> None:
        if which is not None:
            case.path_parameters = dict(case.path_parameters or {}) | door.parameters(which)
        answer = case.call(headers=headers)
        case.validate_response(
            answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance]
        )

    answers()
