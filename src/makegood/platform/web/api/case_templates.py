"""Templates of cases, cases that are opened from them, and what is ticked off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Case, CaseTemplate, ChecklistItem, Level
from makegood.platform.evidence.service_desk.operations import Intake, Recurrence
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import STAFF, Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.case_shapes import CaseOut, Degree
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Name, Paging, Prose, Word
from makegood.platform.web.parts import desk_asked

router = Router(tags=["cases"])
of_cases = Router(tags=["cases"])
_WORDS: Final = ("title", "kind", "service", "symptoms", "impact", "urgency")
_Unit = Annotated[CaseTemplate.Unit, WithJsonSchema({"type": "string", "enum": CaseTemplate.Unit.values})]


class RecurrenceIn(In):
    """That a case comes again every so many days, weeks or months from a day on, at an hour of a time zone."""

    every: Annotated[int, Field(ge=1, le=366)]
    unit: _Unit
    first_day: Day
    hour: Annotated[int, Field(ge=0, le=23)] = 8
    zone: Annotated[str, Field(max_length=60)] = "UTC"


class CaseTemplateIn(In):
    """What a case begins with, for one customer or for all; the ``owner`` is somebody's e-mail address."""

    name: Word
    title: Line
    kind: Annotated[str, Field(max_length=60)] = "incident"
    customer: Word = ""
    service: Word = ""
    symptoms: Prose = ""
    impact: Degree = Level.LOW
    urgency: Degree = Level.LOW
    checklist: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)
    owner: Line = ""
    recurrence: RecurrenceIn | None = None


class RecurrenceOut(Schema):
    """How often a case is opened from a template, and when it is the next time."""

    every: int
    unit: str
    first_day: date
    hour: int
    zone: str
    next_at: datetime | None


class CaseTemplateOut(Schema):
    """What a case begins with; without a customer it is for all."""

    number: int = Field(alias="pk")
    name: str
    customer: str | None = Field(None, alias="customer.slug")
    kind: str
    service: str
    title: str
    symptoms: str
    impact: str
    urgency: str
    checklist: list[str]
    owner: str | None = Field(None, alias="owner.email")
    recurrence: RecurrenceOut | None

    @staticmethod
    def resolve_recurrence(kept: CaseTemplate) -> CaseTemplate | None:
        return kept if kept.every is not None else None


class FromTemplateIn(In):
    """For which customer, if the template is for all, and what it is about, if that differs."""

    customer: Word = ""
    title: Line = ""


class ChecklistItemOut(Schema):
    """Something to be done for a case, by its place in the list, and who did it when."""

    number: int
    text: str
    ticked_by: str | None = Field(None, alias="ticked_by.name")
    ticked_at: datetime | None


class TickIn(In):
    """Whether it is done, or is to be done again."""

    done: bool = True


@router.get("", response={200: Listed[CaseTemplateOut], **TROUBLES}, summary="Templates of cases")
def all_templates(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the templates of cases in use by their names, for the provider."""
    return listed(queries.templates(viewer=viewer_with(request, Scope.READ_CASES)), paging)


@router.post("", response={201: CaseTemplateOut, **TROUBLES}, summary="Make a template")
def make_template(
    request: HttpRequest, asked: CaseTemplateIn, idempotency_key: IdempotencyKey = ""
) -> Status[CaseTemplate]:
    """Make a template of cases; with a recurrence they open by themselves."""
    by = viewer_with(request, Scope.WRITE_CASES)
    said = _said(by, asked)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_template(**said, by=by, now=clock.now()),
        lambda knows: queries.templates(viewer=knows),
    )
    return Status(201, made)


@router.get("/{number}", response={200: CaseTemplateOut, **TROUBLES}, summary="A template")
def one_template(request: HttpRequest, number: Number) -> CaseTemplate:
    """Return a template of cases."""
    return _template(viewer_with(request, Scope.READ_CASES), number)


@router.put("/{number}", response={200: CaseTemplateOut, **TROUBLES}, summary="Change a template")
def change_template(request: HttpRequest, number: Number, asked: CaseTemplateIn) -> CaseTemplate:
    """Say anew what a template is; cases that were opened from it stay as they are."""
    by = viewer_with(request, Scope.WRITE_CASES)
    found = _template(by, number)
    return operations.keep_template(template=found, **_said(by, asked), by=by, now=clock.now())


@router.delete("/{number}", response={204: None, **TROUBLES}, summary="End a template")
def end_template(request: HttpRequest, number: Number) -> Status[None]:
    """Open no more cases from a template."""
    by = viewer_with(request, Scope.WRITE_CASES)
    operations.end_case_template(template=_template(by, number), by=by, now=clock.now())
    return Status(204, None)


@router.post("/{number}/cases", response={201: CaseOut, **TROUBLES}, summary="Open a case from it")
def open_from(
    request: HttpRequest, number: Number, asked: FromTemplateIn, idempotency_key: IdempotencyKey = ""
) -> Status[Case]:
    """Open a case with the words and the checklist of a template."""
    by = viewer_with(request, Scope.WRITE_CASES)
    found, customer = _template(by, number), _customer(by, asked.customer)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.open_from_template(
            template=found, customer=customer, title=asked.title, by=by, now=clock.now()
        ),
        lambda knows: queries.cases(viewer=knows),
    )
    return Status(201, made)


@of_cases.get("/{number}/checklist", response={200: Listed[ChecklistItemOut], **TROUBLES}, summary="The checklist")
def checklist(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List what is to be done for a case in order, for those who work on it."""
    viewer = viewer_with(request, Scope.READ_CASES)
    case = one(queries.cases(viewer=viewer), "case", pk=number)
    return listed(queries.checklist(viewer=viewer, case=case), paging)


@of_cases.post(
    "/{number}/checklist/{item}/tick", response={200: ChecklistItemOut, **TROUBLES}, summary="Tick an item off"
)
def tick(request: HttpRequest, number: Number, item: Number, asked: TickIn) -> ChecklistItem:
    """Say that an item of a checklist is done, or that it is not."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    found = one(queries.checklist(viewer=by, case=case), "item", number=item)
    return operations.tick(item=found, done=asked.done, by=by, now=clock.now())


def _template(viewer: Viewer, number: int) -> CaseTemplate:
    return one(queries.templates(viewer=viewer), "template", pk=number)


def _customer(viewer: Viewer, identifier: str) -> Organisation | None:
    return organisation_of(viewer, identifier) if identifier else None


def _said(by: Viewer, asked: CaseTemplateIn) -> dict[str, Any]:
    """Return what a template is to be, with the objects that it names."""
    comes = asked.recurrence
    return {
        "name": asked.name,
        "customer": _customer(by, asked.customer),
        "intake": Intake(**asked.model_dump(include=set(_WORDS))),
        "checklist": asked.checklist,
        "owner": _owner(by, asked.owner) if asked.owner else None,
        "recurrence": Recurrence(**comes.model_dump()) if comes is not None else None,
    }


def _owner(by: Viewer, email: str) -> Person:
    """Return who works at the desk and has an address, for a program of the provider."""
    known = people_with(organisation=house(), roles=desk_asked.STAFF) if by.has(*STAFF) else []
    found = next((each for each in known if each.email == email.strip().lower()), None)
    if found is None:
        raise HttpError(422, f"nobody who works at the desk has the address {email}")
    return found
