"""What a case is: how urgent, part of which other, how grave, and who caused it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.intake.operations import attribute
from makegood.platform.evidence.service_desk.models import Case, Cause, Level, State
from makegood.platform.evidence.service_desk.operations.queueing import place
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, said, told, working_on
from makegood.platform.evidence.service_desk.operations.work.announcing import tell_of_major
from makegood.platform.evidence.service_desk.operations.writing import keep, word_of, write_step
from makegood.platform.evidence.service_desk.queries import desk_of, terms_of_case
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Viewer


@operation("prioritise case", about="case")
def prioritise(*, case: Case, impact: str, urgency: str, why: str, by: Viewer, now: datetime) -> Case:
    """Say anew how much a case touches and how soon it hurts; its priority follows from the agreement."""
    mine = working_on(case, by)
    if impact not in Level.values or urgency not in Level.values:
        raise UnableToServe(_("Impact and urgency are high, medium or low."))
    if mine.state == State.CLOSED or mine.resolved_at is not None:
        raise UnableToServe(_("The priority of a case that is resolved stays as it is."))
    mine.impact, mine.urgency = impact, urgency
    mine.priority = desk_of(terms_of_case(mine)).matrix[Level(impact)][Level(urgency)]  # type: ignore[index]
    text = said(why, _("Say why the priority changes."))
    write_step(case=mine, word=word_of(mine), at=now, by=by, now=now, why=text)
    keep(mine, now=now)
    told("prioritise case", mine, by, now, priority=mine.priority)
    return mine


@operation("relate case", about="case")
def relate(*, case: Case, to: Case, as_duplicate: bool, by: Viewer, now: datetime) -> Case:
    """Say that a case is a part of another of the same customer, or the same as it; a duplicate is closed.

    :raises UnableToServe: if the other one belongs to this, or to another customer
    """
    mine, other = working_on(case, by), working_on(to, by)
    if mine.customer_id != other.customer_id or mine.provider_id != other.provider_id or mine.pk == other.pk:
        raise UnableToServe(_("The other case belongs to somebody else, or is this one."))
    if mine.pk in _above(other):
        raise UnableToServe(_("The other case belongs to this one already."))
    if mine.state == State.CLOSED or mine.resolved_at is not None:
        raise UnableToServe(_("This case is resolved; open it again first."))
    if as_duplicate:
        mine.duplicate_of = other
        mine.state, mine.held_for, mine.closed_at = State.CLOSED, "", now
    else:
        mine.parent = other
    write_step(case=mine, word=word_of(mine), at=now, by=by, now=now, why=str(other))
    keep(mine, now=now)
    told("relate case", mine, by, now, to=other.pk, duplicate=as_duplicate)
    return mine


@operation("make case major", about="case")
def make_major(*, case: Case, by: Viewer, now: datetime) -> Case:
    """Say that a case is a major incident: managers and sponsors are told, and it comes first."""
    mine = working_on(case, by)
    if mine.state == State.CLOSED or mine.major_since is not None:
        raise UnableToServe(_("This case is closed, or a major incident already."))
    mine.major_since = now
    mine.save(update_fields=["major_since"])
    place(case=mine, now=now)
    tell_of_major(mine, now=now)
    told("make case major", mine, by, now)
    return mine


@operation("find cause", about="case")
def find_cause(*, case: Case, cause: str, by: Viewer, now: datetime, affiliate: Organisation | None = None) -> Case:
    """Say who or what caused a case; what the customer or an affiliate caused is kept as evidence.

    :raises UnableToServe: if an affiliate is to blame and none was named, or there is no agreement with it
    """
    mine = working_on(case, by, Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    if cause not in Cause.values or (cause == Cause.AFFILIATE) != (affiliate is not None):
        raise UnableToServe(_("Say what caused it; of an affiliate which one."))
    party = {
        Cause.CUSTOMER: mine.customer,
        Cause.PROVIDER: mine.provider,
        Cause.AFFILIATE: affiliate,
    }.get(Cause(cause))
    if party is not None and mine.contract is not None:
        attribute(contract=mine.contract, party=party.slug, share="1", incident=mine.name, by=by, now=now)
    mine.cause, mine.caused_by = cause, party
    mine.save(update_fields=["cause", "caused_by"])
    told("find cause", mine, by, now, cause=cause)
    return mine


def _above(case: Case) -> set[int]:
    """Return the cases that a case belongs to, one above the other."""
    found: set[int] = set()
    over: Case | None = case
    while over is not None and over.pk not in found:
        found.add(over.pk)
        over = over.parent or over.duplicate_of
    return found
