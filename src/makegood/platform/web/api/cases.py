"""Cases of the service desk: opened, worked on, confirmed and read, each by the side that may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import (
    Attachment,
    Case,
    Channel,
    Instruction,
    Message,
    State,
    Step,
)
from makegood.platform.evidence.service_desk.queries import Wanted
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import CUSTOMER, Role, Site, Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    answers_with,
    file,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.case_shapes import (
    AtIn,
    CaseCauseIn,
    CaseOut,
    CaseStepOut,
    ClockOut,
    CloseCaseIn,
    Filter,
    InstructionIn,
    InstructionOut,
    KindIn,
    MessageIn,
    MessageOut,
    MoveIn,
    OpenIn,
    PriorityIn,
    QueueFilter,
    QueuePart,
    ReferIn,
    RelateIn,
    ResolveIn,
    TakeStepIn,
    TransferIn,
    WhyIn,
)
from makegood.platform.web.api.shapes import TROUBLES, Listed, Paging
from makegood.platform.web.parts.desk_asked import STAFF, affiliates_of, owners_of
from makegood.platform.web.parts.desk_lists import Row, rows_of
from makegood.platform.web.parts.desk_panel import Promise, panel_of

router = Router(tags=["cases"])
house = Router(tags=["cases"])
customers = Router(tags=["cases"])


@router.get("", response={200: Listed[CaseOut], **TROUBLES}, summary="Cases")
def all_cases(request: HttpRequest, wanted: Query[Filter], paging: Query[Paging]) -> dict[str, Any]:
    """List cases, the newest first."""
    viewer = viewer_with(request, Scope.READ_CASES)
    found = queries.looked_for(viewer=viewer, wanted=_wanted(viewer, wanted))
    return listed(found if wanted.closed else found.exclude(state=State.CLOSED), paging)


@house.get("/queue", response={200: QueuePart, **TROUBLES}, summary="The queue")
def queue(request: HttpRequest, wanted: Query[QueueFilter], paging: Query[Paging]) -> dict[str, Any]:
    """List the open cases that the provider, or an affiliate, works on: what is most at stake first.

    They are not counted, however many there are; ask for the next part as long as there is more.
    """
    viewer, now = viewer_with(request, Scope.READ_CASES), clock.now()
    asked = replace(_wanted(viewer, wanted, closed=False), soon=wanted.soon)
    found = queries.queue(viewer=viewer, wanted=asked, now=now)
    some = list(found[paging.offset : paging.offset + paging.limit + 1])
    rows = rows_of(viewer=viewer, cases=some[: paging.limit], now=now)
    return {"items": [_queued(each) for each in rows], "more": len(some) > paging.limit}


@router.post("", response={201: CaseOut, **TROUBLES}, summary="Open a case")
def open_one(request: HttpRequest, asked: OpenIn, idempotency_key: IdempotencyKey = "") -> Status[Case]:
    """Open a case: it has an owner, a priority and its limits at once."""
    by = viewer_with(request, Scope.WRITE_CASES)
    said = asked.model_dump()
    customer, opened_at = organisation_of(by, said.pop("customer")), said.pop("opened_at")
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.open_case(
            customer=customer,
            intake=operations.Intake(**said, requester=_requester(customer, said["requester_email"])),
            channel=Channel.API,
            opened_at=opened_at,
            by=by,
            now=clock.now(),
        ),
        lambda knows: queries.cases(viewer=knows),
    )
    return Status(201, made)


@router.get("/{number}", response={200: CaseOut, **TROUBLES}, summary="A case")
def one_case(request: HttpRequest, number: Number) -> Case:
    """Return a case."""
    return _case(viewer_with(request, Scope.READ_CASES), number)


@router.get("/{number}/messages", response={200: Listed[MessageOut], **TROUBLES}, summary="What was said")
def messages(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List what was said about a case; notes only for those who work on it."""
    viewer = viewer_with(request, Scope.READ_CASES)
    return listed(queries.messages(viewer=viewer, case=_case(viewer, number)), paging)


@router.get(
    "/{number}/files/{attachment}",
    response={**TROUBLES},
    openapi_extra=answers_with("application/octet-stream"),
    summary="A file",
)
def one_file(request: HttpRequest, number: Number, attachment: Number) -> HttpResponse:
    """Return a file that came with a message."""
    viewer = viewer_with(request, Scope.READ_CASES)
    seen = queries.messages(viewer=viewer, case=_case(viewer, number)).order_by()
    kept = one(Attachment.objects.filter(message__in=seen, refused=""), "file", pk=attachment)
    return file(bytes(kept.content or b""), "application/octet-stream", f"{kept.sha256}.bin")


