"""Who pays for work on a case: permissions of the customer, and the time that was worked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Case, Permission, TimeEntry
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import Number, listed, one, viewer_with
from makegood.platform.web.api.case_shapes import CaseOut, WhyIn
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Moment, Paging, Prose

router = Router(tags=["cases"])


class PermissionIn(In):
    """What is to be done, and what it costs at most, in minor units."""

    text: Prose
    at_most: Annotated[int, Field(ge=0, le=10**15)] | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""


class PermissionOut(Schema):
    """That the customer was asked to pay, and what it answered."""

    number: int = Field(alias="pk")
    text: str
    at_most: int | None
    currency: str
    asked_at: datetime
    given: bool | None
    decided_at: datetime | None


class PermitIn(In):
    """Whether the customer pays."""

    given: bool


class TimeIn(In):
    """Time that was worked; without ``pays`` the agreement says who does."""

    minutes: Annotated[int, Field(ge=1, le=10_080)]
    note: Annotated[str, Field(max_length=500)] = ""
    worked_at: Moment
    pays: Annotated[
        TimeEntry.Pays | None, WithJsonSchema({"anyOf": [{"enum": TimeEntry.Pays.values}, {"type": "null"}]})
    ] = None


class TimeOut(Schema):
    """Time that somebody worked, or that they did not: then it is the number of the entry that it ``takes_back``."""

    number: int = Field(alias="pk")
    person: str = Field(alias="person.name")
    minutes: int
    pays: str
    note: str
    worked_at: datetime
    takes_back: int | None = Field(None, alias="takes_back_id")


@router.get("/{number}/permissions", response={200: Listed[PermissionOut], **TROUBLES}, summary="Permissions")
def permissions(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List what the customer was asked to pay for, the latest first."""
    viewer = viewer_with(request, Scope.READ_CASES)
    case = one(queries.cases(viewer=viewer), "case", pk=number)
    return listed(queries.permissions(viewer=viewer, case=case), paging)


@router.post("/{number}/permissions", response={201: PermissionOut, **TROUBLES}, summary="Ask for permission")
def ask(request: HttpRequest, number: Number, asked: PermissionIn) -> Status[Permission]:
    """Ask the customer to pay for work."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    made = operations.ask_permission(case=case, **asked.model_dump(), by=by, now=clock.now())
    return Status(201, made)


@router.post("/{number}/permissions/decision", response={200: PermissionOut, **TROUBLES}, summary="Permit it")
def decide(request: HttpRequest, number: Number, asked: PermitIn) -> Permission:
    """Permit work that was asked for, or do not, for the customer's sponsors and managers."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    waiting = one(queries.permissions(viewer=by, case=case), "permission to decide", given=None)
    return operations.decide_permission(permission=waiting, given=asked.given, by=by, now=clock.now())


@router.post("/{number}/hand-back", response={200: CaseOut, **TROUBLES}, summary="Hand it back")
def hand_back(request: HttpRequest, number: Number, asked: WhyIn) -> Case:
    """Give a case back to the customer that neither the fee covers nor the customer pays for."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    return operations.hand_back(case=case, why=asked.why, by=by, now=clock.now())


@router.get("/{number}/times", response={200: Listed[TimeOut], **TROUBLES}, summary="Time worked")
def times(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List the time that was worked on a case, for those who work on it."""
    viewer = viewer_with(request, Scope.READ_CASES)
    case = one(queries.cases(viewer=viewer), "case", pk=number)
    return listed(queries.times(viewer=viewer, case=case), paging)


@router.post("/{number}/times", response={201: TimeOut, **TROUBLES}, summary="Enter time")
def enter(request: HttpRequest, number: Number, asked: TimeIn) -> Status[TimeEntry]:
    """Keep that somebody worked on a case."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    return Status(201, operations.enter_time(case=case, **asked.model_dump(), by=by, now=clock.now()))


@router.post("/{number}/times/{time}/take-back", response={201: TimeOut, **TROUBLES}, summary="Take time back")
def take_back(request: HttpRequest, number: Number, time: Number) -> Status[TimeEntry]:
    """Undo a time entry; both stay on record."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    entry = one(queries.times(viewer=by, case=case), "time entry", pk=time)
    return Status(201, operations.take_back_time(entry=entry, by=by, now=clock.now()))
