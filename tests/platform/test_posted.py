"""Web hooks in: what tools post is believed only if it is signed, and taken once."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.models import Batch, Receiver, Reception
from makegood.platform.evidence.intake.operations import (
    UnableToTakeEvidence,
    change_receiver,
    end_receiver,
    make_receiver,
    rotate_receiver,
    seal_receivers_anew,
)
from makegood.platform.evidence.intake.operations.posted import plain_signature, standard_signature
from makegood.platform.evidence.intake.queries import open_vault, receivers
from makegood.platform.sealing import opened
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.web.api import posted
from makegood.platform.web.console.receivers import example
from tests.platform.agreements import active, owner, service_manager
from tests.platform.evidence import engineer, member, staff, state
from tests.platform.people import NOW, days_to, house, person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MAPPING = """\
makegood: mapping/1
mapping: alerts
source: watcher
records:
  - kind: state
    id: "{labels.id}"
    subject: "{labels.what}"
    status: [{when: {status: firing}, is: down}, {is: up}]
    start: "{startsAt}"
    labels: {group: "{group}", share: "{share}"}
"""
ALERTS = {
    "group": "shop",
    "share": 0.10,
    "alerts": [
        {"status": "firing", "startsAt": "2026-03-01T10:00:00Z", "labels": {"id": "a1", "what": "till"}},
        {"status": "resolved", "startsAt": "2026-03-01T11:00:00Z", "labels": {"id": "a2", "what": "till"}},
    ],
}
ONE = state("till", "down", "2026-03-01T10:00:00Z", number="one")


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.DAYS_SHIFTED = days_to(NOW)


def made(scheme: str = "HMAC", mapping: str = "", rows: str = "") -> tuple[Receiver, str]:
    return make_receiver(
        contract=active(), name="watcher", scheme=scheme, mapping=mapping, rows=rows, by=service_manager(), now=NOW
    )


def post(receiver: Receiver, body: str | bytes, **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(
        f"/hooks/{receiver.token}", data=body, content_type="application/json", headers=headers
    )


def signed(receiver: Receiver, secret: str, body: str, **headers: str) -> Any:
    signature = plain_signature(secret=secret, body=body.encode())
    return post(receiver, body, **{"X-Signature": f"sha256={signature}", **headers})


def standard(receiver: Receiver, secret: str, body: str, number: str = "msg_1", seconds: int = 0) -> Any:
    at = str(int(datetime.now(UTC).timestamp()) + seconds)
    signature = standard_signature(secret=secret, number=number, at=at, body=body.encode())
    return post(
        receiver,
        body,
        **{"webhook-id": number, "webhook-timestamp": at, "webhook-signature": f"v1,AAAA v1,{signature}"},
    )


def kept(contract: Contract) -> list[str]:
    vault = open_vault(contract=contract)
    return [each.id for each in vault.records()] if vault is not None else []


@pytest.mark.django_db
class TestAReceiver:
    def test_takes_what_is_signed_as_it_takes_a_file(self) -> None:
        receiver, secret = made()
        answer = signed(receiver, secret, ONE)
        assert (answer.status_code, answer.json()) == (
            200,
            {"batch": Batch.objects.get().pk, "records": 1, "known_before": 0, "refused_rows": 0},
        )
        assert kept(receiver.contract) == ["probes#one"]
        assert Batch.objects.get().received_by == "web hook watcher"

    def test_reads_nested_lists_by_a_mapping(self) -> None:
        receiver, secret = made(mapping=MAPPING, rows="alerts")
        assert signed(receiver, secret, json.dumps(ALERTS)).json()["records"] == 2
        assert kept(receiver.contract) == ["watcher#a1", "watcher#a2"]
        vault = open_vault(contract=receiver.contract)
        assert vault is not None
        first = next(iter(vault.records()))
        assert dict(first.labels) == {"group": "shop", "share": "0.1"}  # type: ignore[union-attr]

    def test_takes_a_list_and_an_object_alike(self) -> None:
        receiver, secret = made()
        two = state("front", "down", "2026-03-01T10:00:00Z", number="two")
        assert signed(receiver, secret, f"[{ONE}, {two}]").json()["records"] == 2

    @pytest.mark.parametrize("number", ["", "msg_1", "m" * 400])
    def test_takes_the_same_once(self, number: str) -> None:
        receiver, secret = made()
        headers = {"webhook-id": number} if number else {}
        first, second = (signed(receiver, secret, ONE, **headers).json() for _ in range(2))
        assert first == second
        assert (Batch.objects.count(), Reception.objects.count()) == (1, 2)

    def test_reads_no_number_that_is_not_signed(self) -> None:
        receiver, secret = made()
        other = state("front", "down", "2026-03-01T10:00:00Z", number="two")
        heard = [signed(receiver, secret, ONE, **{"webhook-id": each}).status_code for each in ("msg_1", "msg_2")]
        assert signed(receiver, secret, other, **{"webhook-id": "msg_2"}).status_code == 200
        assert (heard, Batch.objects.count()) == ([200, 200], 2)

    def test_does_not_take_the_time_or_the_number_of_another(self) -> None:
        receiver, secret = made("STANDARD")
        at = str(int(datetime.now(UTC).timestamp()))
        signature = standard_signature(secret=secret, number="msg_1", at=at, body=ONE.encode())
        right = {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}
        for name, wrong in (
            ("webhook-id", "msg_2"),
            ("webhook-timestamp", str(int(at) - 1)),
            ("webhook-timestamp", f" {at}.0"),
            ("webhook-signature", f"v1a,{signature}"),
            ("webhook-signature", signature),
            ("webhook-signature", f"v1,{signature[:-4]}"),
            ("webhook-signature", "v1," + standard_signature(secret="", number="msg_1", at=at, body=ONE.encode())),
            ("webhook-signature", " ".join(["v1,x"] * 10 + [f"v1,{signature}"])),
        ):
            assert post(receiver, ONE, **{**right, name: wrong}).status_code == 401, (name, wrong)
        assert post(receiver, ONE, **right).status_code == 200

    @pytest.mark.parametrize(
        "said",
        [
            {"kind": "exclusion", "cause": "maintenance", "approved_by": "Ada", "subject": "till"},
            {"kind": "statement", "of": "orders", "value": "1", "by": "Ada", "at": "2026-03-01T10:00:00Z"},
            {"kind": "correction", "of": "probes", "corrects": "bad-day", "reason": "wrong", "by": "acme"},
            {"kind": "attribution", "incident": "INC-1", "party": "hosting", "share": "1"},
        ],
    )
    def test_believes_nobodys_word(self, said: dict[str, str]) -> None:
        receiver, secret = made()
        answer = signed(receiver, secret, json.dumps({**said, "source": "watcher", "source_id": "1"}))
        assert (answer.status_code, f"has no {said['kind']}" in answer.json()["detail"]) == (422, True)
        assert kept(receiver.contract) == []

    def test_writes_no_mountain_from_a_small_body(self) -> None:
        receiver, secret = made(mapping=MAPPING, rows="alerts")
        answer = signed(receiver, secret, json.dumps({"group": "x" * 1_000_000, "alerts": [{}] * 40_000}))
        assert (answer.status_code, "send fewer at once" in answer.json()["detail"]) == (422, True)

    def test_still_takes_the_new_secret_when_the_one_before_is_lost(self, settings: Any) -> None:
        receiver, _ = made()
        settings.SECRET_KEY = "another key"  # noqa: S105
        after = rotate_receiver(receiver=receiver, by=owner(), now=NOW)
        assert signed(receiver, after, ONE).status_code == 200
        assert seal_receivers_anew() == 1
        receiver.refresh_from_db()
        assert (opened(receiver.secret), receiver.earlier_secret) == (after, None)

    def test_refuses_another_body_under_a_number_that_was_used(self) -> None:
        receiver, secret = made("STANDARD")
        assert standard(receiver, secret, ONE).status_code == 200
        other = state("front", "down", "2026-03-01T10:00:00Z", number="two")
        assert standard(receiver, secret, other).status_code == 409

    def test_believes_a_secret_in_a_header_where_nothing_better_is_there(self) -> None:
        receiver, secret = made("BEARER")
        assert post(receiver, ONE, Authorization=f"Bearer {secret}").status_code == 200
        assert post(receiver, ONE, Authorization="Bearer of news").status_code == 401
        assert post(receiver, ONE).status_code == 401

    @pytest.mark.parametrize(("seconds", "status"), [(0, 200), (-290, 200), (290, 200), (-310, 401), (310, 401)])
    def test_believes_a_signed_time_for_five_minutes(self, seconds: int, status: int) -> None:
        receiver, secret = made("STANDARD")
        assert standard(receiver, secret, ONE, seconds=seconds).status_code == status

    def test_believes_the_secret_before_for_a_day(self) -> None:
        receiver, before = made()
        after = rotate_receiver(receiver=receiver, by=owner(), now=NOW)
        assert signed(receiver, before, ONE).status_code == 200
        assert signed(receiver, after, ONE).status_code == 200
        Receiver.objects.update(earlier_until=NOW - timedelta(days=2))
        assert signed(receiver, before, ONE).status_code == 401

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Signature": "sha256=" + "0" * 64},
            {"X-Signature": "sha256="},
            {"X-Signature": "ü"},
            {"Authorization": "Bearer x"},
            {"webhook-id": "a", "webhook-timestamp": "x", "webhook-signature": "v1,x"},
            {"webhook-id": "a", "webhook-timestamp": "9" * 30, "webhook-signature": "v2,x"},
        ],
    )
    @pytest.mark.parametrize("scheme", ["HMAC", "STANDARD", "BEARER"])
    def test_learns_nobody_anything_who_has_no_secret(self, scheme: str, headers: dict[str, str]) -> None:
        receiver, _ = made(scheme)
        answer = post(receiver, ONE, **headers)
        assert (answer.status_code, answer.json()) == (
            401,
            {"detail": "The signature is not the right one, or too old.", "findings": []},
        )
        assert kept(receiver.contract) == []
        refused = Entry.objects.filter(did="receive evidence").exclude(refused="")
        assert (refused.count(), Reception.objects.get().batch) == (1, None)

    def test_is_not_there_for_others(self) -> None:
        receiver, secret = made()
        receiver.token = receiver.token[:-1] + ("A" if receiver.token[-1] != "A" else "B")
        answer = signed(receiver, secret, ONE)
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is nothing here.")

    def test_is_gone_when_it_has_ended(self) -> None:
        receiver, secret = made()
        end_receiver(receiver=receiver, by=owner(), now=NOW)
        assert signed(receiver, secret, ONE).status_code == 404
        with pytest.raises(UnableToTakeEvidence, match="has ended"):
            rotate_receiver(receiver=receiver, by=owner(), now=NOW)

    @pytest.mark.parametrize(
        ("_case", "body", "sentence"),
        [
            ("no JSON", "{", "The body is no JSON."),
            ("not a number", '{"a": NaN}', "The body is no JSON."),
            ("no UTF-8", b"\xff\xfe{", "The body is no JSON."),
            ("a word", '"up"', "The body is no object"),
            ("a list of words", '["up"]', "The body is no object"),
            ("deep", "[" * 100_000, "The body is no JSON."),
            ("no record", '{"kind": "wish"}', "nothing of this could be taken"),
            ("what nobody may say", '{"kind": "state", "source": "makegood", "source_id": "1"}', "the source makegood"),
            ("half a character", '{"kind": "state", "source": "a", "source_id": "\\ud800"}', "nothing of this"),
            ("nothing in it", "[]", "nothing of this"),
        ],
    )
    def test_says_what_is_wrong_with_what_it_believes(self, _case: str, body: str | bytes, sentence: str) -> None:
        receiver, secret = made("BEARER")
        answer = post(receiver, body, Authorization=f"Bearer {secret}")
        assert answer.status_code == 422
        assert sentence in answer.json()["detail"]
        assert kept(receiver.contract) == []
        assert sentence in Reception.objects.get().refused

    def test_says_where_the_list_is_missing(self) -> None:
        receiver, secret = made(mapping=MAPPING, rows="data.alerts")
        answer = signed(receiver, secret, json.dumps(ALERTS))
        assert (answer.status_code, "no list under “data.alerts”" in answer.json()["detail"]) == (422, True)

    def test_has_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        receiver, secret = made()
        monkeypatch.setattr(posted, "MOST_BYTES", 10)
        assert signed(receiver, secret, ONE).status_code == 413
        monkeypatch.setattr(posted, "MOST_A_MINUTE", 1)
        assert signed(receiver, secret, ONE).status_code == 429

    def test_does_not_let_guesses_fill_the_trail(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(posted, "MOST_WRONG_A_MINUTE", 3)
        receiver, secret = made()
        assert [post(receiver, ONE).status_code for _ in range(5)] == [401, 401, 401, 429, 429]
        assert Reception.objects.count() == 3
        assert signed(receiver, secret, ONE).status_code == 200

    def test_takes_json_alone(self) -> None:
        receiver, _ = made()
        for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""):
            answer = Client().post(f"/hooks/{receiver.token}", data=b"{}", content_type=kind)
            assert answer.status_code == 415
        assert Client().get(f"/hooks/{receiver.token}").status_code == 405

    def test_is_set_up_by_those_who_write_agreements(self) -> None:
        contract = active()
        for by in (engineer(), member(Role.SPONSOR), staff(Role.BILLING)):
            with pytest.raises(UnableToTakeEvidence):
                make_receiver(contract=contract, name="a", scheme="HMAC", mapping="", rows="", by=by, now=NOW)
            assert not receivers(viewer=by, contract=contract).exists()
        assert not Receiver.objects.exists()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"name": " "}, "Name the tool"),
            ({"scheme": "TRUST"}, "Choose how the tool shows"),
            ({"mapping": "makegood: mapping/1"}, "The mapping has findings"),
            ({"mapping": MAPPING + "lookups: {a: {file: a.csv, key: b, value: c}}\n"}, "lookups"),
        ],
    )
    def test_is_refused(self, change: dict[str, str], sentence: str) -> None:
        asked = {"name": "a", "scheme": "HMAC", "mapping": "", "rows": "", **change}
        with pytest.raises(UnableToTakeEvidence, match=sentence):
            make_receiver(contract=active(), **asked, by=owner(), now=NOW)
        assert not Receiver.objects.exists()

    def test_is_named_once_while_it_is_there(self) -> None:
        receiver, _ = made()
        again = {"name": "watcher", "scheme": "HMAC", "mapping": "", "rows": ""}
        with pytest.raises(UnableToTakeEvidence, match="of this name already"):
            make_receiver(contract=receiver.contract, **again, by=owner(), now=NOW)
        end_receiver(receiver=receiver, by=owner(), now=NOW)
        make_receiver(contract=receiver.contract, **again, by=owner(), now=NOW)
        assert Receiver.objects.count() == 2

    def test_reads_otherwise_from_now_on(self) -> None:
        receiver, secret = made()
        change_receiver(receiver=receiver, mapping=MAPPING, rows="alerts", by=owner(), now=NOW)
        assert signed(receiver, secret, json.dumps(ALERTS)).json()["records"] == 2

    def test_keeps_its_secret_when_keys_are_forgotten(self, settings: Any) -> None:
        receiver, secret = made()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
        assert seal_receivers_anew() == 1
        settings.SECRET_KEY_FALLBACKS = []
        receiver.refresh_from_db()
        assert opened(receiver.secret) == secret
        settings.SECRET_KEY = "a third key"  # noqa: S105
        assert signed(receiver, secret, ONE).status_code == 401


@pytest.mark.django_db
class TestThePages:
    def test_show_address_and_secret(self, client: Client) -> None:
        contract = active()
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        start = f"/console/agreements/{contract.slug}/receivers/"
        assert "No tool posts evidence" in client.get(start).content.decode()
        answer = client.post(
            f"{start}make/", {"name": "Watcher", "scheme": "HMAC", "mapping": MAPPING, "rows": "alerts"}
        )
        receiver = Receiver.objects.get()
        page = answer.content.decode()
        assert (answer.status_code, opened(receiver.secret) in page, receiver.token in page) == (200, True, True)
        shown = client.get(f"{start}{receiver.pk}/").content.decode()
        assert (opened(receiver.secret) in shown, receiver.token in shown) == (False, True)
        assert receiver.mapping == MAPPING
        client.post(f"{start}{receiver.pk}/end/")
        assert "there is nothing at its address any more" in client.get(f"{start}{receiver.pk}/").content.decode()

    def test_say_what_is_wrong_with_a_mapping(self, client: Client) -> None:
        contract = active()
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        asked = {"name": "Watcher", "scheme": "HMAC", "mapping": "makegood: mapping/1"}
        answer = client.post(f"/console/agreements/{contract.slug}/receivers/make/", asked)
        assert (answer.status_code, "The mapping has findings" in answer.content.decode()) == (422, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["STANDARD", "HMAC", "BEARER"])
def test_the_example_on_the_page_is_believed(scheme: str, live_server: LiveServer, settings: Any) -> None:
    if not all(shutil.which(each) for each in ("curl", "openssl", "base64", "od")):
        pytest.skip("there is no curl here; ./run test --with-clients installs it")
    settings.BASE_URL = live_server.url
    receiver, secret = made(scheme)
    script = example(receiver).replace("SECRET='…'", f"SECRET='{secret}'")
    script = script.replace("""'{"status": "up", "at": "2026-03-01T08:00:00Z"}'""", f"'{ONE}'").replace(
        "curl ", "curl -sS "
    )
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["records"] == 1
