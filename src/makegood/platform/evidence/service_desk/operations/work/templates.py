"""Templates of cases: cases begin with them, some come again and again, and what is to be done is ticked off."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.platform.evidence.service_desk.models import (
    Case,
    CaseTemplate,
    Channel,
    ChecklistItem,
    FromTemplate,
    Level,
    Message,
    State,
)
from makegood.platform.evidence.service_desk.operations.opening import Intake, open_case
from makegood.platform.evidence.service_desk.operations.owning import may_own
from makegood.platform.evidence.service_desk.operations.sides import (
    WORKERS,
    UnableToServe,
    person_of,
    said,
    told,
    working_on,
)
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
"""Who keeps templates."""
MOST_ITEMS: Final = 50
_LONGEST_ITEM: Final = 300
_MOST_EVERY: Final = 366
_YEARS: Final = range(2000, 2200)
_Unit = CaseTemplate.Unit


@dataclass(frozen=True, slots=True)
class Recurrence:
    """That a case comes again every so many days, weeks or months from a day on, at an hour of a zone."""

    every: int
    unit: str
    first_day: date
    hour: int = 8
    zone: str = "UTC"

    def instant(self, number: int) -> datetime:
        """Return when it comes for the time with a number, counted from 0; a month that is too short has its last day.

        An hour that the clocks leave out comes when they have been put forward.
        """
        steps = number * self.every
        if self.unit == _Unit.MONTH:
            day = _months_after(self.first_day, steps)
        else:
            day = self.first_day + timedelta(days=steps * (7 if self.unit == _Unit.WEEK else 1))
        return datetime.combine(day, time(self.hour), ZoneInfo(self.zone)).astimezone(UTC)

    def after(self, instant: datetime) -> tuple[int, datetime]:
        """Return the first time that lies behind an instant, with its number."""
        days = (instant.date() - self.first_day).days
        least = {_Unit.DAY: 1, _Unit.WEEK: 7, _Unit.MONTH: 31}[_Unit(self.unit)] * self.every
        number = max(0, days // least - 1)
        while (found := self.instant(number)) <= instant:
            number += 1
        return number, found


@operation("keep template", about="name")
def keep_template(
    *,
    name: str,
    intake: Intake,
    by: Viewer,
    now: datetime,
    customer: Organisation | None = None,
    checklist: Sequence[str] = (),
    owner: Person | None = None,
    recurrence: Recurrence | None = None,
    template: CaseTemplate | None = None,
) -> CaseTemplate:
    """Make a template, or change one; cases that were opened from it stay as they are.

    :raises UnableToServe: if ``by`` may not, its name is taken, or it recurs for nobody or never
    """
    _keeper(by, customer)
    made = _to_keep(template, by) if template is not None else CaseTemplate(created_at=now)
    made.name = said(name, _("Give the template a name."), longest=100)
    made.customer, made.owner = customer, owner
    made.title = said(intake.title, _("Say in a few words what it is about."), longest=200)
    made.kind, made.service = said(intake.kind, longest=60), said(intake.service, longest=100)
    made.symptoms = said(intake.symptoms)
    made.impact, made.urgency = intake.impact, intake.urgency
    if made.impact not in Level.values or made.urgency not in Level.values:
        raise UnableToServe(_("Impact and urgency are high, medium or low."))
    made.checklist = _items(checklist)
    same = CaseTemplate.objects.filter(name=made.name, customer=customer, ended_at=None).exclude(pk=made.pk)
    if same.exists():
        raise UnableToServe(_("Another template has this name."))
    _set_recurrence(made, recurrence, now)
    made.save()
    about = customer.pk if customer is not None else None
    record(by=by, did="keep template", about=made.name, now=now, organisation=about, template=made.pk)
    return made


@operation("end template", about="template")
def end_case_template(*, template: CaseTemplate, by: Viewer, now: datetime) -> None:
    """Open no more cases from a template."""
    mine = _to_keep(template, by)
    mine.ended_at, mine.next_at = now, None
    mine.save(update_fields=["ended_at", "next_at"])
    record(by=by, did="end template", about=mine.name, now=now, organisation=mine.customer_id, template=mine.pk)


@operation("open from template", about="template")
def open_from_template(
    *, template: CaseTemplate, by: Viewer, now: datetime, customer: Organisation | None = None, title: str = ""
) -> Case:
    """Open a case with the words and the checklist of a template."""
    mine = _template(template, by)
    towards = mine.customer or customer
    if towards is None:
        raise UnableToServe(_("Say for which customer it is."))
    return _opened(mine, towards, by, now, title=title)


@operation("tick", about="item")
def tick(*, item: ChecklistItem, done: bool, by: Viewer, now: datetime) -> ChecklistItem:
    """Say that an item of the checklist of a case is done, or that it is not."""
    mine = working_on(item.case, by)
    if mine.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    found = ChecklistItem.objects.get(pk=item.pk)
    found.ticked_by_id, found.ticked_at = (person_of(by), now) if done else (None, None)
    found.save(update_fields=["ticked_by", "ticked_at"])
    told("tick", mine, by, now, item=found.number, done=done)
    return found


def open_recurring(*, now: datetime) -> int:
    """Open the cases that come again and are due, each once however many times were missed; return how many."""
    due = CaseTemplate.objects.filter(next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True)
    return sum(_open_due(each, now) for each in list(due))


@transaction.atomic
def _open_due(template: int, now: datetime) -> bool:
    waiting = CaseTemplate.objects.select_for_update(of=("self",), skip_locked=True)
    mine = waiting.filter(pk=template, next_at__lte=now).select_related("customer", "owner").first()
    recurrence = recurrence_of(mine) if mine is not None else None
    if mine is None or mine.customer is None or mine.next_at is None or recurrence is None:
        return False
    due_at = mine.next_at
    number, mine.next_at = recurrence.after(now)
    missed = number - recurrence.after(due_at)[0]
    mine.save(update_fields=["next_at"])
    ours = house().pk
    by = Viewer(name="the schedule", house=ours, roles={ours: frozenset({Role.ENGINEER})}, site=Site.CONSOLE)
    try:
        _opened(mine, mine.customer, by, now, due_at=due_at, missed=missed)
    except Unable:  # the refusal stays in the trail; the next time it is tried again
        return False
    return True


def recurrence_of(template: CaseTemplate) -> Recurrence | None:
    """Return how often a template opens a case, if it does."""
    if template.every is None or template.first_day is None:
        return None
    return Recurrence(template.every, template.unit, template.first_day, template.hour, template.zone)


def _opened(
    template: CaseTemplate,
    customer: Organisation,
    by: Viewer,
    now: datetime,
    *,
    title: str = "",
    due_at: datetime | None = None,
    missed: int = 0,
) -> Case:
    intake = Intake(
        title=title or template.title,
        kind=template.kind,
        service=template.service,
        symptoms=template.symptoms,
        impact=template.impact,
        urgency=template.urgency,
    )
    case = open_case(customer=customer, intake=intake, channel=Channel.TEMPLATE, by=by, now=now)
    owner = template.owner
    if owner is not None and owner.pk != case.owner_id and may_own(case, owner):
        Case.objects.filter(pk=case.pk).update(owner=owner)
        case.owner = owner
    FromTemplate.objects.create(case=case, template=template, due_at=due_at, missed=missed)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(case=case, number=number, text=text) for number, text in enumerate(template.checklist, 1)
    )
    if missed:
        text = ngettext("%d time before this one was missed.", "%d times before this one were missed.", missed) % missed
        Message.objects.create(
            case=case,
            kind=Message.Kind.NOTE,
            public=False,
            organisation_id=case.provider_id,
            who=by.name,
            text=text,
            at=now,
        )
    return case


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _keeper(by: Viewer, customer: Organisation | None) -> None:
    seen = customer is None or organisations(viewer=by).filter(pk=customer.pk, is_house=False).exists()
    if by.site is not Site.CONSOLE or not by.has(*KEEPERS) or not seen or (customer is None and by.limited is not None):
        raise UnableToServe(_("Templates are kept by owners and service managers, of the customers that they see."))


def _to_keep(template: CaseTemplate, by: Viewer) -> CaseTemplate:
    """Return a template, to be changed by somebody who keeps it for its customer or for all."""
    mine = _template(template, by)
    _keeper(by, mine.customer)
    return mine


def _template(template: CaseTemplate, by: Viewer) -> CaseTemplate:
    if by.site is not Site.CONSOLE or not by.has(*WORKERS):
        raise UnableToServe(_("Your role does not include this; ask somebody of your organisation who may."))
    locked = CaseTemplate.objects.select_for_update(of=("self",)).select_related("customer", "owner")
    found = locked.filter(pk=template.pk, ended_at=None).first()
    if found is None:
        raise UnableToServe(_("This template has ended."))
    return found


def _items(checklist: Sequence[str]) -> list[str]:
    found = [text for each in checklist if (text := said(each, longest=_LONGEST_ITEM))]
    if len(found) > MOST_ITEMS:
        raise UnableToServe(_("A checklist has at most %d items.") % MOST_ITEMS)
    return found


def _set_recurrence(made: CaseTemplate, recurrence: Recurrence | None, now: datetime) -> None:
    if recurrence is None:
        made.every = made.first_day = made.next_at = None
        made.unit = ""
        return
    if made.customer is None:
        raise UnableToServe(_("A case that comes again is for one customer."))
    if (
        not 1 <= recurrence.every <= _MOST_EVERY
        or recurrence.unit not in _Unit.values
        or recurrence.first_day.year not in _YEARS
        or not 0 <= recurrence.hour < 24
    ):
        raise UnableToServe(_("Say every how many days, weeks or months, from which day on, and at which hour."))
    try:
        ZoneInfo(recurrence.zone)
    except (KeyError, ValueError, OSError):
        raise UnableToServe(_("This time zone is not known.")) from None
    made.every, made.unit, made.first_day = recurrence.every, recurrence.unit, recurrence.first_day
    made.hour, made.zone = recurrence.hour, recurrence.zone
    made.next_at = recurrence.after(now - timedelta(microseconds=1))[1]
