"""What is said about a case: written here, noted from a call, or received by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.mail.files import Checked, File, checked
from makegood.platform.evidence.service_desk.models import Attachment, Case, HeldFor, Message, State
from makegood.platform.evidence.service_desk.operations.mailing import mail_to_requester, mail_to_workers
from makegood.platform.evidence.service_desk.operations.moving import first_response
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    asking_for,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.operations.writing import keep, word_of, write_step
from makegood.platform.evidence.service_desk.queries.seen import is_inside
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer

WRITTEN_HERE: Final = (Message.Kind.PAGE, Message.Kind.CALL, Message.Kind.NOTE)
_LONGEST_NAME: Final = 200


@operation("write message", about="case")
def write_message(
    *,
    case: Case,
    text: str,
    public: bool,
    by: Viewer,
    now: datetime,
    update: bool = False,
    kind: str = Message.Kind.PAGE,
    attachments: Iterable[File] = (),
    caller: str = "",
    at: datetime | None = None,
) -> Message:
    """Add to what was said about a case; nobody changes it afterwards.

    What is not ``public`` only the side that works on the case sees. The first public message or call of that side is
    its first response. A public message, or one that is an ``update``, tells the customer how the case stands. Of a
    call ``caller`` is who else spoke, and ``at`` when it was. A public message goes to the requester by mail; what the
    customer writes goes to the owner, and ends the time in which the case waits for the customer's answer.

    :raises UnableToServe: if the case is not theirs, or nothing is said
    """
    inside = is_inside(viewer=by, case=case)
    mine = working_on(case, by) if inside else asking_for(case, by)
    files = list(checked(attachments))
    _check(mine, inside=inside, public=public, kind=kind, at=at, now=now)
    words = said(text, "" if files else _("Write what there is to say."))
    moment = at or now
    if not inside:
        update = False
        mail = None
        mail_to_workers(mine, words, by=by, now=now)
        _go_on(mine, moment, by, now)
    else:
        update = _tell(mine, moment, by, now, public=public, update=update, is_call=kind == Message.Kind.CALL)
        by_mail = public and kind == Message.Kind.PAGE
        mail = mail_to_requester(mine, words, files, by=by, now=now) if by_mail else None
    made = Message.objects.create(
        case=mine,
        kind=kind,
        public=public,
        update=update,
        person_id=by.author,
        organisation_id=mine.provider_id if inside else mine.customer_id,
        who=_who(by, said(caller, longest=_LONGEST_NAME)),
        text=words,
        mail=mail,
        at=moment,
    )
    keep_files(made, files)
    keep(mine, now=now)
    told("write message", mine, by, now, message=made.pk, kind=kind, public=public)
    return made


def receive_message(
    *,
    case: Case,
    text: str,
    quoted: str,
    number: str,
    public: bool,
    files: Iterable[File],
    by: Viewer,
    person: int | None,
    organisation: int | None,
    now: datetime,
    answered: bool,
) -> Message:
    """Add what came by mail to a case that is locked; one that is ``answered`` by the customer goes on."""
    made = Message.objects.create(
        case=case,
        kind=Message.Kind.MAIL_IN,
        public=public,
        person_id=person,
        organisation_id=organisation,
        who=by.name[:_LONGEST_NAME],
        text=text,
        quoted=quoted,
        number="" if Message.objects.filter(number=number).exists() else number,
        at=now,
    )
    keep_files(made, checked(files))
    if answered:
        mail_to_workers(case, text, by=by, now=now)
        if _go_on(case, now, by, now):
            keep(case, now=now)
    told("receive message", case, by, now, message=made.pk, kind=made.kind, public=public)
    return made


def keep_files(message: Message, files: Iterable[Checked]) -> None:
    """Keep what came with a message, and of what was refused that it came."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=each.name,
            type=each.type,
            size=each.size,
            sha256=each.sha256,
            content=each.content,
            refused=each.refused,
        )
        for each in files
    )


def _check(case: Case, *, inside: bool, public: bool, kind: str, at: datetime | None, now: datetime) -> None:
    if kind not in WRITTEN_HERE:
        raise UnableToServe(_("A message is written here, the note of a call, or a note."))
    if not inside and (not public or kind != Message.Kind.PAGE):
        raise UnableToServe(_("What you write about your case both sides see."))
    if public and kind == Message.Kind.NOTE:
        raise UnableToServe(_("A note is not for the customer; write a message."))
    if at is None:
        return
    if at > now:
        raise UnableToServe(_("This lies in the future; say when it happened."))
    if at < case.opened_at or kind != Message.Kind.CALL:
        raise UnableToServe(_("Only a call may have been earlier, and not before the case was opened."))


def _tell(case: Case, at: datetime, by: Viewer, now: datetime, *, public: bool, update: bool, is_call: bool) -> bool:
    """Keep that the customer heard from us, if it did; return whether."""
    hears = public or update or is_call
    if not hears:
        return False
    if case.responded_at is None and case.state != State.CLOSED:
        first_response(case, at, by, now)
    case.told_at = max(at, case.told_at or at)
    return public or update


def _go_on(case: Case, at: datetime, by: Viewer, now: datetime) -> bool:
    """Let a case go on that waited for an answer of the customer; return whether it did."""
    if case.state != State.HELD or case.held_for != HeldFor.INFORMATION:
        return False
    case.state, case.held_for = State.OPEN, ""
    write_step(case=case, word=word_of(case), at=at, by=by, now=now, why=_("the customer answered"))
    return True


def _who(by: Viewer, caller: str) -> str:
    return (f"{by.name} ↔ {caller}" if caller else by.name)[:_LONGEST_NAME]
