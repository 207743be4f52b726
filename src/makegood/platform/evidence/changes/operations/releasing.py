"""Testing changes, and taking them to those who use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from makegood.platform.evidence.changes.models import QUESTIONS, Change, Kind, Release, State, Trial
from makegood.platform.evidence.changes.operations.sides import (
    CUSTOMERS,
    SHORT,
    WORKERS,
    UnableToChange,
    locked,
    moved,
    not_yours,
    of_the_house,
    person_of,
    said,
    stretch,
    told,
    working_on,
)
from makegood.platform.evidence.changes.operations.telling import tell_of_downtime
from makegood.platform.evidence.changes.queries import (
    Conflict,
    changes,
    conflicts,
    contract_excluding,
    left_over,
    releases,
    rule_of,
)
from makegood.platform.evidence.intake.operations import propose_exclusion
from makegood.platform.evidence.service_desk.models import Level
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Site, Viewer

MAINTENANCE = "maintenance"
"""The cause for which agreements exclude announced downtime."""


@operation("test change", about="change")
def try_change(
    *,
    change: Change,
    tester: str,
    what: str,
    passed: bool,
    environment: str,
    differences: str,
    by: Viewer,
    now: datetime,
) -> Trial:
    """Keep that an approved change was tested; one that passed may be released, one that failed goes back."""
    mine = working_on(change, by)
    if mine.state not in (State.APPROVED, State.TESTED):
        raise UnableToChange(_("An approved change is tested, before its release is approved."))
    made = Trial.objects.create(
        change=mine,
        tester=said(tester, _("Say who tested it."), longest=SHORT),
        what=said(what, _("Say what was tested.")),
        passed=passed,
        environment=said(environment, _("Say where it was tested.")),
        differences=said(differences, _("Say how that differs from production; if it does not, say so.")),
        by=by.name[:SHORT],
        at=now,
    )
    if passed and mine.state == State.APPROVED:
        moved(mine, State.TESTED, by=by, now=now)
    elif not passed and mine.state == State.TESTED:
        moved(mine, State.APPROVED, by=by, now=now, why=_("a test failed"))
    told("test change", mine, by, now, passed=passed)
    return made


@operation("plan release", about="customer")
def plan_release(
    *,
    customer: Organisation,
    title: str,
    manager: Person,
    changes_of: Sequence[Change],
    starts_at: datetime,
    ends_at: datetime,
    by: Viewer,
    now: datetime,
) -> Release:
    """Plan that changes of a customer are released together by a release manager; its time becomes theirs.

    :raises UnableToChange: if something stands against the time of one of them
    """
    of_the_house(by, *WORKERS, customer=customer)
    stretch(starts_at, ends_at)
    if manager not in people_with(organisation=house(), roles=WORKERS):
        raise UnableToChange(_("A release is managed by somebody who works here."))
    if not changes_of:
        raise UnableToChange(_("A release has at least one change."))
    made = Release.objects.create(
        customer=customer,
        title=said(title, _("Name the release."), longest=SHORT),
        manager=manager,
        starts_at=starts_at,
        ends_at=ends_at,
        written_at=now,
    )
    for each in changes_of:
        _put(each, made, by)
    _told("plan release", made, by, now, changes=[each.pk for each in changes_of])
    return made


@operation("answer readiness", about="release")
def answer_readiness(*, release: Release, answers: Mapping[str, str], by: Viewer, now: datetime) -> Release:
    """Keep what is known of a release, by the names of its questions."""
    mine = _planned(release, by)
    if set(answers) - set(QUESTIONS):
        raise UnableToChange(_("There is no such question."))
    given = {name: said(text) for name, text in answers.items()}
    mine.readiness = {name: text for name, text in {**mine.readiness, **given}.items() if text}
    mine.save(update_fields=["readiness"])
    _told("answer readiness", mine, by, now, answered=sorted(mine.readiness))
    return mine


@operation("announce downtime", about="release")
def announce_downtime(
    *, release: Release, starts_at: datetime, ends_at: datetime, by: Viewer, now: datetime, service: str = ""
) -> Release:
    """Announce that a release takes a service down, once; the time is proposed as an exclusion to the customer.

    It is proposed for maintenance, with this moment as its announcement, where the agreement excludes that. What the
    customer decides, and the notice of the agreement, say whether it counts.
    """
    mine = _planned(release, by)
    stretch(starts_at, ends_at)
    if mine.down_from is not None:
        raise UnableToChange(_("Its downtime was announced already."))
    if starts_at < mine.starts_at or ends_at > mine.ends_at:
        raise UnableToChange(_("The downtime lies within the release."))
    if starts_at <= now:
        raise UnableToChange(_("Downtime is announced before it begins."))
    mine.service = said(service, longest=SHORT // 2)
    mine.down_from, mine.down_until = starts_at, ends_at
    contract = contract_excluding(
        provider=by.house, customer=mine.customer, cause=MAINTENANCE, service=mine.service, at=now
    )
    if contract is not None:
        mine.exclusion = propose_exclusion(
            contract=contract,
            cause=MAINTENANCE,
            subject=mine.service,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=mine.title,
            by=by,
            now=now,
        )
    mine.save(update_fields=["service", "down_from", "down_until", "exclusion"])
    tell_of_downtime(release=mine, starts_at=starts_at, ends_at=ends_at, now=now)
    _told("announce downtime", mine, by, now, starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat())
    return mine


@operation("check release", about="release")
def check_release(*, release: Release, passed: bool, why: str, by: Viewer, now: datetime) -> Release:
    """Keep what the customer found when it looked at a release itself."""
    mine = locked(release, releases(viewer=by))
    if by.site is not Site.PORTAL or by.author is None or not by.has(*CUSTOMERS, organisation=mine.customer_id):
        raise not_yours(mine.customer_id)
    if mine.state != Release.State.PLANNED:
        raise UnableToChange(_("This release is decided already."))
    mine.checked_why = said(why, "" if passed else _("Say what is wrong."))
    mine.checked, mine.checked_by_id, mine.checked_at = passed, by.author, now
    mine.save(update_fields=["checked", "checked_why", "checked_by", "checked_at"])
    _told("check release", mine, by, now, passed=passed)
    return mine


@operation("approve release", about="release")
def approve_release(*, release: Release, by: Viewer, now: datetime) -> Release:
    """Approve a release: its manager says that it may go to its users.

    :raises UnableToChange: if a question has no answer, a change is untested, or something stands against its time
    """
    mine = _planned(release, by)
    if mine.manager_id != by.author:
        raise UnableToChange(_("%s approves this release.") % mine.manager.name)
    lacking = [str(text) for name, text in QUESTIONS.items() if name not in mine.readiness]
    if lacking:
        raise UnableToChange(_("Before it is approved, answer: %s") % " ".join(lacking))
    if rule_of(customer=mine.customer_id).checks and not mine.checked:
        raise UnableToChange(_("The customer checks this release first, and has not said that it is good."))
    found = _changes_of(mine, by)
    for each in found:
        if each.state != State.TESTED:
            raise UnableToChange(_("This change is not tested: %s.") % each)
        for one in left_over(change=each):
            raise UnableToChange(one.text)
    for each in found:
        moved(each, State.RELEASE_APPROVED, by=by, now=now, why=mine.title)
    mine.state, mine.approved_by_id, mine.approved_at = Release.State.APPROVED, person_of(by), now
    mine.save(update_fields=["state", "approved_by", "approved_at"])
    _told("approve release", mine, by, now)
    return mine


@operation("carry out release", about="release")
def carry_out_release(*, release: Release, by: Viewer, now: datetime, at: datetime | None = None) -> Release:
    """Keep that an approved release was carried out; its changes are released at that instant."""
    mine = _held(release, by)
    if mine.state != Release.State.APPROVED:
        raise UnableToChange(_("A release is approved before it is carried out."))
    moment = at or now
    if not mine.starts_at <= moment < mine.ends_at:
        raise UnableToChange(
            _("This release was approved for another time; say when it was carried out, or plan anew.")
        )
    for each in _changes_of(mine, by):
        each.released_at = moment
        moved(each, State.RELEASED, by=by, now=now, at=moment, why=mine.title)
    mine.state, mine.released_at = Release.State.RELEASED, moment
    mine.save(update_fields=["state", "released_at"])
    _told("carry out release", mine, by, now)
    return mine


@operation("cancel release", about="release")
def cancel_release(*, release: Release, why: str, by: Viewer, now: datetime) -> Release:
    """Give a release up; its changes may go with another. What was proposed to be excluded stays with the customer."""
    mine = _held(release, by)
    if mine.state not in (Release.State.PLANNED, Release.State.APPROVED):
        raise UnableToChange(_("This release is over."))
    text = said(why, _("Say why it is given up."))
    for each in _changes_of(mine, by):
        each.release = None
        if each.state == State.RELEASE_APPROVED:
            moved(each, State.TESTED, by=by, now=now, why=text)
        else:
            each.save(update_fields=["release"])
    mine.state = Release.State.CANCELLED
    mine.save(update_fields=["state"])
    _told("cancel release", mine, by, now, why=text)
    return mine


@operation("release change", about="change")
def release_change(*, change: Change, by: Viewer, now: datetime, at: datetime | None = None) -> Change:
    """Keep that an approved change was released straight away, without a release of its own.

    Standard and emergency changes may be, and those of low impact where the customer's rules say so. Nothing may stand
    against the time that was planned, or against now if none was.
    """
    mine = working_on(change, by)
    if mine.state != State.APPROVED or mine.release_id is not None:
        raise UnableToChange(_("Only an approved change that belongs to no release is released straight away."))
    low = mine.impact == Level.LOW and rule_of(customer=mine.customer_id).straight
    if mine.kind not in (Kind.STANDARD, Kind.EMERGENCY) and not low:
        raise UnableToChange(_("This change is tested, and goes with a release."))
    moment = at or now
    for one in _against(mine, moment):
        raise UnableToChange(one.text)
    mine.released_at = moment
    moved(mine, State.RELEASED, by=by, now=now, at=moment)
    told("release change", mine, by, now)
    return mine


def _put(change: Change, release: Release, by: Viewer) -> None:
    mine = working_on(change, by)
    if mine.customer_id != release.customer_id:
        raise UnableToChange(_("A release has changes of one customer."))
    if mine.state not in (State.APPROVED, State.TESTED) or mine.release_id is not None:
        raise UnableToChange(_("Approved changes that belong to no release go with one: %s.") % mine)
    same = (mine.starts_at, mine.ends_at) == (release.starts_at, release.ends_at)
    mine.release, mine.starts_at, mine.ends_at = release, release.starts_at, release.ends_at
    found = (
        left_over(change=mine) if same else conflicts(change=mine, starts_at=release.starts_at, ends_at=release.ends_at)
    )
    if found:
        raise UnableToChange(" ".join(each.text for each in found))
    mine.save(update_fields=["release", "starts_at", "ends_at"])


def _against(change: Change, moment: datetime) -> tuple[Conflict, ...]:
    if change.starts_at is not None and change.ends_at is not None and change.starts_at <= moment < change.ends_at:
        return left_over(change=change)
    return conflicts(change=change, starts_at=moment, ends_at=moment + timedelta(minutes=1))


def _held(release: Release, by: Viewer) -> Release:
    mine = locked(release, releases(viewer=by))
    of_the_house(by, *WORKERS, customer=mine.customer)
    return mine


def _planned(release: Release, by: Viewer) -> Release:
    mine = _held(release, by)
    if mine.state != Release.State.PLANNED:
        raise UnableToChange(_("This release is decided already."))
    return mine


def _changes_of(release: Release, by: Viewer) -> list[Change]:
    found = changes(viewer=by).filter(release=release).order_by("pk")
    return [locked(each, changes(viewer=by)) for each in found]


def _told(did: str, release: Release, by: Viewer, now: datetime, **details: Any) -> None:
    record(by=by, did=did, about=str(release), now=now, organisation=release.customer_id, release=release.pk, **details)
