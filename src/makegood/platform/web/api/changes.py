"""Changes: asked for, decided, planned, tested, released and reviewed by programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.evidence.changes import operations, queries
from makegood.platform.evidence.changes.models import Change, Trial
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.change_shapes import (
    Reason,
    RfcAnswer,
    RfcAuthorisation,
    RfcCase,
    RfcFilter,
    RfcIn,
    RfcManager,
    RfcMoment,
    RfcOut,
    RfcPlan,
    RfcPriority,
    RfcRecord,
    RfcReview,
    RfcText,
    TrialIn,
    TrialOut,
)
from makegood.platform.web.api.shapes import TROUBLES, Listed

router = Router(tags=["changes"])


@router.get("", response={200: Listed[RfcOut], **TROUBLES}, summary="Changes")
def all_changes(request: HttpRequest, asked: Query[RfcFilter]) -> dict[str, Any]:
    """List the changes, the newest first; those in a state, or with some words."""
    viewer = viewer_with(request, Scope.READ_CHANGES)
    words = asked.words.replace("\x00", "")
    found = queries.searched(viewer=viewer, words=words) if words else queries.changes(viewer=viewer)
    return listed(found.filter(state=asked.state) if asked.state else found, asked)


@router.post("", response={201: RfcOut, **TROUBLES}, summary="Draft a change")
def draft(request: HttpRequest, asked: RfcIn, idempotency_key: IdempotencyKey = "") -> Status[Change]:
    """Write a request for change down as a draft."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = asked.model_dump()
    customer = organisation_of(by, said.pop("customer"))
    case, problem, template = said.pop("case"), said.pop("problem"), said.pop("standard_change")
    about: dict[str, Any] = {
        "case": one(cases(viewer=by), "case", pk=case) if case else None,
        "problem": one(queries.problems(viewer=by), "problem", pk=problem) if problem else None,
        "template": one(queries.templates(viewer=by), "standard change", pk=template) if template else None,
    }
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.draft_change(
            customer=customer, asked=operations.Asked(**said), **about, by=by, now=clock.now()
        ),
        lambda knows: queries.changes(viewer=knows),
    )
    return Status(201, made)


@router.get("/{number}", response={200: RfcOut, **TROUBLES}, summary="A change")
def one_change(request: HttpRequest, number: Number) -> Change:
    """Return a change."""
    return _change(viewer_with(request, Scope.READ_CHANGES), number)


