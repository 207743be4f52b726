"""Writing mails, and sending them."""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from makegood.platform import jobs
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.queries import house_brand
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.messages.queries import messages, number_of
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Viewer

MOST_TRIES: Final = 5
BY_PEOPLE: Final = frozenset({"case_message"})
"""Kinds of mail that a person wrote and that are answered; others say that nobody need answer them."""


class UnableToSend(Unable):
    """The mail cannot be sent again."""


class NotSent(Exception):
    """The mail server did not take a message; it is tried again."""


@transaction.atomic
def write(
    *,
    kind: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
    brand: Brand | None = None,
    attachment: bytes | None = None,
    attachment_name: str = "",
    secret: bool = False,
    sender: str = "",
) -> Message:
    """Write a mail that the worker sends once this transaction is kept; without ``sender`` or ``brand`` from the house.

    What a ``secret`` mail says is forgotten when it was sent. Without ``html`` the text is put into a plain frame.
    """
    seen = brand or house_brand()
    message = Message.objects.create(
        kind=kind,
        to=to,
        sender=sender or sender_of(brand=seen),
        subject=" ".join(subject.split())[:300],
        text=text,
        html=html or framed(text=text, brand=seen),
        attachment=attachment,
        attachment_name=attachment_name,
        secret=secret,
        written_at=now,
    )
    jobs.enqueue("send message", lock=f"message {message.pk}", message=message.pk)
    return message


def write_from_template(
    *,
    kind: str,
    to: str,
    language: str,
    now: datetime,
    brand: Brand | None = None,
    attachment: bytes | None = None,
    attachment_name: str = "",
    secret: bool = False,
    sender: str = "",
    **words: Any,
) -> Message:
    """Write the mail ``mails/<kind>.txt``, whose first line is its subject, in the language of its reader."""
    seen = brand or house_brand()
    with translation.override(language):
        whole = render_to_string(f"mails/{kind}.txt", {**words, "brand": seen})
        subject, _between, text = whole.strip().partition("\n")
        html = framed(text=text.strip(), brand=seen)
    return write(
        kind=kind,
        to=to,
        subject=subject,
        text=text.strip() + "\n",
        html=html,
        brand=seen,
        attachment=attachment,
        attachment_name=attachment_name,
        secret=secret,
        sender=sender,
        now=now,
    )


@operation("send mail again", about="message")
def send_again(*, message: Message, by: Viewer, now: datetime) -> None:
    """Let the worker try a mail again that was given up.

    :raises UnableToSend: if ``by`` is not the owner, it was not given up, or what it said is forgotten
    """
    if not messages(viewer=by).filter(pk=message.pk).exists():
        raise UnableToSend(_("Only the owner sends mails again."))
    failed = Message.objects.select_for_update().filter(pk=message.pk, state=Message.State.FAILED).first()
    if failed is None:
        raise UnableToSend(_("This mail was not given up."))
    if failed.secret:
        raise UnableToSend(
            _("What this mail said is forgotten; let it be written again, for example by inviting again.")
        )
    failed.state, failed.tries = Message.State.WAITING, 0
    failed.save(update_fields=["state", "tries"])
    jobs.enqueue("send message", lock=f"message {failed.pk}", message=failed.pk)
    record(by=by, did="send mail again", about=failed.kind, now=now, number=failed.pk)


def framed(*, text: str, brand: Brand) -> str:
    """Return a text as a page for mail programs: its paragraphs, with a button for an address that stands alone."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return render_to_string("mails/frame.html", {"paragraphs": paragraphs, "brand": brand})


def sender_of(*, brand: Brand) -> str:
    """Return from whom the mails of a brand are."""
    if brand.sender:
        return brand.sender
    name = "".join(each for each in brand.name if each not in '"\\\r\n')
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def send(*, message: int, now: datetime) -> None:
    """Send a message that waits, and keep what became of it; after five tries it is given up.

    :raises NotSent: if the mail server did not take it and there is another try
    """
    waiting = Message.objects.get(pk=message)
    if waiting.state != Message.State.WAITING:
        return
    try:
        _mail(waiting).send()
    except (SMTPException, OSError) as trouble:
        waiting.tries += 1
        waiting.trouble = str(trouble)
        waiting.state = Message.State.WAITING if waiting.tries < MOST_TRIES else Message.State.FAILED
        _keep(waiting)
        if waiting.state == Message.State.WAITING:
            raise NotSent(waiting.trouble) from trouble
        return
    waiting.state, waiting.sent_at, waiting.trouble = Message.State.SENT, now, ""
    _keep(waiting)


def _keep(message: Message) -> None:
    """Keep what became of a message; what a secret one says goes as soon as it is not tried again."""
    if message.secret and message.state != Message.State.WAITING:
        message.text = message.html = ""
    message.save(update_fields=["state", "tries", "sent_at", "trouble", "text", "html"])


def _mail(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        message.subject, message.text, message.sender, [message.to], headers=_headers(message)
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment is not None:
        mail.attach(message.attachment_name, bytes(message.attachment))
    return mail


def _headers(message: Message) -> dict[str, str]:
    """Return how other programs know a mail again, and that they need not answer it."""
    heads = {"Message-ID": number_of(message=message), "X-Loop": settings.DEFAULT_FROM_EMAIL}
    if message.kind not in BY_PEOPLE:
        heads |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return heads
