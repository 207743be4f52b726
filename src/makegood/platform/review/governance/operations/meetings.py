"""Calling and moving meetings, writing minutes, and agreeing what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.engine.agreement.meetings import months_after
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance.models import Action, Meeting, Minutes
from makegood.platform.review.governance.operations.sides import (
    SPEAKERS,
    UnableToGovern,
    other_side,
    person_of,
    side_of,
)
from makegood.platform.review.governance.queries import today_of
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Viewer

_LOOKS_BACK = {Meeting.Kind.PLANNING: 12, Meeting.Kind.GOVERNANCE: 3, Meeting.Kind.REVIEW: 1}
"""So many months a meeting looks back that was called besides the rhythm."""
LONGEST_OWNER = 200


@operation("call meeting", about="contract")
def call_meeting(*, contract: Contract, kind: str, day: date, by: Viewer, now: datetime) -> Meeting:
    """Call a meeting besides those of the rhythm."""
    side_of(contract, by, *SPEAKERS)
    if kind not in Meeting.Kind.values:
        raise UnableToGovern(_("Say what the meeting is for: planning, governance or review."))
    if day < today_of(contract=contract, now=now):
        raise UnableToGovern(_("A meeting is called for today or later."))
    if Meeting.objects.filter(contract=contract, kind=kind, due_date=day).exists():
        raise UnableToGovern(_("There is such a meeting on that day."))
    first = months_after(day, -_LOOKS_BACK[Meeting.Kind(kind)])
    made = Meeting.objects.create(
        contract=contract, kind=kind, due_date=day, day=day, first_day=first, last_day=day, kept_at=now
    )
    _told("call meeting", made, by, now)
    return made


@operation("move meeting", about="meeting")
def move_meeting(*, meeting: Meeting, day: date, by: Viewer, now: datetime) -> Meeting:
    """Move a meeting that was not held yet to another day."""
    side_of(meeting.contract, by, *SPEAKERS)
    if day < today_of(contract=meeting.contract, now=now):
        raise UnableToGovern(_("A meeting is moved to today or later."))
    kept = _kept(meeting, now)
    if kept.minutes.exists():
        raise UnableToGovern(_("This meeting was held: it has minutes."))
    kept.day = day
    kept.save(update_fields=["day"])
    _told("move meeting", kept, by, now)
    return kept


@operation("write minutes", about="meeting")
def write_minutes(
    *,
    meeting: Meeting,
    text: str,
    attendees: str,
    agenda: Sequence[Mapping[str, str]],
    by: Viewer,
    now: datetime,
) -> Minutes:
    """Keep what was said and decided at a meeting, who was there, and the agenda as it is now."""
    side = side_of(meeting.contract, by, *SPEAKERS)
    if meeting.day > today_of(contract=meeting.contract, now=now):
        raise UnableToGovern(_("Minutes are written on the day of the meeting or later; move it if it was earlier."))
    if not text.strip():
        raise UnableToGovern(_("Write what was decided."))
    if not attendees.strip():
        raise UnableToGovern(_("Write who was there."))
    kept = _kept(meeting, now)
    made = Minutes.objects.create(
        meeting=kept,
        text=text.strip(),
        attendees=attendees.strip(),
        agenda=[dict(each) for each in agenda],
        written_by_id=person_of(by),
        written_for_id=side,
        written_at=now,
    )
    _told("write minutes", kept, by, now)
    return made


@operation("agree action", about="meeting")
def agree_action(
    *, meeting: Meeting, text: str, owner: str, side: int, due_date: date, by: Viewer, now: datetime
) -> Action:
    """Keep what was agreed to be done: by whom, for which side, until when."""
    contract = meeting.contract
    side_of(contract, by, *SPEAKERS)
    if not text.strip():
        raise UnableToGovern(_("Write what is to be done."))
    if not 0 < len(owner.strip()) <= LONGEST_OWNER:
        raise UnableToGovern(_("Name one person who does it."))
    if side not in {contract.provider_id, contract.customer_id}:
        raise UnableToGovern(_("Say which side does it."))
    kept = _kept(meeting, now)
    made = Action.objects.create(
        contract=contract,
        meeting=kept,
        text=text.strip(),
        owner=owner.strip(),
        side_id=side,
        due_date=due_date,
        agreed_at=now,
    )
    _told("agree action", kept, by, now, action=made.pk)
    return made


@operation("complete action", about="action")
def complete_action(*, action: Action, result: str, by: Viewer, now: datetime) -> Action:
    """Say that an agreed action is done, and what came of it."""
    side_of(action.contract, by, *SPEAKERS, Role.ENGINEER)
    held = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if held.done_at is not None:
        raise UnableToGovern(_("This was done before."))
    held.done_at, held.result = now, result.strip()
    held.save(update_fields=["done_at", "result"])
    record(
        by=by,
        did="complete action",
        about=str(held.contract),
        now=now,
        organisation=other_side(held.contract, by.house),
        action=held.pk,
    )
    return held


def _kept(meeting: Meeting, now: datetime) -> Meeting:
    """Return the row of a meeting, made if it exists by the terms alone."""
    made, _new = Meeting.objects.get_or_create(
        contract=meeting.contract,
        kind=meeting.kind,
        due_date=meeting.due_date,
        defaults={
            "day": meeting.day,
            "first_day": meeting.first_day,
            "last_day": meeting.last_day,
            "kept_at": now,
        },
    )
    return Meeting.objects.select_for_update(of=("self",)).get(pk=made.pk)


def _told(did: str, meeting: Meeting, by: Viewer, now: datetime, **details: Any) -> None:
    contract = meeting.contract
    record(
        by=by,
        did=did,
        about=str(contract),
        now=now,
        organisation=other_side(contract, by.house),
        contract=contract.slug,
        meeting=meeting.key,
        day=meeting.day.isoformat(),
        **details,
    )
