"""How an engagement began, who may reach what, insurances, and what the provider shows of its own security."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.models import Assurance, Baseline, Grant, Policy, Stage
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Paging, Prose, Word

router = Router(tags=["governance"])
house = Router(tags=["governance"])


class StageIn(In):
    """What a stage of the engagement is called, and when it began and ended."""

    name: Word
    began_on: Day | None = None
    ended_on: Day | None = None


class StageOut(Schema):
    """A stage of the engagement."""

    number: int
    name: str
    began_on: date | None
    ended_on: date | None


class BaselineIn(In):
    """What an assessment found, by the names of its questions, and the outcomes that refer to it."""

    domain: Baseline.Domain
    answers: dict[Word, Prose]
    outcomes: list[Word] = Field(default_factory=list, max_length=1000)


class BaselineOut(Schema):
    """What an assessment found, as it was taken."""

    domain: str
    number: int
    answers: dict[str, str]
    outcomes: list[str]
    sha256: str
    taken_at: datetime


class GrantIn(In):
    """Who may reach what of the customer, in which way and until when."""

    who: Line
    what: Line
    way: Line = ""
    until: Day


class GrantOut(Schema):
    """That somebody may reach something."""

    number: int = Field(alias="pk")
    who: str
    what: str
    way: str
    until: date
    granted_at: datetime


class PolicyIn(In):
    """An insurance of the house or of an affiliate; the sum insured is in minor units."""

    organisation: Word
    title: Line
    insurer: Line = ""
    amount: Annotated[int, Field(ge=1, le=10**15)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    until: Day


class PolicyOut(Schema):
    """An insurance."""

    number: int = Field(alias="pk")
    organisation: str = Field(alias="organisation.slug")
    title: str
    insurer: str
    amount: int
    currency: str
    until: date


class AssuranceIn(In):
    """A certification, a control, a test or an incident that all customers see."""

    kind: Annotated[Assurance.Kind, WithJsonSchema({"type": "string", "enum": Assurance.Kind.values})]
    title: Line
    words: Prose = ""
    day: Day
    until: Day | None = None


class AssuranceOut(Schema):
    """What the provider shows of its own security."""

    number: int = Field(alias="pk")
    kind: str
    title: str
    words: str
    day: date
    until: date | None


@router.get("/{identifier}/stages", response={200: list[StageOut], **TROUBLES}, summary="Stages")
def stages(request: HttpRequest, identifier: str) -> list[Stage]:
    """List the four stages of the engagement."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return queries.stages(viewer=viewer, contract=contract_of(viewer, identifier))


@router.put("/{identifier}/stages/{stage}", response={200: StageOut, **TROUBLES}, summary="Set a stage")
def set_stage(request: HttpRequest, identifier: str, stage: int, asked: StageIn) -> Stage:
    """Name a stage of the engagement, and say when it began and ended."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    return operations.set_stage(contract=contract, number=stage, **asked.model_dump(), by=by, now=clock.now())


@router.get("/{identifier}/baselines", response={200: Listed[BaselineOut], **TROUBLES}, summary="Baselines")
def baselines(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what assessments found, the latest of each domain first."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.baselines(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/baselines", response={201: BaselineOut, **TROUBLES}, summary="Take a baseline")
def take(
    request: HttpRequest, identifier: str, asked: BaselineIn, idempotency_key: IdempotencyKey = ""
) -> Status[Baseline]:
    """Keep what an assessment found, as it is now."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.take_baseline(contract=contract, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.baselines(viewer=knows, contract=contract),
    )
    return Status(201, made)


@router.get("/{identifier}/grants", response={200: Listed[GrantOut], **TROUBLES}, summary="Who may reach what")
def grants(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List who may reach what of the customer."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.grants(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/grants", response={201: GrantOut, **TROUBLES}, summary="Grant access")
def grant(request: HttpRequest, identifier: str, asked: GrantIn, idempotency_key: IdempotencyKey = "") -> Status[Grant]:
    """Write down who may reach what."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.grant_access(contract=contract, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.grants(viewer=knows, contract=contract),
    )
    return Status(201, made)


@router.delete("/{identifier}/grants/{number}", response={204: None, **TROUBLES}, summary="End an access")
def end_grant(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Say that an access has ended."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.grants(viewer=by, contract=contract_of(by, identifier)), "access", pk=number)
    operations.end_grant(grant=found, by=by, now=clock.now())
    return Status(204, None)


@house.get("/policies", response={200: Listed[PolicyOut], **TROUBLES}, summary="Insurances")
def policies(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the insurances of the house and its affiliates, for the provider."""
    return listed(queries.policies(viewer=viewer_with(request, Scope.READ_GOVERNANCE)), paging)


@house.post("/policies", response={201: PolicyOut, **TROUBLES}, summary="Write down an insurance")
def keep_policy(request: HttpRequest, asked: PolicyIn, idempotency_key: IdempotencyKey = "") -> Status[Policy]:
    """Write down an insurance of the house or of an affiliate."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    said = asked.model_dump()
    about = organisation_of(by, said.pop("organisation"))
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_policy(organisation=about, **said, by=by, now=clock.now()),
        lambda knows: queries.policies(viewer=knows),
    )
    return Status(201, made)


@house.delete("/policies/{number}", response={204: None, **TROUBLES}, summary="End an insurance")
def end_policy(request: HttpRequest, number: Number) -> Status[None]:
    """Say that an insurance no longer counts."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.policies(viewer=by), "insurance", pk=number)
    operations.end_policy(policy=found, by=by, now=clock.now())
    return Status(204, None)


@house.get("/assurances", response={200: Listed[AssuranceOut], **TROUBLES}, summary="What can be trusted")
def assurances(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List what the provider shows its customers of its own security."""
    return listed(queries.assurances(viewer=viewer_with(request, Scope.READ_GOVERNANCE)), paging)


@house.post("/assurances", response={201: AssuranceOut, **TROUBLES}, summary="Show something")
def show(request: HttpRequest, asked: AssuranceIn, idempotency_key: IdempotencyKey = "") -> Status[Assurance]:
    """Show all customers a certification, a control, a test or an incident."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.show_assurance(**asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.assurances(viewer=knows),
    )
    return Status(201, made)


@house.delete("/assurances/{number}", response={204: None, **TROUBLES}, summary="Take something off")
def end_assurance(request: HttpRequest, number: Number) -> Status[None]:
    """Take something off the page of what can be trusted."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.assurances(viewer=by), "assurance", pk=number)
    operations.end_assurance(assurance=found, by=by, now=clock.now())
    return Status(204, None)
