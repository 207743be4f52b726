"""Paging people: each step once, until somebody acknowledges; what was sent is kept with its proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.platform.evidence.on_call.models import Acknowledgement, Notification, Page, PageState, Policy, Step
from makegood.platform.evidence.on_call.operations.notifying import notify, post_notification, tell_planners
from makegood.platform.evidence.on_call.operations.refusals import UnableToPage
from makegood.platform.evidence.on_call.queries import notification_of, page_of, pages, waiting
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

__all__ = ["acknowledge", "acknowledge_by_link", "page", "post_notification", "resolve_page", "sweep"]

PAGERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
"""Who pages, acknowledges and resolves."""
LONGEST_KEY: Final = 200
LONGEST_TEXT: Final = 10_000
LONGEST_LINK: Final = 2_000
_PUNCTUAL: Final = timedelta(minutes=2)
"""A step that is this late is still on time; after a longer delay the next one waits for as long as it was to wait."""


@operation("page", about="policy")
def page(
    *,
    key: str,
    subject: str,
    text: str,
    url: str,
    policy: Policy,
    by: Viewer,
    now: datetime,
    about: Organisation | None = None,
) -> Page:
    """Page people by a policy, of which the first step is taken at once; asked again by the same key it is the same.

    ``about`` is the customer that it concerns, and ``url`` where there is more to see.

    :raises UnableToPage: if ``by`` may not, the policy has ended, or a text cannot be one
    """
    _refuse_others(by)
    said = _checked(key, subject, text, url)
    held = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if held.ended_at is not None and page_of(key=key) is None:
        raise UnableToPage(_("This policy has ended; page by another one."))
    asked = {
        "policy": held,
        "about": about,
        "steps": [_plain(each) for each in held.steps.all()],
        "rounds": held.rounds,
        "round_minutes": held.round_minutes,
        "resolve_minutes": held.resolve_minutes,
        "asked_by": by.name[:200],
        "opened_at": now,
        "next_at": now,
    }
    made, new = Page.objects.get_or_create(key=key, defaults=said | asked)
    if not new:
        return made
    _told("page", made, by, now)
    _go_on(made, now)
    return made


@operation("acknowledge page", about="page")
def acknowledge(*, page: Page, by: Viewer, now: datetime) -> Page:
    """Say that one looks after it; nobody else is paged, unless it is not resolved in time.

    :raises UnableToPage: if ``by`` may not, somebody else has acknowledged it, or it is resolved
    """
    if by.author is None or not by.has(*PAGERS) or not pages(viewer=by).filter(pk=page.pk).exists():
        raise UnableToPage(_("This page is not yours to acknowledge."))
    return _acknowledged(page, by, now)


def acknowledge_by_link(*, token: str, by: Viewer, now: datetime) -> Page:
    """Acknowledge for whoever a notification went to: who has its link has its mail.

    :raises UnableToPage: if the link is none of ours, or the page is acknowledged or resolved
    """
    sent = notification_of(token=token)
    if sent is None:
        raise UnableToPage(_("This link is not one of ours, or no longer counts."))
    return _acknowledge_for(page=sent.page, sent=sent, by=replace(by, name=sent.name, house=house().pk), now=now)


@operation("acknowledge page", about="page")
def _acknowledge_for(*, page: Page, sent: Notification, by: Viewer, now: datetime) -> Page:
    if sent.person is None:
        return _acknowledged(page, by, now)
    who = viewer_of(person=sent.person, address=by.address).at(Site.CONSOLE)
    if not sent.person.is_active or not who.roles:
        raise UnableToPage(_("You have no role here any more."))
    return _acknowledged(page, who, now)


@operation("resolve page", about="page")
def resolve_page(*, page: Page, by: Viewer, now: datetime) -> Page:
    """Say that nobody is needed any more.

    :raises UnableToPage: if ``by`` may not, or it is resolved already
    """
    if not by.has(*PAGERS) or not pages(viewer=by).filter(pk=page.pk).exists():
        raise UnableToPage(_("This page is not yours to resolve."))
    held = _held(page)
    if held.state == PageState.RESOLVED:
        raise UnableToPage(_("This page is resolved already."))
    held.acknowledgements.filter(ended_at=None).update(ended_at=now)
    held.state, held.next_at = PageState.RESOLVED, None
    held.resolved_at, held.resolved_by = now, by.name[:200]
    held.save(update_fields=["state", "next_at", "resolved_at", "resolved_by"])
    _told("resolve page", held, by, now)
    return held


def sweep(*, now: datetime) -> int:
    """Take every step that is due, each page in a transaction of its own; return how many pages went on.

    What another worker looks after just now is left to it.
    """
    number = 0
    for each in waiting(now=now):
        with transaction.atomic():
            found = Page.objects.select_for_update(of=("self",), skip_locked=True).select_related("policy")
            due = found.filter(pk=each, next_at__lte=now).first()
            if due is not None:
                _go_on(due, now)
                number += 1
    return number


def _go_on(page: Page, now: datetime) -> None:
    """Take the steps of a page that are due; a step that finds nobody is followed by the next one at once."""
    if page.state == PageState.ACKNOWLEDGED:
        _reopen(page, now)
    while page.state == PageState.OPEN and page.next_at is not None and page.next_at <= now:
        if page.step >= len(page.steps):
            page.round, page.step = page.round + 1, 0
        if page.round >= page.rounds:
            page.state, page.next_at = PageState.EXHAUSTED, None
            _told("exhaust page", page, _schedule(), now)
            tell_planners(page, now)
            break
        found_somebody = notify(page, now)
        page.next_at = _next_at(page, found_somebody, now)
        page.step += 1
    page.save(update_fields=["state", "round", "step", "rounds", "next_at"])


def _next_at(page: Page, found_somebody: bool, now: datetime) -> datetime:
    """Return when the step after this one is due; at the end of the steps that is the end of the round."""
    due = page.next_at or now
    this, last = page.steps[page.step], page.step + 1 == len(page.steps)
    following = page.round_minutes if last else page.steps[page.step + 1]["after"]
    if not found_somebody and not last:
        return due
    since = due if now - due <= _PUNCTUAL else now
    return since + timedelta(minutes=following - this["after"])


def _reopen(page: Page, now: datetime) -> None:
    """Let a page go on that was acknowledged and not resolved; after its last step all come again."""
    page.acknowledgements.filter(ended_at=None).update(ended_at=now)
    page.state, page.next_at = PageState.OPEN, now
    if page.round + (page.step >= len(page.steps)) >= page.rounds:
        page.rounds += 1
    _told("reopen page", page, _schedule(), now)
    page.save(update_fields=["state", "next_at"])


def _acknowledged(page: Page, by: Viewer, now: datetime) -> Page:
    held = _held(page)
    if held.state == PageState.RESOLVED:
        raise UnableToPage(_("This page is resolved already."))
    if held.state == PageState.ACKNOWLEDGED:
        taken = held.acknowledgements.filter(ended_at=None).first()
        raise UnableToPage(_("%s looks after it already.") % (taken.name if taken is not None else "—"))
    Acknowledgement.objects.create(page=held, person_id=by.author, name=by.name[:200], at=now)
    held.state = PageState.ACKNOWLEDGED
    held.next_at = None if held.resolve_minutes is None else now + timedelta(minutes=held.resolve_minutes)
    held.save(update_fields=["state", "next_at"])
    _told("acknowledge page", held, by, now)
    return held


def _held(page: Page) -> Page:
    return Page.objects.select_for_update(of=("self",)).select_related("policy").get(pk=page.pk)


def _refuse_others(by: Viewer) -> None:
    if by.site is not Site.CONSOLE or not by.within("on_call:write") or not by.has(*PAGERS):
        raise UnableToPage(_("Only staff pages people."))


def _checked(key: str, subject: str, text: str, url: str) -> dict[str, object]:
    if not key.strip() or len(key) > LONGEST_KEY or "\x00" in key:
        raise UnableToPage(_("Name what it is about by a key of at most %d characters.") % LONGEST_KEY)
    found = " ".join(subject.replace("\x00", "").split())
    if not found or len(found) > LONGEST_KEY:
        raise UnableToPage(_("Say in at most %d characters what the matter is.") % LONGEST_KEY)
    body = text.replace("\x00", "").strip()
    if len(body) > LONGEST_TEXT:
        raise UnableToPage(_("Write at most %d characters.") % LONGEST_TEXT)
    link = url.strip()
    if link and not _leads_somewhere(link):
        raise UnableToPage(_("A link begins with https:// or http://, or with a stroke for a page of ours."))
    return {"subject": found, "text": body, "url": link}


def _leads_somewhere(link: str) -> bool:
    if len(link) > LONGEST_LINK or any(each.isspace() or not each.isprintable() for each in link):
        return False
    if link.startswith("/"):
        return not link.startswith("//")
    try:
        found = urlsplit(link)
    except ValueError:
        return False
    return found.scheme in {"http", "https"} and bool(found.netloc)


def _plain(step: Step) -> dict[str, object]:
    """Return a step as a page keeps it."""
    return {
        "after": step.after,
        "whom": step.whom,
        "rota": step.rota_id,
        "person": step.person_id,
        "contact": step.contact,
        "skill": step.skill,
        "channels": step.channels,
    }


def _schedule() -> Viewer:
    return Viewer(name="the schedule", house=house().pk)


def _told(did: str, page: Page, by: Viewer, now: datetime) -> None:
    about = page.about_id or page.policy.organisation_id
    record(by=by, did=did, about=page.subject, now=now, organisation=about, page=page.pk, key=page.key)
