"""Mails as they come in, and mailboxes for them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from makegood.platform.evidence.service_desk.models import Mailbox
from makegood.platform.evidence.service_desk.operations import Server, make_mailbox
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.desk import MONDAY
from tests.platform.people import house, person, viewer

ADDRESS = "help@northwind-it.example"
UMA = "uma@acme.example"


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def mailbox(**more: Any) -> Mailbox:
    """Return a mailbox that a mail service posts to."""
    given = {"name": "Help", "address": ADDRESS, "signing": "BEARER", "by": owner(), "now": MONDAY, **more}
    return make_mailbox(**given)[0]


def server(port: int, **more: Any) -> Server:
    return Server(
        **{"host": "127.0.0.1", "port": port, "security": "NONE", "user": "help", "password": "secret", **more}
    )


def mail(
    text: str = "The till is silent.\n",
    *,
    sender: str = f"Uma Unger <{UMA}>",
    subject: str = "Till",
    number: str = "<1@acme.example>",
    **heads: str,
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ADDRESS, subject
    made["Date"] = "Mon, 09 Mar 2026 10:00:00 +0100"
    if number:
        made["Message-ID"] = number
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def bounce(number: str, *, action: str = "failed") -> bytes:
    """Return the news of another server that a mail did not arrive."""
    return f"""\
From: MAILER-DAEMON@mx.acme.example
To: {ADDRESS}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b-{action}@mx.acme.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; {UMA}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 User unknown

--b
Content-Type: text/rfc822-headers

Subject: something
Message-ID: {number}

--b--
""".replace("\n", "\r\n").encode()
