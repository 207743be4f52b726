"""An agreement with roles, duties, boundaries and meetings, of which a month was missed."""

from __future__ import annotations

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_open
from tests.platform.agreements import TEXT, active
from tests.platform.evidence import FAILED, sent, up
from tests.platform.people import NOW

GOVERNED = (
    TEXT.replace("count: {", "excluded: {customer_caused: {}}, count: {")
    + """\
    roles: {accountable: provider, responsible: affiliate, informed: customer}
    milestones: {pilot: 2026-02-01}
duties:
  contact: {text: Somebody can be reached at any hour., of: open, evidence: The list of contacts}
  power: {text: Power is there., due: 2026-02-01}
scope: {in: [Shop, Till], out: [Printers], where: [Bonn], when: always, how: [telephone]}
governance:
  meetings:
    review: {every: month, attended_by: [sponsor of the customer], agenda: [Staff]}
    planning: {every: year}
levers: {fees: {text: Fees are opened again., on: 2026-07-01}}
exit: {convenience: 90 days}
liability: {cap: 100% of fees}
insurance: {professional: {covers: 1000000.00 EUR, until: 2027-06-30}}
"""
)


def governed() -> Contract:
    """Return it, judged; in January the till was down for six hours."""
    made = active(GOVERNED)
    sent(made, [*up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"), FAILED])
    judge_open(contract=made, now=NOW)
    return made


def january(contract: Contract) -> Period:
    return Period.objects.get(contract=contract, label="2026-01")


def missed_verdict(contract: Contract) -> Verdict:
    return Verdict.objects.get(period=january(contract), outcome="open", latest__isnull=False)
