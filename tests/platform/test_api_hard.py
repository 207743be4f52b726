"""What hard requests do to the API: they are refused with a sentence, change nothing and tell nothing."""

from __future__ import annotations

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.tenancy.access.models import Invitation, Membership, Once, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.api_doors import key_of, without_a_rate
from tests.platform.evidence import member, missed, staff
from tests.platform.people import NOW, days_to, house, organisation, person, viewer

DISPUTES = "/api/v1/agreements/acme-shop/disputes"
ASKED = {"period": "2026-02", "outcome": "open", "record": "probes#bad-day", "reason": "The till was used all day."}


@pytest.fixture(autouse=True)
def today(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)
    without_a_rate(monkeypatch)


def sponsors(*scopes: Scope) -> dict[str, str]:
    """Return the header of a program that a sponsor made."""
    house()
    return key_of(member(Role.SPONSOR), organisation("acme"), *scopes)


def post(address: str, body: str | bytes, headers: dict[str, str], kind: str = "application/json") -> Any:
    return Client().generic("POST", address, body, content_type=kind, headers=headers)


@pytest.mark.django_db
class TestABody:
    @pytest.mark.parametrize(
        ("_case", "body", "status"),
        [
            ("none", "", 422),
            ("no object", "null", 422),
            ("a list", "[]", 422),
            ("half of one", "{", 400),
            ("no text", b"\xff", 400),
            ("deep", "[" * 100_000, 400),
            ("too large", b" " * 10_485_761, 413),
            ("with NUL", json.dumps({**ASKED, "reason": "a\x00b"}), 422),
            ("with half a character", json.dumps({**ASKED, "reason": "\ud800"}), 422),
            ("with what is not asked for", json.dumps({**ASKED, "state": "ACCEPTED"}), 422),
            (
                "with what is not a number",
                json.dumps({**ASKED, "instead": {"kind": "gauge", "value": float("nan")}}),
                422,
            ),
            *(
                (f"{n} deep", json.dumps(ASKED)[:-1] + ', "instead":' + '{"a":' * n + "1" + "}" * n + "}", 422)
                for n in (50, 500)
            ),
        ],
    )
    def test_is_refused(self, _case: str, body: str | bytes, status: int) -> None:
        missed()
        answer = post(DISPUTES, body, sponsors())
        assert (answer.status_code, "detail" in answer.json()) == (status, True)
        assert not Dispute.objects.exists()

    def test_that_is_a_form_is_not_read(self) -> None:
        missed()
        answer = post(DISPUTES, b"--x--", sponsors(), "multipart/form-data; boundary=x")
        assert (answer.status_code, answer.json()["detail"]) == (415, "send application/json")

    @pytest.mark.parametrize("address", [DISPUTES, "/account/login/", "/hooks/x", "/console/"])
    def test_that_is_longer_than_any_file_is_not_read(self, address: str) -> None:
        class Unread:
            def read(self, *_: object) -> bytes:
                raise AssertionError("it was read")

            readline = read

        kind = "multipart/form-data; boundary=x"
        asked = {"CONTENT_LENGTH": str(300 * 1024 * 1024), "CONTENT_TYPE": kind, "wsgi.input": Unread()}
        answer = Client().request(PATH_INFO=address, REQUEST_METHOD="POST", **asked)
        assert answer.status_code == 413
        sentence = "At most 268,435,456 bytes are taken at once."
        if address == DISPUTES:
            assert answer.json() == {"detail": sentence, "findings": []}
        else:
            assert (answer.content.decode(), answer["Content-Type"]) == (sentence, "text/plain")

    def test_with_a_nul_in_its_address_is_refused_as_the_api_refuses(self) -> None:
        answer = Client().get("/api/v1/agreements?state=%00")
        sentence = "The character NUL has no place in an address or a form."
        assert (answer.status_code, answer.json()) == (400, {"detail": sentence, "findings": []})


@pytest.mark.django_db
class TestTheSameAskedTwice:
    def test_is_made_once_also_without_a_scope_to_read(self) -> None:
        missed()
        headers = {**sponsors(Scope.WRITE_DISPUTES), "Idempotency-Key": "k"}
        first, second = (post(DISPUTES, json.dumps(ASKED), headers) for _ in range(2))
        assert (first.status_code, second.status_code, first.json() == second.json()) == (201, 201, True)
        assert Dispute.objects.count() == 1

    def test_by_another_program_under_the_same_key_is_its_own(self) -> None:
        missed()
        for number in (1, 2):
            assert post(DISPUTES, json.dumps(ASKED), {**sponsors(), "Idempotency-Key": "k"}).status_code == 201
            assert Dispute.objects.count() == number

    def test_otherwise_is_refused(self) -> None:
        missed()
        headers = {**sponsors(), "Idempotency-Key": "k"}
        assert post(DISPUTES, json.dumps(ASKED), headers).status_code == 201
        answer = post(DISPUTES, json.dumps({**ASKED, "reason": "Another."}), headers)
        assert (answer.status_code, answer.json()["detail"]) == (
            422,
            "The Idempotency-Key k was used for something else.",
        )
        assert Dispute.objects.count() == 1


