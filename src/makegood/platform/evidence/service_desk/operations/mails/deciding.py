"""Deciding what becomes of a mail that is held."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.reading import read_mail
from makegood.platform.evidence.service_desk.models import Mail
from makegood.platform.evidence.service_desk.operations.mails.taking import bring_in
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe
from makegood.platform.evidence.service_desk.queries.mails import DECIDERS, held_mails
from makegood.platform.tenancy.parties.models import ContactRole, Organisation
from makegood.platform.tenancy.parties.operations import keep_contact
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer

_ASKED_LAST = 9


@operation("accept mail", about="mail")
def accept_mail(*, mail: Mail, customer: Organisation, by: Viewer, now: datetime, as_contact: bool = False) -> Mail:
    """Take a mail that was held to a case of a customer; its sender may become a contact, so that others are not held.

    :raises UnableToServe: if it is not held any more, or ``by`` may not decide
    """
    held = _held(mail, by)
    if customer.is_house or not organisations(viewer=by).filter(pk=customer.pk).exists():
        raise UnableToServe(_("Say to which customer this mail belongs."))
    held.decided_by_id, held.decided_at = by.author, now
    bring_in(held, read_mail(bytes(held.raw or b""), ours=settings.DEFAULT_FROM_EMAIL, size=held.size), customer, now)
    if as_contact and held.sender:
        keep_contact(
            organisation=customer,
            name=held.sender_name or held.sender,
            email=held.sender,
            phone="",
            role=ContactRole.TECHNICAL,
            escalation=_ASKED_LAST,
            by=by,
            now=now,
        )
    record(
        by=by, did="accept mail", about=str(held), now=now, organisation=customer.pk, mail=held.pk, case=held.case_id
    )
    return held


@operation("discard mail", about="mail")
def discard_mail(*, mail: Mail, by: Viewer, now: datetime) -> Mail:
    """Throw a mail away that was held: what it said is forgotten, and that it came is not."""
    held = _held(mail, by)
    held.state, held.raw = Mail.State.DISCARDED, None
    held.decided_by_id, held.decided_at = by.author, now
    held.save(update_fields=["state", "raw", "decided_by", "decided_at"])
    record(by=by, did="discard mail", about=str(held), now=now, mail=held.pk, sender=held.sender)
    return held


def _held(mail: Mail, by: Viewer) -> Mail:
    if not by.has(*DECIDERS) or by.author is None:
        raise UnableToServe(_("Your role does not include this; ask somebody of your organisation who may."))
    seen = held_mails(viewer=by).filter(pk=mail.pk).order_by().select_related(None).values("pk")
    found = Mail.objects.select_for_update(of=("self",)).select_related("mailbox", "mailbox__owner")
    held = found.filter(pk__in=seen, state=Mail.State.HELD).first()
    if held is None:
        raise UnableToServe(_("This mail is not held any more."))
    return held
