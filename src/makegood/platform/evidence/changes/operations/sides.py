"""Who may do what with a change, and what everything that is done to one has in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.events import CHANGES_MOVED
from makegood.platform.evidence.changes.models import Change, State, Step, Unsent
from makegood.platform.evidence.changes.queries.seen import changes
from makegood.platform.jobs import enqueue
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import Unable, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MANAGERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
"""Who decides about changes for the provider."""
WORKERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
"""Who works on changes."""
CUSTOMERS: Final = (Role.SPONSOR, Role.MANAGER)
LONGEST: Final = 20_000
SHORT: Final = 200
_FIRST, _LAST = 1970, 2200
WORDS: Final[Mapping[State, str]] = {
    State.REQUESTED: "requested",
    State.COMMITTEE: "before-committee",
    State.CUSTOMER: "before-customer",
    State.APPROVED: "authorised",
    State.TESTED: "tested",
    State.RELEASE_APPROVED: "release-approved",
    State.RELEASED: "released",
    State.REVIEWED: "closed",
    State.REJECTED: "rejected",
    State.WITHDRAWN: "withdrawn",
}
"""What evidence calls the states; drafts and the archive are none of it."""
_M = TypeVar("_M", bound=Model)


class UnableToChange(Unable):
    """Nothing was done to a change, a release or a problem."""


def working_on(change: Change, by: Viewer, *roles: Role) -> Change:
    """Return a change, to be changed by somebody of the provider and by nobody else meanwhile.

    :raises UnableToChange: if it is not theirs to change
    """
    mine = locked(change, changes(viewer=by))
    if by.site is not Site.CONSOLE or by.author is None or not by.has(*(roles or WORKERS), organisation=by.house):
        raise not_yours(mine.customer_id)
    return mine


def deciding_on(change: Change, by: Viewer) -> Change:
    """Return a change for whoever manages changes."""
    return working_on(change, by, *MANAGERS)


def asking_for(change: Change, by: Viewer) -> Change:
    """Return a change for the side that asked for it: of the customer, its sponsors and managers."""
    if by.site is Site.CONSOLE:
        return working_on(change, by)
    mine = locked(change, changes(viewer=by))
    if mine.origin != "CUSTOMER" or by.author is None or not by.has(*CUSTOMERS, organisation=mine.customer_id):
        raise not_yours(mine.customer_id)
    return mine


def locked(kept: _M, seen: QuerySet[Any]) -> _M:
    """Return something as it is now, which nobody else changes meanwhile.

    :raises UnableToChange: if it does not exist for whoever asks
    """
    model = type(kept)
    found = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001  # as Django calls what is public
    mine = found.filter(pk__in=seen.filter(pk=kept.pk).order_by().select_related(None).values("pk")).first()
    if mine is None:
        raise UnableToChange(_("There is no such thing."))
    return mine


def of_the_house(by: Viewer, *roles: Role, customer: Organisation | None = None) -> int:
    """Return who of the provider does something, for a customer that they see, or for all.

    :raises UnableToChange: if their role does not include it
    """
    seen = customer is None or organisations(viewer=by).filter(pk=customer.pk).exists()
    allowed = by.site is Site.CONSOLE and by.has(*roles, organisation=by.house)
    narrow = customer is None and by.limited is not None
    if by.author is None or not seen or not allowed or narrow:
        raise not_yours(None)
    return by.author


def not_yours(organisation: int | None) -> UnableToChange:
    """Return the refusal of somebody whose role does not include something."""
    refusal = UnableToChange(_("Your role does not include this; ask somebody of your organisation who may."))
    refusal.organisation = organisation
    return refusal


def person_of(by: Viewer) -> int:
    """Return who answers for what is done."""
    if by.author is None:
        raise not_yours(None)
    return by.author


def colleague(person: Person | None) -> Person | None:
    """Return somebody, if they can sign in.

    :raises UnableToChange: if they cannot
    """
    if person is not None and not person.is_active:
        raise UnableToChange(_("%s does not work here any more.") % person.name)
    return person


def said(text: str, otherwise: str = "", *, longest: int = LONGEST) -> str:
    """Return a text without space around it.

    :raises UnableToChange: if it is too long, or empty where ``otherwise`` asks for one
    """
    found = text.replace("\x00", "").strip()
    if not found and otherwise:
        raise UnableToChange(otherwise)
    if len(found) > longest:
        raise UnableToChange(_("This text is too long; %d characters are the most.") % longest)
    return found


def stretch(starts_at: datetime | None, ends_at: datetime | None, *, most_days: int = 14) -> None:
    """Refuse a time that has no length, is very long, or lies in no year of ours."""
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise UnableToChange(_("Say from when until when; it ends after it starts."))
    if not (_FIRST <= starts_at.year < _LAST and _FIRST <= ends_at.year < _LAST):
        raise UnableToChange(_("A time lies between 1970 and 2200."))
    if (ends_at - starts_at).days >= most_days:
        raise UnableToChange(_("At most %d days can be planned at once.") % most_days)


def moved(
    change: Change, to: State, *, by: Viewer, now: datetime, why: str = "", at: datetime | None = None, word: str = ""
) -> Step:
    """Take a change to another state, keep the step, and have it put into the vault if it is evidence."""
    change.state = to
    return write_step(change, word or WORDS.get(to, ""), by=by, now=now, why=why, at=at)


def write_step(
    change: Change, word: str, *, by: Viewer, now: datetime, why: str = "", at: datetime | None = None
) -> Step:
    """Keep that a change went on; the change is saved with it.

    :raises UnableToChange: if it lies in the future, or before the last step
    """
    moment = at or now
    last = Step.objects.filter(change_id=change.pk).order_by("-number").values_list("at", flat=True).first()
    if moment > now or (last is not None and moment < last):
        raise UnableToChange(_("This lies in the future, or before what was done last to this change."))
    change.steps_written += 1
    change.save()
    step = Step.objects.create(
        change=change,
        number=change.steps_written,
        word=word,
        state=change.state,
        priority=change.priority,
        why=why,
        person_id=by.author,
        who=by.name[:SHORT],
        at=moment,
        written_at=now,
    )
    if word and change.contract_id is not None:
        Unsent.objects.create(step=step, contract_id=change.contract_id)
        enqueue(CHANGES_MOVED, once=f"{CHANGES_MOVED}: {change.contract_id}", contract=change.contract_id)
    return step


def told(did: str, change: Change, by: Viewer, now: datetime, **details: Any) -> None:
    """Keep in the trail what was done to a change."""
    record(by=by, did=did, about=str(change), now=now, organisation=change.customer_id, change=change.pk, **details)
