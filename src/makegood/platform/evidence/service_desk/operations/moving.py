"""A case goes from state to state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from makegood.engine.agreement.measures.steps import Steps
from makegood.platform.evidence.service_desk.models import Case, Coverage, HeldFor, State
from makegood.platform.evidence.service_desk.operations.asking import ask_opinion
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    asking_for,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.operations.writing import (
    RESPONDED,
    close_by,
    keep,
    word_of,
    write_step,
)
from makegood.platform.evidence.service_desk.queries import terms_of_case
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer

WORKING: Final = (State.OPEN, State.RESEARCH, State.PENDING, State.RFC)
"""States in which somebody works on a case."""


@operation("respond to case", about="case")
def respond(*, case: Case, by: Viewer, now: datetime, at: datetime | None = None) -> Case:
    """Keep that somebody of the provider answered the customer for the first time; a new case is open then."""
    mine = working_on(case, by)
    if mine.responded_at is not None:
        raise UnableToServe(_("Somebody responded already."))
    first_response(mine, at or now, by, now)
    keep(mine, now=now)
    told("respond to case", mine, by, now)
    return mine


@operation("move case", about="case")
def move_case(
    *, case: Case, to: str, by: Viewer, now: datetime, why: str = "", held_for: str = "", at: datetime | None = None
) -> Case:
    """Take a case to another state; on hold for resolution it says what for.

    Whoever asks the customer for something, or agrees on a day, has responded.

    :raises UnableToServe: if the case is closed, or resolved and waiting for the customer
    """
    mine = working_on(case, by)
    state, reason = _wanted(mine, to, held_for)
    moment = at or now
    if state == State.HELD and mine.responded_at is None:
        first_response(mine, moment, by, now)
    mine.state, mine.held_for = state, reason
    if reason != HeldFor.CONFIRMATION:
        mine.resolved_at = mine.close_by = None
    write_step(case=mine, word=word_of(mine), at=moment, by=by, now=now, why=said(why))
    keep(mine, now=now)
    told("move case", mine, by, now, to=mine.state, held_for=mine.held_for)
    return mine


@operation("resolve case", about="case")
def resolve(*, case: Case, resolution: str, by: Viewer, now: datetime, at: datetime | None = None) -> Case:
    """Keep what was done, and ask the customer to confirm it; the clock of resolution stops at ``at``."""
    mine = working_on(case, by)
    if mine.state == State.CLOSED or mine.held_for == HeldFor.CONFIRMATION:
        raise UnableToServe(_("This case is resolved already."))
    mine.resolution = said(resolution, _("Write what was done, so that the next one goes faster."))
    moment = at or now
    if mine.responded_at is None:
        first_response(mine, moment, by, now)
    mine.state, mine.held_for, mine.resolved_at = State.HELD, HeldFor.CONFIRMATION, moment
    mine.close_by = close_by(mine, moment)
    write_step(case=mine, word=word_of(mine), at=moment, by=by, now=now)
    keep(mine, now=now)
    told("resolve case", mine, by, now)
    return mine


@operation("confirm case", about="case")
def confirm(*, case: Case, by: Viewer, now: datetime) -> Case:
    """Close a resolved case: its customer says that it is done."""
    done = _close(_waiting(asking_for(case, by)), "confirm case", by, now)
    ask_opinion(done, now=now)
    return done


@operation("reject case", about="case")
def reject(*, case: Case, why: str, by: Viewer, now: datetime) -> Case:
    """Open a resolved case again: its customer says that it is not done; the clock goes on as the agreement says."""
    mine = _waiting(asking_for(case, by))
    text = said(why, _("Write what is still wrong."))
    return _reopened(mine, text, "reject case", by, now)


@operation("close case", about="case")
def close_for_customer(*, case: Case, told_by: str, by: Viewer, now: datetime) -> Case:
    """Close a resolved case that the customer confirmed by telephone or mail; ``told_by`` is who did."""
    mine = _waiting(working_on(case, by))
    done = _close(mine, "close case", by, now, why=said(told_by, _("Write who of the customer confirmed it.")))
    ask_opinion(done, now=now)
    return done


@operation("withdraw case", about="case")
def withdraw(*, case: Case, why: str, by: Viewer, now: datetime) -> Case:
    """Close a case that nobody resolved: its customer does not need it any more, or somebody says so for it."""
    try:
        mine = asking_for(case, by)
    except UnableToServe:
        mine = working_on(case, by)
    if mine.state == State.CLOSED or mine.resolved_at is not None:
        raise UnableToServe(_("This case is resolved already; confirm it instead."))
    text = said(why, _("Write why it is not needed any more, and who says so."))
    return _close(mine, "withdraw case", by, now, why=text)


@operation("reopen case", about="case")
def reopen(*, case: Case, why: str, by: Viewer, now: datetime) -> Case:
    """Open a closed case again, from either side."""
    try:
        mine = working_on(case, by)
    except UnableToServe:
        mine = asking_for(case, by)
    if mine.state != State.CLOSED:
        raise UnableToServe(_("This case is not closed."))
    return _reopened(mine, said(why, _("Write what is still wrong.")), "reopen case", by, now)


@operation("take step", about="case")
def take_step(
    *,
    case: Case,
    word: str,
    by: Viewer,
    now: datetime,
    at: datetime | None = None,
    labels: Mapping[str, str] | None = None,
) -> Case:
    """Keep that a step was taken that the agreement promises after such an event, with what it needs on record."""
    mine = working_on(case, by)
    if mine.resolved_at is not None:
        raise UnableToServe(_("This case is resolved; open it again before you take another step."))
    promised = {step.state: step for each in _guarantees(mine) for step in each.steps.values()}
    if word not in promised:
        raise UnableToServe(_("The agreement promises no such step."))
    given = {name: said(value, longest=200) for name, value in (labels or {}).items()}
    lacking = [name for name in promised[word].needs if not given.get(name)]
    if lacking:
        raise UnableToServe(_("This step needs on record: %s.") % ", ".join(lacking))
    write_step(case=mine, word=word, at=at or now, by=by, now=now, labels=given)
    write_step(case=mine, word=word_of(mine), at=at or now, by=by, now=now)  # what the case is now goes on
    keep(mine, now=now)
    told("take step", mine, by, now, step=word)
    return mine


def close_unanswered(*, case: Case, by: Viewer, now: datetime) -> bool:
    """Close a resolved case that nobody rejected in time; return whether it was still to be closed."""
    mine = Case.objects.select_for_update(of=("self",)).select_related("version", "contract").get(pk=case.pk)
    if mine.held_for != HeldFor.CONFIRMATION or mine.close_by is None or mine.close_by > now:
        return False
    ask_opinion(_close(mine, "close case", by, now, why=_("nobody rejected it in time")), now=now)
    return True


def close_handed_back(case: Case, why: str, by: Viewer, now: datetime) -> None:
    """Close a case that is locked and goes back to its customer."""
    case.resolved_at = case.close_by = None
    _close(case, "hand case back", by, now, why=why)


def first_response(case: Case, at: datetime, by: Viewer, now: datetime) -> None:
    """Write down the first response to a case that is locked; a new case is open then."""
    case.responded_at = case.told_at = at
    if case.state == State.NEW:
        case.state = State.OPEN
    write_step(case=case, word=RESPONDED, at=at, by=by, now=now)
    if case.state != State.OPEN:  # what the case is now goes on
        write_step(case=case, word=word_of(case), at=at, by=by, now=now)


def _wanted(case: Case, to: str, held_for: str) -> tuple[State, str]:
    if case.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    if case.held_for == HeldFor.CONFIRMATION:
        raise UnableToServe(_("This case waits for the customer to confirm it; take it back by opening it again."))
    if case.coverage == Coverage.NEEDS_PERMISSION and to in (State.RESEARCH, State.PENDING, State.RFC):
        raise UnableToServe(_("The customer has not permitted this work yet; ask for permission first."))
    if to == State.HELD and held_for in (HeldFor.INFORMATION, HeldFor.APPOINTMENT):
        return State.HELD, held_for
    if to in WORKING and not held_for:
        return State(to), ""
    raise UnableToServe(_("A case is opened, held for research, for information or for a day, pending, or an RFC."))


def _waiting(case: Case) -> Case:
    if case.held_for != HeldFor.CONFIRMATION:
        raise UnableToServe(_("This case does not wait for confirmation."))
    return case


def _close(case: Case, did: str, by: Viewer, now: datetime, *, why: str = "") -> Case:
    case.state, case.held_for, case.closed_at, case.close_by = State.CLOSED, "", now, None
    write_step(case=case, word=word_of(case), at=now, by=by, now=now, why=why)
    keep(case, now=now)
    told(did, case, by, now)
    return case


def _reopened(case: Case, why: str, did: str, by: Viewer, now: datetime) -> Case:
    case.state, case.held_for, case.closed_at, case.close_by = State.OPEN, "", None, None
    case.resolved_at = None
    case.reopened += 1
    write_step(case=case, word=word_of(case), at=now, by=by, now=now, why=why)
    keep(case, now=now)
    told(did, case, by, now)
    return case


def _guarantees(case: Case) -> list[Steps]:
    terms = terms_of_case(case)
    measures = (each.measure for each in terms.outcomes.values()) if terms is not None else ()
    return [each for each in measures if isinstance(each, Steps) and each.cases == case.kind]
