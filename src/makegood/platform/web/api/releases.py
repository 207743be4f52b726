"""Releases, and the calendar and the rules that changes keep to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.evidence.changes import operations, queries
from makegood.platform.evidence.changes.models import Freeze, Release, Responsible, Rule, Template, Window
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house as our_house
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
from makegood.platform.web.api.change_shapes import Reason, RfcAnswer, RfcMoment
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Moment, Paging, Prose, Word

router = Router(tags=["changes"])
rules = Router(tags=["changes"])
house = Router(tags=["changes"])
_Number = Annotated[int, Field(ge=1, lt=2**63)]
_Minute = Annotated[int, Field(ge=0, le=1440)]


class ReleaseIn(In):
    """Changes that are released together, the e-mail of who answers for it, and when."""

    customer: Word
    title: Line
    manager: Line
    changes: list[_Number] = Field(max_length=200)
    starts_at: Moment
    ends_at: Moment


class ReleaseOut(Schema):
    """A release, how far it is, and its downtime."""

    number: int = Field(alias="pk")
    customer: str = Field(alias="customer.slug")
    title: str
    manager: str = Field(alias="manager.name")
    state: str
    starts_at: datetime
    ends_at: datetime
    readiness: dict[str, str]
    service: str
    down_from: datetime | None
    down_until: datetime | None
    exclusion: int | None = Field(None, alias="exclusion_id")
    checked: bool | None
    checked_why: str
    approved_at: datetime | None
    released_at: datetime | None


class ReadinessIn(In):
    """What is known of a release, by the names of its questions."""

    answers: dict[Word, Prose]


class DowntimeIn(In):
    """When a release takes a service down; without a service, all."""

    starts_at: Moment
    ends_at: Moment
    service: Word = ""


class RuleIn(In):
    """How changes of a customer are decided and released."""

    approves: Annotated[Rule.Approves, WithJsonSchema({"type": "string", "enum": Rule.Approves.values})]
    approver: Annotated[Rule.Approver, WithJsonSchema({"type": "string", "enum": Rule.Approver.values})]
    quorum: Annotated[int, Field(ge=1, le=50)]
    straight: bool
    checks: bool
    timezone: Word


class RuleOut(Schema):
    """How changes of a customer are decided and released."""

    approves: str
    approver: str
    quorum: int
    straight: bool
    checks: bool
    timezone: str


class WindowIn(In):
    """A weekly time in which changes are made, in minutes of a day; Monday is 0."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts: _Minute
    ends: _Minute


class WindowOut(Schema):
    """A weekly time in which changes are made."""

    number: int = Field(alias="pk")
    weekday: int
    starts: int
    ends: int


class FreezeIn(In):
    """A time in which nothing is changed for a customer; without one, for nobody."""

    customer: Word = ""
    title: Line
    starts_at: Moment
    ends_at: Moment


class FreezeOut(Schema):
    """A time in which nothing is changed."""

    number: int = Field(alias="pk")
    customer: str | None = Field(None, alias="customer.slug")
    title: str
    starts_at: datetime
    ends_at: datetime


class StandardChangeIn(In):
    """A standard change of a customer; without one, of all."""

    customer: Word = ""
    title: Line
    means: Prose
    continuity: Prose


class StandardChangeOut(Schema):
    """A standard change, authorised once."""

    number: int = Field(alias="pk")
    customer: str | None = Field(None, alias="customer.slug")
    title: str
    means: str
    continuity: str
    authorised_at: datetime


class ChangeManagerIn(In):
    """Who decides about changes of a technology, and who manages its resources, by e-mail."""

    technology: Word
    manager: Line
    resources: Line = ""


class ChangeManagerOut(Schema):
    """Who decides about changes of a technology."""

    technology: str
    manager: str = Field(alias="manager.name")
    resources: str | None = Field(None, alias="resources.name")


