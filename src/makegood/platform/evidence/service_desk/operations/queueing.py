"""The queue: each open case has its place in it, by what the agreement puts at stake next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, Clock, QueuePlace, Stake, State
from makegood.platform.evidence.service_desk.queries import desk_of, terms_of_case

_AT_ONCE: Final = 5_000
_FIND_PLACES: Final = """
WITH seen AS (
    SELECT c.id, c.provider_id, c.customer_id, c.state, c.major_since,
        sum(k.stake * 3600 / greatest(extract(epoch FROM k.due_at - %(now)s), 900)) FILTER (WHERE k.kept) AS per_hour,
        min(k.due_at) FILTER (WHERE k.kept) AS next_at,
        min(k.due_at) FILTER (WHERE NOT k.kept) AS over_at
    FROM service_desk_case c
    LEFT JOIN (
        SELECT case_id, stake, due_at, inside AND due_at > %(now)s AS kept FROM service_desk_clock
        WHERE state = 'RUNNING' AND due_at IS NOT NULL
    ) k ON k.case_id = c.id
    WHERE c.id = ANY(%(cases)s) AND c.state <> 'CLOSED'
    GROUP BY c.id
)
INSERT INTO service_desk_queueplace AS place
    (case_id, provider_id, customer_id, part, per_hour, due_at, rank, renew_at)
SELECT id, provider_id, customer_id,
    CASE WHEN major_since IS NOT NULL THEN 0 WHEN state = 'HELD' THEN 3
        WHEN next_at IS NULL AND over_at IS NOT NULL THEN 2 ELSE 1 END,
    round(coalesce(per_hour, 0)), coalesce(next_at, over_at), coalesce(%(rank)s, 0),
    CASE WHEN next_at IS NOT NULL
        THEN least(next_at, %(now)s + greatest((next_at - %(now)s) / 20, interval '1 minute')) END
FROM seen ORDER BY id
ON CONFLICT (case_id) DO UPDATE SET part = excluded.part, per_hour = excluded.per_hour, due_at = excluded.due_at,
    renew_at = excluded.renew_at, rank = coalesce(%(rank)s, place.rank)
"""
"""Of a limit that can still be kept counts what a miss costs by the hours that are left, at least a quarter of one.

A place is found anew when a twentieth of the time to the next limit has gone by.
"""


def place(*, case: Case, now: datetime) -> None:
    """Put a case where it belongs in the queue; one that is closed has no place there."""
    if case.state == State.CLOSED:
        QueuePlace.objects.filter(case=case).delete()
        return
    given = desk_of(terms_of_case(case)).given
    _find_places([case.pk], now, given.index(case.priority) if case.priority in given else len(given))


def renew_places(*, now: datetime) -> int:
    """Find the places anew that have moved with time; return how many."""
    moved = 0
    while some := _renew_some(now):
        moved += some
    return moved


@transaction.atomic
def set_stakes(*, contract: Contract, stakes: Mapping[str, int], now: datetime) -> None:
    """Keep what one more miss of each outcome of a contract would cost now, and order its open cases by that."""
    kept = Stake.objects.filter(contract=contract)
    if dict(kept.values_list("outcome", "amount")) == stakes:
        return
    kept.exclude(outcome__in=stakes).delete()
    Stake.objects.bulk_create(
        [Stake(contract=contract, outcome=name, amount=each, as_of=now) for name, each in sorted(stakes.items())],
        update_conflicts=True,
        unique_fields=["contract", "outcome"],
        update_fields=["amount", "as_of"],
    )
    opened = Case.objects.filter(contract=contract).exclude(state=State.CLOSED)
    clocks = Clock.objects.filter(case__in=opened.order_by())
    for name, amount in stakes.items():
        clocks.filter(outcome=name).update(stake=amount)
    clocks.exclude(outcome__in=stakes).update(stake=None)
    _find_places(list(opened.values_list("pk", flat=True)), now)


def stakes_of(contract: int | None) -> dict[str, int]:
    """Return what one more miss of each outcome of a contract would cost, as far as it is known."""
    return dict(Stake.objects.filter(contract=contract).values_list("outcome", "amount")) if contract else {}


@transaction.atomic
def _renew_some(now: datetime) -> int:
    due = QueuePlace.objects.select_for_update(skip_locked=True).filter(renew_at__lte=now)
    found = list(due.order_by("renew_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])
    _find_places(found, now)
    return len(found)


def _find_places(cases: Sequence[int], now: datetime, rank: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FIND_PLACES, {"now": now, "cases": list(cases), "rank": rank})
