"""Overrides and leave: who takes over, and who is not there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.on_call.models import Leave, Override, Rota
from makegood.platform.evidence.on_call.operations.covering import refresh, refresh_staffing
from makegood.platform.evidence.on_call.operations.refusals import (
    UnableToPlan,
    going,
    noted,
    on_the_team,
    refuse_others,
    stretch,
)
from makegood.platform.evidence.on_call.queries import may_keep, rotas
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Viewer

LOOKING_BACK: Final = timedelta(days=35)
"""So long afterwards it can be said who really was on call, or was on leave."""


@operation("keep override", about="rota")
def keep_override(
    *,
    rota: Rota,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    by: Viewer,
    now: datetime,
    why: str = "",
    instead_of: Person | None = None,
) -> Override:
    """Let somebody take over for a stretch, from everybody or instead of one person.

    Whoever plans may do so for everybody; others take over themselves, or hand over their own turns.

    :raises UnableToPlan: if ``by`` may not, or the person is on leave then or none of the organisation
    """
    held = going(rota)
    own = by.author is not None and by.author in {person.pk, instead_of.pk if instead_of is not None else None}
    if not may_keep(viewer=by) and not (own and _takes_part(by, held)):
        raise UnableToPlan(_("You can take over yourself, or hand over your own turns; for others ask who plans."))
    starts, ends = stretch(starts_at, ends_at)
    _refuse_long_ago(ends, now)
    on_the_team([person], held.organisation)
    if instead_of is not None and instead_of.pk == person.pk:
        raise UnableToPlan(_("Nobody takes over from themselves."))
    away = Leave.objects.filter(person=person, withdrawn_at=None, starts_at__lt=ends, ends_at__gt=starts).first()
    if away is not None:
        raise UnableToPlan(_("%s is on leave then.") % person.name)
    made = Override.objects.create(
        rota=held,
        person=person,
        instead_of=instead_of,
        starts_at=starts,
        ends_at=ends,
        why=noted(why, 300),
        kept_at=now,
    )
    _told("keep override", made, by, now)
    refresh(held, now)
    return made


@operation("withdraw override", about="override")
def withdraw_override(*, override: Override, by: Viewer, now: datetime) -> Override:
    """Take an override back: all of it, or what is left of one that has begun.

    :raises UnableToPlan: if ``by`` may not, or it is over
    """
    rota = going(override.rota)
    held = Override.objects.select_for_update(of=("self",)).select_related("rota", "person").get(pk=override.pk)
    own = by.author is not None and by.author in {held.person_id, held.instead_of_id}
    if not may_keep(viewer=by) and not (own and _takes_part(by, rota)):
        raise UnableToPlan(_("This is for whoever plans to take back, or for those whom it is about."))
    _cut(held, now)
    _told("withdraw override", held, by, now)
    refresh(rota, now)
    return held


@operation("take leave", about="person")
def take_leave(
    *, person: Person, starts_at: datetime, ends_at: datetime, by: Viewer, now: datetime, why: str = ""
) -> Leave:
    """Say that somebody is not there for a stretch; in every rota the next one is on call instead.

    :raises UnableToPlan: if it is somebody else and ``by`` does not plan
    """
    _for_themselves(by, person.pk)
    starts, ends = stretch(starts_at, ends_at)
    _refuse_long_ago(ends, now)
    made = Leave.objects.create(person=person, starts_at=starts, ends_at=ends, why=noted(why, 300), kept_at=now)
    _told_of_leave("take leave", made, by, now)
    refresh_staffing(now=now, person=person.pk)
    return made


@operation("withdraw leave", about="leave")
def withdraw_leave(*, leave: Leave, by: Viewer, now: datetime) -> Leave:
    """Take leave back: all of it, or what is left of one that has begun.

    :raises UnableToPlan: if it is somebody else's and ``by`` does not plan, or it is over
    """
    _for_themselves(by, leave.person_id)
    held = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    _cut(held, now)
    _told_of_leave("withdraw leave", held, by, now)
    refresh_staffing(now=now, person=held.person_id)
    return held


def _takes_part(by: Viewer, rota: Rota) -> bool:
    engaged = by.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER) and by.within("on_call:write")
    return engaged and rotas(viewer=by).filter(pk=rota.pk).exists()


def _for_themselves(by: Viewer, person: int) -> None:
    own = by.author == person and by.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    if own and by.within("on_call:write"):
        return
    refuse_others(by)


def _refuse_long_ago(ends_at: datetime, now: datetime) -> None:
    if ends_at < now - LOOKING_BACK:
        raise UnableToPlan(_("That is over for more than %d days, and paid; it stays as it was.") % LOOKING_BACK.days)


def _cut(held: Override | Leave, now: datetime) -> None:
    if held.withdrawn_at is not None or held.ends_at <= now:
        raise UnableToPlan(_("This is over, or was taken back, already."))
    if held.starts_at >= now:
        held.withdrawn_at = now
    else:
        held.ends_at = now
    held.save(update_fields=["withdrawn_at", "ends_at"])


def _told(did: str, override: Override, by: Viewer, now: datetime) -> None:
    record(
        by=by,
        did=did,
        about=override.rota.name,
        now=now,
        organisation=override.rota.organisation_id,
        rota=override.rota_id,
        person=override.person.name,
        starts_at=override.starts_at.isoformat(),
        ends_at=override.ends_at.isoformat(),
    )


def _told_of_leave(did: str, leave: Leave, by: Viewer, now: datetime) -> None:
    said = {"starts_at": leave.starts_at.isoformat(), "ends_at": leave.ends_at.isoformat()}
    record(by=by, did=did, about=leave.person.name, now=now, organisation=by.house, **said)
