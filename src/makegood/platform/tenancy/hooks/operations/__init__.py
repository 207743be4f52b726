"""Setting web hooks up, sending to them, and sealing their secrets anew."""

from __future__ import annotations

from makegood.platform.tenancy.hooks.operations.delivering import (
    MOST_TRIES,
    MOST_TURNS,
    NotDelivered,
    deliver,
    deliver_again,
    forget_deliveries,
    send_test,
    tell,
)
from makegood.platform.tenancy.hooks.operations.keeping import (
    UnableToHook,
    change_hook,
    end_hook,
    make_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    seal_anew,
)

__all__ = [
    "MOST_TRIES",
    "MOST_TURNS",
    "NotDelivered",
    "UnableToHook",
    "change_hook",
    "deliver",
    "deliver_again",
    "end_hook",
    "forget_deliveries",
    "make_hook",
    "pause_hook",
    "resume_hook",
    "rotate_secret",
    "seal_anew",
    "send_test",
    "tell",
]
