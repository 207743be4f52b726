"""Asking for a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.platform.evidence.changes.models import Change, Kind, Link, Origin, Problem, Responsible, State, Template
from makegood.platform.evidence.changes.operations.sides import (
    CUSTOMERS,
    SHORT,
    WORKERS,
    UnableToChange,
    asking_for,
    moved,
    not_yours,
    person_of,
    said,
    stretch,
    told,
    write_step,
)
from makegood.platform.evidence.changes.queries import contract_of, problems, templates
from makegood.platform.evidence.service_desk.models import Case, Level
from makegood.platform.evidence.service_desk.models import State as CaseState
from makegood.platform.evidence.service_desk.operations import UnableToServe, move_case
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Site, Viewer

_DEAREST: Final = 10**15
_TEXTS: Final = (
    "need",
    "desired",
    "affected",
    "means",
    "continuity",
    "components",
    "vulnerability",
    "package",
    "testing",
)
_LINES: Final = ("service", "technology", "budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request for change says; a patch also has components, vulnerability, package, urgency and testing."""

    title: str
    kind: str = Kind.NORMAL
    impact: str = Level.LOW
    priority: str = Level.MEDIUM
    service: str = ""
    technology: str = ""
    need: str = ""
    desired: str = ""
    affected: str = ""
    means: str = ""
    deadline: date | None = None
    continuity: str = ""
    cost: int | None = None
    currency: str = ""
    budget: str = ""
    components: str = ""
    vulnerability: str = ""
    package: str = ""
    urgency: str = ""
    proposed_at: datetime | None = None
    testing: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@operation("draft change", about="customer")
def draft_change(
    *,
    customer: Organisation,
    asked: Asked,
    by: Viewer,
    now: datetime,
    case: Case | None = None,
    problem: Problem | None = None,
    template: Template | None = None,
) -> Change:
    """Write a request for change down; nobody decides about it before it is requested.

    It may come from a case, which then waits for it, or from a problem. With a ``template`` it is a standard change,
    done as the template says.

    :raises UnableToChange: if ``by`` may not ask for changes of this customer, or something is wrong
    """
    _may_ask(customer, by)
    facts = _facts(asked)
    change = Change(
        customer=customer,
        origin=Origin.INTERNAL if by.site is Site.CONSOLE else Origin.CUSTOMER,
        originator_id=person_of(by),
        problem=_problem(problem, by),
        written_at=now,
        **facts,
    )
    _by_template(change, template, by)
    write_step(change, "", by=by, now=now)
    if case is not None:
        _because_of(change, case, by, now)
    told("draft change", change, by, now)
    return change


@operation("rewrite change", about="change")
def rewrite_change(*, change: Change, asked: Asked, by: Viewer, now: datetime) -> Change:
    """Write a draft anew, as when the change manager sent it back."""
    mine = asking_for(change, by)
    if mine.state != State.DRAFT:
        raise UnableToChange(_("A change that was requested stays as it is; withdraw it first."))
    facts = _facts(asked)
    if mine.template_id is not None:
        facts |= {"kind": Kind.STANDARD, "means": mine.means, "continuity": mine.continuity, "impact": Level.LOW}
    elif facts["kind"] == Kind.STANDARD:
        raise UnableToChange(_("A standard change follows a template; choose one."))
    for name, value in facts.items():
        setattr(mine, name, value)
    write_step(mine, "", by=by, now=now)
    told("rewrite change", mine, by, now)
    return mine


@operation("request change", about="change")
def request_change(*, change: Change, by: Viewer, now: datetime) -> Change:
    """Ask for what a draft says; a standard change is authorised at once, by its template.

    :raises UnableToChange: if something that has to be known is missing
    """
    mine = asking_for(change, by)
    if mine.state != State.DRAFT:
        raise UnableToChange(_("This change was requested already."))
    _complete(mine)
    mine.round += 1
    mine.requested_at = now
    mine.contract = contract_of(
        provider=house().pk, customer=mine.customer, kind=mine.kind, service=mine.service, at=now
    )
    found = Responsible.objects.filter(technology__iexact=mine.technology).first() if mine.technology else None
    mine.manager_id = found.manager_id if found is not None else mine.manager_id
    if mine.template is None:
        moved(mine, State.REQUESTED, by=by, now=now)
    else:
        write_step(mine, "requested", by=by, now=now)
        mine.authorised_at = now
        moved(mine, State.APPROVED, by=by, now=now, why=str(mine.template))
    told("request change", mine, by, now, state=mine.state)
    return mine


@operation("withdraw change", about="change")
def withdraw_change(*, change: Change, why: str, by: Viewer, now: datetime) -> Change:
    """Take a request back: whoever asked for it does not want it any more."""
    mine = asking_for(change, by)
    if not mine.is_open or mine.state == State.RELEASED:
        raise UnableToChange(_("This change cannot be withdrawn any more."))
    mine.release = None
    moved(mine, State.WITHDRAWN, by=by, now=now, why=said(why, _("Say why it is withdrawn.")))
    told("withdraw change", mine, by, now)
    return mine


