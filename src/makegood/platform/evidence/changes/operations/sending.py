"""Steps of changes go into the vault of their agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.changes.models import SOURCE, Unsent
from makegood.platform.evidence.changes.queries.terms import transition
from makegood.platform.evidence.intake.operations import keep_records

_AT_ONCE: Final = 20_000


def send_changes(*, contract: Contract, now: datetime) -> int:
    """Put the steps of changes of a contract into its vault that are not there yet; return how many.

    Each is there once, whoever dies on the way: what the vault has already it does not take again.

    :raises VaultBusy: if somebody else has the vault for too long
    """
    sent = 0
    while found := _send_some(contract, now):
        sent += found
    return sent


@transaction.atomic
def _send_some(contract: Contract, now: datetime) -> int:
    waiting = Unsent.objects.select_for_update(skip_locked=True).filter(contract=contract).order_by("pk")
    steps = [each.step for each in waiting.select_related("step__change")[:_AT_ONCE]]
    if not steps:
        return 0
    keep_records(
        contract=contract,
        records=[transition(each) for each in steps],
        key=f"changes-{steps[0].pk}-{steps[-1].pk}-{len(steps)}",
        name=SOURCE,
        who=SOURCE,
        now=now,
    )
    Unsent.objects.filter(pk__in=[each.pk for each in steps]).delete()
    return len(steps)
