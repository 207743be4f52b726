"""Sealing with the newest key all that earlier ones sealed, so that these can be forgotten."""

from __future__ import annotations

from makegood.platform.evidence.intake.operations import seal_receivers_anew
from makegood.platform.evidence.service_desk.operations import seal_mailboxes_anew
from makegood.platform.running.database import demand_current
from makegood.platform.tenancy.hooks.operations import seal_anew


def seal_all_anew() -> int:
    """Seal the secrets of all web hooks and mailboxes anew, and return how many there are.

    :raises UnableToRun: if the database is not ready
    """
    demand_current()
    return seal_anew() + seal_receivers_anew() + seal_mailboxes_anew()
