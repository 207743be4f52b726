"""Sending events to web hooks, signed as Standard Webhooks has it, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from standardwebhooks.webhooks import Webhook

from makegood.platform import jobs, outbound
from makegood.platform.sealing import Unopenable, opened
from makegood.platform.tenancy.access.queries import KEEP_KEYS, people_with
from makegood.platform.tenancy.branding.queries import brand_towards
from makegood.platform.tenancy.hooks.models import TEST, Delivery, Hook, HookState
from makegood.platform.tenancy.hooks.operations.keeping import UnableToHook
from makegood.platform.tenancy.hooks.queries import deliveries, may_keep_hooks
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Site, Viewer

MOST_TRIES: Final = 5
MOST_TURNS: Final = 100
"""So often it is a delivery's turn; that is enough for the days of patience, when it is not tried each time."""
PATIENCE: Final = timedelta(days=3)
"""A web hook that takes nothing for so long is paused."""
_SHORTEST_REST: Final = timedelta(minutes=1)
_LONGEST_REST: Final = timedelta(hours=1)
_KEPT: Final = timedelta(days=90)
_GONE: Final = 410
_LONGEST_TROUBLE: Final = 500


class NotDelivered(Exception):
    """The receiver did not take an event; it is tried again."""


@transaction.atomic
def tell(
    *, hook: Hook, event: str, data: Mapping[str, Any], now: datetime, happened_at: datetime | None = None
) -> Delivery:
    """Have an event posted to a web hook once this transaction is kept."""
    body = {"type": event, "timestamp": f"{happened_at or now:%Y-%m-%dT%H:%M:%SZ}", "data": data}
    made = Delivery.objects.create(
        hook=hook,
        number=f"msg_{token_hex(16)}",
        event=event,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        made_at=now,
    )
    jobs.enqueue("deliver event", lock=f"hook {hook.pk}", delivery=made.pk)
    return made


@operation("test web hook", about="hook")
def send_test(*, hook: Hook, by: Viewer, now: datetime) -> Delivery:
    """Post an event that means nothing, to see whether somebody is there."""
    if not may_keep_hooks(viewer=by, organisation=hook.organisation) or hook.site != by.site:
        raise UnableToHook(_("This web hook is not yours to change."), organisation=hook.organisation_id)
    if hook.state != HookState.ACTIVE:
        raise UnableToHook(_("Let it go on first; nothing is sent to it now."), organisation=hook.organisation_id)
    made = tell(hook=hook, event=TEST, data={"organisation": hook.organisation.slug}, now=now)
    record(by=by, did="test web hook", about=str(hook), now=now, organisation=hook.organisation_id, number=hook.pk)
    return made


@operation("deliver again", about="delivery")
def deliver_again(*, delivery: Delivery, by: Viewer, now: datetime) -> None:
    """Send an event again, under the number that the receiver may know already.

    :raises UnableToHook: if it is not ``by``'s, is waiting anyway, or the web hook is not active
    """
    hook = delivery.hook
    about = hook.organisation_id
    mine = may_keep_hooks(viewer=by, organisation=hook.organisation)
    if not mine or not deliveries(viewer=by, hook=hook).filter(pk=delivery.pk).exists():
        raise UnableToHook(_("This web hook is not yours to change."), organisation=about)
    held = Delivery.objects.select_for_update(of=("self",)).select_related("hook").get(pk=delivery.pk)
    if held.hook.state != HookState.ACTIVE:
        raise UnableToHook(_("Let it go on first; nothing is sent to it now."), organisation=about)
    if held.state == Delivery.State.WAITING:
        raise UnableToHook(_("This is on its way already."), organisation=about)
    held.state, held.tries = Delivery.State.WAITING, 0
    held.save(update_fields=["state", "tries"])
    jobs.enqueue("deliver event", lock=f"hook {hook.pk}", delivery=held.pk)
    record(by=by, did="deliver again", about=held.number, now=now, organisation=about, event=held.event)


