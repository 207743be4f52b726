"""Taking a mail: to the case that it is about, to a new one, or aside until somebody decides; each once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.files import File
from makegood.platform.evidence.service_desk.mail.reading import MOST_BYTES, MOST_KEPT, Read, read_mail
from makegood.platform.evidence.service_desk.models import Case, Channel, Mail, Mailbox, Message
from makegood.platform.evidence.service_desk.operations.mailing import acknowledge, mail_to, mail_to_workers
from makegood.platform.evidence.service_desk.operations.opening import Intake, open_case
from makegood.platform.evidence.service_desk.operations.sides import LONGEST
from makegood.platform.evidence.service_desk.operations.talking import receive_message
from makegood.platform.evidence.service_desk.queries.senders import Sender, belongs, case_of, sender_of
from makegood.platform.tenancy.messages.queries import answered
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MANY: Final = 10
"""When somebody sent so many mails in ``SOON``, nothing of it is answered: two machines may be talking."""
SOON: Final = timedelta(minutes=10)
_ANSWER: Final = re.compile(r"((re|aw|wg|fw|fwd|antw|sv)(\[\d+\])?:\s*|\[#\d+\]\s*)+", re.IGNORECASE)
_LONGEST_TITLE: Final = 200


class _Held(Exception):
    """A mail waits for somebody to decide; the text says why."""


def take_mail(*, mailbox: Mailbox, raw: bytes, now: datetime, uid: int | None = None, size: int = 0) -> Mail:
    """Take a mail that came into a mailbox, once whoever brings it how often; return what became of it.

    In the same transaction the mailbox keeps that the mail with ``uid`` was looked at. ``size`` is that of a mail of
    which only the beginning was fetched. What belongs to nobody, or
    cannot be read, is held with the reason.
    """
    read = read_mail(raw, ours=settings.DEFAULT_FROM_EMAIL, size=size)
    try:
        with transaction.atomic():
            return _taken(mailbox, read, now, uid)
    except (_Held, Unable, DataError) as reason:
        with transaction.atomic():
            return _known(mailbox, read, uid) or _hold(mailbox, read, raw, now, str(reason))


def bring_in(mail: Mail, read: Read, customer: Organisation, now: datetime) -> None:
    """Take a mail that was held to a case of a customer: the one that it is about, or a new one."""
    sender = replace(_sender(read), customers=frozenset({customer.pk}))
    about = case_of(read=read)
    if read.trouble:
        read = replace(read, text=read.trouble, files=(File("mail.eml", "message/rfc822", bytes(mail.raw or b"")),))
    if about is not None and about.customer_id == customer.pk and about.provider.is_house:
        _answer(mail, read, sender, _locked(about), now, is_answered=not read.automatic)
    else:
        _open(mail, read, sender, customer, now)


def _taken(mailbox: Mailbox, read: Read, now: datetime, uid: int | None) -> Mail:
    known = _known(mailbox, read, uid)
    if known is not None:
        return known
    if read.trouble:
        raise _Held(read.trouble)
    mail = _row(mailbox, read, now)
    if read.failure is not None:
        return _note_failure(mail, read, now)
    sender, about = _sender(read), case_of(read=read)
    if about is not None and not (belongs(sender=sender, case=about) or sender.is_staff):
        raise _Held(_("The sender has nothing to do with case #%d, which the mail is about.") % about.pk)
    if about is not None:
        return _to_case(mail, read, sender, _locked(about), now)
    if read.automatic:
        raise _Held(_("No person wrote this mail, and it belongs to no case: %s") % read.automatic)
    return _open(mail, read, sender, _customer_of(sender, mailbox), now)


def _known(mailbox: Mailbox, read: Read, uid: int | None) -> Mail | None:
    """Wait for whoever takes the same mail just now, and return it if it is known; keep that it was looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(read.key[:15], 16)])
    if uid is not None:
        Mailbox.objects.filter(pk=mailbox.pk, last_uid__lt=uid).update(last_uid=uid)
    return Mail.objects.defer("raw").filter(key=read.key).first()


def _row(mailbox: Mailbox, read: Read, now: datetime) -> Mail:
    return Mail(
        mailbox=mailbox,
        key=read.key,
        number=read.number,
        sender=read.sender,
        sender_name=read.sender_name,
        subject=read.subject,
        size=read.size,
        received_at=now,
    )


def _hold(mailbox: Mailbox, read: Read, raw: bytes, now: datetime, reason: str) -> Mail:
    mail = _row(mailbox, read, now)
    mail.state, mail.reason = Mail.State.HELD, reason
    mail.raw = raw if len(raw) <= MOST_BYTES else raw[:MOST_KEPT]
    mail.save()
    return mail


def _sender(read: Read) -> Sender:
    if not read.sender:
        return Sender("", _("somebody"))
    return sender_of(address=read.sender, name=read.sender_name)


def _customer_of(sender: Sender, mailbox: Mailbox) -> Organisation:
    """Return the customer for whom somebody writes.

    :raises _Held: if it is not one, or not one that this mailbox is for
    """
    if sender.is_staff:
        raise _Held(_("One of our own people wrote this mail, and it belongs to no case."))
    if not sender.customers:
        raise _Held(_("Nobody knows this sender."))
    if len(sender.customers) > 1:
        raise _Held(_("The sender belongs to more than one customer."))
    (found,) = sender.customers
    if mailbox.customer_id not in {None, found}:
        raise _Held(_("The sender is not of the customer that this mailbox is for."))
    return Organisation.objects.get(pk=found)


