"""What people do in the browser from the first text to the report, done by the programs of both sides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Version
from makegood.platform.agreement.contracts.operations import UnableToContract, sign_version
from makegood.platform.evidence.intake.models import Dispute, Remark
from makegood.platform.review.reports.models import Report
from makegood.platform.tenancy.access.queries import viewer_of_key
from makegood.platform.tenancy.trail.models import Entry
from tests.platform.agreements import TEXT, active, owner, service_manager, sponsor
from tests.platform.api_doors import key_of
from tests.platform.evidence import FAILED, missed, sent, state, up
from tests.platform.people import NOW, days_to, house, organisation

pytestmark = pytest.mark.django_db
SHOP = "/agreements/acme-shop"


@dataclass
class Program:
    """A program with a key, which sends and gets JSON."""

    key: dict[str, str]

    def __call__(self, method: str, path: str, said: object = None, *, status: int = 200, **headers: str) -> Any:
        send = getattr(Client(), method)
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        answer = send(f"/api/v1{path}", **body, headers=self.key | headers)
        assert answer.status_code == status, answer.content
        is_json = status != 204 and answer.headers["Content-Type"].startswith("application/json")
        return answer.json() if is_json else answer


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]


@pytest.fixture
def provider() -> Program:
    return Program(key_of(owner(), house()))


@pytest.fixture
def customer() -> Program:
    return Program(key_of(sponsor(), organisation("acme")))


class TestPrograms:
    def test_bring_an_agreement_into_force(self, provider: Program) -> None:
        provider("post", "/organisations", {"identifier": "acme", "name": "Acme", "country": "DE"}, status=201)
        reached = {"name": "Erika", "email": "erika@example.com", "role": "SPONSOR"}
        for slug in ("acme", "northwind-it"):
            provider("post", f"/organisations/{slug}/contacts", reached, status=201)
        told = provider("post", "/texts/check", {"text": TEXT})
        assert [each for each in told["findings"] if each["severity"] == "error"] == []
        provider("post", "/agreements", {"text": TEXT}, status=201)
        number = provider("get", f"{SHOP}/versions")["items"][0]["number"]
        assert provider("post", f"{SHOP}/versions/{number}/offer")["state"] == "OFFERED"
        shut = provider("get", f"{SHOP}/versions/{number}/gates")
        assert [each["name"] for each in shut if not each["open"]] == [
            "signed-northwind-it",
            "signed-acme",
            "source-shop",
        ]
        for name, person in (("Ada Lovelace", sponsor()), ("Sam Smith", service_manager())):
            sign_version(version=Version.objects.get(pk=number), name=name, by=person, now=NOW)
        refused = provider("post", f"{SHOP}/activate", status=422)
        assert refused["detail"] == "Say which source reports “shop”."
        provider("post", f"{SHOP}/sources", {"name": "Probes", "reports": ["shop"]}, status=201)
        assert provider("post", f"{SHOP}/activate")["state"] == "ACTIVE"
        assert provider("get", SHOP)["state"] == "ACTIVE"
        entry = Entry.objects.get(did="activate contract", refused="")
        assert (entry.who, entry.person, "key" in entry.details) == ("robot", None, True)

    def test_sign_nothing(self) -> None:
        contract = active()
        header = key_of(owner(), house())["authorization"]
        program = viewer_of_key(key=header.removeprefix("Bearer "), now=clock.now())
        assert program is not None
        with pytest.raises(UnableToContract, match="A program signs nothing"):
            sign_version(version=contract.versions.get(), name="Robot", by=program, now=NOW)

    def test_settle_a_bad_month(self, provider: Program, customer: Program) -> None:
        active()
        body = "\n".join([*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
        answer = Client().post(f"/api/v1{SHOP}/evidence", body, content_type="application/jsonl", headers=provider.key)
        assert (answer.status_code, answer.json()["records"]) == (200, 3)
        provider("post", f"{SHOP}/judge")
        verdict = customer("get", f"{SHOP}/verdicts?period=2026-01")["items"][0]
        assert (verdict["ruling"], verdict["credit"], verdict["currency"]) == ("MISSED", 1000, "EUR")
        lacking = provider("get", f"{SHOP}/actions/lacking")
        assert lacking == [{"period": "2026-01", "outcome": "open"}]
        refused = provider("post", f"{SHOP}/close", {}, status=422)
        assert refused["detail"].startswith("write first what is done")
        said = {"period": "2026-01", "outcome": "open", "cause": "A full disk.", "action": "A larger one."}
        action = provider("post", f"{SHOP}/actions", said | {"due_date": "2026-04-01"}, status=201)
        provider("post", f"{SHOP}/actions/{action['number']}/done")
        made = provider("post", f"{SHOP}/close", {})
        assert [(each["period"], each["total"]) for each in made] == [("2026-01", 1000), ("2026-02", 0)]
        due = {each["kind"]: each["amount"] for each in customer("get", f"{SHOP}/balances") if each["unit"] == "EUR"}
        assert due["DUE_TO_CUSTOMER"] == 1000
        whole = customer("get", f"{SHOP}/bundle")
        assert len(b"".join(whole.streaming_content)) > 1000
        report = provider("post", f"{SHOP}/reports", {"period": "2026-01"}, status=201)
        assert customer("get", f"{SHOP}/reports/{report['number']}")["content"]["period"] == "2026-01"
        assert customer("get", f"{SHOP}/reports/{report['number']}/pdf").content.startswith(b"%PDF")

    def test_settle_a_dispute(self, provider: Program, customer: Program) -> None:
        down = state("till", "down", "2026-02-06T10:00:00Z", "2026-02-06T12:00:00Z", number="bad-day")
        sent(active(), [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), down])
        provider("post", f"{SHOP}/judge")
        assert customer("get", f"{SHOP}/verdicts?period=2026-02")["items"][0]["ruling"] == "MISSED"
        said = {"period": "2026-02", "outcome": "open", "record": "probes#bad-day", "reason": "It was up."}
        once = {"Idempotency-Key": "one"}
        raised = customer("post", f"{SHOP}/disputes", said, status=201, **once)
        assert customer("post", f"{SHOP}/disputes", said, status=201, **once)["number"] == raised["number"]
        assert Dispute.objects.count() == 1
        refused = customer("post", f"{SHOP}/disputes", said | {"reason": "No."}, status=422, **once)
        assert refused["detail"] == "The Idempotency-Key one was used for something else."
        where = f"{SHOP}/disputes/{raised['number']}"
        provider("post", f"{where}/remarks", {"text": "We look into it."}, status=201)
        assert Remark.objects.get().person.name == "Olga"
        assert customer("post", f"{where}/decision", {"accept": True, "decision": "Yes."}, status=422)["detail"] == (
            "the other side decides about this dispute"
        )
        provider("post", f"{where}/decision", {"accept": True, "decision": "The probe failed."})
        provider("post", f"{SHOP}/judge")
        assert customer("get", f"{SHOP}/verdicts?period=2026-02")["items"][0]["ruling"] == "MET"

    def test_refused_once_may_ask_again_with_the_same_key(self, provider: Program) -> None:
        active()
        again = {"Idempotency-Key": "report"}
        assert provider("post", f"{SHOP}/recommendations", {"text": " "}, status=422, **again)["detail"] == (
            "say what you recommend"
        )
        assert Entry.objects.filter(did="recommend").exclude(refused="").count() == 1
        assert provider("post", f"{SHOP}/recommendations", {"text": "A second till."}, status=201, **again)["number"]

    def test_make_no_report_twice(self, provider: Program) -> None:
        missed()
        provider("post", f"{SHOP}/judge")
        for _ in range(2):
            provider("post", f"{SHOP}/reports", {"period": "2026-01"}, status=201, **{"Idempotency-Key": "january"})
        assert Report.objects.count() == 1

    def test_decide_about_what_was_recommended(self, provider: Program, customer: Program) -> None:
        active()
        made = provider("post", f"{SHOP}/recommendations", {"text": "A second till."}, status=201)
        where = f"{SHOP}/recommendations/{made['number']}/decision"
        assert provider("post", where, {"decision": "Yes."}, status=422)["detail"] == (
            "the customer decides about a recommendation"
        )
        assert customer("post", where, {"decision": "Next year."})["decision"] == "Next year."

    def test_invite_people_and_take_roles_away(self, provider: Program, customer: Program) -> None:
        who = {"email": "new@example.com", "role": "USER"}
        made = customer("post", "/organisations/acme/invitations", who, status=201)
        assert customer("get", "/organisations/acme/invitations")["total"] == 1
        customer("delete", f"/organisations/acme/invitations/{made['number']}", status=204)
        mine = customer("get", "/organisations/acme/people")["items"][0]
        assert customer("delete", f"/organisations/acme/people/{mine['number']}", status=422)["detail"].startswith(
            "Nobody takes a role from themselves"
        )
        provider("delete", f"/organisations/acme/people/{mine['number']}", status=204)
        reads = customer("get", "/organisations/acme/people")
        assert (reads["items"], reads["total"]) == ([], 0)
        assert customer("post", "/organisations/acme/invitations", who, status=422)["detail"] == (
            "This role is not yours to give."
        )

    def test_say_nothing_that_is_no_text(self, provider: Program) -> None:
        answer = Client().post(
            "/api/v1/texts/check", '{"text": "\\u0000"}', content_type="application/json", headers=provider.key
        )
        assert answer.status_code == 422
        answer = Client().post(
            "/api/v1/texts/check", '{"text": "\\ud800"}', content_type="application/json", headers=provider.key
        )
        assert answer.status_code == 422
