"""Steps go into the vault of their agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.engine.evidence.records import AnyRecord
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.operations import keep_records
from makegood.platform.evidence.service_desk.models import SOURCE, Unsent
from makegood.platform.evidence.service_desk.operations.telling import send_some_updates
from makegood.platform.evidence.service_desk.queries.terms import transition, withdrawal

_AT_ONCE: Final = 20_000


def send_steps(*, contract: Contract, now: datetime) -> int:
    """Put the steps of a contract into its vault that are not there yet, with the updates; return how many.

    Each is there once, whoever dies on the way: what the vault has already it does not take again.

    :raises VaultBusy: if somebody else has the vault for too long
    """
    sent = 0
    while found := _send_some(contract, now) + send_some_updates(contract=contract, now=now):
        sent += found
    return sent


@transaction.atomic
def _send_some(contract: Contract, now: datetime) -> int:
    waiting = Unsent.objects.select_for_update(of=("self",), skip_locked=True).filter(contract=contract).order_by("pk")
    some = list(waiting.select_related("step__case", "withdrawn_by")[:_AT_ONCE])
    if not some:
        return 0
    keep_records(
        contract=contract,
        records=[_record(each) for each in some],
        key=f"desk-{some[0].pk}-{some[-1].pk}-{len(some)}",
        name=SOURCE,
        who=SOURCE,
        now=now,
    )
    Unsent.objects.filter(pk__in=[each.pk for each in some]).delete()
    return len(some)


def _record(waiting: Unsent) -> AnyRecord:
    sent = transition(waiting.step.case, waiting.step)
    return sent if waiting.withdrawn_by is None else withdrawal(sent, waiting.withdrawn_by)
