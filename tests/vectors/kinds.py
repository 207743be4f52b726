"""Which kind of vector is translated by what; a kind without a translation cannot be said yet."""

from __future__ import annotations

from tests.vectors import cases, chains, levels, refunds, rights, series, sums, tables, values
from tests.vectors.trial import Translation

KINDS: dict[str, Translation] = {
    "back_to_back": chains.supplied,
    "claim": rights.claim,
    "clamp_formula": series.clamp_formula,
    "clock": sums.clock,
    "e2e": chains.month_of_levels,
    "late_penalty": cases.late_penalty,
    "lint": tables.lint,
    "ledger": sums.ledger,
    "money_ops": sums.money_ops,
    "month": sums.month,
    "outcome_fee": rights.outcome_fee,
    "overlap": sums.overlap,
    "per_unit": refunds.per_unit,
    "percent_within": cases.percent_within,
    "pool": sums.pool,
    "prorate": sums.prorate,
    "prorated_fraction": refunds.prorated_fraction,
    "ratio": levels.ratio,
    "series": series.series,
    "slots": cases.slots,
    "uptime": levels.uptime,
    "value": values.value,
    "user_minutes": cases.user_minutes,
    "window_refund": refunds.window_refund,
}
