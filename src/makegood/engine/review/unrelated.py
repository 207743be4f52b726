"""Periods that no other period looks at: they can be settled in any order, and each only once."""

from __future__ import annotations

from dataclasses import fields

from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Agreement, CapPer, Money, Outcome

# The terms that look at one period only. Any other that is written is taken to remember: that is slower, never wrong.
_AGREEMENT = {
    "makegood", "agreement", "title", "parties", "term", "money", "services", "outcomes", "kind", "calendars",
    "per_incident", "caps", "minimum_credit", "closing", "amendment", "value_shares", "versions", "written",
}  # fmt: skip
_MONEY = {"currency", "rounding", "at_risk", "partial_period"}
_OUTCOME = {
    "promise", "measure", "target", "headline", "service", "critical", "precision", "low_volume", "report", "stake",
    "bonus",
}  # fmt: skip
_STAKE = {
    "weight", "of", "tiers", "table", "per_unit", "linear", "per_event", "windows", "money_back", "per_step", "minimum",
    "at_most",
}  # fmt: skip


def settles_each_period_alone(agreement: Agreement) -> bool:
    """Tell whether the credits of a period depend on that period only.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> settles_each_period_alone(read(GOOD).agreement)
    True
    """
    outcomes = agreement.outcomes.values()
    return (
        _has_only(agreement, _AGREEMENT)
        and _has_only(agreement.money, _MONEY)
        and all(cap.per is CapPer.PERIOD for cap in agreement.caps)
        and all(_has_only(outcome, _OUTCOME) for outcome in outcomes)
        and all(_has_only(outcome.stake, _STAKE) for outcome in outcomes if outcome.stake is not None)
    )


def _has_only(form: Agreement | Money | Outcome | Stake, known: set[str]) -> bool:
    """Tell whether every other term of a form is left as it is without a word in the document."""
    return all(entry.name in known or getattr(form, entry.name) in (entry.default, (), {}) for entry in fields(form))
