"""Meetings of both sides: their days, agenda and minutes, and what was agreed at them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from makegood.platform import clock
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.models import Action, Meeting, Minutes
from makegood.platform.review.reports.queries import recommendations
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    one,
    organisation_of_contract,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Paging, Prose, Word

router = Router(tags=["governance"])


class MeetingIn(In):
    """A meeting besides those of the rhythm."""

    kind: Annotated[Meeting.Kind, WithJsonSchema({"type": "string", "enum": Meeting.Kind.values})]
    day: Day


class DayIn(In):
    """To which day a meeting is moved."""

    day: Day


class MeetingOut(Schema):
    """A meeting of both sides, and the stretch that it looks back on."""

    key: str
    kind: str
    day: date
    first_day: date
    last_day: date


class MinutesIn(In):
    """What was said and decided, and who was there."""

    text: Prose
    attendees: Prose


class MinutesOut(Schema):
    """What was said and decided at a meeting, with the agenda as it was."""

    text: str
    attendees: str
    agenda: list[dict[str, str]]
    written_at: datetime


class AgreedIn(In):
    """What is to be done: by whom, for which side, until when."""

    text: Prose
    owner: Line
    side: Word
    due_date: Day


class ResultIn(In):
    """What came of an action."""

    result: Prose = ""


class AgreedOut(Schema):
    """What was agreed to be done."""

    number: int = Field(alias="pk")
    text: str
    owner: str
    side: str = Field(alias="side.slug")
    due_date: date
    done_at: datetime | None
    result: str


class PointOut(Schema):
    """A point of an agenda."""

    topic: str
    text: str


class MeetingWhole(MeetingOut):
    """A meeting with its agenda as it is now, its minutes, and what was agreed."""

    agenda: list[PointOut]
    minutes: list[MinutesOut]
    actions: list[AgreedOut]


@router.get("/{identifier}/meetings", response={200: Listed[MeetingOut], **TROUBLES}, summary="Meetings")
def meetings(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the meetings in the order of their days: those of the rhythm, and those called besides."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.meetings(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/meetings", response={201: MeetingOut, **TROUBLES}, summary="Call a meeting")
def call(request: HttpRequest, identifier: str, asked: MeetingIn) -> Status[Meeting]:
    """Call a meeting besides those of the rhythm."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    contract = contract_of(by, identifier)
    return Status(201, operations.call_meeting(contract=contract, **asked.model_dump(), by=by, now=clock.now()))


@router.get("/{identifier}/meetings/{key}", response={200: MeetingWhole, **TROUBLES}, summary="One meeting")
def one_meeting(request: HttpRequest, identifier: str, key: str) -> dict[str, Any]:
    """Return a meeting with its agenda, its minutes, and what was agreed."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    found = _meeting(viewer, identifier, key)
    names = ("key", "kind", "day", "first_day", "last_day")
    kept = found.pk is not None
    return {
        **{name: getattr(found, name) for name in names},
        "agenda": _agenda(viewer, found),
        "minutes": list(found.minutes.all()) if kept else [],
        "actions": list(found.actions.select_related("side")) if kept else [],
    }


@router.put("/{identifier}/meetings/{key}", response={200: MeetingOut, **TROUBLES}, summary="Move a meeting")
def move(request: HttpRequest, identifier: str, key: str, asked: DayIn) -> Meeting:
    """Move a meeting that was not held yet to another day."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    return operations.move_meeting(meeting=_meeting(by, identifier, key), day=asked.day, by=by, now=clock.now())


@router.post("/{identifier}/meetings/{key}/minutes", response={201: MinutesOut, **TROUBLES}, summary="Write minutes")
def write(request: HttpRequest, identifier: str, key: str, asked: MinutesIn) -> Status[Minutes]:
    """Keep what was said and decided, with the agenda as it is; for that the key reads verdicts and evidence."""
    for scope in (Scope.READ_VERDICTS, Scope.READ_EVIDENCE):
        viewer_with(request, scope)
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = _meeting(by, identifier, key)
    points = [each.plain() for each in _agenda(by, found)]
    said = asked.model_dump()
    return Status(201, operations.write_minutes(meeting=found, agenda=points, **said, by=by, now=clock.now()))


@router.post("/{identifier}/meetings/{key}/actions", response={201: AgreedOut, **TROUBLES}, summary="Agree an action")
def agree(
    request: HttpRequest, identifier: str, key: str, asked: AgreedIn, idempotency_key: IdempotencyKey = ""
) -> Status[Action]:
    """Keep what was agreed to be done."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found, said = _meeting(by, identifier, key), asked.model_dump()
    side = organisation_of_contract(found.contract, said.pop("side"))
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.agree_action(meeting=found, side=side, **said, by=by, now=clock.now()),
        lambda knows: queries.actions(viewer=knows, contract=found.contract),
    )
    return Status(201, made)


@router.get("/{identifier}/agreed", response={200: Listed[AgreedOut], **TROUBLES}, summary="What was agreed")
def agreed(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what was agreed to be done, open ones first."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.actions(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/agreed/{number}/done", response={200: AgreedOut, **TROUBLES}, summary="It is done")
def complete(request: HttpRequest, identifier: str, number: Number, asked: ResultIn) -> Action:
    """Say that an agreed action is done, and what came of it."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.actions(viewer=by, contract=contract_of(by, identifier)), "action", pk=number)
    return operations.complete_action(action=found, result=asked.result, by=by, now=clock.now())


def _meeting(viewer: Viewer, identifier: str, key: str) -> Meeting:
    found = queries.meeting(viewer=viewer, contract=contract_of(viewer, identifier), key=key)
    if found is None:
        raise HttpError(404, "there is no such meeting")
    return found


def _agenda(viewer: Viewer, meeting: Meeting) -> list[queries.Item]:
    waiting = recommendations(viewer=viewer, contract=meeting.contract).filter(decision="")
    texts = list(waiting.values_list("text", flat=True))
    return queries.agenda(viewer=viewer, meeting=meeting, now=clock.now(), recommended=texts)
