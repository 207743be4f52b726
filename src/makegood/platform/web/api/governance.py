"""What both sides say around an agreement: what is unresolved, duties, impacts of misses, and changes of scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.models import DutyMark, Impact, ScopeChange, Standing
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    one,
    version_of,
    viewer_with,
)
from makegood.platform.web.api.disputes import Approval
from makegood.platform.web.api.judged import verdict_of
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Listed, Paging, Prose, Word

router = Router(tags=["governance"])
_MOST = 10**15


class UnresolvedOut(Schema):
    """Something that waits: since when, at which step of escalation, and who decides from that step on."""

    topic: str
    text: str
    since: date
    days: int
    level: int
    to: str


class QuietOut(Schema):
    """An outcome that may not be worth measuring: how many periods were decided, and how often it was opened."""

    outcome: str
    promise: str
    periods: int
    never_missed: bool
    opened: int


class DutyMarkIn(In):
    """Since when a duty of the customer is met, unmet or waived."""

    duty: Word
    standing: Standing
    since: Day
    note: Prose = ""


class DutyMarkOut(Schema):
    """What a side said of a duty."""

    duty: str
    standing: str
    since: date
    note: str
    marked_for: str = Field(alias="marked_for.slug")
    marked_at: datetime


class DutyOut(Schema):
    """A duty of the customer, and what was said of it, the latest last."""

    name: str
    text: str = Field(alias="duty.text")
    of: list[str] = Field(alias="duty.of")
    due: date | None = Field(alias="duty.due")
    overdue: bool
    marks: list[DutyMarkOut]


class ImpactIn(In):
    """What a miss did to the customer's business; money in minor units of the agreement's currency."""

    people: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    minutes: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    amount: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    words: Prose = ""


class ImpactOut(Schema):
    """What a miss did to the customer's business, as it was said last."""

    number: int = Field(alias="pk")
    period: str = Field(alias="period.label")
    outcome: str
    people: int | None
    minutes: int | None
    amount: int | None
    currency: str
    words: str
    entered_for: str = Field(alias="entered_for.slug")
    entered_at: datetime


class ChangeIn(In):
    """A change of what is in scope, with its effect on the monthly price in minor units, which may be negative."""

    text: Prose
    amount: Annotated[int, Field(ge=-_MOST, le=_MOST)] = 0


class ChangeOut(Schema):
    """A change of what is in scope; ``amount`` is absent for those who may not see money."""

    number: int = Field(alias="pk")
    text: str
    amount: int | None
    currency: str
    state: str
    proposed_for: str = Field(alias="proposed_for.slug")
    proposed_at: datetime
    decided_at: datetime | None
    version: int | None = Field(alias="version_id")


class VersionIn(In):
    """The number of the version that has a change in it."""

    version: Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/{identifier}/unresolved", response={200: list[UnresolvedOut], **TROUBLES}, summary="What is unresolved")
def unresolved(request: HttpRequest, identifier: str) -> Any:
    """List what stays unresolved, what has escalated most and longest first."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return queries.unresolved(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now())


@router.get("/{identifier}/quiet-outcomes", response={200: list[QuietOut], **TROUBLES}, summary="Quiet outcomes")
def quiet(request: HttpRequest, identifier: str) -> Any:
    """List the outcomes that were met in the last twelve periods, or that the customer did not open in a year."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return queries.quiet_outcomes(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now())


@router.get("/{identifier}/duties", response={200: list[DutyOut], **TROUBLES}, summary="Duties")
def duties(request: HttpRequest, identifier: str) -> Any:
    """List the duties of the customer, and how they stand."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return queries.duties(viewer=viewer, contract=contract_of(viewer, identifier), now=clock.now())


@router.post("/{identifier}/duties", response={201: DutyMarkOut, **TROUBLES}, summary="Mark a duty")
def mark(request: HttpRequest, identifier: str, asked: DutyMarkIn) -> Status[DutyMark]:
    """Say since when a duty is met, unmet or waived."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    return Status(201, operations.mark_duty(contract=contract, **asked.model_dump(), by=by, now=clock.now()))


@router.get("/{identifier}/impacts", response={200: Listed[ImpactOut], **TROUBLES}, summary="What misses did")
def impacts(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what misses did to the customer, each as it was said last."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.impacts(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/verdicts/{number}/impact", response={201: ImpactOut, **TROUBLES}, summary="Say what it did")
def state(request: HttpRequest, identifier: str, number: Number, asked: ImpactIn) -> Status[Impact]:
    """Say what a missed outcome did to the customer."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found, said = verdict_of(by, identifier, number), asked.model_dump()
    made = operations.state_impact(period=found.period, outcome=found.outcome, **said, by=by, now=clock.now())
    return Status(201, made)


@router.post(
    "/{identifier}/verdicts/{number}/impact/confirm", response={201: ImpactOut, **TROUBLES}, summary="Confirm it"
)
def confirm(request: HttpRequest, identifier: str, number: Number) -> Status[Impact]:
    """Confirm as the customer what the provider entered."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = verdict_of(by, identifier, number)
    impact = queries.impact_of(viewer=by, period=found.period, outcome=found.outcome)
    if impact is None:
        raise HttpError(404, "nobody said what this miss did")
    return Status(201, operations.confirm_impact(impact=impact, by=by, now=clock.now()))


@router.get("/{identifier}/changes", response={200: Listed[ChangeOut], **TROUBLES}, summary="Changes of scope")
def changes(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the changes of what is in scope, the latest first."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    found = listed(queries.scope_changes(viewer=viewer, contract=contract_of(viewer, identifier)), paging)
    return {**found, "items": _with_money(viewer, found["items"])}


@router.post("/{identifier}/changes", response={201: ChangeOut, **TROUBLES}, summary="Propose a change")
def propose(
    request: HttpRequest, identifier: str, asked: ChangeIn, idempotency_key: IdempotencyKey = ""
) -> Status[ScopeChange]:
    """Propose a change of what is in scope; the other side decides."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.propose_change(contract=contract, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.scope_changes(viewer=knows, contract=contract),
    )
    return Status(201, _with_money(by, [made])[0])


@router.post(
    "/{identifier}/changes/{number}/decision", response={200: ChangeOut, **TROUBLES}, summary="Decide a change"
)
def decide(request: HttpRequest, identifier: str, number: Number, asked: Approval) -> ScopeChange:
    """Approve or refuse what the other side proposed."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = _change(by, identifier, number)
    made = operations.decide_change(change=found, approve=asked.approve, by=by, now=clock.now())
    return _with_money(by, [made])[0]


@router.put(
    "/{identifier}/changes/{number}/version", response={200: ChangeOut, **TROUBLES}, summary="It is in a version"
)
def put(request: HttpRequest, identifier: str, number: Number, asked: VersionIn) -> ScopeChange:
    """Say which version of the agreement has an approved change in it."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found, version = _change(by, identifier, number), version_of(by, identifier, asked.version)
    made = operations.put_into_version(change=found, version=version, by=by, now=clock.now())
    return _with_money(by, [made])[0]


def _change(viewer: Viewer, identifier: str, number: int) -> ScopeChange:
    return one(queries.scope_changes(viewer=viewer, contract=contract_of(viewer, identifier)), "change", pk=number)


def _with_money(viewer: Viewer, found: Iterable[ScopeChange]) -> list[ScopeChange]:
    """Return changes without their price for those who may not see money."""
    shown = list(found)
    for each in shown:
        if not sees_money(viewer=viewer, contract=each.contract):
            each.amount = None  # type: ignore[assignment]  # shown, not kept
    return shown
