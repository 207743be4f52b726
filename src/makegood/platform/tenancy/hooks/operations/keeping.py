"""Setting up, changing and ending web hooks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.platform import jobs, outbound
from makegood.platform.sealing import sealed, sealed_anew
from makegood.platform.tenancy.hooks.models import Delivery, Event, Hook, HookState
from makegood.platform.tenancy.hooks.queries import events_at, may_keep_hooks
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Viewer

MOST_HOOKS: Final = 20
_OVERLAP: Final = timedelta(hours=24)
_BYTES: Final = 24


class UnableToHook(Unable):
    """The web hook cannot be set up or changed so."""

    def __init__(self, sentence: str, *, organisation: int | None = None) -> None:
        super().__init__(sentence)
        self.organisation = organisation


@operation("make web hook", about="organisation")
def make_hook(
    *, organisation: Organisation, address: str, events: Collection[Event], by: Viewer, now: datetime
) -> tuple[Hook, str]:
    """Set up a web hook and return it with its secret ``whsec_…``, which is shown this once.

    :raises UnableToHook: if ``by`` may not, the address cannot be reached from here, or no event is chosen
    """
    about = organisation.pk
    if by.person is None or by.site is None or not may_keep_hooks(viewer=by, organisation=organisation):
        raise UnableToHook(_("Web hooks of this organisation are not yours to set up."), organisation=about)
    kept = Hook.objects.filter(organisation=organisation, site=by.site).exclude(state=HookState.ENDED).count()
    if kept >= MOST_HOOKS:
        raise UnableToHook(
            _("An organisation has at most %d web hooks; end one first.") % MOST_HOOKS, organisation=about
        )
    secret = _secret()
    made = Hook(organisation=organisation, site=by.site, secret=sealed(secret), created_by_id=by.person, created_at=now)
    _set(made, address, events, by)
    made.save()
    _told("make web hook", made, by, now, events=made.events)
    return made, secret


@operation("change web hook", about="hook")
def change_hook(*, hook: Hook, address: str, events: Collection[Event], by: Viewer, now: datetime) -> Hook:
    """Let a web hook have another address, or other events.

    :raises UnableToHook: as for a new one
    """
    held = _held(hook, by)
    before = held.address
    _set(held, address, events, by)
    if held.address != before:
        held.failing_since = None
    held.save(update_fields=["address", "events", "failing_since"])
    _told("change web hook", held, by, now, events=held.events)
    return held


@operation("pause web hook", about="hook")
def pause_hook(*, hook: Hook, by: Viewer, now: datetime) -> Hook:
    """Send nothing to a web hook until it goes on; what happens meanwhile is not sent later."""
    held = _held(hook, by)
    if held.state != HookState.ACTIVE:
        raise UnableToHook(_("This web hook is paused already."), organisation=held.organisation_id)
    held.state, held.trouble = HookState.PAUSED, ""
    held.save(update_fields=["state", "trouble"])
    _told("pause web hook", held, by, now)
    return held


@operation("resume web hook", about="hook")
def resume_hook(*, hook: Hook, by: Viewer, now: datetime) -> Hook:
    """Send to a paused web hook again, and first what was waiting when it was paused."""
    held = _held(hook, by)
    if held.state != HookState.PAUSED:
        raise UnableToHook(_("This web hook is not paused."), organisation=held.organisation_id)
    held.state, held.trouble, held.failing_since = HookState.ACTIVE, "", None
    held.save(update_fields=["state", "trouble", "failing_since"])
    for each in Delivery.objects.filter(hook=held, state=Delivery.State.WAITING).order_by("pk"):
        jobs.enqueue("deliver event", lock=f"hook {held.pk}", delivery=each.pk)
    _told("resume web hook", held, by, now)
    return held


@operation("end web hook", about="hook")
def end_hook(*, hook: Hook, by: Viewer, now: datetime) -> Hook:
    """End a web hook for good; what was waiting is not sent."""
    held = _held(hook, by)
    held.state, held.ended_at = HookState.ENDED, now
    held.save(update_fields=["state", "ended_at"])
    waiting = Delivery.objects.filter(hook=held, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.FAILED, trouble=_("The web hook has ended."))
    _told("end web hook", held, by, now)
    return held


@operation("rotate secret of web hook", about="hook")
def rotate_secret(*, hook: Hook, by: Viewer, now: datetime) -> str:
    """Give a web hook a new secret and return it; for a day what is sent is signed with the one before as well."""
    held, secret = _held(hook, by), _secret()
    held.earlier_secret, held.earlier_until = held.secret, now + _OVERLAP
    held.secret = sealed(secret)
    held.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    _told("rotate secret of web hook", held, by, now)
    return secret


@transaction.atomic
def seal_anew() -> int:
    """Seal the secrets of all web hooks with the first key, and return how many could be opened."""
    number = 0
    for each in Hook.objects.select_for_update().order_by("pk"):
        secret = sealed_anew(each.secret)
        if secret is None:
            continue
        each.secret, each.earlier_secret = secret, each.earlier_secret and sealed_anew(each.earlier_secret)
        each.save(update_fields=["secret", "earlier_secret"])
        number += 1
    return number


def _secret() -> str:
    return "whsec_" + b64encode(token_bytes(_BYTES)).decode()


def _set(hook: Hook, address: str, events: Collection[Event], by: Viewer) -> None:
    try:
        hook.address = str(outbound.checked(address))
    except outbound.NotAllowed as refusal:
        raise UnableToHook(str(refusal), organisation=hook.organisation_id) from refusal
    chosen = [each.value for each in events_at(by.site) if each in events] if by.site is not None else []
    if not chosen:
        raise UnableToHook(_("Choose at least one event."), organisation=hook.organisation_id)
    hook.events = chosen


def _held(hook: Hook, by: Viewer) -> Hook:
    """Return a web hook as it is now, which nobody else changes meanwhile.

    :raises UnableToHook: if it is not ``by``'s, or has ended
    """
    about = hook.organisation_id
    mine = may_keep_hooks(viewer=by, organisation=hook.organisation) and hook.site == by.site
    if not mine:
        raise UnableToHook(_("This web hook is not yours to change."), organisation=about)
    held = Hook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=hook.pk)
    if held.state == HookState.ENDED:
        raise UnableToHook(_("This web hook has ended."), organisation=about)
    return held


def _told(did: str, hook: Hook, by: Viewer, now: datetime, **details: Any) -> None:
    record(by=by, did=did, about=str(hook), now=now, organisation=hook.organisation_id, number=hook.pk, **details)
