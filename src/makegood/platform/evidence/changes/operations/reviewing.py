"""How a change went, and what it broke."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import Change, Link, Review, State
from makegood.platform.evidence.changes.operations.sides import (
    MANAGERS,
    SHORT,
    UnableToChange,
    moved,
    person_of,
    said,
    told,
    working_on,
    write_step,
)
from makegood.platform.evidence.intake.operations import UnableToTakeEvidence
from makegood.platform.evidence.service_desk.models import Case, Cause
from makegood.platform.evidence.service_desk.operations import UnableToServe, find_cause
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer

FAILED = "failed"
"""What evidence calls a change that did not do what it should."""


@operation("review change", about="change")
def review_change(*, change: Change, result: str, text: str, by: Viewer, now: datetime) -> Review:
    """Say how a released change went, and what was learnt; one that failed or was backed out is kept as such."""
    mine = working_on(change, by, *MANAGERS)
    if mine.state != State.RELEASED:
        raise UnableToChange(_("A change is reviewed after it was released."))
    if result not in Review.Result.values:
        raise UnableToChange(_("Say how it went."))
    made = Review.objects.create(
        change=mine,
        result=result,
        text=said(text, _("Write what was learnt, so that the next one goes better.")),
        person_id=person_of(by),
        at=now,
    )
    if result in (Review.Result.FAILED, Review.Result.BACKED_OUT):
        write_step(mine, FAILED, by=by, now=now, why=made.get_result_display())
    moved(mine, State.REVIEWED, by=by, now=now)
    told("review change", mine, by, now, result=result)
    return made


@operation("archive change", about="change")
def archive_change(*, change: Change, by: Viewer, now: datetime) -> Change:
    """Put a reviewed change into the archive, where it is found when a similar one is asked for."""
    mine = working_on(change, by, *MANAGERS)
    if mine.state != State.REVIEWED:
        raise UnableToChange(_("A change is reviewed before it is archived."))
    moved(mine, State.ARCHIVED, by=by, now=now)
    told("archive change", mine, by, now)
    return mine


@operation("blame change", about="change")
def blame_change(*, change: Change, case: Case, by: Viewer, now: datetime) -> Change:
    """Say that a released change caused a case: the provider is its cause, and work on it is free of charge.

    :raises UnableToChange: if the case is of another customer, or began before the change was released
    """
    mine = working_on(change, by)
    seen = cases(viewer=by).filter(pk=case.pk, customer=mine.customer_id).first()
    if seen is None:
        raise UnableToChange(_("There is no such case of this customer."))
    if mine.released_at is None or seen.opened_at < mine.released_at:
        raise UnableToChange(_("A change causes what was reported after it was released."))
    if Link.objects.filter(case=seen, kind=Link.Kind.CAUSED).exists():
        raise UnableToChange(_("Another change, or this one, was found to have caused this case."))
    Link.objects.create(change=mine, case=seen, kind=Link.Kind.CAUSED, by=by.name[:SHORT], at=now)
    try:
        find_cause(case=seen, cause=Cause.PROVIDER, by=by, now=now)
    except (UnableToServe, UnableToTakeEvidence) as refusal:
        raise UnableToChange(str(refusal)) from None
    told("blame change", mine, by, now, case=seen.pk)
    return mine
