"""Keeping which rotas stand behind an agreement. Whoever keeps rotas calls this; the trail has it from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from makegood.engine.vocabulary.interval import Interval
from makegood.platform.agreement.contracts.models import Contract, Staffing


def keep_staffing(
    *, contract: Contract, number: int, rota: str, uncovered: Sequence[Interval], now: datetime
) -> Staffing:
    """Keep that a rota is behind an agreement, and when it has nobody on call in the weeks to come."""
    said = {
        "rota": rota,
        "uncovered": [[each.start.isoformat(), each.end.isoformat()] for each in uncovered],
        "as_of": now,
    }
    return Staffing.objects.update_or_create(contract=contract, number=number, defaults=said)[0]


def drop_staffing(*, contract: Contract, number: int) -> None:
    """Take back that a rota is behind an agreement."""
    Staffing.objects.filter(contract=contract, number=number).delete()