@router.get("", response={200: Listed[ReleaseOut], **TROUBLES}, summary="Releases")
def all_releases(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the releases, the latest first."""
    return listed(queries.releases(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@router.post("", response={201: ReleaseOut, **TROUBLES}, summary="Plan a release")
def plan(request: HttpRequest, asked: ReleaseIn, idempotency_key: IdempotencyKey = "") -> Status[Release]:
    """Plan that changes are released together."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = asked.model_dump()
    known = queries.changes(viewer=by)
    said["customer"] = organisation_of(by, asked.customer)
    said["manager"] = _colleague(by, asked.manager)
    said["changes_of"] = [one(known, "change", pk=each) for each in said.pop("changes")]
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.plan_release(**said, by=by, now=clock.now()),
        lambda knows: queries.releases(viewer=knows),
    )
    return Status(201, made)


@router.get("/{number}", response={200: ReleaseOut, **TROUBLES}, summary="A release")
def one_release(request: HttpRequest, number: Number) -> Release:
    """Return a release."""
    return _release(viewer_with(request, Scope.READ_CHANGES), number)


@router.put("/{number}/readiness", response={200: ReleaseOut, **TROUBLES}, summary="Answer the questions")
def answer(request: HttpRequest, number: Number, asked: ReadinessIn) -> Release:
    """Keep what is known of a release, by the names of its questions."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.answer_readiness(release=_release(by, number), answers=asked.answers, by=by, now=clock.now())


@router.post("/{number}/downtime", response={200: ReleaseOut, **TROUBLES}, summary="Announce the downtime")
def announce(request: HttpRequest, number: Number, asked: DowntimeIn) -> Release:
    """Announce that a release takes a service down."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.announce_downtime(release=_release(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/check", response={200: ReleaseOut, **TROUBLES}, summary="Check a release")
def check(request: HttpRequest, number: Number, asked: RfcAnswer) -> Release:
    """Keep what the customer found when it looked at a release."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    release = _release(by, number)
    return operations.check_release(release=release, passed=asked.approve, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/approval", response={200: ReleaseOut, **TROUBLES}, summary="Approve a release")
def approve(request: HttpRequest, number: Number) -> Release:
    """Approve a release as its manager."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.approve_release(release=_release(by, number), by=by, now=clock.now())


@router.post("/{number}/carried-out", response={200: ReleaseOut, **TROUBLES}, summary="It was carried out")
def carry_out(request: HttpRequest, number: Number, asked: RfcMoment) -> Release:
    """Keep that a release was carried out."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.carry_out_release(release=_release(by, number), at=asked.at, by=by, now=clock.now())


@router.post("/{number}/cancellation", response={200: ReleaseOut, **TROUBLES}, summary="Give a release up")
def cancel(request: HttpRequest, number: Number, asked: Reason) -> Release:
    """Give a release up."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.cancel_release(release=_release(by, number), why=asked.why, by=by, now=clock.now())


@rules.get("/{identifier}/change-rules", response={200: RuleOut, **TROUBLES}, summary="Rules of changes")
def rule_of(request: HttpRequest, identifier: str) -> Rule:
    """Return how changes of a customer are decided and released."""
    viewer = viewer_with(request, Scope.READ_CHANGES)
    return queries.rule_of(customer=organisation_of(viewer, identifier).pk)


@rules.put("/{identifier}/change-rules", response={200: RuleOut, **TROUBLES}, summary="Set the rules")
def set_rules(request: HttpRequest, identifier: str, asked: RuleIn) -> Rule:
    """Say how changes of a customer are decided and released."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    customer = organisation_of(by, identifier)
    return operations.set_rules(customer=customer, **asked.model_dump(), by=by, now=clock.now())


@rules.get("/{identifier}/windows", response={200: Listed[WindowOut], **TROUBLES}, summary="Windows")
def windows(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the weekly times in which changes of a customer are made."""
    viewer = viewer_with(request, Scope.READ_CHANGES)
    customer = organisation_of(viewer, identifier)
    return listed(queries.windows(viewer=viewer).filter(customer=customer), paging)


