"""Who hears: for which cases people are paged, and who is told how a major incident stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.evidence.on_call.queries import policies
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Alarm, Announcement, CommunicationPlan
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Paging, Prose, Word

router = Router(tags=["cases"])
of_cases = Router(tags=["cases"])
_Audience = Annotated[
    CommunicationPlan.Audience, WithJsonSchema({"type": "string", "enum": CommunicationPlan.Audience.values})
]
_Way = Annotated[CommunicationPlan.Way, WithJsonSchema({"type": "string", "enum": CommunicationPlan.Way.values})]


class AlarmIn(In):
    """By which policy people are paged from which part of a limit on, for a customer and a priority or for all."""

    policy: Annotated[int, Field(ge=1, lt=2**63)]
    percent: Annotated[int, Field(ge=1, le=100)] = 90
    customer: Word = ""
    priority: Annotated[str, Field(max_length=60)] = ""


class AlarmOut(Schema):
    """That people are paged by a policy; without a customer and a priority for every case."""

    number: int = Field(alias="pk")
    policy: int = Field(alias="policy_id")
    percent: int
    customer: str | None = Field(None, alias="customer.slug")
    priority: str
    created_at: datetime


class CommunicationIn(In):
    """Who hears how often by which way how a major incident stands, and what an announcement begins with."""

    audience: _Audience
    way: _Way
    minutes: Annotated[int, Field(ge=5, le=7 * 24 * 60)] = 60
    text: Prose = ""


class AnnouncementIn(In):
    """How a major incident stands."""

    text: Prose


class AnnouncementOut(Schema):
    """What an audience was told by whom; ``told`` names those who heard it."""

    number: int = Field(alias="pk")
    text: str
    told: str
    by: str = Field(alias="person.name")
    at: datetime


class CommunicationOut(Schema):
    """Who hears how often how a major incident stands, when next, and what they were told, the latest first."""

    number: int = Field(alias="pk")
    audience: str
    way: str
    minutes: int
    text: str
    next_at: datetime | None
    announcements: list[AnnouncementOut]

    @staticmethod
    def resolve_announcements(kept: CommunicationPlan) -> list[Announcement]:
        return list(kept.announcements.all())


@router.get("", response={200: Listed[AlarmOut], **TROUBLES}, summary="For which cases people are paged")
def all_alarms(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List for which cases people are paged, for the provider."""
    return listed(queries.alarms(viewer=viewer_with(request, Scope.READ_CASES)), paging)


@router.post("", response={201: AlarmOut, **TROUBLES}, summary="Page people for cases")
def make_alarm(request: HttpRequest, asked: AlarmIn, idempotency_key: IdempotencyKey = "") -> Status[Alarm]:
    """Page people when so much of a limit of a case is used up; the key also needs to read who is on call."""
    viewer_with(request, Scope.READ_ON_CALL)
    by = viewer_with(request, Scope.WRITE_CASES)
    said = {
        **asked.model_dump(),
        "policy": one(policies(viewer=by), "policy", pk=asked.policy),
        "customer": organisation_of(by, asked.customer) if asked.customer else None,
    }
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.make_alarm(**said, by=by, now=clock.now()),
        lambda knows: queries.alarms(viewer=knows),
    )
    return Status(201, made)


@router.delete("/{number}", response={204: None, **TROUBLES}, summary="End an alarm")
def end_alarm(request: HttpRequest, number: Number) -> Status[None]:
    """Page nobody by an alarm any more."""
    by = viewer_with(request, Scope.WRITE_CASES)
    operations.end_alarm(alarm=one(queries.alarms(viewer=by), "alarm", pk=number), by=by, now=clock.now())
    return Status(204, None)


@of_cases.get(
    "/{number}/communication", response={200: Listed[CommunicationOut], **TROUBLES}, summary="Who hears of it"
)
def communication(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List who hears how often of a major incident and what they were told, for those who work on it."""
    viewer = viewer_with(request, Scope.READ_CASES)
    case = one(queries.cases(viewer=viewer), "case", pk=number)
    return listed(queries.communication(viewer=viewer, case=case), paging)


@of_cases.put("/{number}/communication", response={200: CommunicationOut, **TROUBLES}, summary="Plan who hears of it")
def plan(request: HttpRequest, number: Number, asked: CommunicationIn) -> CommunicationPlan:
    """Say who hears how often how a major incident stands; said again for an audience and a way, it changes."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    return operations.plan_communication(case=case, **asked.model_dump(), by=by, now=clock.now())


@of_cases.post(
    "/{number}/communication/{plan}/announcements",
    response={201: AnnouncementOut, **TROUBLES},
    summary="Tell how it stands",
)
def announce(
    request: HttpRequest, number: Number, plan: Number, asked: AnnouncementIn, idempotency_key: IdempotencyKey = ""
) -> Status[Announcement]:
    """Tell the audience of a plan how a major incident stands."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    found = one(queries.communication(viewer=by, case=case), "plan", pk=plan)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.announce_incident(plan=found, text=asked.text, by=by, now=clock.now()),
        lambda _knows: found.announcements.all(),
    )
    return Status(201, made)
