"""Opening a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Version
from makegood.platform.evidence.service_desk.models import Case, Channel, Coverage, Level, State, Transfer
from makegood.platform.evidence.service_desk.operations.mailing import acknowledge
from makegood.platform.evidence.service_desk.operations.sides import (
    CUSTOMERS,
    WORKERS,
    UnableToServe,
    person_of,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.operations.writing import WORDS, keep, write_step
from makegood.platform.evidence.service_desk.queries import contract_for, desk_of, kinds_known, terms_of_case
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is asked of whoever reports something: who it is, what is affected, and what happened."""

    title: str
    kind: str = "incident"
    service: str = ""
    requester: Person | None = None
    requester_name: str = ""
    requester_email: str = ""
    requester_phone: str = ""
    site: Place | None = None
    affected: str = ""
    symptoms: str = ""
    to_recreate: str = ""
    changed_before: str = ""
    impact: str = Level.MEDIUM
    urgency: str = Level.MEDIUM


@operation("open case", about="customer")
def open_case(
    *,
    customer: Organisation,
    intake: Intake,
    channel: str,
    by: Viewer,
    now: datetime,
    owner: Person | None = None,
    opened_at: datetime | None = None,
    marks: Mapping[str, datetime] | None = None,
    silently: bool = False,
) -> Case:
    """Open a case: it has an owner, a priority and its limits at once, of which its requester is told.

    ``opened_at`` is when it was reported, if that was earlier. ``marks`` are instants that a guarantee counts from, by
    the words of the agreement, as ``occurred`` and ``detected``. Opened ``silently`` it is acknowledged to nobody.

    :raises UnableToServe: if ``by`` may not open cases of this customer, or something lacks
    """
    _may_open(customer, by)
    ours = house()
    at = opened_at or now
    version = contract_for(provider=ours.pk, customer=customer, kind=intake.kind, service=intake.service, at=at)
    made = _opened(
        ours, customer, version, intake, channel, owner or _first_owner(customer, by), at, marks or {}, by, now
    )
    if not silently:
        acknowledge(made, now=now)
    return made


@operation("refer case", about="case")
def refer_case(*, case: Case, affiliate: Organisation, why: str, by: Viewer, now: datetime) -> Case:
    """Open a case at an affiliate for the sake of one of ours, with the clocks of our agreement with it.

    The affiliate reads ``why`` and nothing of the case behind.

    :raises UnableToServe: if there is no agreement with it in force
    """
    ours = working_on(case, by, Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    text = said(why, _("Say what the affiliate is to do."))
    version = contract_for(provider=affiliate.pk, customer=house(), kind=ours.kind, service="", at=now)
    if version is None:
        raise UnableToServe(_("There is no agreement with %s in force.") % affiliate.name)
    person = Person.objects.get(pk=person_of(by))
    intake = Intake(
        title=text.splitlines()[0][:_LONGEST_TITLE],
        kind=ours.kind,
        requester=person,
        affected=ours.affected,
        symptoms=text,
        impact=ours.impact,
        urgency=ours.urgency,
    )
    made = _opened(affiliate, house(), version, intake, Channel.REFERRAL, person, now, {}, by, now, refers=ours)
    told("refer case", ours, by, now, to=affiliate.slug)
    return made


def _may_open(customer: Organisation, by: Viewer) -> None:
    seen = organisations(viewer=by).filter(pk=customer.pk).exists()
    staff = by.site is Site.CONSOLE and by.has(*WORKERS, organisation=by.house)
    if customer.is_house or not seen or not (staff or by.has(*CUSTOMERS, organisation=customer.pk)):
        raise UnableToServe(_("Your role does not open cases of this organisation."))


def _first_owner(customer: Organisation, by: Viewer) -> Person:
    """Return who owns a case that nobody was given: whoever wrote it down, or the first service manager."""
    if by.site is Site.CONSOLE and by.author is not None:
        return Person.objects.get(pk=by.author)
    for role in (Role.SERVICE_MANAGER, Role.OWNER, Role.ENGINEER):
        found = people_with(organisation=house(), roles=[role])
        if found:
            return found[0]
    raise UnableToServe(_("Nobody works here yet who could own this case of %s.") % customer.name)


def _opened(
    provider: Organisation,
    customer: Organisation,
    version: Version | None,
    intake: Intake,
    channel: str,
    owner: Person,
    at: datetime,
    marks: Mapping[str, datetime],
    by: Viewer,
    now: datetime,
    refers: Case | None = None,
) -> Case:
    case = Case(
        provider=provider,
        customer=customer,
        contract=version.contract if version is not None else None,
        version=version,
        channel=channel,
        owner=owner,
        state=State.NEW,
        opened_at=at,
        written_at=now,
        refers=refers,
        **_facts(intake),
    )
    terms = terms_of_case(case)
    if case.kind not in kinds_known(terms=terms):
        raise unknown_kind(case.kind)
    case.priority = desk_of(terms).matrix[Level(case.impact)][Level(case.urgency)]  # type: ignore[index]
    case.coverage = coverage_of(case)
    case.save()
    Transfer.objects.create(case=case, after=owner, reason=Transfer.Reason.OPENED, by=by.name[:200], at=now)
    for word, moment in sorted(marks.items(), key=lambda each: each[1]):
        write_step(case=case, word=word, at=moment, by=by, now=now)
    write_step(case=case, word=WORDS[State.NEW], at=at, by=by, now=now)
    keep(case, now=now)
    told("open case", case, by, now)
    return case


def _facts(intake: Intake) -> dict[str, object]:
    title = said(intake.title.replace("\n", " "), _("Say in a few words what it is about."), longest=_LONGEST_TITLE)
    if intake.impact not in Level.values or intake.urgency not in Level.values:
        raise UnableToServe(_("Impact and urgency are high, medium or low."))
    person = intake.requester
    return {
        "title": title,
        "kind": intake.kind,
        "service": intake.service,
        "requester": person,
        "requester_name": said(intake.requester_name, longest=200) or (person.name if person is not None else "–"),
        "requester_email": intake.requester_email or (person.email if person is not None else ""),
        "requester_phone": said(intake.requester_phone, longest=40),
        "site": intake.site,
        "affected": said(intake.affected),
        "symptoms": said(intake.symptoms),
        "to_recreate": said(intake.to_recreate),
        "changed_before": said(intake.changed_before),
        "impact": intake.impact,
        "urgency": intake.urgency,
    }


def unknown_kind(kind: str) -> UnableToServe:
    """Return the refusal of a kind that an agreement does not know."""
    return UnableToServe(_("The agreement knows no case of the kind “%s”.") % kind)


def coverage_of(case: Case) -> Coverage:
    """Return who pays: by the agreement; without one the customer is asked."""
    desk = desk_of(terms_of_case(case))
    if case.kind in desk.out_of_cover:
        return Coverage.OUT_OF_COVER
    if case.version is None or case.kind in desk.billable:
        return Coverage.NEEDS_PERMISSION
    return Coverage.COVERED
