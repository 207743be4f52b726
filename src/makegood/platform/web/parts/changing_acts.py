"""What people do with a change: each act with its form, and when it is offered to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.forms import Form
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.platform.evidence.changes import operations
from makegood.platform.evidence.changes.models import Change, Rule, State
from makegood.platform.evidence.changes.queries import committee, rule_of
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.parts import changing_forms as forms

Data = Mapping[str, Any] | None
STAFF: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
MANAGERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
CUSTOMERS: Final = (Role.SPONSOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with a change, if it ``fits`` the change and whoever looks at it."""

    name: str
    title: str | Lazy
    done: str | Lazy
    form: Callable[[Change, Viewer, Data], Form]
    does: Callable[[Change, Mapping[str, Any], Viewer, datetime], object]
    fits: Callable[[Change, Viewer], bool]


def acts_for(change: Change, viewer: Viewer) -> list[Act]:
    """Return what somebody may do with a change now."""
    return [each for each in ACTS if each.fits(change, viewer)]


def _form(kind: type[Form]) -> Callable[[Change, Viewer, Data], Form]:
    return lambda _change, _viewer, data: kind(data)


def _walled(kind: type[forms.Walled]) -> Callable[[Change, Viewer, Data], Form]:
    return lambda change, _viewer, data: kind(data, timezone=rule_of(customer=change.customer_id).timezone)


def _authorise(change: Change, _viewer: Viewer, data: Data) -> Form:
    return forms.Authorise(data, people=operations.voters(change=change))


def _managers(_change: Change, _viewer: Viewer, data: Data) -> Form:
    return forms.ChoosePerson(data, people=people_with(organisation=house(), roles=MANAGERS))


def _prioritise(change: Change, _viewer: Viewer, data: Data) -> Form:
    return forms.Prioritise(data, initial={"priority": change.priority, "impact": change.impact})


def _says(name: str) -> Callable[[Change, Mapping[str, Any], Viewer, datetime], object]:
    """Return what asks the operation of a name for what a form was given."""
    return lambda change, said, by, now: getattr(operations, name)(change=change, **said, by=by, now=now)