@router.get("/{number}/record", response={200: RfcRecord, **TROUBLES}, summary="All of a change")
def record(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return all that is kept of a change, with its steps, tests and votes, and what stands against its time."""
    viewer = viewer_with(request, Scope.READ_CHANGES)
    found = _change(viewer, number)
    return {
        "record": queries.exported(viewer=viewer, change=found),
        "conflicts": [each.text for each in queries.left_over(change=found)],
        "similar": [each.pk for each in queries.similar(viewer=viewer, change=found)],
    }


@router.put("/{number}", response={200: RfcOut, **TROUBLES}, summary="Rewrite a draft")
def rewrite(request: HttpRequest, number: Number, asked: RfcText) -> Change:
    """Write a draft anew."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = operations.Asked(**asked.model_dump())
    return operations.rewrite_change(change=_change(by, number), asked=said, by=by, now=clock.now())


@router.post("/{number}/request", response={200: RfcOut, **TROUBLES}, summary="Request a change")
def request_it(request: HttpRequest, number: Number) -> Change:
    """Ask for what a draft says."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.request_change(change=_change(by, number), by=by, now=clock.now())


@router.post("/{number}/withdrawal", response={200: RfcOut, **TROUBLES}, summary="Withdraw a change")
def withdraw(request: HttpRequest, number: Number, asked: Reason) -> Change:
    """Take a request back."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.withdraw_change(change=_change(by, number), why=asked.why, by=by, now=clock.now())


@router.post("/{number}/resubmission", response={200: RfcOut, **TROUBLES}, summary="Make a draft of it again")
def resubmit(request: HttpRequest, number: Number) -> Change:
    """Make a draft of a change that was rejected or withdrawn."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.resubmit_change(change=_change(by, number), by=by, now=clock.now())


@router.post("/{number}/return", response={200: RfcOut, **TROUBLES}, summary="Give a request back")
def give_back(request: HttpRequest, number: Number, asked: Reason) -> Change:
    """Give a request back because something is missing."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.return_change(change=_change(by, number), why=asked.why, by=by, now=clock.now())


@router.put("/{number}/priority", response={200: RfcOut, **TROUBLES}, summary="Change the priority")
def prioritise(request: HttpRequest, number: Number, asked: RfcPriority) -> Change:
    """Say anew how soon a change is wanted, and how much it touches."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.prioritise_change(change=_change(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.put("/{number}/manager", response={200: RfcOut, **TROUBLES}, summary="Assign a change")
def assign(request: HttpRequest, number: Number, asked: RfcManager) -> Change:
    """Say who manages a change."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    change = _change(by, number)
    found = _among(operations.voters(change=change), asked.person)
    return operations.assign_change(change=change, manager=found, by=by, now=clock.now())


@router.post("/{number}/authorisation", response={200: RfcOut, **TROUBLES}, summary="Authorise a change")
def authorise(request: HttpRequest, number: Number, asked: RfcAuthorisation) -> Change:
    """Authorise a request; high impact goes before a committee."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    change = _change(by, number)
    known = operations.voters(change=change)
    members = [(_among(known, each.person), each.expertise) for each in asked.members]
    return operations.authorise_change(change=change, members=members, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/rejection", response={200: RfcOut, **TROUBLES}, summary="Reject a change")
def reject(request: HttpRequest, number: Number, asked: Reason) -> Change:
    """Reject a request, or veto it before the committee decides."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.reject_change(change=_change(by, number), why=asked.why, by=by, now=clock.now())


@router.post("/{number}/votes", response={200: RfcOut, **TROUBLES}, summary="Vote on a change")
def vote(request: HttpRequest, number: Number, asked: RfcAnswer) -> Change:
    """Vote as a member of the committee."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    change = _change(by, number)
    return operations.vote_on_change(change=change, approves=asked.approve, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/votes/end", response={200: RfcOut, **TROUBLES}, summary="End the vote")
def end_vote(request: HttpRequest, number: Number) -> Change:
    """End the vote when enough have voted."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.end_vote(change=_change(by, number), by=by, now=clock.now())


@router.post("/{number}/decision", response={200: RfcOut, **TROUBLES}, summary="Decide for the customer")
def decide(request: HttpRequest, number: Number, asked: RfcAnswer) -> Change:
    """Approve or reject a change for the customer."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.decide_for_customer(change=_change(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.put("/{number}/plan", response={200: RfcOut, **TROUBLES}, summary="Plan a change")
def plan(request: HttpRequest, number: Number, asked: RfcPlan) -> Change:
    """Say when a change is made."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.plan_change(change=_change(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/tests", response={201: TrialOut, **TROUBLES}, summary="Keep a test")
def keep_test(request: HttpRequest, number: Number, asked: TrialIn) -> Status[Trial]:
    """Keep that a change was tested."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    made = operations.try_change(change=_change(by, number), **asked.model_dump(), by=by, now=clock.now())
    return Status(201, made)


@router.post("/{number}/release", response={200: RfcOut, **TROUBLES}, summary="Released straight away")
def release(request: HttpRequest, number: Number, asked: RfcMoment) -> Change:
    """Keep that an approved change was released without a release of its own."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.release_change(change=_change(by, number), at=asked.at, by=by, now=clock.now())


@router.post("/{number}/review", response={200: RfcOut, **TROUBLES}, summary="Review a change")
def review(request: HttpRequest, number: Number, asked: RfcReview) -> Change:
    """Say how a released change went."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    change = _change(by, number)
    operations.review_change(change=change, **asked.model_dump(), by=by, now=clock.now())
    return _change(by, number)


@router.post("/{number}/archive", response={200: RfcOut, **TROUBLES}, summary="Archive a change")
def archive(request: HttpRequest, number: Number) -> Change:
    """Put a reviewed change into the archive."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.archive_change(change=_change(by, number), by=by, now=clock.now())


@router.post("/{number}/caused", response={200: RfcOut, **TROUBLES}, summary="It caused a case")
def blame(request: HttpRequest, number: Number, asked: RfcCase) -> Change:
    """Say that a change caused a case, which is free of charge then."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    case = one(cases(viewer=by), "case", pk=asked.case)
    return operations.blame_change(change=_change(by, number), case=case, by=by, now=clock.now())


def _change(viewer: Viewer, number: int) -> Change:
    return one(queries.changes(viewer=viewer), "change", pk=number)


def _among(people: list[Person], email: str) -> Person:
    found = next((each for each in people if each.email.lower() == email.lower()), None)
    if found is None:
        raise HttpError(422, f"nobody who may do this has the e-mail {email}")
    return found
