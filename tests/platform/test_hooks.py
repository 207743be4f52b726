"""Web hooks out: who may set them up, what is sent, how it is signed, and what becomes of it."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.platform.evidence.intake.operations import raise_dispute, remark
from makegood.platform.review.notices.operations import tell_of_entry, tell_of_verdicts
from makegood.platform.running.sealing_anew import seal_all_anew
from makegood.platform.sealing import opened, sealed
from makegood.platform.secret_key import forget_earlier, kept_keys, make_key, rotate_key
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.hooks.models import Delivery, Event, Hook
from makegood.platform.tenancy.hooks.operations import (
    NotDelivered,
    UnableToHook,
    change_hook,
    deliver,
    deliver_again,
    end_hook,
    forget_deliveries,
    make_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    seal_anew,
    send_test,
    tell,
)
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.agreements import active, amendment, offered, owner, service_manager, sponsor
from tests.platform.evidence import FAILED, closed, member, missed, sent, up
from tests.platform.people import NOW, house, organisation, person, viewer
from tests.platform.signing_in import sign_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ADDRESS = "https://hooks.example/makegood"


class Receiver(ThreadingHTTPServer):
    """A program that is told, and answers with the status that it is asked to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.heard.append((headers, self.rfile.read(int(headers["content-length"]))))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Receiver]:
    """Somebody who listens, in a network that the owner allowed."""
    import socket

    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)
    settings.ALLOWED_NETWORKS = ["127.0.0.1/32"]
    server = Receiver()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(60)
    server.server_close()


def hooked(
    by: Viewer | None = None,
    about: Organisation | None = None,
    *events: Event,
    address: str = ADDRESS,
) -> tuple[Hook, str]:
    return make_hook(
        organisation=about or house(), address=address, events=events or list(Event), by=by or owner(), now=NOW
    )


def told() -> None:
    """Tell of all that the trail has, as the worker does."""
    for each in Entry.objects.filter(refused="").order_by("pk"):
        tell_of_entry(entry=each.pk, now=NOW)


def said(hook: Hook, *events: Event) -> list[dict[str, Any]]:
    """Return what was said to a web hook of some events, the first first."""
    found = Delivery.objects.filter(hook=hook, event__in=[each.value for each in events] or list(Event.values))
    return [json.loads(each.body) for each in found.order_by("pk")]


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = b64encode(hmac.digest(b64decode(secret.removeprefix("whsec_")), content, "sha256")).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split()


@pytest.mark.django_db
class TestAWebHook:
    def test_is_kept_with_a_sealed_secret(self) -> None:
        hook, secret = hooked()
        kept = Hook.objects.get(pk=hook.pk)
        assert secret.startswith("whsec_")
        assert len(b64decode(secret.removeprefix("whsec_"))) == 24
        assert secret.encode() not in bytes(kept.secret)
        assert opened(kept.secret) == secret
        assert (kept.site, kept.state, len(kept.events)) == ("console", "ACTIVE", len(Event))

    @pytest.mark.parametrize(
        ("_case", "change", "sentence"),
        [
            ("no event", {"events": []}, "at least one event"),
            ("no address", {"address": "somewhere"}, "begins with https"),
            ("an address inside", {"address": "http://10.0.0.1/"}, "not reachable from here"),
            ("a file", {"address": "file:///etc/passwd"}, "begins with https"),
        ],
    )
    def test_is_refused(self, _case: str, change: dict[str, Any], sentence: str) -> None:
        asked = {"address": ADDRESS, "events": [Event.DISPUTE_RAISED], **change}
        with pytest.raises(UnableToHook, match=sentence):
            make_hook(organisation=house(), by=owner(), now=NOW, **asked)
        assert not Hook.objects.exists()

    @pytest.mark.parametrize(
        ("name", "slug", "role", "site", "target"),
        [
            ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE, "northwind-it"),
            ("Olga", "northwind-it", Role.OWNER, Site.CONSOLE, "acme"),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "globex"),
            ("Max", "acme", Role.MANAGER, Site.PORTAL, "acme"),
            ("Bob", "hosting", Role.AFFILIATE, Site.PORTAL, "hosting"),
        ],
    )
    def test_is_set_up_for_ones_own_alone(self, name: str, slug: str, role: Role, site: Site, target: str) -> None:
        house(), organisation("globex")
        by = viewer(person(name, organisation(slug), role), site)
        with pytest.raises(UnableToHook, match="not yours to set up"):
            hooked(by, organisation(target))
        assert not Hook.objects.exists()

    def test_tells_customers_of_no_claims(self) -> None:
        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        assert [each for each in hook.events if each.startswith("claim")] == []
        with pytest.raises(UnableToHook, match="at least one event"):
            change_hook(hook=hook, address=ADDRESS, events=[Event.CLAIM_MADE], by=sponsor(), now=NOW)

    def test_is_changed_by_nobody_else(self) -> None:
        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        gus = viewer(person("Gus", organisation("globex"), Role.SPONSOR), Site.PORTAL)
        for other in (owner(), gus, member(Role.MANAGER)):
            for operation in (pause_hook, resume_hook, end_hook, rotate_secret, send_test):
                with pytest.raises(UnableToHook, match="not yours"):
                    operation(hook=hook, by=other, now=NOW)
        hook.refresh_from_db()
        assert hook.state == "ACTIVE"
        assert not Delivery.objects.exists()

    def test_ends_for_good(self) -> None:
        hook, _ = hooked()
        waiting = send_test(hook=hook, by=owner(), now=NOW)
        end_hook(hook=hook, by=owner(), now=NOW)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.trouble) == ("FAILED", "The web hook has ended.")
        for operation in (pause_hook, resume_hook, end_hook, rotate_secret):
            with pytest.raises(UnableToHook, match="has ended"):
                operation(hook=hook, by=owner(), now=NOW)

    def test_keeps_its_secret_when_keys_are_changed_and_forgotten(self, settings: Any) -> None:
        hook, secret = hooked()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
        assert seal_anew() == 1
        settings.SECRET_KEY_FALLBACKS = []
        hook.refresh_from_db()
        assert opened(hook.secret) == secret


