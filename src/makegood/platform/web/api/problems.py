"""Problems, and patterns of incidents that may be one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.evidence.changes import operations, queries
from makegood.platform.evidence.changes.models import Problem, Suggestion
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import STAFF, Viewer
from makegood.platform.web.api.asked import IdempotencyKey, Number, listed, made_once, one, organisation_of, viewer_with
from makegood.platform.web.api.change_shapes import Reason, RfcCase, RfcManager
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Prose, Word

router = Router(tags=["problems"])
trends = Router(tags=["problems"])
_Number = Annotated[int, Field(ge=1, lt=2**63)]


class ProblemIn(In):
    """What lies behind incidents; without a customer it is one of the house."""

    customer: Word = ""
    title: Line
    service: Word = ""
    text: Prose = ""
    cases: list[_Number] = Field(default_factory=list, max_length=500)


class ProblemOut(Schema):
    """A problem, and what is known of it."""

    number: int = Field(alias="pk")
    customer: str | None = Field(None, alias="customer.slug")
    title: str
    service: str
    text: str
    state: str
    root_cause: str
    workaround: str
    owner: str = Field(alias="owner.name")
    referral: int | None = Field(None, alias="referral_id")
    opened_at: datetime
    known_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None


class RootCauseIn(In):
    """Why something happens, and how people get along meanwhile."""

    root_cause: Prose
    workaround: Prose = ""


class WorkaroundIn(In):
    """How people get along with a problem."""

    workaround: Prose


class ResolutionIn(In):
    """What the root cause was; empty is what was found before."""

    root_cause: Prose = ""


class ReferralIn(Reason):
    """Which affiliate analyses a problem, and what it is asked to find out."""

    affiliate: Word


class ProblemRateOut(Schema):
    """How many incidents there were in a week before or after a problem was resolved."""

    starts_at: datetime
    count: int
    after: bool


class SuggestionOut(Schema):
    """What incidents of a customer have in common; ``usual`` is the weekly mean before, in tenths."""

    number: int = Field(alias="pk")
    customer: str = Field(alias="customer.slug")
    kind: str
    what: str
    count: int
    usual: int | None
    cases: list[int]
    state: str
    problem: int | None = Field(None, alias="problem_id")
    why: str
    made_at: datetime


@router.get("", response={200: Listed[ProblemOut], **TROUBLES}, summary="Problems")
def all_problems(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the problems, for the provider."""
    return listed(queries.problems(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@router.post("", response={201: ProblemOut, **TROUBLES}, summary="Write a problem down")
def open_problem(request: HttpRequest, asked: ProblemIn, idempotency_key: IdempotencyKey = "") -> Status[Problem]:
    """Write a problem down, with the incidents that it is behind."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    said = asked.model_dump()
    said["customer"] = organisation_of(by, asked.customer) if asked.customer else None
    said["linked"] = [one(cases(viewer=by), "case", pk=each) for each in said.pop("cases")]
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.open_problem(**said, by=by, now=clock.now()),
        lambda knows: queries.problems(viewer=knows),
    )
    return Status(201, made)


@router.get("/{number}", response={200: ProblemOut, **TROUBLES}, summary="A problem")
def one_problem(request: HttpRequest, number: Number) -> Problem:
    """Return a problem."""
    return _problem(viewer_with(request, Scope.READ_CHANGES), number)


@router.get("/{number}/rates", response={200: Listed[ProblemRateOut], **TROUBLES}, summary="Incidents before and after")
def rates(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List the incidents a week before and after a problem was resolved."""
    found = _problem(viewer_with(request, Scope.READ_CHANGES), number)
    return listed(queries.rate_around(problem=found, now=clock.now()), paging)


@router.post("/{number}/cases", response={200: ProblemOut, **TROUBLES}, summary="Add a case")
def link(request: HttpRequest, number: Number, asked: RfcCase) -> Problem:
    """Say that a case comes from a problem."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    case = one(cases(viewer=by), "case", pk=asked.case)
    return operations.link_case(problem=_problem(by, number), case=case, by=by, now=clock.now())


@router.put("/{number}/root-cause", response={200: ProblemOut, **TROUBLES}, summary="Keep the root cause")
def find_root_cause(request: HttpRequest, number: Number, asked: RootCauseIn) -> Problem:
    """Keep the root cause; the problem is a known error from then on."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.find_root_cause(problem=_problem(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.put("/{number}/workaround", response={200: ProblemOut, **TROUBLES}, summary="Keep a workaround")
def keep_workaround(request: HttpRequest, number: Number, asked: WorkaroundIn) -> Problem:
    """Keep how people get along with a problem."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.keep_workaround(problem=_problem(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.put("/{number}/owner", response={200: ProblemOut, **TROUBLES}, summary="Give it to somebody")
def own(request: HttpRequest, number: Number, asked: RfcManager) -> Problem:
    """Give a problem to another owner."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    problem = _problem(by, number)
    return operations.own_problem(problem=problem, owner=_colleague(asked.person), by=by, now=clock.now())


@router.post("/{number}/referral", response={200: ProblemOut, **TROUBLES}, summary="Have an affiliate analyse it")
def refer(request: HttpRequest, number: Number, asked: ReferralIn) -> Problem:
    """Have an affiliate analyse a problem, with the clocks of the agreement with it."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    problem, affiliate = _problem(by, number), _affiliate(by, asked.affiliate)
    return operations.refer_problem(problem=problem, affiliate=affiliate, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/resolution", response={200: ProblemOut, **TROUBLES}, summary="Resolve a problem")
def resolve(request: HttpRequest, number: Number, asked: ResolutionIn) -> Problem:
    """Say that a problem is mended."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.resolve_problem(problem=_problem(by, number), **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/reopening", response={200: ProblemOut, **TROUBLES}, summary="Open a problem again")
def reopen(request: HttpRequest, number: Number, asked: Reason) -> Problem:
    """Say that a resolved problem is still there."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.reopen_problem(problem=_problem(by, number), why=asked.why, by=by, now=clock.now())


@router.post("/{number}/closing", response={200: ProblemOut, **TROUBLES}, summary="Close a problem")
def close(request: HttpRequest, number: Number) -> Problem:
    """Close a resolved problem."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return operations.close_problem(problem=_problem(by, number), by=by, now=clock.now())


@trends.get("", response={200: Listed[SuggestionOut], **TROUBLES}, summary="Suggestions")
def suggestions(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List what incidents have in common, for the provider."""
    return listed(queries.suggestions(viewer=viewer_with(request, Scope.READ_CHANGES)), paging)


@trends.post("/{number}/problem", response={201: ProblemOut, **TROUBLES}, summary="Make a problem of it")
def accept(request: HttpRequest, number: Number) -> Status[Problem]:
    """Make a problem of a pattern."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    return Status(201, operations.accept_suggestion(suggestion=_suggestion(by, number), by=by, now=clock.now()))


@trends.post("/{number}/dismissal", response={200: SuggestionOut, **TROUBLES}, summary="Dismiss it")
def dismiss(request: HttpRequest, number: Number, asked: Reason) -> Suggestion:
    """Say why a pattern is no problem."""
    by = viewer_with(request, Scope.WRITE_CHANGES)
    found = _suggestion(by, number)
    return operations.dismiss_suggestion(suggestion=found, why=asked.why, by=by, now=clock.now())


def _problem(viewer: Viewer, number: int) -> Problem:
    return one(queries.problems(viewer=viewer), "problem", pk=number)


def _suggestion(viewer: Viewer, number: int) -> Suggestion:
    return one(queries.suggestions(viewer=viewer), "suggestion", pk=number)


def _affiliate(viewer: Viewer, identifier: str) -> Organisation:
    return organisation_of(viewer, identifier)


def _colleague(email: str) -> Person:
    known = people_with(organisation=house(), roles=STAFF)
    found = next((each for each in known if each.email.lower() == email.lower()), None)
    if found is None:
        raise HttpError(422, f"nobody who may do this has the e-mail {email}")
    return found
