from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django import app

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.access.operations import invite_person
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.messages.operations import NotSent, UnableToSend, send, send_again, write
from makegood.platform.tenancy.messages.queries import messages
from makegood.platform.tenancy.viewer import Site
from tests.platform.people import NOW, house, organisation, person, viewer

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Letterbox:
    """What a mail server does with what it gets: it keeps it, or refuses it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 kept"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = cast("bytes", envelope.content)
            self.mails.append(cast("EmailMessage", message_from_bytes(content, policy=cast("Any", default))))
        return self.answer


@pytest.fixture
def letterbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    """A mail server of our own, which may be connected to."""
    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    server.stop()


def brand() -> Brand:
    return Brand.objects.create(
        organisation=organisation("acme"), name="Acme", colour="#123456", sender="Acme Mail <mail@acme.example>"
    )


def written(**more: Any) -> Message:
    return write(
        kind="test",
        to="ada@acme.example",
        subject="Hello\nworld",
        text="One.\n\nhttps://x.example/a\n\n<b>",
        now=NOW,
        **more,
    )


@pytest.mark.django_db
class TestAMail:
    def test_reaches_its_reader_in_the_brand_of_its_sender(self, letterbox: Letterbox) -> None:
        message = written(brand=brand(), attachment=b"%PDF-1.7", attachment_name="report.pdf")
        send(message=message.pk, now=NOW)
        [mail] = letterbox.mails
        assert (mail["from"], mail["to"], mail["subject"]) == (
            "Acme Mail <mail@acme.example>", "ada@acme.example", "Hello world",
        )  # fmt: skip
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert page is not None
        assert plain.get_content().splitlines() == ["One.", "", "https://x.example/a", "", "<b>"]
        assert '<a href="https://x.example/a"' in page.get_content()
        assert "&lt;b&gt;" in page.get_content()
        [attached] = mail.iter_attachments()
        assert (attached.get_filename(), attached.get_content_type()) == ("report.pdf", "application/pdf")
        message.refresh_from_db()
        assert (message.state, message.sent_at, message.tries) == ("SENT", NOW, 0)

    def test_is_sent_once(self, letterbox: Letterbox) -> None:
        message = written()
        send(message=message.pk, now=NOW)
        send(message=message.pk, now=NOW)
        assert len(letterbox.mails) == 1

    def test_is_tried_five_times(self, letterbox: Letterbox) -> None:
        letterbox.answer = "451 come back later"
        message = written()
        for tries in range(1, 5):
            with pytest.raises(NotSent, match="come back later"):
                send(message=message.pk, now=NOW)
            message.refresh_from_db()
            assert (message.state, message.tries) == ("WAITING", tries)
        send(message=message.pk, now=NOW)
        message.refresh_from_db()
        assert (message.state, message.tries, "come back later" in message.trouble) == ("FAILED", 5, True)
        assert letterbox.mails == []

    def test_that_failed_once_is_sent_the_next_time(self, letterbox: Letterbox) -> None:
        letterbox.answer = "451 come back later"
        message = written()
        with pytest.raises(NotSent):
            send(message=message.pk, now=NOW)
        letterbox.answer = "250 kept"
        send(message=message.pk, now=NOW)
        message.refresh_from_db()
        assert (message.state, message.trouble, len(letterbox.mails)) == ("SENT", "", 1)

    def test_that_is_secret_is_forgotten_when_it_was_sent(self, letterbox: Letterbox) -> None:
        message = written(secret=True)
        send(message=message.pk, now=NOW)
        message.refresh_from_db()
        assert (message.subject, message.text, message.html) == ("Hello world", "", "")
        plain = letterbox.mails[0].get_body(("plain",))
        assert plain is not None
        assert "https://x.example/a" in plain.get_content()

    def test_speaks_the_language_of_its_reader(self) -> None:
        house()
        acme = organisation("acme")
        known = person("Kim", acme)
        known.language = "de"
        known.save()
        by = viewer(person("Ada", acme, Role.SPONSOR), Site.PORTAL)
        invite_person(organisation=acme, email=known.email, role=Role.USER, by=by, now=NOW)
        assert '<html lang="de">' in Message.objects.get().html


@pytest.mark.django_db
class TestTheListOfMails:
    def given_up(self, **more: Any) -> Message:
        message = written(**more)
        Message.objects.filter(pk=message.pk).update(state="FAILED", tries=5, trouble="451 no")
        return message

    def test_is_for_the_owner_who_sends_again_what_was_given_up(self, client: Client, letterbox: Letterbox) -> None:
        message = self.given_up()
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        page = client.get("/console/mails/").content.decode()
        assert all(each in page for each in ("1 mail was given up", "Hello world", "failed: 451 no", "Try again"))
        assert "One." not in page
        assert client.post(f"/console/mails/{message.pk}/resend").headers["location"] == "/console/mails/"
        send(message=message.pk, now=NOW)
        assert len(letterbox.mails) == 1
        answer = client.post(f"/console/mails/{message.pk}/resend")
        assert (answer.status_code, "was not given up" in answer.content.decode()) == (422, True)

    def test_sends_nothing_again_that_is_forgotten(self, client: Client) -> None:
        message = self.given_up(secret=True)
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        answer = client.post(f"/console/mails/{message.pk}/resend")
        assert (answer.status_code, "is forgotten" in answer.content.decode()) == (422, True)
        assert Message.objects.get().state == "FAILED"

    def test_is_not_there_for_others(self, client: Client) -> None:
        message = self.given_up()
        client.force_login(person("Sam", house(), Role.SERVICE_MANAGER), backend=BACKEND)
        assert client.get("/console/mails/").status_code == 404
        assert client.post(f"/console/mails/{message.pk}/resend").status_code == 404
        by = viewer(person("Sam", house()), Site.CONSOLE)
        assert not messages(viewer=by).exists()
        with pytest.raises(UnableToSend, match="Only the owner"):
            send_again(message=message, by=by, now=NOW)


def work() -> None:
    """Do what waits, and stop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    def test_sends_what_was_kept_and_nothing_else(self, letterbox: Letterbox) -> None:
        kept = written()
        with transaction.atomic():
            written()
            transaction.set_rollback(True)
        worker = Thread(target=work)  # the browser's driver keeps a loop of its own in this thread
        worker.start()
        worker.join(60)
        kept.refresh_from_db()
        assert (kept.state, len(letterbox.mails)) == ("SENT", 1)
