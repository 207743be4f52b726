"""A major incident: who hears at once, and who hears how often how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Announcement, Case, CommunicationPlan, Message, State
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    person_of,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.operations.talking import write_message
from makegood.platform.evidence.service_desk.operations.work.alarming import Reader, staff_of
from makegood.platform.evidence.service_desk.operations.writing import keep
from makegood.platform.evidence.service_desk.operations.writing_to import (
    payers_of,
    write_to_customer,
    write_to_staff,
)
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.queries import brand_towards
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import Contact
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import CUSTOMER, Role, Viewer

_MOST_MINUTES: Final = 7 * 24 * 60
_LEAST_MINUTES: Final = 5
_LEADERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
_Audience = CommunicationPlan.Audience
_Way = CommunicationPlan.Way


def tell_of_major(case: Case, *, now: datetime) -> None:
    """Tell owners and service managers, and sponsors and managers of the customer, that a case is a major incident."""
    write_to_staff("case_major", staff_of(case, *_LEADERS), case, now=now)
    write_to_customer("case_major", payers_of(case), case, now=now)


@operation("plan communication", about="case")
def plan_communication(
    *, case: Case, audience: str, way: str, minutes: int, text: str, by: Viewer, now: datetime
) -> CommunicationPlan:
    """Say who hears how often how a major incident stands; said again for an audience, it changes.

    :raises UnableToServe: if the case is no open major incident, or the time is shorter than five minutes
    """
    mine = working_on(case, by)
    if mine.major_since is None or mine.state == State.CLOSED:
        raise UnableToServe(_("Only of an open major incident is planned who hears of it."))
    if audience not in _Audience.values or way not in _Way.values:
        raise UnableToServe(_("Say who is to hear of it, and how."))
    if not _LEAST_MINUTES <= minutes <= _MOST_MINUTES:
        raise UnableToServe(_("They hear of it every five minutes to seven days."))
    made, _new = CommunicationPlan.objects.update_or_create(
        case=mine,
        audience=audience,
        way=way,
        defaults={
            "minutes": minutes,
            "text": said(text),
            "next_at": now + timedelta(minutes=minutes),
            "reminded_at": None,
        },
        create_defaults={
            "minutes": minutes,
            "text": said(text),
            "next_at": now + timedelta(minutes=minutes),
            "created_at": now,
        },
    )
    told("plan communication", mine, by, now, plan=made.pk, audience=audience, way=way, minutes=minutes)
    return made


@operation("announce", about="plan")
def announce_incident(*, plan: CommunicationPlan, text: str, by: Viewer, now: datetime) -> Announcement:
    """Tell an audience how a major incident stands; whoever of the customer hears it counts as told.

    By mail it is sent; what is said by telephone is kept with whom it was said to; written in the case, all see it.

    :raises UnableToServe: if the case is closed, or nobody of this audience is known
    """
    mine = working_on(plan.case, by)
    if mine.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    words = said(text, _("Write how it stands."))
    readers = list(audience_of(plan))
    if not readers:
        raise UnableToServe(_("Nobody of this audience is known; plan another one."))
    if plan.way == _Way.MAIL:
        _mail(mine, readers, words, by, now)
    if plan.way == _Way.PAGE and plan.audience != _Audience.HOUSE:
        write_message(case=mine, text=words, public=True, update=True, by=by, now=now)
    elif plan.audience != _Audience.HOUSE:
        mine.told_at = now
        keep(mine, now=now)
    elif plan.way == _Way.PAGE:
        write_message(case=mine, text=words, public=False, kind=Message.Kind.NOTE, by=by, now=now)
    made = Announcement.objects.create(
        plan=plan, text=words, told=", ".join(each.name for each in readers), person_id=person_of(by), at=now
    )
    CommunicationPlan.objects.filter(pk=plan.pk).update(next_at=now + timedelta(minutes=plan.minutes), reminded_at=None)
    told("announce", mine, by, now, plan=plan.pk, announcement=made.pk)
    return made


def remind_of_announcements(*, now: datetime) -> int:
    """Remind owners of major incidents, once each time, that an audience is to hear how it stands; return how many."""
    due = CommunicationPlan.objects.filter(next_at__lte=now, reminded_at=None).order_by("next_at")
    return sum(_reminded(each.pk, now) for each in due)


def audience_of(plan: CommunicationPlan) -> Iterator[Reader]:
    """Yield who hears of a plan, each once."""
    seen: set[str] = set()
    for name, email, language in _people(plan):
        if email not in seen:
            seen.add(email)
            yield Reader(name, email, language)


@transaction.atomic
def _reminded(plan: int, now: datetime) -> bool:
    waiting = CommunicationPlan.objects.select_for_update(of=("self",), skip_locked=True)
    found = waiting.filter(pk=plan, next_at__lte=now, reminded_at=None).select_related("case__owner").first()
    if found is None:
        return False
    if found.case.state == State.CLOSED or found.case.resolved_at is not None:
        found.next_at = None
        found.save(update_fields=["next_at"])
        return False
    found.reminded_at = now
    found.save(update_fields=["reminded_at"])
    write_to_staff("case_announcement_due", [found.case.owner], found.case, now=now, plan=found)
    return True


def _people(plan: CommunicationPlan) -> Iterator[tuple[str, str, str]]:
    case = plan.case
    if plan.audience == _Audience.CONTACTS:
        for contact in Contact.objects.filter(organisation=case.customer):
            yield contact.name, contact.email, settings.LANGUAGE_CODE
        return
    people = {
        _Audience.DECIDERS: lambda: payers_of(case),
        _Audience.EVERYBODY: lambda: people_with(organisation=case.customer, roles=CUSTOMER),
        _Audience.HOUSE: lambda: staff_of(case, *_LEADERS),
    }[_Audience(plan.audience)]()
    for each in people:
        yield each.name, each.email, each.language


def _mail(case: Case, readers: list[Reader], text: str, by: Viewer, now: datetime) -> None:
    brand = brand_towards(organisation=case.customer)
    for each in readers:
        write_from_template(
            kind="case_announced",
            to=each.email,
            language=each.language,
            now=now,
            brand=brand,
            case=case,
            text=text,
            who=by.name,
        )