@pytest.mark.django_db
class TestADelivery:
    def waiting(self, receiver: Receiver) -> tuple[Delivery, str]:
        hook, secret = hooked(address=receiver.address)
        return tell(hook=hook, event="dispute.raised", data={"dispute": 7}, now=NOW), secret

    def test_is_signed_and_says_when_and_what(self, receiver: Receiver) -> None:
        delivery, secret = self.waiting(receiver)
        deliver(delivery=delivery.pk, now=NOW)
        [(headers, body)] = receiver.heard
        assert json.loads(body) == {
            "type": "dispute.raised",
            "timestamp": "2026-03-10T09:00:00Z",
            "data": {"dispute": 7},
        }
        assert is_signed(secret, headers, body)
        assert not is_signed(secret, headers, body + b" ")
        assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert headers["content-type"] == "application/json"
        delivery.refresh_from_db()
        assert (delivery.state, delivery.status, delivery.tries) == ("DELIVERED", 204, 1)

    def test_is_made_once_and_not_sent_twice(self, receiver: Receiver) -> None:
        delivery, _ = self.waiting(receiver)
        deliver(delivery=delivery.pk, now=NOW)
        deliver(delivery=delivery.pk, now=NOW)
        assert len(receiver.heard) == 1

    def test_is_tried_five_times_under_one_number(self, receiver: Receiver) -> None:
        receiver.status = 500
        delivery, _ = self.waiting(receiver)
        for _ in range(4):
            with pytest.raises(NotDelivered, match="status 500"):
                deliver(delivery=delivery.pk, now=NOW)
        deliver(delivery=delivery.pk, now=NOW)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries, delivery.status) == ("FAILED", 5, 500)
        assert {headers["webhook-id"] for headers, _ in receiver.heard} == {delivery.number}
        receiver.status = 200
        deliver_again(delivery=delivery, by=owner(), now=NOW)
        deliver(delivery=delivery.pk, now=NOW)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.trouble) == ("DELIVERED", "")

    def test_is_signed_with_both_secrets_for_a_day(self, receiver: Receiver) -> None:
        delivery, before = self.waiting(receiver)
        after = rotate_secret(hook=delivery.hook, by=owner(), now=NOW)
        deliver(delivery=delivery.pk, now=NOW)
        later = tell(hook=delivery.hook, event="dispute.raised", data={}, now=NOW)
        deliver(delivery=later.pk, now=NOW + timedelta(days=2))
        assert [
            (is_signed(before, headers, body), is_signed(after, headers, body)) for headers, body in receiver.heard
        ] == [(True, True), (False, True)]

    def test_that_fails_for_days_pauses_the_hook_and_its_keeper_is_told(self, receiver: Receiver) -> None:
        receiver.status = 503
        delivery, _ = self.waiting(receiver)
        with pytest.raises(NotDelivered):
            deliver(delivery=delivery.pk, now=NOW)
        assert Hook.objects.get().state == "ACTIVE"
        with pytest.raises(NotDelivered):
            deliver(delivery=delivery.pk, now=NOW + timedelta(days=3))
        hook = Hook.objects.get()
        assert (hook.state, hook.trouble) == ("PAUSED", "The receiver answered with status 503.")
        mail = Message.objects.get(kind="hook_paused")
        assert (mail.to, receiver.address in mail.text) == ("olga@northwind-it.example", True)
        deliver(delivery=delivery.pk, now=NOW + timedelta(days=3))
        assert len(receiver.heard) == 2
        receiver.status = 200
        resume_hook(hook=hook, by=owner(), now=NOW)
        deliver(delivery=delivery.pk, now=NOW)
        delivery.refresh_from_db()
        assert (delivery.state, Hook.objects.get().failing_since) == ("DELIVERED", None)

    def test_to_who_says_that_he_is_gone_is_not_tried_again(self, receiver: Receiver) -> None:
        receiver.status = 410
        delivery, _ = self.waiting(receiver)
        deliver(delivery=delivery.pk, now=NOW)
        delivery.refresh_from_db()
        assert (delivery.state, Hook.objects.get().state) == ("FAILED", "PAUSED")

    def test_goes_nowhere_inside(self, receiver: Receiver, settings: Any) -> None:
        delivery, _ = self.waiting(receiver)
        settings.ALLOWED_NETWORKS = []
        with pytest.raises(NotDelivered, match="not reachable from here"):
            deliver(delivery=delivery.pk, now=NOW)
        assert receiver.heard == []

    def test_with_a_lost_key_says_so(self, receiver: Receiver, settings: Any) -> None:
        delivery, _ = self.waiting(receiver)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", []
        with pytest.raises(NotDelivered, match="make a new secret"):
            deliver(delivery=delivery.pk, now=NOW)
        assert seal_anew() == 0

    def test_is_forgotten_after_ninety_days(self, receiver: Receiver) -> None:
        delivery, _ = self.waiting(receiver)
        assert forget_deliveries(now=NOW + timedelta(days=91)) == 0
        deliver(delivery=delivery.pk, now=NOW)
        assert forget_deliveries(now=NOW + timedelta(days=89)) == 0
        assert forget_deliveries(now=NOW + timedelta(days=91)) == 1

    def test_of_what_was_rolled_back_is_not_there(self) -> None:
        hook, _ = hooked()
        jobs = ProcrastinateJob.objects.count()
        with transaction.atomic():
            tell(hook=hook, event="dispute.raised", data={}, now=NOW)
            transaction.set_rollback(True)
        assert not Delivery.objects.exists()
        assert ProcrastinateJob.objects.count() == jobs


