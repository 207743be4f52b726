"""When changes are made, and the rules of each customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import Change, Freeze, Override, Responsible, Rule, Template, Window
from makegood.platform.evidence.changes.operations.sides import (
    MANAGERS,
    SHORT,
    UnableToChange,
    asking_for,
    colleague,
    locked,
    of_the_house,
    person_of,
    said,
    stretch,
    told,
)
from makegood.platform.evidence.changes.queries import conflicts, freezes, templates, windows
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_LONGEST_FREEZE: Final = 366
_MOST_VOTES: Final = 50
_MINUTES: Final = 1440


@operation("plan change", about="change")
def plan_change(
    *, change: Change, starts_at: datetime, ends_at: datetime, by: Viewer, now: datetime, why: str = ""
) -> Change:
    """Say when a change is made. What stands against it refuses, unless a service manager says why it is done anyway.

    :raises UnableToChange: if something stands against it
    """
    mine = asking_for(change, by)
    if not mine.is_open or mine.released_at is not None:
        raise UnableToChange(_("The time of this change stays as it is."))
    if mine.release_id is not None:
        raise UnableToChange(_("This change is made with its release; plan that."))
    stretch(starts_at, ends_at)
    found = conflicts(change=mine, starts_at=starts_at, ends_at=ends_at)
    reason = said(why)
    if found and not reason:
        raise UnableToChange(" ".join(each.text for each in found))
    if found:
        _override(mine, starts_at, ends_at, [each.key for each in found], reason, by, now)
    mine.starts_at, mine.ends_at = starts_at, ends_at
    mine.save(update_fields=["starts_at", "ends_at"])
    told("plan change", mine, by, now, starts_at=starts_at.isoformat(), against=[each.key for each in found])
    return mine


@operation("set change rules", about="customer")
def set_rules(
    *,
    customer: Organisation,
    approves: str,
    approver: str,
    quorum: int,
    straight: bool,
    checks: bool,
    timezone: str,
    by: Viewer,
    now: datetime,
) -> Rule:
    """Say how changes of a customer are decided and released, and in which zone its windows lie."""
    of_the_house(by, *MANAGERS, customer=customer)
    if approves not in Rule.Approves.values or approver not in Rule.Approver.values:
        raise UnableToChange(_("Say which changes the customer approves, and who does."))
    if not 1 <= quorum <= _MOST_VOTES:
        raise UnableToChange(_("A committee needs between 1 and 50 votes."))
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnableToChange(_("There is no such time zone.")) from None
    facts = {"approves": approves, "approver": approver, "quorum": quorum, "straight": straight, "checks": checks}
    made, _new = Rule.objects.update_or_create(customer=customer, defaults={**facts, "timezone": timezone})
    _record("set change rules", customer, by, now, **facts, timezone=timezone)
    return made


@operation("open window", about="customer")
def open_window(*, customer: Organisation, weekday: int, starts: int, ends: int, by: Viewer, now: datetime) -> Window:
    """Say that changes are made in a weekly time, in minutes of the day; from then on only in such times."""
    of_the_house(by, *MANAGERS, customer=customer)
    if not 0 <= weekday <= 6 or not 0 <= starts < ends <= _MINUTES:  # days of a week
        raise UnableToChange(_("A window lies in one day and ends after it starts."))
    made, new = Window.objects.get_or_create(customer=customer, weekday=weekday, starts=starts, ends=ends)
    if not new:
        raise UnableToChange(_("This window is there already."))
    _record("open window", customer, by, now, weekday=weekday, starts=starts, ends=ends)
    return made


@operation("drop window", about="window")
def drop_window(*, window: Window, by: Viewer, now: datetime) -> None:
    """Take a weekly time away."""
    mine = locked(window, windows(viewer=by))
    of_the_house(by, *MANAGERS, customer=mine.customer)
    _record("drop window", mine.customer, by, now, weekday=mine.weekday, starts=mine.starts, ends=mine.ends)
    mine.delete()


@operation("freeze changes", about="title")
def freeze_changes(
    *, customer: Organisation | None, title: str, starts_at: datetime, ends_at: datetime, by: Viewer, now: datetime
) -> Freeze:
    """Say that nothing is changed for a while, for a customer or for all."""
    of_the_house(by, *MANAGERS, customer=customer)
    stretch(starts_at, ends_at, most_days=_LONGEST_FREEZE)
    made = Freeze.objects.create(
        customer=customer,
        title=said(title, _("Say why nothing is changed then."), longest=SHORT),
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _record("freeze changes", customer, by, now, title=made.title)
    return made


@operation("end freeze", about="freeze")
def end_freeze(*, freeze: Freeze, by: Viewer, now: datetime) -> Freeze:
    """Say that a freeze does not hold any more."""
    mine = locked(freeze, freezes(viewer=by))
    of_the_house(by, *MANAGERS, customer=mine.customer)
    mine.ended_at = now
    mine.save(update_fields=["ended_at"])
    _record("end freeze", mine.customer, by, now, title=mine.title)
    return mine


@operation("authorise standard change", about="title")
def authorise_template(
    *, customer: Organisation | None, title: str, means: str, continuity: str, by: Viewer, now: datetime
) -> Template:
    """Authorise a standard change once for all times that it is done so, for a customer or for all."""
    person = of_the_house(by, *MANAGERS, customer=customer)
    made = Template.objects.create(
        customer=customer,
        title=said(title, _("Name the standard change."), longest=SHORT),
        means=said(means, _("Say how it is done.")),
        continuity=said(continuity, _("Say what is done if it fails.")),
        authorised_by_id=person,
        authorised_at=now,
    )
    _record("authorise standard change", customer, by, now, title=made.title)
    return made


@operation("end standard change", about="template")
def end_template(*, template: Template, by: Viewer, now: datetime) -> Template:
    """Say that a standard change is not done without asking any more."""
    mine = locked(template, templates(viewer=by))
    of_the_house(by, *MANAGERS, customer=mine.customer)
    mine.ended_at = now
    mine.save(update_fields=["ended_at"])
    _record("end standard change", mine.customer, by, now, title=mine.title)
    return mine


@operation("name change manager", about="technology")
def name_manager(
    *, technology: str, manager: Person, resources: Person | None, by: Viewer, now: datetime
) -> Responsible:
    """Say who decides about changes of a technology, and who supports them with its resources."""
    of_the_house(by, *MANAGERS)
    word = said(technology, _("Name the technology."), longest=SHORT // 2)
    colleague(resources)
    if manager not in people_with(organisation=house(), roles=MANAGERS):
        raise UnableToChange(_("A change is managed by an owner or a service manager."))
    if resources is not None and resources not in people_with(organisation=house(), roles=(*MANAGERS, Role.ENGINEER)):
        raise UnableToChange(_("Resources of a technology are managed by somebody who works here."))
    made, _new = Responsible.objects.update_or_create(
        technology=word, defaults={"manager": manager, "resources": resources}
    )
    _record("name change manager", None, by, now, technology=word, manager=manager.name)
    return made


def _override(
    change: Change,
    starts_at: datetime,
    ends_at: datetime,
    against: list[str],
    why: str,
    by: Viewer,
    now: datetime,
) -> None:
    if by.site is not Site.CONSOLE or not by.has(*MANAGERS, organisation=by.house):
        raise UnableToChange(_("Something stands against this time; a service manager plans it anyway, or nobody."))
    Override.objects.create(
        change=change,
        starts_at=starts_at,
        ends_at=ends_at,
        against=against,
        why=why,
        person_id=person_of(by),
        at=now,
    )


def _record(did: str, customer: Organisation | None, by: Viewer, now: datetime, **details: Any) -> None:
    organisation = customer.pk if customer is not None else by.house
    record(by=by, did=did, about=str(customer or house()), now=now, organisation=organisation, **details)