@pytest.mark.django_db
class TestAKeyThatOnlyWrites:
    def test_finds_what_it_writes_on_and_reads_nothing_else(self) -> None:
        missed()
        headers = sponsors(Scope.WRITE_DISPUTES)
        number = post(DISPUTES, json.dumps(ASKED), headers).json()["number"]
        said = post(f"{DISPUTES}/{number}/remarks", json.dumps({"text": "Look again."}), headers)
        assert (said.status_code, said.json()["text"]) == (201, "Look again.")
        for address in (DISPUTES, f"{DISPUTES}/{number}"):
            assert Client().get(address, headers=headers).status_code == 403

    def test_finds_nothing_of_others(self) -> None:
        missed()
        number = post(DISPUTES, json.dumps(ASKED), sponsors()).json()["number"]
        gus = viewer(person("Gus", organisation("globex"), Role.SPONSOR), Site.PORTAL)
        headers = key_of(gus, organisation("globex"), Scope.WRITE_DISPUTES)
        answer = post(f"{DISPUTES}/{number}/remarks", json.dumps({"text": "Look again."}), headers)
        assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
class TestTheSameAskedAtOnce:
    def test_is_made_once(self) -> None:
        missed()
        headers = {**sponsors(), "Idempotency-Key": "k"}
        ready, answers = Barrier(3, timeout=60), []

        def ask() -> None:
            ready.wait()
            try:
                answer = post(DISPUTES, json.dumps(ASKED), headers)
                answers.append((answer.status_code, answer.json()["number"]))
            finally:
                connection.close()

        threads = [Thread(target=ask) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        made = Dispute.objects.get()
        assert answers == [(201, made.pk)] * 3
        assert Once.objects.get().made == made.pk


@pytest.mark.django_db
class TestWhatBelongsToOthers:
    def test_named_in_a_body_does_not_exist(self) -> None:
        contract = missed()
        globex = organisation("globex")
        theirs = person("Gus", globex, Role.SPONSOR)
        headers = sponsors()
        start = "/api/v1/organisations/acme"
        wrong = []
        for address, asked in (
            (f"{start}/invitations", {"email": "x@y.example", "role": "OWNER"}),
            (f"{start}/invitations", {"email": "x@y.example", "role": "MANAGER", "customers": ["globex"]}),
            (f"{start}/invitations", {"email": "x@y.example", "role": "MANAGER", "organisation": "globex"}),
            ("/api/v1/organisations/globex/invitations", {"email": "x@y.example", "role": "MANAGER"}),
            ("/api/v1/organisations", {"identifier": "mine", "name": "Mine", "is_house": True}),
            ("/api/v1/organisations", {"identifier": "mine", "name": "Mine"}),
            (
                f"/api/v1/agreements/{contract.slug}/attributions",
                {"party": "globex", "share": "1", "incident": "INC-1"},
            ),
        ):
            answer = post(address, json.dumps(asked), headers)
            if answer.status_code not in {403, 404, 422}:
                wrong.append((address, asked, answer.status_code))
        held = Membership.objects.get(person=theirs)
        ended = Client().delete(f"{start}/people/{held.pk}", headers=headers).status_code
        assert (wrong, ended) == ([], 404)
        assert not Invitation.objects.exists()
        assert not Organisation.objects.filter(slug="mine").exists()

    def test_is_not_counted(self) -> None:
        missed()
        organisation("globex")
        headers = sponsors()
        for address in ("/api/v1/agreements", "/api/v1/organisations"):
            answer = Client().get(f"{address}?limit=1&offset=0", headers=headers).json()
            past = Client().get(f"{address}?limit=1&offset=1000000000", headers=headers).json()
            assert (answer["total"], past) == (len(answer["items"]), {"items": [], "total": answer["total"]})
            assert "globex" not in json.dumps(answer)

    def test_is_out_of_reach_when_the_role_of_the_maker_has_ended(self) -> None:
        missed()
        headers = sponsors()
        Membership.objects.filter(role=Role.SPONSOR).update(ended_at=NOW)
        assert post(DISPUTES, json.dumps(ASKED), headers).status_code == 422
        assert Client().get(DISPUTES, headers=headers).status_code == 200
        assert not Dispute.objects.exists()

    def test_is_not_reached_by_an_auditor_with_every_scope(self) -> None:
        missed()
        owner = staff(Role.OWNER)
        headers = key_of(owner, house(), *Scope)
        Membership.objects.filter(person=owner.person).update(ended_at=NOW)
        person("House Owner", house(), Role.AUDITOR)
        asked = {"email": "x@y.example", "role": "OWNER"}
        assert post("/api/v1/organisations/northwind-it/invitations", json.dumps(asked), headers).status_code == 422
        assert not Invitation.objects.exists()