def disputed(by: Viewer) -> Any:
    contract = missed()
    return raise_dispute(
        contract=contract,
        period="2026-02",
        outcome="open",
        record_id="probes#bad-day",
        reason="The till was used all day.",
        by=by,
        now=NOW,
    )


@pytest.mark.django_db
class TestEvents:
    def test_reach_those_who_see_what_they_are_about_and_nobody_else(self) -> None:
        house(), organisation("globex")
        gus = viewer(person("Gus", organisation("globex"), Role.SPONSOR), Site.PORTAL)
        ours, _ = hooked()
        theirs, _ = hooked(sponsor(), organisation("acme"))
        others, _ = hooked(gus, organisation("globex"))
        partner, _ = hooked(member(Role.AFFILIATE, "backup-ag"), organisation("backup-ag"))
        dispute = disputed(sponsor())
        told()
        [event] = said(theirs, Event.DISPUTE_RAISED)
        assert event["data"] == {
            "agreement": "acme-shop",
            "title": "The web shop of Acme",
            "dispute": dispute.pk,
            "period": "2026-02",
            "outcome": "open",
            "record": "probes#bad-day",
            "reason": "The till was used all day.",
            "raised_for": "acme",
            "answer_by": f"{dispute.answer_by:%Y-%m-%dT%H:%M:%SZ}",
            "state": "OPEN",
            "decision": "",
        }
        assert said(ours, Event.DISPUTE_RAISED) == [event]
        assert said(others) == said(partner) == []

    def test_are_told_once_however_often_the_work_is_done(self) -> None:
        hook, _ = hooked()
        disputed(sponsor())
        told()
        told()
        assert len(said(hook, Event.DISPUTE_RAISED)) == 1

    def test_are_only_those_that_were_chosen(self) -> None:
        hook, _ = hooked(None, None, Event.DISPUTE_ANSWERED)
        dispute = disputed(sponsor())
        remark(dispute=dispute, text="We look into it.", by=owner(), now=NOW)
        told()
        [event] = said(hook)
        assert (event["type"], event["data"]["remark"], event["data"]["remark_of"]) == (
            "dispute.answered",
            "We look into it.",
            "northwind-it",
        )

    def test_of_a_paused_hook_are_not_kept(self) -> None:
        hook, _ = hooked()
        pause_hook(hook=hook, by=owner(), now=NOW)
        disputed(sponsor())
        told()
        assert said(hook) == []

    def test_follow_an_agreement_from_the_offer_to_the_closed_period(self) -> None:
        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        contract = missed()
        closed(contract)
        told()
        assert [each["type"] for each in said(hook)] == [
            "version.offered",
            "version.signed",
            "version.signed",
            "version.activated",
            "evidence.received",
            "period.closed",
            "period.closed",
        ]
        closing, _february = said(hook, Event.PERIOD_CLOSED)
        assert {name: closing["data"][name] for name in ("agreement", "period", "total", "currency", "run")} == {
            "agreement": "acme-shop",
            "period": "2026-01",
            "total": 1_000,
            "currency": "EUR",
            "run": 1,
        }

    def test_tell_customers_nothing_of_drafts(self) -> None:
        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        contract = active()
        text = contract.versions.get()
        from makegood.platform.agreement.contracts.operations import amend_contract

        amend_contract(contract=contract, text=amendment(text.text, digest=text.digest), by=service_manager(), now=NOW)
        told()
        assert {each["data"]["version"] for each in said(hook)} == {1}

    def test_say_that_a_promise_turned(self) -> None:
        from makegood.platform.judging.verdicts.models import Verdict
        from makegood.platform.judging.verdicts.operations import judge_open

        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        contract = active()
        sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
        first = [each.pk for each in judge_open(contract=contract, now=NOW)]
        sent(contract, [FAILED])
        second = [each.pk for each in judge_open(contract=contract, now=NOW)]
        for each in (first, second, second):
            tell_of_verdicts(verdicts=each, now=NOW)
        [event] = said(hook, Event.VERDICT_CHANGED)
        assert {name: event["data"][name] for name in ("period", "outcome", "ruling", "ruling_before")} == {
            "period": "2026-01",
            "outcome": "open",
            "ruling": "MISSED",
            "ruling_before": "MET",
        }
        assert Verdict.objects.filter(pk__in=second).count() == 1

    def test_wait_for_the_transaction_in_which_something_was_done(self) -> None:
        hooked()
        offered()
        jobs = ProcrastinateJob.objects.filter(task_name="something was done")
        done = Entry.objects.filter(refused="").exclude(organisation=None).count()
        assert jobs.count() == done

    def test_are_delivered_when_nothing_else_waits(self) -> None:
        hook, _ = hooked()
        send_test(hook=hook, by=owner(), now=NOW)
        waiting = ProcrastinateJob.objects.get(task_name="deliver event")
        assert (waiting.priority, ProcrastinateJob.objects.exclude(pk=waiting.pk)[0].priority) == (-1, 0)


