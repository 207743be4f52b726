"""What simulation, price and incentive are tried on: a year of which three months were missed."""

from __future__ import annotations

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement
from tests.engine.money.scene import agreement, judged, outcome

TIERS = "{of: 100% of service_fee, tiers: [{below: 99.9%, credit: 5%}, {below: 99.5%, credit: 10%}, {below: 99%, credit: 25%}]}"
TERM = "{from: 2025-01-01, months: 12, timezone: Europe/Berlin}"
FEE = "services: {erp: {title: ERP, fee: {monthly: 2760.00}, critical: true}}"
PAST = ("99.97%", "99.99%", "99.95%", "99.85%", "99.98%", "99.99%", "99.40%", "99.96%", "99.99%", "99.98%", "99.93%", "98.70%")  # fmt: skip


def terms(stake: str = TIERS, *, services: str = FEE, more: str = "", term: str = TERM) -> Agreement:
    """Return an agreement on availability alone."""
    return agreement(outcome("availability", ">= 99.9%", stake), services=services, term=term, more=more)


def year(here: Agreement, past: tuple[str | None, ...] = PAST) -> list[Judgement]:
    """Return a year of which April pays 138.00, July 276.00 and December 690.00 EUR."""
    return [judged(here, number, availability=value) for number, value in enumerate(past)]
