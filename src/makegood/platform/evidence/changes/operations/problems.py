"""Problems, from the first incident until they are mended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import Problem, ProblemCase, Suggestion
from makegood.platform.evidence.changes.operations.sides import (
    SHORT,
    WORKERS,
    UnableToChange,
    colleague,
    locked,
    not_yours,
    of_the_house,
    person_of,
    said,
)
from makegood.platform.evidence.changes.queries import patterns, problems, suggestions
from makegood.platform.evidence.changes.queries.trends import Pattern
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.operations import UnableToServe, refer_case
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Site, Viewer

QUIET = timedelta(days=30)
"""A pattern that was dismissed is not suggested again for so long."""


@operation("open problem", about="title")
def open_problem(
    *,
    title: str,
    text: str,
    by: Viewer,
    now: datetime,
    customer: Organisation | None = None,
    service: str = "",
    owner: Person | None = None,
    linked: Collection[Case] = (),
) -> Problem:
    """Write a problem down, with the incidents that it is behind; it is owned by ``owner`` or whoever writes it.

    :raises UnableToChange: if a case belongs to another customer, or ``by`` does not see it
    """
    person = of_the_house(by, *WORKERS, customer=customer)
    if owner is not None and owner not in people_with(organisation=house(), roles=WORKERS):
        raise UnableToChange(_("A problem is owned by somebody who works here."))
    made = Problem.objects.create(
        customer=customer,
        service=said(service, longest=SHORT // 2),
        title=said(title.replace("\n", " "), _("Say in a few words what it is about."), longest=SHORT),
        text=said(text),
        owner_id=owner.pk if owner is not None else person,
        opened_at=now,
    )
    for each in linked:
        _linked(made, each, by, now)
    _told("open problem", made, by, now)
    return made


@operation("link case", about="problem")
def link_case(*, problem: Problem, case: Case, by: Viewer, now: datetime) -> Problem:
    """Say that a case comes from a problem."""
    mine = _working_on(problem, by)
    _linked(mine, case, by, now)
    _told("link case", mine, by, now, case=case.pk)
    return mine


@operation("find root cause", about="problem")
def find_root_cause(*, problem: Problem, root_cause: str, workaround: str, by: Viewer, now: datetime) -> Problem:
    """Keep the root cause of a problem, and how people get along meanwhile; it is a known error from then on."""
    mine = _working_on(problem, by)
    if mine.state not in (Problem.State.OPEN, Problem.State.KNOWN_ERROR):
        raise UnableToChange(_("This problem is resolved."))
    mine.root_cause = said(root_cause, _("Write what the root cause is."))
    mine.workaround = said(workaround)
    mine.state, mine.known_at = Problem.State.KNOWN_ERROR, mine.known_at or now
    mine.save(update_fields=["root_cause", "workaround", "state", "known_at"])
    _told("find root cause", mine, by, now)
    return mine


@operation("keep workaround", about="problem")
def keep_workaround(*, problem: Problem, workaround: str, by: Viewer, now: datetime) -> Problem:
    """Keep how people get along with a problem until it is resolved."""
    mine = _working_on(problem, by)
    mine.workaround = said(workaround, _("Write how people get along meanwhile."))
    mine.save(update_fields=["workaround"])
    _told("keep workaround", mine, by, now)
    return mine


@operation("own problem", about="problem")
def own_problem(*, problem: Problem, owner: Person, by: Viewer, now: datetime) -> Problem:
    """Give a problem to another owner."""
    mine = _working_on(problem, by)
    colleague(owner)
    if owner not in people_with(organisation=house(), roles=WORKERS):
        raise UnableToChange(_("A problem is owned by somebody who works here."))
    mine.owner = owner
    mine.save(update_fields=["owner"])
    _told("own problem", mine, by, now, owner=owner.name)
    return mine


@operation("refer problem", about="problem")
def refer_problem(*, problem: Problem, affiliate: Organisation, why: str, by: Viewer, now: datetime) -> Problem:
    """Have an affiliate analyse a problem, with the clocks of the agreement with it; it is referred by its first case.

    :raises UnableToChange: if no case is linked, or there is no agreement with the affiliate
    """
    mine = _working_on(problem, by)
    if mine.referral_id is not None:
        raise UnableToChange(_("An affiliate analyses this problem already."))
    first = cases(viewer=by).filter(pk__in=mine.links.values("case")).order_by("pk").first()
    if first is None:
        raise UnableToChange(_("Link a case to the problem first; it is what the affiliate gets."))
    try:
        mine.referral = refer_case(case=first, affiliate=affiliate, why=why, by=by, now=now)
    except UnableToServe as refusal:
        raise UnableToChange(str(refusal)) from None
    mine.save(update_fields=["referral"])
    _told("refer problem", mine, by, now, to=affiliate.slug)
    return mine


@operation("resolve problem", about="problem")
def resolve_problem(*, problem: Problem, root_cause: str, by: Viewer, now: datetime) -> Problem:
    """Say that a problem is mended; from then on its incidents are counted against those before."""
    mine = _working_on(problem, by)
    if mine.state not in (Problem.State.OPEN, Problem.State.KNOWN_ERROR):
        raise UnableToChange(_("This problem is resolved."))
    mine.root_cause = said(root_cause or mine.root_cause, _("Write what the root cause was."))
    mine.state, mine.resolved_at = Problem.State.RESOLVED, now
    mine.save(update_fields=["root_cause", "state", "resolved_at"])
    _told("resolve problem", mine, by, now)
    return mine


@operation("reopen problem", about="problem")
def reopen_problem(*, problem: Problem, why: str, by: Viewer, now: datetime) -> Problem:
    """Say that a problem that was resolved is still there."""
    mine = _working_on(problem, by)
    if mine.state != Problem.State.RESOLVED:
        raise UnableToChange(_("Only a resolved problem is opened again."))
    text = said(why, _("Say what is still wrong."))
    mine.state, mine.resolved_at = Problem.State.OPEN, None
    mine.save(update_fields=["state", "resolved_at"])
    _told("reopen problem", mine, by, now, why=text)
    return mine


@operation("close problem", about="problem")
def close_problem(*, problem: Problem, by: Viewer, now: datetime) -> Problem:
    """Close a resolved problem after its incidents were looked at."""
    mine = _working_on(problem, by)
    if mine.state != Problem.State.RESOLVED:
        raise UnableToChange(_("A problem is resolved before it is closed."))
    mine.state, mine.closed_at = Problem.State.CLOSED, now
    mine.save(update_fields=["state", "closed_at"])
    _told("close problem", mine, by, now)
    return mine


@transaction.atomic
def review_trends(*, now: datetime) -> int:
    """Suggest what incidents have in common; return how many suggestions are new.

    What is suggested already is counted anew. What was dismissed is not suggested again for 30 days, and what an open
    problem is about not at all.
    """
    new = 0
    for each in patterns(now=now):
        facts = {"count": len(each.cases), "usual": each.usual, "cases": list(each.cases)}
        same = Suggestion.objects.filter(customer=each.customer, kind=each.kind, what=each.what)
        if same.filter(state=Suggestion.State.OPEN).update(**facts):
            continue
        if same.filter(state=Suggestion.State.DISMISSED, decided_at__gt=now - QUIET).exists() or _is_known(each):
            continue
        Suggestion.objects.create(customer_id=each.customer, kind=each.kind, what=each.what, made_at=now, **facts)
        new += 1
    return new


@operation("accept suggestion", about="suggestion")
def accept_suggestion(*, suggestion: Suggestion, by: Viewer, now: datetime) -> Problem:
    """Make a problem of a pattern, with the incidents that it was seen in."""
    mine = _undecided(suggestion, by)
    linked = cases(viewer=by).filter(pk__in=mine.cases)
    kinds = (Suggestion.Kind.SERVICE, Suggestion.Kind.SPIKE)
    made = open_problem(
        title=f"{mine.get_kind_display()}: {mine.what}"[:SHORT],
        text="",
        customer=mine.customer,
        service=mine.what if mine.kind in kinds else "",
        linked=list(linked),
        by=by,
        now=now,
    )
    mine.problem = made
    _decide(mine, Suggestion.State.ACCEPTED, by, now)
    return made


@operation("dismiss suggestion", about="suggestion")
def dismiss_suggestion(*, suggestion: Suggestion, why: str, by: Viewer, now: datetime) -> Suggestion:
    """Say why a pattern is no problem."""
    mine = _undecided(suggestion, by)
    mine.why = said(why, _("Say why this is no problem."))
    return _decide(mine, Suggestion.State.DISMISSED, by, now)


def _working_on(problem: Problem, by: Viewer) -> Problem:
    mine = locked(problem, problems(viewer=by))
    if by.site is not Site.CONSOLE or by.author is None or not by.has(*WORKERS, organisation=by.house):
        raise not_yours(mine.customer_id)
    return mine


def _linked(problem: Problem, case: Case, by: Viewer, now: datetime) -> None:
    seen = cases(viewer=by).filter(pk=case.pk, provider=by.house).first()
    if seen is None or problem.customer_id not in (None, seen.customer_id):
        raise UnableToChange(_("There is no such case of this customer."))
    if not ProblemCase.objects.get_or_create(problem=problem, case=seen, defaults={"at": now})[1]:
        raise UnableToChange(_("This case is at the problem already."))


def _is_known(pattern: Pattern) -> bool:
    """Tell whether an open problem is about the service of a pattern, or has one of its incidents."""
    still = Problem.objects.filter(state__in=(Problem.State.OPEN, Problem.State.KNOWN_ERROR))
    return still.filter(
        Q(links__case__in=pattern.cases) | Q(customer=pattern.customer, service=pattern.what) & ~Q(service="")
    ).exists()


def _undecided(suggestion: Suggestion, by: Viewer) -> Suggestion:
    mine = locked(suggestion, suggestions(viewer=by))
    of_the_house(by, *WORKERS, customer=mine.customer)
    if mine.state != Suggestion.State.OPEN:
        raise UnableToChange(_("This suggestion was decided already."))
    return mine


def _decide(suggestion: Suggestion, state: str, by: Viewer, now: datetime) -> Suggestion:
    suggestion.state, suggestion.decided_by_id, suggestion.decided_at = state, person_of(by), now
    suggestion.save()
    did = "accept suggestion" if state == Suggestion.State.ACCEPTED else "dismiss suggestion"
    record(by=by, did=did, about=str(suggestion), now=now, organisation=suggestion.customer_id, why=suggestion.why)
    return suggestion


def _told(did: str, problem: Problem, by: Viewer, now: datetime, **details: Any) -> None:
    organisation = problem.customer_id if problem.customer_id is not None else by.house
    record(by=by, did=did, about=str(problem), now=now, organisation=organisation, problem=problem.pk, **details)
