"""What people say of evidence: time that is not to count, and records that are wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.evidence.intake import operations
from makegood.platform.evidence.intake.models import Dispute, Exclusion, Remark
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    one,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Moment, Name, Paging, Prose, Word

router = Router(tags=["disputes and exclusions"])


class ExclusionIn(In):
    """A time that is not to count, for a cause of the agreement and one subject or all."""

    cause: Word
    subject: Line = ""
    starts_at: Moment
    ends_at: Moment
    reason: Prose
    announced_at: Moment | None = None


class ExclusionOut(Schema):
    """A time that is not to count; once approved it is evidence."""

    number: int = Field(alias="pk")
    cause: str
    subject: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    announced_at: datetime | None
    state: str
    proposed_for: str = Field(alias="proposed_for.slug")
    proposed_at: datetime
    decided_at: datetime | None


class Approval(In):
    """Whether an exclusion is approved."""

    approve: bool


class DisputeIn(In):
    """That a record is wrong, named as the verdict names it; ``instead`` is the record that is right, if one is."""

    period: Word
    outcome: Word
    record: Name
    reason: Prose
    instead: dict[str, Any] | None = None


class RemarkIn(In):
    """Something to say about a dispute."""

    text: Prose


class RemarkOut(Schema):
    """Something that was said about a dispute."""

    name: str = Field(alias="person.name")
    organisation: str = Field(alias="organisation.slug")
    text: str
    written_at: datetime


class DisputeOut(Schema):
    """That a party says a record is wrong."""

    number: int = Field(alias="pk")
    period: str
    outcome: str
    record: str
    reason: str
    instead: dict[str, Any] | None
    state: str
    raised_for: str = Field(alias="raised_for.slug")
    raised_at: datetime
    answer_by: datetime
    decided_at: datetime | None
    decision: str


class DisputeWhole(DisputeOut):
    """A dispute, and what was said about it."""

    remarks: list[RemarkOut]

    @staticmethod
    def resolve_remarks(kept: Dispute) -> list[Remark]:
        return list(kept.remarks.all())


class DecisionIn(In):
    """What becomes of a dispute, and why."""

    accept: bool
    decision: Prose


@router.get("/{identifier}/exclusions", response={200: Listed[ExclusionOut], **TROUBLES}, summary="Exclusions")
def all_exclusions(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the exclusions, proposed and decided, the latest first."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    return listed(exclusions(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/exclusions", response={201: ExclusionOut, **TROUBLES}, summary="Propose an exclusion")
def propose(
    request: HttpRequest, identifier: str, asked: ExclusionIn, idempotency_key: IdempotencyKey = ""
) -> Status[Exclusion]:
    """Propose that a time does not count; the other side decides."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    contract = contract_of(by, identifier)
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: operations.propose_exclusion(contract=contract, **asked.model_dump(), by=by, now=clock.now()),
            lambda knows: exclusions(viewer=knows, contract=contract),
        ),
    )


@router.post(
    "/{identifier}/exclusions/{number}/decision",
    response={200: ExclusionOut, **TROUBLES},
    summary="Decide an exclusion",
)
def decide_exclusion(request: HttpRequest, identifier: str, number: Number, asked: Approval) -> Exclusion:
    """Approve or refuse what the other side proposed."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    found = one(exclusions(viewer=by, contract=contract_of(by, identifier)), "exclusion", pk=number)
    return operations.decide_exclusion(exclusion=found, approve=asked.approve, by=by, now=clock.now())


@router.get("/{identifier}/disputes", response={200: Listed[DisputeOut], **TROUBLES}, summary="Disputes")
def disputed(request: HttpRequest, identifier: str, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    """List the disputes, the latest first: all, or those that are ``OPEN``, ``ACCEPTED`` or ``REJECTED``."""
    viewer = viewer_with(request, Scope.READ_EVIDENCE)
    found = disputes(viewer=viewer, contract=contract_of(viewer, identifier))
    return listed(found.filter(state=state) if state else found, paging)


@router.post("/{identifier}/disputes", response={201: DisputeOut, **TROUBLES}, summary="Raise a dispute")
def raise_dispute(
    request: HttpRequest, identifier: str, asked: DisputeIn, idempotency_key: IdempotencyKey = ""
) -> Status[Dispute]:
    """Say that a record on which a verdict rests is wrong; the other side decides."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    contract, said = contract_of(by, identifier), asked.model_dump()
    record = said.pop("record")
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: operations.raise_dispute(contract=contract, record_id=record, **said, by=by, now=clock.now()),
            lambda knows: disputes(viewer=knows, contract=contract),
        ),
    )


@router.get("/{identifier}/disputes/{number}", response={200: DisputeWhole, **TROUBLES}, summary="One dispute")
def dispute(request: HttpRequest, identifier: str, number: Number) -> Dispute:
    """Return a dispute, and what was said about it."""
    return _dispute(viewer_with(request, Scope.READ_EVIDENCE), identifier, number)


@router.post("/{identifier}/disputes/{number}/remarks", response={201: RemarkOut, **TROUBLES}, summary="Remark")
def remark(
    request: HttpRequest, identifier: str, number: Number, asked: RemarkIn, idempotency_key: IdempotencyKey = ""
) -> Status[Remark]:
    """Say something about a dispute that is open."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    found = _dispute(by, identifier, number)
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: operations.remark(dispute=found, text=asked.text, by=by, now=clock.now()),
            lambda _: found.remarks.all(),
        ),
    )


@router.post(
    "/{identifier}/disputes/{number}/decision", response={200: DisputeOut, **TROUBLES}, summary="Decide a dispute"
)
def decide_dispute(request: HttpRequest, identifier: str, number: Number, asked: DecisionIn) -> Dispute:
    """Accept or reject what the other side disputes, with a sentence."""
    by = viewer_with(request, Scope.WRITE_DISPUTES)
    found = _dispute(by, identifier, number)
    return operations.decide_dispute(dispute=found, **asked.model_dump(), by=by, now=clock.now())


def _dispute(viewer: Viewer, identifier: str, number: int) -> Dispute:
    return one(disputes(viewer=viewer, contract=contract_of(viewer, identifier)), "dispute", pk=number)