@operation("resubmit change", about="change")
def resubmit_change(*, change: Change, by: Viewer, now: datetime) -> Change:
    """Make a draft of a change that was rejected or withdrawn, to be written anew and requested again."""
    mine = asking_for(change, by)
    if mine.state not in (State.REJECTED, State.WITHDRAWN):
        raise UnableToChange(_("This change was neither rejected nor withdrawn."))
    mine.authorised_at = mine.requested_at = None
    moved(mine, State.DRAFT, by=by, now=now)
    told("resubmit change", mine, by, now)
    return mine


def _may_ask(customer: Organisation, by: Viewer) -> None:
    seen = organisations(viewer=by).filter(pk=customer.pk).exists()
    staff = by.site is Site.CONSOLE and by.has(*WORKERS, organisation=by.house)
    theirs = by.site is Site.PORTAL and by.has(*CUSTOMERS, organisation=customer.pk)
    if by.author is None or not seen or not (staff or theirs):
        raise not_yours(None)


def _facts(asked: Asked) -> dict[str, Any]:
    """Return what a request says, if it can be kept.

    :raises UnableToChange: if it cannot
    """
    if asked.kind not in Kind.values or asked.impact not in (Level.LOW, Level.HIGH):
        raise UnableToChange(_("A change is normal, standard, an emergency or a patch; its impact is low or high."))
    if asked.priority not in Level.values or asked.urgency not in ("", *Level.values):
        raise UnableToChange(_("Priority and urgency are high, medium or low."))
    if asked.cost is not None and (not 0 <= asked.cost < _DEAREST or asked.currency not in EXPONENTS):
        raise UnableToChange(_("Write what it costs as an amount in a currency."))
    if asked.starts_at is not None or asked.ends_at is not None:
        stretch(asked.starts_at, asked.ends_at)
    title = said(asked.title.replace("\n", " "), _("Say in a few words what it is about."), longest=SHORT)
    return {
        "title": title,
        "kind": asked.kind,
        "impact": asked.impact,
        "priority": asked.priority,
        "deadline": asked.deadline,
        "cost": asked.cost,
        "currency": asked.currency if asked.cost is not None else "",
        "urgency": asked.urgency,
        "proposed_at": asked.proposed_at,
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
        **{name: said(getattr(asked, name)) for name in _TEXTS},
        **{name: said(getattr(asked, name), longest=SHORT // 2) for name in _LINES},
    }


def _by_template(change: Change, template: Template | None, by: Viewer) -> None:
    if (change.kind == Kind.STANDARD) != (template is not None):
        raise UnableToChange(_("A standard change follows a template; choose one."))
    if template is None:
        return
    known = templates(viewer=by).filter(pk=template.pk).first()
    if known is None or known.customer_id not in (None, change.customer_id):
        raise UnableToChange(_("There is no such standard change for this customer."))
    change.template, change.impact = known, Level.LOW
    change.means, change.continuity = known.means, known.continuity


def _problem(problem: Problem | None, by: Viewer) -> Problem | None:
    if problem is not None and not problems(viewer=by).filter(pk=problem.pk).exists():
        raise UnableToChange(_("There is no such problem."))
    return problem


def _because_of(change: Change, case: Case, by: Viewer, now: datetime) -> None:
    """Link a change with the case that asks for it; the case waits for it if it can."""
    seen = cases(viewer=by).filter(pk=case.pk, customer=change.customer_id).first()
    if seen is None:
        raise UnableToChange(_("There is no such case of this customer."))
    Link.objects.create(change=change, case=seen, kind=Link.Kind.BECAUSE, by=by.name[:SHORT], at=now)
    if by.site is Site.CONSOLE and seen.resolved_at is None and seen.is_open:
        try:
            move_case(case=seen, to=CaseState.RFC, why=str(change), by=by, now=now)
        except UnableToServe as refusal:
            raise UnableToChange(str(refusal)) from None


def _complete(change: Change) -> None:
    wanted = {
        "need": _("the problem or need"),
        "desired": _("the desired result"),
        "affected": _("who is affected"),
        "means": _("how it is done"),
        "continuity": _("what is done if it fails"),
    }
    if change.kind == Kind.PATCH:
        wanted |= {
            "components": _("the components"),
            "vulnerability": _("the vulnerability addressed"),
            "urgency": _("the urgency"),
            "testing": _("the testing done"),
        }
    if change.template_id is not None:
        wanted = {"need": wanted["need"]}
    lacking = [name for field, name in wanted.items() if not getattr(change, field)]
    if lacking:
        raise UnableToChange(_("Before it can be requested, it has to say: %s.") % ", ".join(lacking))