def _assign(change: Change, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    return operations.assign_change(change=change, manager=said["person"], by=by, now=now)


def _vote(change: Change, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    return operations.vote_on_change(change=change, approves=said["approve"], why=said["why"], by=by, now=now)


def _blame(change: Change, said: Mapping[str, Any], by: Viewer, now: datetime) -> object:
    case = cases(viewer=by).filter(pk=said["case"]).first()
    if case is None:
        raise operations.UnableToChange(_("There is no such case of this customer."))
    return operations.blame_change(change=change, case=case, by=by, now=now)


def _staff(*states: State, roles: tuple[Role, ...] = STAFF) -> Callable[[Change, Viewer], bool]:
    return lambda change, viewer: viewer.site is Site.CONSOLE and viewer.has(*roles) and change.state in states


def _asks(*states: State) -> Callable[[Change, Viewer], bool]:
    """Fit the side that asked: staff, or the customer if it asked itself."""

    def fits(change: Change, viewer: Viewer) -> bool:
        theirs = change.origin == "CUSTOMER" and viewer.has(*CUSTOMERS, organisation=change.customer_id)
        return change.state in states and (theirs if viewer.site is Site.PORTAL else viewer.has(*STAFF))

    return fits


def _votes(change: Change, viewer: Viewer) -> bool:
    mine = committee(change=change).filter(person=viewer.author, vote=None) if viewer.author is not None else None
    return change.state == State.COMMITTEE and mine is not None and mine.exists()


def _decides(change: Change, viewer: Viewer) -> bool:
    if viewer.site is not Site.PORTAL or change.state != State.CUSTOMER:
        return False
    sponsor_only = rule_of(customer=change.customer_id).approver == Rule.Approver.SPONSOR
    needed = (Role.SPONSOR,) if sponsor_only else CUSTOMERS
    return viewer.has(*needed, organisation=change.customer_id)


def _plans(change: Change, viewer: Viewer) -> bool:
    fits = _asks(State.DRAFT, State.REQUESTED, State.COMMITTEE, State.CUSTOMER, State.APPROVED, State.TESTED)
    return change.release_id is None and fits(change, viewer)


def _blames(change: Change, viewer: Viewer) -> bool:
    return viewer.site is Site.CONSOLE and viewer.has(*STAFF) and change.released_at is not None


_TO_DECIDE: Final = (State.REQUESTED,)
_WAITING: Final = (
    State.DRAFT,
    State.REQUESTED,
    State.COMMITTEE,
    State.CUSTOMER,
    State.APPROVED,
    State.TESTED,
    State.RELEASE_APPROVED,
)
ACTS: Final = (
    Act(
        "request",
        _("Request it"),
        _("The change was requested."),
        _form(forms.Nothing),
        _says("request_change"),
        _asks(State.DRAFT),
    ),
    Act("vote", _("Vote"), _("Your vote was kept."), _form(forms.YesOrNo), _vote, _votes),
    Act(
        "decide",
        _("Approve for your organisation"),
        _("Your answer was kept."),
        _form(forms.YesOrNo),
        _says("decide_for_customer"),
        _decides,
    ),
    Act(
        "authorise",
        _("Authorise"),
        _("The change was authorised."),
        _authorise,
        _says("authorise_change"),
        _staff(*_TO_DECIDE, roles=MANAGERS),
    ),
    Act(
        "return",
        _("Give back as incomplete"),
        _("It went back to whoever asked."),
        _form(forms.Why),
        _says("return_change"),
        _staff(*_TO_DECIDE, roles=MANAGERS),
    ),
    Act(
        "prioritise",
        _("Change the priority"),
        _("The priority was changed."),
        _prioritise,
        _says("prioritise_change"),
        _staff(*_TO_DECIDE, roles=MANAGERS),
    ),
    Act(
        "end-vote",
        _("End the vote"),
        _("The vote is over."),
        _form(forms.Nothing),
        _says("end_vote"),
        _staff(State.COMMITTEE, roles=MANAGERS),
    ),
    Act(
        "reject",
        _("Reject or veto"),
        _("The change was rejected."),
        _form(forms.Why),
        _says("reject_change"),
        _staff(State.REQUESTED, State.COMMITTEE, roles=MANAGERS),
    ),
    Act("plan", _("Plan its time"), _("Its time was kept."), _walled(forms.Plan), _says("plan_change"), _plans),
    Act(
        "try",
        _("Keep a test"),
        _("The test was kept."),
        _form(forms.Try),
        _says("try_change"),
        _staff(State.APPROVED, State.TESTED),
    ),
    Act(
        "release",
        _("Released straight away"),
        _("The change was released."),
        _walled(forms.Happened),
        _says("release_change"),
        lambda change, viewer: change.release_id is None and _staff(State.APPROVED)(change, viewer),
    ),
    Act(
        "review",
        _("Review it"),
        _("The review was kept."),
        _form(forms.ReviewChange),
        _says("review_change"),
        _staff(State.RELEASED, roles=MANAGERS),
    ),
    Act("blame", _("It caused a case"), _("The case is free of charge."), _form(forms.ChooseCase), _blame, _blames),
    Act(
        "archive",
        _("Archive it"),
        _("It is in the archive."),
        _form(forms.Nothing),
        _says("archive_change"),
        _staff(State.REVIEWED, roles=MANAGERS),
    ),
    Act(
        "resubmit",
        _("Make a draft of it again"),
        _("It is a draft again."),
        _form(forms.Nothing),
        _says("resubmit_change"),
        _asks(State.REJECTED, State.WITHDRAWN),
    ),
    Act(
        "assign",
        _("Change manager"),
        _("The change has another manager."),
        _managers,
        _assign,
        _staff(*_WAITING, roles=MANAGERS),
    ),
    Act(
        "withdraw",
        _("Withdraw it"),
        _("The change was withdrawn."),
        _form(forms.Why),
        _says("withdraw_change"),
        _asks(*_WAITING),
    ),
)
"""All that is done with a change, in the order in which it is offered."""