@router.post("/{number}/messages", response={201: MessageOut, **TROUBLES}, summary="Say something")
def write(
    request: HttpRequest, number: Number, asked: MessageIn, idempotency_key: IdempotencyKey = ""
) -> Status[Message]:
    """Write a message, a note, or what was said on the telephone."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = _case(by, number)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.write_message(case=case, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.messages(viewer=knows, case=case),
    )
    return Status(201, made)


@router.get("/{number}/steps", response={200: Listed[CaseStepOut], **TROUBLES}, summary="Steps")
def steps(request: HttpRequest, number: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List the changes of a case in order."""
    viewer = viewer_with(request, Scope.READ_CASES)
    found: list[Step] = list(queries.steps(viewer=viewer, case=_case(viewer, number)))
    return listed(found, paging)


@router.get("/{number}/clocks", response={200: list[ClockOut], **TROUBLES}, summary="Limits")
def clocks(request: HttpRequest, number: Number) -> list[dict[str, Any]]:
    """List the limits of a case as they stand now."""
    viewer = viewer_with(request, Scope.READ_CASES)
    panel = panel_of(viewer=viewer, case=_case(viewer, number), now=clock.now())
    return [_clock(each) for each in panel.promises]


@router.post("/{number}/respond", response={200: CaseOut, **TROUBLES}, summary="Somebody responded")
def respond(request: HttpRequest, number: Number, asked: AtIn) -> Case:
    """Keep that somebody answered the customer for the first time."""
    by, case = _writing(request, number)
    return operations.respond(case=case, at=asked.at, by=by, now=clock.now())


