"""Mailboxes: fetched from a real server of mail, or posted to; and their pages."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Incoming
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as current
from django.db import connection
from django.test import Client

from makegood.platform.evidence.service_desk import tasks
from makegood.platform.evidence.service_desk.mail.imap import Folder, NotFetched, folder_of
from makegood.platform.evidence.service_desk.models import Case, Mail, Mailbox, Message
from makegood.platform.evidence.service_desk.operations import (
    end_mailbox,
    fetch_mailbox,
    make_mailbox,
    take_mail,
)
from makegood.platform.evidence.service_desk.operations.mails.fetching import _fetch
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.messages.models import Message as Outgoing
from makegood.platform.tenancy.messages.operations import send
from makegood.platform.tenancy.parties.models import Contact
from makegood.platform.tenancy.viewer import Role
from tests.platform.desk import MONDAY, after, desk, opened
from tests.platform.letterboxes import Letterbox, letterbox
from tests.platform.mailing import ADDRESS, UMA, mail, mailbox, owner, server
from tests.platform.people import house, organisation, person
from tests.platform.test_processes import process

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FETCH = """
import django
django.setup()
from datetime import datetime
from makegood.platform.evidence.service_desk.models import Mailbox
from makegood.platform.evidence.service_desk.operations import fetch_mailbox
fetch_mailbox(mailbox=Mailbox.objects.get(), now=datetime.fromisoformat({now!r}))
"""


@pytest.fixture
def way_out(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)
    settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def box(way_out: None) -> Iterator[Letterbox]:
    with letterbox() as found:
        yield found


def fetched_from(box: Letterbox, **more: Any) -> Mailbox:
    desk()
    person("Uma", organisation("acme"), Role.USER)
    return make_mailbox(
        name="Help", address=ADDRESS, server=server(more.pop("port", box.port), **more), by=owner(), now=MONDAY
    )[0]


def again(made: Mailbox, **time: float) -> tuple[int, str]:
    made.refresh_from_db()
    number = fetch_mailbox(mailbox=made, now=after(**time))
    made.refresh_from_db()
    return number, made.trouble


@pytest.mark.django_db
class TestAMailboxThatIsFetched:
    def test_takes_what_nobody_read_and_what_comes_later(self, box: Letterbox) -> None:
        made = fetched_from(box)
        box.put(mail("Old.\n", number="<0@x>").as_bytes(), is_read=True)
        box.put(mail().as_bytes())
        assert again(made) == (1, "")
        assert (made.last_uid, made.fetched_at, box.unread()) == (2, MONDAY, 0)
        box.put(mail("Read by somebody.\n", number="<2@x>").as_bytes(), is_read=True)
        assert again(made, minutes=1) == (1, "")
        assert (again(made, minutes=2), Case.objects.count()) == ((0, ""), 2)
        Mailbox.objects.update(uid_validity=1, last_uid=0)  # the server counts anew
        assert (again(made, minutes=3), Case.objects.count()) == ((0, ""), 2)

    def test_holds_a_mail_that_is_too_large_by_its_heads(self, box: Letterbox) -> None:
        made = fetched_from(box)
        box.put(mail().as_bytes() + b"x" * (26 * 1024 * 1024))
        assert again(made) == (1, "")
        held = Mail.objects.get()
        assert (held.state, held.sender, held.size > 26_000_000, len(bytes(held.raw or b"")) < 1_000) == (
            "HELD",
            UMA,
            True,
            True,
        )

    @pytest.mark.parametrize(
        ("more", "trouble"),
        [
            ({"password": "wrong"}, "Authentication failed"),
            ({"folder": 'Elsew"here'}, "refused"),
            ({"host": "nobody.invalid"}, "server of mail"),
            ({"host": "10.0.0.1"}, "not reachable from here"),
            ({"port": 993}, "server of mail"),
        ],
    )
    def test_says_what_is_the_matter(self, box: Letterbox, more: dict[str, Any], trouble: str) -> None:
        made = fetched_from(box, **more)
        number, said = again(made)
        assert number == 0
        assert trouble in said

    def test_sends_no_password_over_the_internet_unprotected(self, way_out: None, settings: Any) -> None:
        settings.ALLOWED_NETWORKS = []
        made = make_mailbox(
            name="Help", address=ADDRESS, server=server(993, host="192.88.98.1"), by=owner(), now=MONDAY
        )[0]
        assert again(made) == (0, "Nothing would protect the password on its way; choose TLS.")
        Mailbox.objects.update(port=25)
        assert again(made)[1].startswith("Servers of mail listen")
        Mailbox.objects.update(password=b"sealed by nobody")
        assert again(made)[1].startswith("the key that this secret was sealed with")

    def test_may_speak_tls_from_the_beginning_or_later(self, way_out: None, monkeypatch: pytest.MonkeyPatch) -> None:
        with letterbox(tls=True) as box:
            box.put(mail().as_bytes())
            made = fetched_from(box, security="TLS", port=box.tls_port, host="localhost")
            assert "CERTIFICATE_VERIFY_FAILED" in again(made)[1]
            monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
            assert again(made, minutes=1) == (1, "")
            box.put(mail(number="<2@x>").as_bytes())
            Mailbox.objects.update(security="STARTTLS", port=box.port)
            assert again(made, minutes=2) == (1, "")

    def test_goes_on_when_a_mail_is_gone(self, box: Letterbox) -> None:
        made = fetched_from(box)
        with folder_of(server(box.port)) as folder:
            assert (folder.mail(99), _fetch(made, folder, 99, MONDAY)) == (None, 0)

    def test_gives_up_where_mails_have_no_numbers(self) -> None:
        class Old:
            def select(self, _folder: str) -> tuple[str, list[bytes]]:
                return "OK", [b"0"]

            def response(self, name: str) -> tuple[str, list[bytes | None]]:
                return name, [b"1" if name == "UIDVALIDITY" else None]

        with pytest.raises(NotFetched, match="does not number"):
            Folder(Old(), "INBOX")  # type: ignore[arg-type]

    def test_is_fetched_by_the_clock_until_it_ends(self, box: Letterbox, settings: Any) -> None:
        made = fetched_from(box)
        box.put(mail().as_bytes())
        tasks.fetch_mails()
        tasks.fetch_mails()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mailbox is due'")
            assert cursor.fetchone() == (1,)
        tasks.fetch(made.pk)
        assert (Mail.objects.count(), box.unread()) == (1, 0)
        end_mailbox(mailbox=made, by=owner(), now=after(hours=1))
        box.put(mail(number="<2@x>").as_bytes())
        tasks.fetch(made.pk)
        assert Mail.objects.count() == 1


class TestABurst:
    @pytest.mark.django_db(transaction=True)
    def test_of_a_thousand_mails_is_taken_once_also_when_the_worker_is_killed(self, box: Letterbox) -> None:
        made = fetched_from(box)
        case = opened()
        for number in range(1_000):
            sender, subject = f"u{number % 125}@acme.example", f"[#{case.pk}] {number}"
            box.put(mail(f"Mail {number}.\n", sender=sender, subject=subject, number=f"<{number}@x>").as_bytes())
        os.environ["MAKEGOOD_ALLOWED_NETWORKS"], os.environ["MAKEGOOD_SECRET_KEY"] = "127.0.0.0/8", current.SECRET_KEY
        try:
            with process("-c", FETCH.format(now=MONDAY.isoformat())) as fetching:
                while Mail.objects.count() < 150 and fetching.poll() is None:
                    time.sleep(0.05)
                fetching.send_signal(signal.SIGKILL)
                assert fetching.wait(120) == -signal.SIGKILL
        finally:
            del os.environ["MAKEGOOD_ALLOWED_NETWORKS"], os.environ["MAKEGOOD_SECRET_KEY"]
        before = Mail.objects.count()
        assert 150 <= before < 1_000
        _number, trouble = again(made, minutes=5)
        assert (trouble, box.unread(), Mail.objects.filter(state="TAKEN", case=case).count()) == ("", 0, 1_000)
        said = Message.objects.filter(kind="MAIL_IN").values_list("text", flat=True)
        assert sorted(said) == sorted(f"Mail {number}." for number in range(1_000))


class Machine:
    """A mail server of the customer, which answers every mail and does not say that it is a machine."""

    def __init__(self, box: Letterbox) -> None:
        self.box, self.got = box, 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        got: Incoming = message_from_bytes(content)
        if envelope.rcpt_tos == [UMA]:
            self.got += 1
            self.box.put(
                mail("I am away.\n", subject=f"Away {self.got}", number=f"<away{self.got}@acme.example>").as_bytes()
            )
        assert got["X-Loop"] == current.DEFAULT_FROM_EMAIL
        return "250 kept"


class TestTwoMachinesThatAnswerEachOther:
    @pytest.mark.django_db
    def test_stop(self, box: Letterbox, settings: Any) -> None:
        made, machine = fetched_from(box), Machine(box)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        post_office = Controller(machine, hostname="127.0.0.1", port=port)
        post_office.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        box.put(mail().as_bytes())
        rounds = 0
        while box.unread():
            rounds += 1
            assert again(made, seconds=rounds)[1] == ""
            for each in Outgoing.objects.filter(state="WAITING"):
                send(message=each.pk, now=after(seconds=rounds))
        post_office.stop()
        assert (rounds, machine.got, Case.objects.count()) == (11, 10, 11)


def post(made: Mailbox, body: bytes | str, secret: str, kind: str = "message/rfc822") -> Any:
    return Client(enforce_csrf_checks=True).post(
        f"/mail/{made.token}", data=body, content_type=kind, headers={"Authorization": f"Bearer {secret}"}
    )


@pytest.mark.django_db
class TestAMailboxThatIsPostedTo:
    def test_takes_what_is_signed_in_any_form(self) -> None:
        desk()
        person("Uma", organisation("acme"), Role.USER)
        made, secret = make_mailbox(name="Help", address=ADDRESS, signing="BEARER", by=owner(), now=MONDAY)
        bodies: list[tuple[bytes | str, str]] = [
            (mail(number="<1@x>").as_bytes(), "message/rfc822"),
            (json.dumps({"raw": mail(number="<2@x>").as_string()}), "application/json"),
            (json.dumps({"RawEmail": mail(number="<3@x>").as_string()}), "application/json"),
            (json.dumps({"raw_base64": b64encode(mail(number="<4@x>").as_bytes()).decode()}), "application/json"),
        ]
        for body, kind in bodies:
            assert post(made, body, secret, kind).json()["state"] == "TAKEN"
        assert Case.objects.count() == 4

    @pytest.mark.parametrize("body", ["{", "[]", "{}", '{"raw_base64": "!"}', '{"raw_base64": 7}'])
    def test_refuses_what_has_no_mail(self, body: str) -> None:
        made, secret = make_mailbox(name="Help", address=ADDRESS, signing="BEARER", by=owner(), now=MONDAY)
        answer = post(made, body, secret, "application/json")
        assert (answer.status_code, "message/rfc822" in answer.json()["detail"]) == (422, True)

    def test_refuses_whom_it_does_not_believe(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        made, secret = make_mailbox(name="Help", address=ADDRESS, signing="BEARER", by=owner(), now=MONDAY)
        assert post(made, mail().as_bytes(), "wrong").status_code == 401
        monkeypatch.setattr("makegood.platform.web.api.mailed.MOST_BYTES", 10)
        assert post(made, mail().as_bytes(), secret).status_code == 413
        monkeypatch.undo()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "forgotten", []
        assert post(made, mail().as_bytes(), secret).status_code == 401
        end_mailbox(mailbox=made, by=owner(), now=after(hours=1))
        assert post(made, mail().as_bytes(), secret).status_code == 404
        assert not Mail.objects.exists()


def client(name: str = "Olga", role: Role = Role.OWNER) -> Client:
    made = Client()
    made.force_login(person(name, house(), role), backend=BACKEND)
    return made


FORM = {
    "name": "Help", "address": ADDRESS, "kind": "incident", "customer": "", "owner": "", "host": "imap.example.com",
    "port": "", "security": "TLS", "user": "help", "password": "secret", "folder": "", "signing": "",
}  # fmt: skip


@pytest.mark.django_db
class TestThePages:
    def test_set_a_mailbox_up_and_keep_it(self) -> None:
        organisation("acme")
        seen = client()
        assert "There is no mailbox yet. Set one up" in seen.get("/console/mailboxes/").content.decode()
        page = seen.post("/console/mailboxes/make/", FORM)
        made = Mailbox.objects.get()
        assert (page.status_code, made.port, made.folder) == (200, 993, "INBOX")
        assert "Nothing came yet" in page.content.decode()
        here = f"/console/mailboxes/{made.pk}/"
        assert seen.post("/console/mailboxes/make/", FORM).status_code == 422
        assert seen.post(f"{here}change/", {**FORM, "name": " "}).status_code == 422
        assert seen.post(f"{here}change/", {**FORM, "port": "25"}).status_code == 422
        eva = person("Eva", house(), Role.ENGINEER)
        said = {**FORM, "customer": "acme", "owner": str(eva.pk), "password": "", "kind": "request"}
        assert seen.post(f"{here}change/", said).status_code == 302
        made.refresh_from_db()
        assert (made.customer, made.owner, made.kind) == (organisation("acme"), eva, "request")
        assert seen.post(f"{here}fetch/").status_code == 302
        assert "It is being fetched" in seen.get(here).content.decode()
        assert "change its password" in seen.post(f"{here}rotate/", follow=True).content.decode()
        made.trouble = "No."
        made.save()
        assert "tried again every minute" in seen.get(here).content.decode()
        assert "not reached" in seen.get("/console/mailboxes/").content.decode()
        assert "nothing that customers send" in seen.post(f"{here}end/", follow=True).content.decode()
        assert seen.post(f"{here}fetch/").status_code == 302
        assert "It ended on" in seen.get(here).content.decode()

    def test_show_a_secret_once(self) -> None:
        seen = client()
        page = seen.post("/console/mailboxes/make/", {**FORM, "host": "", "signing": "HMAC"}).content.decode()
        made = Mailbox.objects.get()
        shown = re.search(r'<code class="mg-key">([^<]{20,})</code>', page)
        assert shown is not None
        assert f"/mail/{made.token}" in page
        here = f"/console/mailboxes/{made.pk}/"
        assert shown[1] not in seen.get(here).content.decode()
        assert 'class="alert alert-success mg-made"' in seen.post(f"{here}rotate/").content.decode()

    def test_decide_about_held_mails(self) -> None:
        desk()
        box = mailbox(customer=organisation("acme"))
        hostile = "Hello <script>alert(1)</script>\n"
        held = take_mail(mailbox=box, raw=mail(hostile, sender="Nora <nora@elsewhere.example>").as_bytes(), now=MONDAY)
        other = take_mail(mailbox=box, raw=b"From: x@y.example\n\n", now=MONDAY)
        seen = client("Sam", Role.SERVICE_MANAGER)
        assert "2 mails are held" in seen.get("/console/mailboxes/").content.decode()
        assert "Nobody knows this sender." in seen.get("/console/held-mails/").content.decode()
        page = seen.get(f"/console/held-mails/{held.pk}/").content.decode()
        assert ("&lt;script&gt;" in page, "<script>alert" in page) == (True, False)
        assert "no words that can be shown" in seen.get(f"/console/held-mails/{other.pk}/").content.decode()
        assert seen.post(f"/console/held-mails/{held.pk}/accept/", {"customer": ""}).status_code == 422
        done = seen.post(f"/console/held-mails/{held.pk}/accept/", {"customer": "acme", "as_contact": "on"})
        assert (done.status_code, Case.objects.get().requester_name) == (302, "Nora")
        assert Contact.objects.filter(email="nora@elsewhere.example").exists()
        assert seen.post(f"/console/held-mails/{other.pk}/discard/").status_code == 302
        assert "No mail is held." in seen.get("/console/held-mails/").content.decode()
        assert seen.get(f"/console/held-mails/{held.pk}/").status_code == 404
        listed = seen.get(f"/console/mailboxes/{box.pk}/").content.decode()
        assert (f"#{Case.objects.get().pk}" in listed, "thrown away" in listed) == (True, True)

    def test_say_why_a_mail_cannot_be_accepted(self) -> None:
        desk()
        held = take_mail(mailbox=mailbox(), raw=mail(sender="n@elsewhere.example").as_bytes(), now=MONDAY)
        engineer = client("Eva", Role.ENGINEER)  # who keeps no contacts
        page = engineer.post(f"/console/held-mails/{held.pk}/accept/", {"customer": "acme", "as_contact": "on"})
        assert (page.status_code, Case.objects.count()) == (422, 0)

    def test_let_auditors_look(self) -> None:
        desk()
        held = take_mail(mailbox=mailbox(), raw=mail(sender="n@elsewhere.example").as_bytes(), now=MONDAY)
        seen = client("Aud", Role.AUDITOR)
        for address in ("mailboxes/", f"mailboxes/{held.mailbox_id}/", "held-mails/", f"held-mails/{held.pk}/"):
            page = seen.get(f"/console/{address}")
            assert page.status_code == 200
            assert 'class="btn btn-primary"' not in page.content.decode()
        Mailbox.objects.update(ended_at=MONDAY)
        assert Person.objects.filter(name="Aud").exists()
