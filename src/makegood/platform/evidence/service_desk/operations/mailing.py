"""Mails about cases: that one was opened, what was answered, and what the customer wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from makegood.platform.evidence.service_desk.mail.files import Checked
from makegood.platform.evidence.service_desk.models import Case, Clock, Mail, Mailbox, Message
from makegood.platform.evidence.service_desk.queries import terms_of_case
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.queries import brand_towards
from makegood.platform.tenancy.messages.models import Message as Outgoing
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MESSAGE: Final = "case_message"
"""The kind of mail that a person wrote; all others are written by the house itself."""
ACKNOWLEDGED: Final = "case_acknowledged"
ANSWERED: Final = "case_answered"


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised about a case, and by when, in the zone of the agreement."""

    promise: str
    due: datetime
    zone: str


def acknowledge(case: Case, *, now: datetime) -> Message | None:
    """Tell whoever reported a case its number, its priority and what was promised by when, if there is an address."""
    if not case.requester_email:
        return None
    brand = brand_towards(organisation=case.customer)
    mail = write_from_template(
        kind=ACKNOWLEDGED,
        to=case.requester_email,
        language=_language(case),
        now=now,
        brand=brand,
        sender=sender_for(case, brand),
        case=case,
        promised=list(_promised(case)),
        link=_link_of_requester(case),
    )
    return Message.objects.create(
        case=case,
        kind=Message.Kind.MAIL_OUT,
        public=True,
        organisation=case.provider,
        who=brand.name,
        text=mail.text,
        mail=mail,
        at=now,
    )


def mail_to_requester(case: Case, text: str, files: Sequence[Checked], *, by: Viewer, now: datetime) -> Outgoing | None:
    """Write what was said to whoever reported a case; one file goes with it, of several only their names."""
    if not case.requester_email:
        return None
    brand = brand_towards(organisation=case.customer)
    kept = [each for each in files if each.content is not None]
    only = kept[0] if len(kept) == 1 else None
    return write_from_template(
        kind=MESSAGE,
        to=case.requester_email,
        language=_language(case),
        now=now,
        brand=brand,
        sender=sender_for(case, brand),
        attachment=only.content if only is not None else None,
        attachment_name=only.name if only is not None else "",
        case=case,
        text=text,
        who=by.name,
        files=[each.name for each in kept] if only is None else [],
        link=_link_of_requester(case),
    )


def mail_to_workers(case: Case, text: str, *, by: Viewer, now: datetime) -> None:
    """Tell the owner of a case what the customer wrote; of a referral, those of the affiliate."""
    site = Site.CONSOLE if case.provider.is_house else Site.PARTNER
    for each in _workers(case):
        mail_to(each, case, text, site=site, by=by, now=now)


def mail_to(person: Person, case: Case, text: str, *, by: Viewer, now: datetime, site: Site = Site.CONSOLE) -> None:
    """Tell somebody who works on a case what was written about it, unless they wrote it themselves."""
    if person.pk == by.author or not person.is_active:
        return
    write_from_template(
        kind=ANSWERED,
        to=person.email,
        language=person.language,
        now=now,
        sender=sender_for(case, None),
        case=case,
        quoted="\n".join(f"> {line}" for line in text.splitlines()),
        who=by.name,
        link=_link(case, site),
    )


def sender_for(case: Case, brand: Brand | None) -> str:
    """Return from where mails about a case are, so that answers come back to it; empty where no mailbox takes them."""
    if not case.provider.is_house:
        return ""
    open_ones = Mailbox.objects.filter(ended_at=None)
    through = Mail.objects.filter(case=case, state=Mail.State.TAKEN).order_by("pk").values("mailbox")[:1]
    used = open_ones.filter(pk__in=through).first()
    box = used or open_ones.filter(customer=case.customer).first() or open_ones.filter(customer=None).first()
    if box is None:
        return ""
    shown = (brand or brand_towards(organisation=case.provider)).name
    name = "".join(each for each in shown if each not in '"\\\r\n')
    return f'"{name}" <{box.address}>'


def _link(case: Case, site: Site) -> str:
    return settings.BASE_URL + reverse(f"{site}:case", args=[case.pk])


def _link_of_requester(case: Case) -> str:
    """Return where whoever reported a case finds it, if they sign in."""
    if case.requester is None:
        return ""
    return _link(case, Site.PORTAL if case.provider.is_house else Site.CONSOLE)


def _language(case: Case) -> str:
    return case.requester.language if case.requester is not None else settings.LANGUAGE_CODE


def _promised(case: Case) -> Iterator[Promised]:
    """Yield the limits of a case that run, as they were promised to the customer; what is due first comes first."""
    terms = terms_of_case(case)
    if terms is None:
        return
    zone = terms.term.timezone
    running = Clock.objects.filter(case=case, state=Clock.State.RUNNING)
    yield from (
        Promised(terms.outcomes[each.outcome].promise, each.due_at.astimezone(ZoneInfo(zone)), zone)
        for each in running
        if each.due_at is not None
    )


def _workers(case: Case) -> list[Person]:
    if case.provider.is_house:
        return [case.owner]
    return people_with(organisation=case.provider, roles=[Role.AFFILIATE])
