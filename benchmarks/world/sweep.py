"""Clocks of the desk's world, of which some reach half of their limit at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import connection

from benchmarks.world.agreed import NOW
from makegood.platform.evidence.service_desk.operations import escalate

_LATER: Final = NOW + timedelta(minutes=1)
_SET: Final = """
UPDATE service_desk_clock SET state = 'RUNNING', inside = true, due_at = %(due)s,
    levels = jsonb_build_object('50.00 %%', %(level)s::text, '100.00 %%', %(due)s::text),
    next_level_at = CASE WHEN %(many)s IS NULL OR id <= (SELECT min(id) FROM service_desk_clock) + %(many)s - 1
        THEN %(level)s::timestamptz ELSE %(due)s::timestamptz END
"""


def sweep(due: int | None) -> Callable[[], int]:
    """Return what sweeps the clocks, of which so many have just reached half of their limit, or all.

    It is a worker that has swept before, as nearly every one has.
    """
    _set(1)
    escalate(now=_LATER)
    _set(due)
    return lambda: len(escalate(now=_LATER))


def _set(due: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE service_desk_escalation")
        said = {"level": NOW.isoformat(), "due": (NOW + timedelta(days=1)).isoformat(), "many": due}
        cursor.execute(_SET, said)
        cursor.execute("VACUUM ANALYZE service_desk_clock")
