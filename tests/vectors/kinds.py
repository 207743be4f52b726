"""Which kind of vector is translated by what; a kind without a translation cannot be said yet."""

from __future__ import annotations

from tests.vectors import levels, sums
from tests.vectors.trial import Translation

KINDS: dict[str, Translation] = {
    "clock": sums.clock,
    "ledger": sums.ledger,
    "money_ops": sums.money_ops,
    "month": sums.month,
    "overlap": sums.overlap,
    "per_unit": levels.per_unit,
    "percent_within": levels.percent_within,
    "pool": sums.pool,
    "prorate": sums.prorate,
    "ratio": levels.ratio,
    "slots": levels.slots,
    "uptime": levels.uptime,
}