@pytest.mark.django_db
class TestThePages:
    def test_show_the_secret_once(self, client: Client) -> None:
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        start = "/console/organisations/northwind-it/hooks/"
        assert "No program is told anything yet" in client.get(start).content.decode()
        asked = {"address": ADDRESS, "events": ["dispute.raised", "period.closed"]}
        answer = client.post(f"{start}make", asked)
        hook = Hook.objects.get()
        assert (answer.status_code, opened(hook.secret) in answer.content.decode()) == (200, True)
        assert "no-store" in answer.headers["cache-control"]
        assert opened(hook.secret) not in client.get(f"{start}{hook.pk}/").content.decode()
        assert ADDRESS in client.get(start).content.decode()

    def test_say_what_is_wrong(self, client: Client) -> None:
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        asked = {"address": "http://169.254.169.254/", "events": ["dispute.raised"]}
        answer = client.post("/console/organisations/northwind-it/hooks/make", asked)
        assert (answer.status_code, "is not reachable from here" in answer.content.decode()) == (422, True)
        assert not Hook.objects.exists()

    def test_let_a_sponsor_look_after_the_hooks_of_the_customer(self, client: Client) -> None:
        house()
        hook, _ = hooked(sponsor(), organisation("acme"))
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR), backend=BACKEND)
        page = f"/portal/organisation/acme/hooks/{hook.pk}/"
        for asked, state in (("test", "ACTIVE"), ("pause", "PAUSED"), ("resume", "ACTIVE"), ("end", "ENDED")):
            assert client.post(f"{page}do", {"do": asked}).headers["location"] == page
            hook.refresh_from_db()
            assert hook.state == state
        shown = client.get(page).content.decode()
        assert "hook.test" in shown
        assert client.post(f"{page}do", {"do": "burn"}).status_code == 422

    def test_send_again_what_was_given_up(self, client: Client) -> None:
        hook, _ = hooked()
        delivery = send_test(hook=hook, by=owner(), now=NOW)
        Delivery.objects.filter(pk=delivery.pk).update(state="FAILED", tries=5)
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        page = f"/console/organisations/northwind-it/hooks/{hook.pk}/"
        assert client.post(f"{page}deliveries/{delivery.pk}/again").headers["location"] == page
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries) == ("WAITING", 0)

    def test_show_a_changed_address_and_a_new_secret(self, client: Client) -> None:
        hook, before = hooked()
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        page = f"/console/organisations/northwind-it/hooks/{hook.pk}/"
        client.post(f"{page}change", {"address": "https://other.example/", "events": ["period.closed"]})
        answer = client.post(f"{page}rotate")
        hook.refresh_from_db()
        assert (hook.address, hook.events) == ("https://other.example/", ["period.closed"])
        assert opened(hook.secret) != before
        assert opened(hook.secret) in answer.content.decode()


