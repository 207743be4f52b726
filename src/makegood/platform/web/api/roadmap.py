"""The roadmap of a customer's technology, its reference architecture, and how it is supported."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.models import Component, RoadmapEntry
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
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Prose

router = Router(tags=["relationship"])


class RoadmapEntryChange(In):
    """When something comes, how far it is, and why."""

    year: Annotated[int, Field(ge=1, le=9999)]
    quarter: Annotated[int, Field(ge=1, le=4)]
    state: Annotated[RoadmapEntry.State, WithJsonSchema({"type": "string", "enum": RoadmapEntry.State.values})]
    why: Prose


class RoadmapEntryIn(RoadmapEntryChange):
    """What is planned for a customer's technology."""

    title: Line


class RoadmapEntryOut(Schema):
    """What is planned for a customer's technology."""

    number: int = Field(alias="pk")
    title: str
    year: int
    quarter: int
    state: str
    why: str


class ComponentIn(In):
    """A part of the reference architecture: its standard, its version, and how the customer deviates."""

    title: Line
    standard: Line
    version: Line = ""
    deviation: Prose = ""


class ComponentOut(Schema):
    """A part of the reference architecture."""

    number: int = Field(alias="pk")
    title: str
    standard: str
    version: str
    deviation: str


class SupportPlanOut(Schema):
    """How a customer is supported by an agreement, as its terms say."""

    agreement: str = Field(alias="contract.slug")
    hours: str
    channels: list[str]
    places: list[str]
    escalation: list[str]

    @staticmethod
    def resolve_escalation(plan: Any) -> list[str]:
        return [f"after {each.after}: {each.to}" for each in plan.escalation]


@router.get("/{identifier}/roadmap", response={200: Listed[RoadmapEntryOut], **TROUBLES}, summary="Roadmap")
def roadmap(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what is planned for the customer's technology."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.roadmap(viewer=viewer, customer=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/roadmap", response={201: RoadmapEntryOut, **TROUBLES}, summary="Plan something")
def plan_entry(
    request: HttpRequest, identifier: str, asked: RoadmapEntryIn, idempotency_key: IdempotencyKey = ""
) -> Status[RoadmapEntry]:
    """Plan something for the customer's technology."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    customer = organisation_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.plan_entry(customer=customer, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.roadmap(viewer=knows, customer=customer),
    )
    return Status(201, made)


@router.put("/{identifier}/roadmap/{number}", response={200: RoadmapEntryOut, **TROUBLES}, summary="Change an entry")
def change_entry(request: HttpRequest, identifier: str, number: Number, asked: RoadmapEntryChange) -> RoadmapEntry:
    """Say when something comes now, how far it is, and why."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.roadmap(viewer=by, customer=organisation_of(by, identifier)), "entry", pk=number)
    return operations.change_entry(entry=found, **asked.model_dump(), by=by, now=clock.now())


@router.get("/{identifier}/components", response={200: Listed[ComponentOut], **TROUBLES}, summary="Architecture")
def components(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the reference architecture of the customer."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.components(viewer=viewer, customer=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/components", response={201: ComponentOut, **TROUBLES}, summary="Write a component down")
def keep_component(
    request: HttpRequest, identifier: str, asked: ComponentIn, idempotency_key: IdempotencyKey = ""
) -> Status[Component]:
    """Write down a part of the reference architecture."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    customer = organisation_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_component(customer=customer, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.components(viewer=knows, customer=customer),
    )
    return Status(201, made)


@router.delete("/{identifier}/components/{number}", response={204: None, **TROUBLES}, summary="Take a component off")
def end_component(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take a component off the reference architecture."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.components(viewer=by, customer=organisation_of(by, identifier)), "component", pk=number)
    operations.end_component(component=found, by=by, now=clock.now())
    return Status(204, None)


@router.get("/{identifier}/support-plans", response={200: list[SupportPlanOut], **TROUBLES}, summary="Support plans")
def support_plans(request: HttpRequest, identifier: str) -> list[Any]:
    """Say how the customer is supported by each agreement that is in force."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return list(queries.support_plans(viewer=viewer, customer=organisation_of(viewer, identifier)))