@router.post("/{number}/move", response={200: CaseOut, **TROUBLES}, summary="Move it")
def move(request: HttpRequest, number: Number, asked: MoveIn) -> Case:
    """Take a case to another state."""
    by, case = _writing(request, number)
    return operations.move_case(case=case, **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/resolve", response={200: CaseOut, **TROUBLES}, summary="Resolve it")
def resolve(request: HttpRequest, number: Number, asked: ResolveIn) -> Case:
    """Keep what was done, and ask the customer to confirm it."""
    by, case = _writing(request, number)
    return operations.resolve(case=case, **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/close", response={200: CaseOut, **TROUBLES}, summary="Close it for the customer")
def close(request: HttpRequest, number: Number, asked: CloseCaseIn) -> Case:
    """Close a resolved case that the customer confirmed elsewhere."""
    by, case = _writing(request, number)
    return operations.close_for_customer(case=case, told_by=asked.told_by, by=by, now=clock.now())


@router.post("/{number}/confirm", response={200: CaseOut, **TROUBLES}, summary="It is done")
def confirm(request: HttpRequest, number: Number) -> Case:
    """Close a resolved case, for its customer."""
    by, case = _writing(request, number)
    return operations.confirm(case=case, by=by, now=clock.now())


@router.post("/{number}/reject", response={200: CaseOut, **TROUBLES}, summary="It is not done")
def reject(request: HttpRequest, number: Number, asked: WhyIn) -> Case:
    """Open a resolved case again, for its customer."""
    by, case = _writing(request, number)
    return operations.reject(case=case, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/withdraw", response={200: CaseOut, **TROUBLES}, summary="It is not needed")
def withdraw(request: HttpRequest, number: Number, asked: WhyIn) -> Case:
    """Close a case that nobody resolved, for either side."""
    by, case = _writing(request, number)
    return operations.withdraw(case=case, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/reopen", response={200: CaseOut, **TROUBLES}, summary="Open it again")
def reopen(request: HttpRequest, number: Number, asked: WhyIn) -> Case:
    """Open a closed case again, for either side."""
    by, case = _writing(request, number)
    return operations.reopen(case=case, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/transfer", response={200: CaseOut, **TROUBLES}, summary="Hand it over")
def transfer(request: HttpRequest, number: Number, asked: TransferIn) -> Case:
    """Give a case to another owner."""
    by, case = _writing(request, number)
    to = next((each for each in owners_of(case) if each.email == asked.to.lower()), None)
    if to is None:
        raise HttpError(422, "nobody of this address can own this case, or they own it already")
    return operations.transfer(case=case, to=to, reason=asked.reason, why=asked.why, by=by, now=clock.now())


@router.post("/{number}/refer", response={201: CaseOut, **TROUBLES}, summary="Refer it")
def refer(request: HttpRequest, number: Number, asked: ReferIn) -> Status[Case]:
    """Open a case at an affiliate for the sake of this one."""
    by, case = _writing(request, number)
    affiliate = _affiliate(by, asked.affiliate)
    return Status(201, operations.refer_case(case=case, affiliate=affiliate, why=asked.why, by=by, now=clock.now()))


@router.post("/{number}/priority", response={200: CaseOut, **TROUBLES}, summary="Change the priority")
def prioritise(request: HttpRequest, number: Number, asked: PriorityIn) -> Case:
    """Say anew how much a case touches and how soon it hurts."""
    by, case = _writing(request, number)
    return operations.prioritise(case=case, **asked.model_dump(), by=by, now=clock.now())


@router.put("/{number}/kind", response={200: CaseOut, **TROUBLES}, summary="Change the kind")
def reclassify(request: HttpRequest, number: Number, asked: KindIn) -> Case:
    """Say that a case is of another kind, or about another service, than it was taken for."""
    by, case = _writing(request, number)
    return operations.reclassify(case=case, **asked.model_dump(), by=by, now=clock.now())


@router.post("/{number}/relation", response={200: CaseOut, **TROUBLES}, summary="Join it to another")
def relate(request: HttpRequest, number: Number, asked: RelateIn) -> Case:
    """Say that a case is a part of another, or the same as it."""
    by, case = _writing(request, number)
    other = _case(by, asked.to)
    return operations.relate(case=case, to=other, as_duplicate=asked.as_duplicate, by=by, now=clock.now())


@router.post("/{number}/major", response={200: CaseOut, **TROUBLES}, summary="A major incident")
def make_major(request: HttpRequest, number: Number) -> Case:
    """Say that a case is a major incident."""
    by, case = _writing(request, number)
    return operations.make_major(case=case, by=by, now=clock.now())


@router.post("/{number}/cause", response={200: CaseOut, **TROUBLES}, summary="Say what caused it")
def find_cause(request: HttpRequest, number: Number, asked: CaseCauseIn) -> Case:
    """Say who or what caused a case."""
    by, case = _writing(request, number)
    affiliate = _affiliate(by, asked.affiliate) if asked.affiliate else None
    return operations.find_cause(case=case, cause=asked.cause, affiliate=affiliate, by=by, now=clock.now())


@router.post("/{number}/steps", response={200: CaseOut, **TROUBLES}, summary="Take a promised step")
def take_step(request: HttpRequest, number: Number, asked: TakeStepIn) -> Case:
    """Keep that a step was taken that the agreement promises."""
    by, case = _writing(request, number)
    return operations.take_step(case=case, **asked.model_dump(), by=by, now=clock.now())


@customers.get("/{identifier}/instructions", response={200: list[InstructionOut], **TROUBLES}, summary="What to know")
def instructions(request: HttpRequest, identifier: str) -> list[Instruction]:
    """List what whoever works on a case of a customer has to know, for the provider."""
    viewer = viewer_with(request, Scope.READ_CASES)
    return queries.instructions(viewer=viewer, customer=organisation_of(viewer, identifier))


@customers.put(
    "/{identifier}/instructions", response={200: InstructionOut, **TROUBLES}, summary="Say what is to be known"
)
def keep_instruction(request: HttpRequest, identifier: str, asked: InstructionIn) -> Instruction:
    """Write what is to be known about a customer, or one of its services."""
    by = viewer_with(request, Scope.WRITE_CASES)
    customer = organisation_of(by, identifier)
    return operations.keep_instruction(customer=customer, **asked.model_dump(), by=by, now=clock.now())


def _case(viewer: Viewer, number: int) -> Case:
    return one(queries.cases(viewer=viewer), "case", pk=number)


def _writing(request: HttpRequest, number: int) -> tuple[Viewer, Case]:
    by = viewer_with(request, Scope.WRITE_CASES)
    return by, _case(by, number)


def _requester(customer: Organisation, email: str) -> Person | None:
    """Return who of a customer has an address, if they sign in."""
    people = people_with(organisation=customer, roles=CUSTOMER)
    return next((each for each in people if each.email == email.lower()), None)


def _affiliate(viewer: Viewer, slug: str) -> Organisation:
    found = next((each for each in affiliates_of(viewer) if each.slug == slug), None)
    if found is None:
        raise HttpError(422, "there is no agreement in force with such an affiliate")
    return found


def _wanted(viewer: Viewer, asked: Filter, *, closed: bool = True) -> Wanted:
    customer = organisation_of(viewer, asked.customer).pk if asked.customer else None
    return Wanted(
        owner=_owner(viewer, asked.owner) if asked.owner else None,
        customer=customer,
        closed=closed,
        state=asked.state,
        priority=asked.priority,
        service=asked.service,
        words=asked.words,
    )


def _owner(viewer: Viewer, email: str) -> int:
    """Return who owns cases that a viewer works on and has an address."""
    sides = viewer.organisations(viewer.site) if viewer.site is not None and viewer.site is not Site.PORTAL else ()
    for side in organisations(viewer=viewer).filter(pk__in=sides):
        for each in people_with(organisation=side, roles=[*STAFF, Role.AFFILIATE]):
            if each.email == email.strip().lower():
                return each.pk
    raise HttpError(404, "nobody who works on cases has this address")


def _queued(row: Row) -> dict[str, Any]:
    case, clock_ = row.case, row.clock
    return {
        "number": case.pk,
        "customer": case.customer.slug,
        "title": case.title,
        "priority": case.priority,
        "state": case.state,
        "owner": case.owner.name,
        "due_at": clock_.due_at if clock_ is not None else None,
        "per_hour": row.per_hour,
        "currency": row.currency,
    }


def _clock(promise: Promise) -> dict[str, Any]:
    found = promise.clock
    return {
        "outcome": found.outcome,
        "step": found.step,
        "limit": str(found.limit),
        "standing": promise.standing,
        "elapsed": found.elapsed,
        "due_at": found.due_at,
        "done_at": found.done_at,
        "stake": promise.stake,
    }