def work() -> None:
    """Do what waits in a thread of its own, for the browser's driver keeps a loop in this one, and stop."""

    def worked() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    thread = Thread(target=worked)
    thread.start()
    thread.join(60)


@pytest.mark.django_db(transaction=True)
class TestTheWayToAReceiver:
    def test_leads_from_what_was_done_through_the_worker(self, receiver: Receiver) -> None:
        _, secret = hooked(None, None, Event.VERSION_OFFERED, address=receiver.address)
        with transaction.atomic():
            contract = offered()
        work()
        [(headers, body)] = receiver.heard
        assert is_signed(secret, headers, body)
        assert json.loads(body)["data"] == {
            "agreement": "acme-shop",
            "title": "The web shop of Acme",
            "version": 1,
            "digest": contract.versions.get().digest,
            "state": "OFFERED",
        }
        assert Delivery.objects.get().state == "DELIVERED"

    def test_is_set_up_in_the_browser(self, page: Page, receiver: Receiver) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        sign_in(page, ada)
        page.goto("/portal/organisation/acme/hooks/")
        page.fill("input[name=address]", receiver.address)
        page.check("text=a dispute was raised")
        page.click("text=Set it up")
        secret = page.inner_text(".mg-made .mg-key")
        page.click("text=Send a test")
        assert page.inner_text("tbody tr td:nth-of-type(2)") == "waiting"
        work()
        page.reload()
        assert page.inner_text("tbody tr td:nth-of-type(2)") == "delivered"
        [(headers, body)] = receiver.heard
        assert (json.loads(body)["type"], is_signed(secret, headers, body)) == ("hook.test", True)


@pytest.mark.django_db
def test_the_last_key_is_enough_for_what_was_sealed_anew(tmp_path: Path, settings: Any) -> None:
    make_key(tmp_path)
    (settings.SECRET_KEY,) = kept_keys(tmp_path)
    hook, secret = hooked()
    rotate_key(tmp_path)
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = kept_keys(tmp_path)
    assert seal_all_anew() == 1
    assert forget_earlier(tmp_path) == 1
    assert kept_keys(tmp_path) == [settings.SECRET_KEY]
    settings.SECRET_KEY_FALLBACKS = []
    hook.refresh_from_db()
    assert opened(hook.secret) == secret


def test_a_sealed_secret_says_nothing_and_differs_each_time() -> None:
    assert sealed("a") != sealed("a")
    assert b"a secret" not in sealed("a secret")
