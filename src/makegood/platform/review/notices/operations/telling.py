"""What was done is told to those whom it concerns: to programs as events, to people as mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.platform.review.notices.operations.happenings import HAPPENINGS, turned
from makegood.platform.review.notices.operations.letters import LETTERS
from makegood.platform.review.notices.operations.once import first_time
from makegood.platform.tenancy.hooks.models import Event
from makegood.platform.tenancy.hooks.operations import tell
from makegood.platform.tenancy.hooks.queries import listeners, viewer_of_hook
from makegood.platform.tenancy.trail.queries import entry_of

NEWS_FOR: Final = timedelta(days=2)
"""Nobody is mailed about what was done longer ago, as when no worker ran for long."""


@transaction.atomic
def tell_of_entry(*, entry: int, now: datetime) -> None:
    """Tell programs and people of what the trail says was done, once."""
    found = entry_of(pk=entry)
    if found is None:
        return
    happened = [(each, listeners(event=each[0])) for each in HAPPENINGS.get(found.did, ())]
    letters = LETTERS.get(found.did) if now - found.at <= NEWS_FOR else None
    heard = letters is not None or any(hooks for _, hooks in happened)
    if not heard or not first_time(f"entry {entry}", now):
        return
    for (event, data_for), hooks in happened:
        for hook in hooks:
            for data in data_for(viewer_of_hook(hook=hook), found):
                tell(hook=hook, event=event.value, data=data, now=now, happened_at=found.at)
    if letters is not None:
        letters(found, now)


@transaction.atomic
def tell_of_verdicts(*, verdicts: Sequence[int], now: datetime) -> None:
    """Tell programs of the promises that are ruled otherwise than before."""
    hooks = listeners(event=Event.VERDICT_CHANGED)
    if not hooks:
        return
    for each in verdicts:
        if first_time(f"verdict {each}", now):
            for hook in hooks:
                data = turned(viewer_of_hook(hook=hook), each)
                if data is not None:
                    tell(hook=hook, event=Event.VERDICT_CHANGED.value, data=data, now=now)
