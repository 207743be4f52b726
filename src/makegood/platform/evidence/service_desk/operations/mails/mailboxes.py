"""Mailboxes: setting up where customers write to."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import datetime
from secrets import token_bytes, token_urlsafe
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.imap import PORTS, Server
from makegood.platform.evidence.service_desk.models import Mailbox, Security, Signing
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, person_of, said
from makegood.platform.evidence.service_desk.queries.mails import KEEPERS
from makegood.platform.evidence.service_desk.queries.terms import KINDS
from makegood.platform.sealing import sealed, sealed_anew
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_LINE: Final = re.compile(r"[ -~]{1,200}")
_HOST: Final = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_WORKERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)


@operation("make mailbox", about="name")
def make_mailbox(
    *,
    name: str,
    address: str,
    by: Viewer,
    now: datetime,
    server: Server | None = None,
    signing: str = "",
    kind: str = "incident",
    customer: Organisation | None = None,
    owner: Person | None = None,
) -> tuple[Mailbox, str]:
    """Set up an address that customers write to, and return it with the secret of a service that posts its mails.

    Mails are fetched from ``server``, or posted and signed in the way of ``signing``; the secret is shown this once.

    :raises UnableToServe: if ``by`` is not the owner, the address is taken, or something lacks
    """
    _refuse_others(by)
    made = Mailbox(address=_address(address), created_by_id=person_of(by), created_at=now)
    secret = ""
    if server is not None:
        _serve(made, server)
    elif signing in Signing.values:
        secret = _secret(signing)
        made.signing, made.token, made.secret = signing, token_urlsafe(32), sealed(secret)
    else:
        raise UnableToServe(_("Name the server from which mails are fetched, or say how a mail service signs."))
    _describe(made, name, kind, customer, owner)
    if Mailbox.objects.filter(address=made.address, ended_at=None).exists():
        raise UnableToServe(_("There is a mailbox for this address already; end it first."))
    made.save()
    _told("make mailbox", made, by, now)
    return made, secret


@operation("change mailbox", about="mailbox")
def change_mailbox(
    *,
    mailbox: Mailbox,
    name: str,
    kind: str,
    customer: Organisation | None,
    owner: Person | None,
    by: Viewer,
    now: datetime,
    server: Server | None = None,
) -> Mailbox:
    """Change what begins in a mailbox and for whom, or where it is fetched; an empty password leaves it as it is."""
    held = _held(mailbox, by)
    if server is not None:
        if not held.host:
            raise UnableToServe(_("Mails of this mailbox are posted, not fetched."))
        _serve(held, server)
    _describe(held, name, kind, customer, owner)
    held.save()
    _told("change mailbox", held, by, now)
    return held


@operation("rotate secret of mailbox", about="mailbox")
def rotate_mailbox(*, mailbox: Mailbox, by: Viewer, now: datetime) -> str:
    """Give a mailbox that is posted to a new secret and return it; the one before counts no more."""
    held = _held(mailbox, by)
    if held.token is None:
        raise UnableToServe(_("Mails of this mailbox are fetched; change its password."))
    secret = _secret(held.signing)
    held.secret = sealed(secret)
    held.save(update_fields=["secret"])
    _told("rotate secret of mailbox", held, by, now)
    return secret


@operation("end mailbox", about="mailbox")
def end_mailbox(*, mailbox: Mailbox, by: Viewer, now: datetime) -> Mailbox:
    """End a mailbox: nothing is fetched or taken from this moment; what came stays."""
    held = _held(mailbox, by)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end mailbox", held, by, now)
    return held


@transaction.atomic
def seal_mailboxes_anew() -> int:
    """Seal passwords and secrets of all mailboxes with the first key, and return how many could be opened."""
    number = 0
    for each in Mailbox.objects.select_for_update().order_by("pk"):
        anew = sealed_anew(each.password or each.secret or b"")
        if anew is None:
            continue
        if each.token is None:
            each.password = anew
        else:
            each.secret = anew
        each.save(update_fields=["password", "secret"])
        number += 1
    return number


def _describe(mailbox: Mailbox, name: str, kind: str, customer: Organisation | None, owner: Person | None) -> None:
    mailbox.name = said(" ".join(name.split()), _("Name the mailbox."), longest=100)
    if kind not in KINDS:
        raise UnableToServe(_("A mail begins an incident or a request."))
    if customer is not None and customer.is_house:
        raise UnableToServe(_("A mailbox is for one customer, or for all of them."))
    if owner is not None and owner not in people_with(organisation=house(), roles=_WORKERS):
        raise UnableToServe(_("%s does not work on cases of this organisation.") % owner.name)
    mailbox.kind, mailbox.customer, mailbox.owner = kind, customer, owner


def _serve(mailbox: Mailbox, server: Server) -> None:
    host, folder = server.host.strip(), server.folder.strip() or "INBOX"
    if not _HOST.fullmatch(host):
        raise UnableToServe(_("Name the server, such as imap.example.com."))
    if server.port not in PORTS and not 1024 <= server.port <= 65_535:
        raise UnableToServe(_("Servers of mail listen at port 993 or 143, or at one from 1024 on."))
    if server.security not in Security.values:
        raise UnableToServe(_("Say how the connection is protected."))
    if not all(_LINE.fullmatch(each) for each in (server.user.strip(), folder)):
        raise UnableToServe(_("User and folder have letters, digits and signs of ASCII, at most 200."))
    if server.password and (len(server.password) > 500 or not server.password.isprintable()):
        raise UnableToServe(_("This cannot be a password."))
    if not server.password and not mailbox.password:
        raise UnableToServe(_("Without a password nothing can be fetched."))
    mailbox.host, mailbox.port, mailbox.security = host, server.port, server.security
    mailbox.user, mailbox.folder = server.user.strip(), folder
    mailbox.uid_validity, mailbox.last_uid = None, 0
    if server.password:
        mailbox.password = sealed(server.password)


def _address(address: str) -> str:
    found = address.strip().lower()
    try:
        validate_email(found)
    except ValidationError as error:
        raise UnableToServe(_("Write the address that customers write to.")) from error
    return found


def _secret(signing: str) -> str:
    return "whsec_" + b64encode(token_bytes(24)).decode() if signing == Signing.STANDARD else token_urlsafe(32)


def _refuse_others(by: Viewer) -> None:
    if by.site is not Site.CONSOLE or not by.has(*KEEPERS) or by.author is None:
        raise UnableToServe(_("Mailboxes are set up by the owner."))


def _held(mailbox: Mailbox, by: Viewer) -> Mailbox:
    _refuse_others(by)
    held = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if held.ended_at is not None:
        raise UnableToServe(_("This mailbox has ended."))
    return held


def _told(did: str, mailbox: Mailbox, by: Viewer, now: datetime) -> None:
    record(by=by, did=did, about=mailbox.address, now=now, mailbox=mailbox.pk, host=mailbox.host)
