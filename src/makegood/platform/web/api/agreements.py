"""Agreements: which there are, how they begin, come into force and end, and where their evidence comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.agreement.contracts import operations
from makegood.platform.agreement.contracts.models import Contract, Source, Version
from makegood.platform.agreement.contracts.queries import contracts, next_step, sources
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import Number, contract_of, listed, one, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Prose, Text
from makegood.platform.web.api.versions import VersionOut
from makegood.platform.web.parts.activating import bring_into_force

router = Router(tags=["agreements"])


class AgreementOut(Schema):
    """An agreement between a provider and a customer."""

    identifier: str = Field(alias="slug")
    title: str
    provider: str = Field(alias="provider.slug")
    customer: str = Field(alias="customer.slug")
    state: str


class AgreementWhole(AgreementOut):
    """An agreement, since when it is in force, and what is to be done next to have it in force."""

    activated_at: datetime | None
    ended_at: datetime | None
    next_step: str


class AgreementIn(In):
    """The first text of an agreement, which names its parties by the identifiers of organisations."""

    text: Text


class EndIn(In):
    """Why an agreement ends."""

    reason: Prose


class SourceIn(In):
    """Where evidence is to come from, and what is reported there, as the measures of the agreement call it."""

    name: Line
    reports: Annotated[list[Line], Field(max_length=100)]


class SourceOut(Schema):
    """Where evidence is to come from."""

    number: int = Field(alias="pk")
    name: str
    reports: str
    declared_at: datetime


@router.get("", response={200: Listed[AgreementOut], **TROUBLES}, summary="All agreements")
def all_agreements(request: HttpRequest, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    """List the agreements that exist for this key, all or those of a state: ``DRAFT``, ``ACTIVE`` or ``ENDED``."""
    found = contracts(viewer=viewer_with(request, Scope.READ_AGREEMENTS))
    return listed(found.filter(state=state) if state else found, paging)


@router.post("", response={201: AgreementOut, **TROUBLES}, summary="Begin an agreement")
def begin(request: HttpRequest, asked: AgreementIn) -> Status[Contract]:
    """Begin an agreement with its first text; ``/templates`` has texts to start from."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    return Status(201, operations.draft_contract(text=asked.text, by=by, now=clock.now()))


@router.get("/{identifier}", response={200: AgreementWhole, **TROUBLES}, summary="One agreement")
def agreement(request: HttpRequest, identifier: str) -> Contract:
    """Return one agreement, and what is to be done next for it."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    found = contract_of(viewer, identifier)
    found.next_step = next_step(viewer=viewer, contract=found)  # type: ignore[attr-defined]  # shown, not kept
    return found


@router.post("/{identifier}/activate", response={200: VersionOut, **TROUBLES}, summary="Bring it into force")
def activate(request: HttpRequest, identifier: str) -> Version:
    """Bring the offered version into force once all gates are open."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    return bring_into_force(contract=contract_of(by, identifier), by=by, now=clock.now())


@router.post("/{identifier}/end", response={200: AgreementOut, **TROUBLES}, summary="End it")
def end(request: HttpRequest, identifier: str, asked: EndIn) -> Contract:
    """End an agreement; what is open of it is withdrawn."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    contract = contract_of(by, identifier)
    return operations.end_contract(contract=contract, reason=asked.reason, by=by, now=clock.now())


@router.get("/{identifier}/sources", response={200: Listed[SourceOut], **TROUBLES}, summary="Sources of evidence")
def all_sources(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List where the evidence of an agreement is to come from."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    return listed(sources(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/sources", response={201: list[SourceOut], **TROUBLES}, summary="Declare a source")
def declare_source(request: HttpRequest, identifier: str, asked: SourceIn) -> Status[tuple[Source, ...]]:
    """Say where evidence is to come from; one that is declared already stays."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    contract = contract_of(by, identifier)
    return Status(201, operations.declare_source(contract=contract, **asked.model_dump(), by=by, now=clock.now()))


@router.delete("/{identifier}/sources/{number}", response={204: None, **TROUBLES}, summary="Drop a source")
def drop_source(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take back that evidence is to come from a source; what came from it stays."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    found = one(sources(viewer=by, contract=contract_of(by, identifier)), "source", pk=number)
    operations.drop_source(source=found, by=by, now=clock.now())
    return Status(204, None)