def deliver(*, delivery: int, now: datetime, sent_at: datetime | None = None) -> None:
    """Post an event that waits, and keep what became of it; after five tries it is given up.

    ``sent_at`` is the time that the receiver's clock shows, where that is not ``now``.

    :raises NotDelivered: if the receiver did not take it and there is another try
    """
    waiting = Delivery.objects.select_related("hook__organisation").filter(pk=delivery).first()
    if waiting is None or waiting.state != Delivery.State.WAITING or waiting.hook.state != HookState.ACTIVE:
        return
    if _rests(waiting, now):
        raise NotDelivered(_("Nobody answered there a moment ago."))
    status, trouble = _posted(waiting, now, sent_at or now)
    waiting.tries, waiting.tried_at, waiting.status, waiting.trouble = waiting.tries + 1, now, status, trouble
    if not trouble:
        waiting.state = Delivery.State.DELIVERED
    elif waiting.tries >= MOST_TRIES or status == _GONE:
        waiting.state = Delivery.State.FAILED
    _keep(waiting, now)
    if waiting.state == Delivery.State.WAITING:
        raise NotDelivered(trouble)


def forget_deliveries(*, now: datetime) -> int:
    """Forget what was delivered, or given up, ninety days ago; return how many that were."""
    old = Delivery.objects.filter(made_at__lt=now - _KEPT).exclude(state=Delivery.State.WAITING)
    return old.delete()[0]


def signature(*, hook: Hook, number: str, body: str, now: datetime, sent_at: datetime) -> dict[str, str]:
    """Return the headers by which a receiver knows that a body is from us.

    :raises Unopenable: if the key that sealed the secret is forgotten
    """
    secrets = [opened(hook.secret)]
    if hook.earlier_secret is not None and hook.earlier_until is not None and now < hook.earlier_until:
        with suppress(Unopenable):
            secrets.append(opened(hook.earlier_secret))
    return {
        "webhook-id": number,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(Webhook(each).sign(number, sent_at, body) for each in secrets),
    }


def _rests(delivery: Delivery, now: datetime) -> bool:
    """Tell whether a receiver is left alone, because another delivery was just waited for in vain.

    Each costs as long as waiting takes; without a rest one receiver that hangs would hold up those of all others.
    """
    since = delivery.hook.failing_since
    if since is None:
        return False
    rest = min(max((now - since) / 10, _SHORTEST_REST), _LONGEST_REST)
    in_vain = Delivery.objects.filter(hook=delivery.hook_id, status=None, tried_at__gt=now - rest)
    return in_vain.exclude(pk=delivery.pk).exists()


def _posted(delivery: Delivery, now: datetime, sent_at: datetime) -> tuple[int | None, str]:
    """Return the status with which a delivery was answered, and what was wrong, if anything was."""
    try:
        headers = signature(hook=delivery.hook, number=delivery.number, body=delivery.body, now=now, sent_at=sent_at)
        answer = outbound.post(
            delivery.hook.address,
            body=delivery.body.encode(),
            headers={"Content-Type": "application/json", **headers},
        )
    except (outbound.Unreachable, Unopenable) as refusal:
        return None, str(refusal)[:_LONGEST_TROUBLE]
    if 200 <= answer.status < 300:
        return answer.status, ""
    return answer.status, _("The receiver answered with status %d.") % answer.status


@transaction.atomic
def _keep(delivery: Delivery, now: datetime) -> None:
    """Keep what became of a delivery, and pause a web hook that takes nothing for days, or says that it is gone."""
    hook = Hook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=delivery.hook_id)
    if hook.state == HookState.ENDED and delivery.state == Delivery.State.WAITING:
        delivery.state = Delivery.State.FAILED
    delivery.save(update_fields=["state", "tries", "tried_at", "status", "trouble"])
    before = hook.failing_since
    hook.failing_since = (before or now) if delivery.trouble else None
    tired = hook.failing_since is not None and now - hook.failing_since >= PATIENCE
    if hook.state == HookState.ACTIVE and (tired or delivery.status == _GONE):
        hook.state, hook.trouble = HookState.PAUSED, delivery.trouble
        _write(hook, now)
    if hook.failing_since != before or hook.state == HookState.PAUSED:
        hook.save(update_fields=["failing_since", "state", "trouble"])


def _write(hook: Hook, now: datetime) -> None:
    """Tell those who keep a web hook that nothing is sent to it any more."""
    site = Site(hook.site)
    for each in people_with(organisation=hook.organisation, roles=[KEEP_KEYS[site]]):
        write_from_template(
            kind="hook_paused",
            to=each.email,
            language=each.language,
            now=now,
            brand=brand_towards(organisation=hook.organisation),
            name=each.name,
            address=hook.address,
            trouble=hook.trouble,
        )