@rules.post("/{identifier}/windows", response={201: WindowOut, **TROUBLES}, summary="Open a window")
def open_window(request: HttpRequest, identifier: str, asked: WindowIn) -> Status[Window]:
    """Say that changes are made in a weekly time."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    customer = organisation_of(by, identifier)
    return Status(201, operations.open_window(customer=customer, **asked.model_dump(), by=by, now=clock.now()))


@rules.delete("/{identifier}/windows/{number}", response={204: None, **TROUBLES}, summary="Drop a window")
def drop_window(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take a weekly time away."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    customer = organisation_of(by, identifier)
    found = one(queries.windows(viewer=by), "window", pk=number, customer=customer)
    operations.drop_window(window=found, by=by, now=clock.now())
    return Status(204, None)


@house.get("/freezes", response={200: Listed[FreezeOut], **TROUBLES}, summary="Freezes")
def freezes(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the times in which nothing is changed."""
    return listed(queries.freezes(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@house.post("/freezes", response={201: FreezeOut, **TROUBLES}, summary="Freeze changes")
def freeze(request: HttpRequest, asked: FreezeIn, idempotency_key: IdempotencyKey = "") -> Status[Freeze]:
    """Say that nothing is changed for a while."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = {**asked.model_dump(), "customer": _customer(by, asked.customer)}
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.freeze_changes(**said, by=by, now=clock.now()),
        lambda knows: queries.freezes(viewer=knows),
    )
    return Status(201, made)


@house.delete("/freezes/{number}", response={204: None, **TROUBLES}, summary="End a freeze")
def end_freeze(request: HttpRequest, number: Number) -> Status[None]:
    """Say that a freeze does not hold any more."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    found = one(queries.freezes(viewer=by), "freeze", pk=number)
    operations.end_freeze(freeze=found, by=by, now=clock.now())
    return Status(204, None)


@house.get("/change-templates", response={200: Listed[StandardChangeOut], **TROUBLES}, summary="Standard changes")
def standard_changes(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the standard changes in use."""
    return listed(queries.templates(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@house.post("/change-templates", response={201: StandardChangeOut, **TROUBLES}, summary="Authorise a standard change")
def authorise(request: HttpRequest, asked: StandardChangeIn, idempotency_key: IdempotencyKey = "") -> Status[Template]:
    """Authorise a standard change once for all times that it is done so."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = {**asked.model_dump(), "customer": _customer(by, asked.customer)}
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.authorise_template(**said, by=by, now=clock.now()),
        lambda knows: queries.templates(viewer=knows),
    )
    return Status(201, made)


@house.delete("/change-templates/{number}", response={204: None, **TROUBLES}, summary="End a standard change")
def end_standard_change(request: HttpRequest, number: Number) -> Status[None]:
    """Say that a standard change is not done without asking any more."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    found = one(queries.templates(viewer=by), "standard change", pk=number)
    operations.end_template(template=found, by=by, now=clock.now())
    return Status(204, None)


@house.get("/change-managers", response={200: Listed[ChangeManagerOut], **TROUBLES}, summary="Change managers")
def change_managers(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List who decides about changes of which technology, for the provider."""
    return listed(queries.responsible(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@house.put("/change-managers", response={200: ChangeManagerOut, **TROUBLES}, summary="Name a change manager")
def name_manager(request: HttpRequest, asked: ChangeManagerIn) -> Responsible:
    """Say who decides about changes of a technology."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    manager = _colleague(by, asked.manager)
    resources = _colleague(by, asked.resources) if asked.resources else None
    return operations.name_manager(
        technology=asked.technology, manager=manager, resources=resources, by=by, now=clock.now()
    )


def _release(viewer: Viewer, number: int) -> Release:
    return one(queries.releases(viewer=viewer), "release", pk=number)


def _customer(viewer: Viewer, identifier: str) -> Organisation | None:
    return organisation_of(viewer, identifier) if identifier else None


def _colleague(viewer: Viewer, email: str) -> Person:
    """Return somebody of the provider, for a program of the provider."""
    known = people_with(organisation=our_house(), roles=STAFF) if viewer.has(*STAFF) else []
    found = next((each for each in known if each.email.lower() == email.lower()), None)
    if found is None:
        raise HttpError(422, f"nobody who may do this has the e-mail {email}")
    return found