def _to_case(mail: Mail, read: Read, sender: Sender, case: Case, now: datetime) -> Mail:
    """Add a mail to a case; what a machine or one of our own people wrote, or one of very many, is only a note."""
    if not case.provider.is_house:
        mail_to(case.owner, case, read.text, by=_author(sender), now=now)
        return _answer(mail, read, sender, case, now, is_answered=False, public=True)
    before = Mail.objects.filter(case=case, sender=sender.address, received_at__gt=now - SOON).count()
    is_answered = not (read.automatic or sender.is_staff or before >= MANY)
    return _answer(mail, read, sender, case, now, is_answered=is_answered)


def _answer(
    mail: Mail, read: Read, sender: Sender, case: Case, now: datetime, *, is_answered: bool, public: bool = False
) -> Mail:
    text, quoted, files = _shortened(read)
    message = receive_message(
        case=case,
        text=text,
        quoted=quoted,
        number=read.number,
        public=is_answered or public,
        files=files,
        by=_author(sender),
        person=sender.person.pk if sender.person is not None else None,
        organisation=next(iter(sender.customers | sender.affiliates), None),
        now=now,
        answered=is_answered,
    )
    return _keep(mail, case, message)


def _note_failure(mail: Mail, read: Read, now: datetime) -> Mail:
    """Note at a case that a mail about it did not arrive."""
    failure = read.failure
    ours = answered(number=failure.number) if failure is not None else None
    said = Message.objects.filter(mail=ours).select_related("case").first() if ours is not None else None
    if failure is None or said is None:
        raise _Held(_("A mail did not arrive, and it is not known which: %s") % read.subject)
    words = _("A mail to %(to)s was not delivered: %(status)s") % {"to": failure.to, "status": failure.status}
    case = _locked(said.case)
    message = receive_message(
        case=case,
        text=words,
        quoted=read.text[:LONGEST],
        number=read.number,
        public=False,
        files=(),
        by=_author(Sender(read.sender, read.sender_name or read.sender)),
        person=None,
        organisation=None,
        now=now,
        answered=False,
    )
    return _keep(mail, case, message)


def _open(mail: Mail, read: Read, sender: Sender, customer: Organisation, now: datetime) -> Mail:
    """Open a case with a mail, and answer it, unless very many came from its sender just now."""
    text, quoted, files = _shortened(read)
    intake = Intake(
        title=_title(read),
        kind=mail.mailbox.kind,
        requester=sender.person,
        requester_name=sender.name[:_LONGEST_TITLE],
        requester_email=sender.address[:254],
        symptoms=text,
    )
    box_owner = mail.mailbox.owner
    owner = box_owner if box_owner is not None and box_owner.is_active else None
    by = _author(sender)
    case = open_case(customer=customer, intake=intake, channel=Channel.MAIL, by=by, now=now, owner=owner, silently=True)
    message = receive_message(
        case=case,
        text=text,
        quoted=quoted,
        number=read.number,
        public=True,
        files=files,
        by=by,
        person=sender.person.pk if sender.person is not None else None,
        organisation=customer.pk,
        now=now,
        answered=False,
    )
    before = Mail.objects.filter(sender=read.sender, received_at__gt=now - SOON).exclude(pk=mail.pk).count()
    _keep(mail, case, message)
    if before < MANY and not read.automatic:
        acknowledge(case, now=now)
        mail_to_workers(case, text, by=by, now=now)
    return mail


def _keep(mail: Mail, case: Case, message: Message) -> Mail:
    mail.state, mail.case, mail.message = Mail.State.TAKEN, case, message
    mail.raw, mail.reason = None, ""
    mail.save()
    return mail


def _author(sender: Sender) -> Viewer:
    """Return who wrote a mail, as far as it says: nobody signed in, so nobody's rights go with it."""
    ours = house().pk
    name = f"{sender.name} <{sender.address}>" if sender.address else sender.name
    return Viewer(name=name[:200], house=ours, roles={ours: frozenset({Role.ENGINEER})}, site=Site.CONSOLE)


def _locked(case: Case) -> Case:
    found = Case.objects.select_for_update(of=("self",))
    return found.select_related("version", "contract", "customer", "provider", "owner", "requester").get(pk=case.pk)


def _title(read: Read) -> str:
    subject = _ANSWER.sub("", read.subject, count=1).strip()
    return (subject or read.text.partition("\n")[0].strip() or _("A mail without a subject"))[:_LONGEST_TITLE]


def _shortened(read: Read) -> tuple[str, str, tuple[File, ...]]:
    """Return what a mail says in the length that is shown; what is longer goes with it as a file."""
    if max(len(read.text), len(read.quoted)) <= LONGEST:
        return read.text, read.quoted, read.files
    whole = f"{read.text}\n\n{read.quoted}".encode("utf-8", "replace")
    return read.text[:LONGEST], read.quoted[:LONGEST], (File("mail.txt", "text/plain", whole), *read.files)
