"""Deciding about a change: the change manager, the committee, the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import Change, Kind, Member, Responsible, Rule, State, Vote
from makegood.platform.evidence.changes.operations.sides import (
    SHORT,
    UnableToChange,
    colleague,
    deciding_on,
    locked,
    moved,
    not_yours,
    person_of,
    said,
    told,
    write_step,
)
from makegood.platform.evidence.changes.operations.telling import tell_committee, tell_customer
from makegood.platform.evidence.changes.queries import changes, committee, left_over, rule_of
from makegood.platform.evidence.service_desk.models import Level
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_VOTERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR)
_EXPERTS = (Role.SPONSOR, Role.MANAGER)


@operation("return change", about="change")
def return_change(*, change: Change, why: str, by: Viewer, now: datetime) -> Change:
    """Give a request back to whoever asked, because something is missing."""
    mine = _managed(change, by, State.REQUESTED)
    moved(mine, State.DRAFT, by=by, now=now, why=said(why, _("Say what is missing.")), word="returned")
    told("return change", mine, by, now)
    return mine


@operation("prioritise change", about="change")
def prioritise_change(*, change: Change, priority: str, impact: str, why: str, by: Viewer, now: datetime) -> Change:
    """Say anew how soon a change is wanted, and how much it touches."""
    mine = _managed(change, by, State.REQUESTED)
    if priority not in Level.values or impact not in (Level.LOW, Level.HIGH):
        raise UnableToChange(_("Priority is high, medium or low; impact is low or high."))
    text = said(why, _("Say why the priority changes."))
    mine.priority, mine.impact = priority, impact
    write_step(mine, "requested", by=by, now=now, why=text)
    told("prioritise change", mine, by, now, priority=priority, impact=impact)
    return mine


@operation("assign change", about="change")
def assign_change(*, change: Change, manager: Person, by: Viewer, now: datetime) -> Change:
    """Say who manages a change."""
    mine = deciding_on(change, by)
    colleague(manager)
    if manager not in people_with(organisation=house(), roles=[Role.OWNER, Role.SERVICE_MANAGER]):
        raise UnableToChange(_("A change is managed by an owner or a service manager."))
    mine.manager = manager
    mine.save(update_fields=["manager"])
    told("assign change", mine, by, now, manager=manager.name)
    return mine


@operation("reject change", about="change")
def reject_change(*, change: Change, why: str, by: Viewer, now: datetime) -> Change:
    """Reject a request; before the committee this is the veto of the change manager."""
    mine = _managed(change, by, State.REQUESTED, State.COMMITTEE)
    text = said(why, _("Say why it is rejected."))
    moved(mine, State.REJECTED, by=by, now=now, why=text)
    told("reject change", mine, by, now)
    return mine


@operation("authorise change", about="change")
def authorise_change(
    *, change: Change, by: Viewer, now: datetime, members: Sequence[tuple[Person, str]] = (), why: str = ""
) -> Change:
    """Authorise a request. High impact goes before a committee of ``members``, each with their expertise.

    An emergency is authorised at once. Where the customer's rules ask for its own approval, it comes next.

    :raises UnableToChange: if its time stands against something, or there are too few members
    """
    mine = _managed(change, by, State.REQUESTED)
    found = left_over(change=mine)
    if found:
        raise UnableToChange(" ".join(each.text for each in found))
    mine.manager_id = mine.manager_id or person_of(by)
    text = said(why)
    if mine.impact == Level.HIGH and mine.kind != Kind.EMERGENCY:
        _call(mine, members, now)
        moved(mine, State.COMMITTEE, by=by, now=now, why=text)
        tell_committee(change=mine, people={person.pk: person for person, _expertise in members}.values(), now=now)
    else:
        _go_on(mine, by, now, text)
    told("authorise change", mine, by, now, state=mine.state)
    return mine


@operation("vote on change", about="change")
def vote_on_change(*, change: Change, approves: bool, why: str, by: Viewer, now: datetime) -> Change:
    """Vote as a member of the committee, once; the last vote decides.

    :raises UnableToChange: if ``by`` is no member, or voted already
    """
    mine = locked(change, changes(viewer=by))
    if mine.state != State.COMMITTEE:
        raise UnableToChange(_("This change is not before the committee."))
    member = Member.objects.filter(change=mine, round=mine.round, person=by.author).first() if by.author else None
    if member is None:
        raise not_yours(mine.customer_id)
    if Vote.objects.filter(member=member).exists():
        raise UnableToChange(_("You voted already; a vote stays."))
    text = said(why, "" if approves else _("Say what speaks against it."))
    Vote.objects.create(member=member, approves=approves, why=text, at=now)
    told("vote on change", mine, by, now, approves=approves)
    if not committee(change=mine).filter(vote=None).exists():
        _count(mine, by, now)
    return mine


@operation("end vote", about="change")
def end_vote(*, change: Change, by: Viewer, now: datetime) -> Change:
    """End the vote on a change before everybody voted, if enough did.

    :raises UnableToChange: if the quorum is not reached
    """
    mine = _managed(change, by, State.COMMITTEE)
    voted = committee(change=mine).exclude(vote=None).count()
    if voted < (mine.quorum or 1):
        raise UnableToChange(_("%(voted)d voted; the quorum is %(quorum)d.") % {"voted": voted, "quorum": mine.quorum})
    _count(mine, by, now)
    told("end vote", mine, by, now, state=mine.state)
    return mine


@operation("decide change", about="change")
def decide_for_customer(*, change: Change, approve: bool, why: str, by: Viewer, now: datetime) -> Change:
    """Approve or reject a change for the customer, as its rules say who does."""
    mine = locked(change, changes(viewer=by))
    needed = [Role.SPONSOR] if rule_of(customer=mine.customer_id).approver == Rule.Approver.SPONSOR else list(_EXPERTS)
    if by.site is not Site.PORTAL or by.author is None or not by.has(*needed, organisation=mine.customer_id):
        raise not_yours(mine.customer_id)
    if mine.state != State.CUSTOMER:
        raise UnableToChange(_("This change does not wait for the customer."))
    text = said(why, "" if approve else _("Say why it is rejected."))
    if approve:
        _approved(mine, by, now, text)
    else:
        moved(mine, State.REJECTED, by=by, now=now, why=text)
    told("decide change", mine, by, now, approve=approve)
    return mine


def voters(*, change: Change) -> list[Person]:
    """Return who may sit in the committee of a change: people of the house, sponsors and managers of the customer."""
    theirs = [] if change.customer.is_house else people_with(organisation=change.customer, roles=_EXPERTS)
    return [*people_with(organisation=house(), roles=_VOTERS), *theirs]


def _managed(change: Change, by: Viewer, *states: State) -> Change:
    """Return a change in one of some states, for its manager: of a technology that has one, them or an owner."""
    mine = deciding_on(change, by)
    if mine.state not in states:
        raise UnableToChange(_("This change is %s; that cannot be done with it now.") % mine.get_state_display())
    found = Responsible.objects.filter(technology__iexact=mine.technology).first() if mine.technology else None
    if found is not None and found.manager_id != by.author and not by.has(Role.OWNER, organisation=by.house):
        raise UnableToChange(_("Changes of %(what)s are decided by %(who)s.") % {"what": found, "who": found.manager})
    return mine


def _call(change: Change, members: Sequence[tuple[Person, str]], now: datetime) -> None:
    quorum = rule_of(customer=change.customer_id).quorum
    allowed = voters(change=change)
    people = {person.pk: (person, expertise) for person, expertise in members}
    if any(person not in allowed for person, _expertise in people.values()):
        raise UnableToChange(_("A committee has people of the provider, and sponsors and managers of the customer."))
    if len(people) < quorum:
        raise UnableToChange(_("A change of high impact goes before a committee of at least %d.") % quorum)
    change.quorum = quorum
    for person, expertise in people.values():
        Member.objects.create(
            change=change,
            round=change.round,
            person=person,
            expertise=said(expertise, longest=SHORT),
            called_at=now,
        )


def _count(change: Change, by: Viewer, now: datetime) -> None:
    """Decide by the votes that were cast: more for it than against it, or it is rejected."""
    votes = list(Vote.objects.filter(member__in=committee(change=change)))
    for_it = sum(each.approves for each in votes)
    counted = {"for": for_it, "against": len(votes) - for_it}
    why = _("%(for)d for it, %(against)d against it") % counted
    if 2 * for_it > len(votes):
        _go_on(change, by, now, why)
    else:
        moved(change, State.REJECTED, by=by, now=now, why=why)


def _go_on(change: Change, by: Viewer, now: datetime, why: str) -> None:
    """Ask the customer where its rules say so; otherwise the change is approved."""
    rule = rule_of(customer=change.customer_id)
    asks = rule.approves == Rule.Approves.ALL or (rule.approves == Rule.Approves.HIGH and change.impact == Level.HIGH)
    if asks and change.kind != Kind.EMERGENCY and not change.customer.is_house:
        moved(change, State.CUSTOMER, by=by, now=now, why=why)
        tell_customer(change=change, now=now)
    else:
        _approved(change, by, now, why)


def _approved(change: Change, by: Viewer, now: datetime, why: str) -> None:
    change.authorised_at = now
    moved(change, State.APPROVED, by=by, now=now, why=why)
