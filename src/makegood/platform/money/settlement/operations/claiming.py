"""Claiming a credit: where an agreement gives money back only to those who ask for it."""

from __future__ import annotations

from datetime import datetime

from makegood.engine.agreement.claims import AtDeadline
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.versions import version_for
from makegood.platform.agreement.contracts.queries import contracts, terms_of
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.evidence.intake.operations import keep_claim
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.money.settlement.models import CreditClaimState
from makegood.platform.money.settlement.queries import credit_claim
from makegood.platform.tenancy.trail.operations import Unable, operation
from makegood.platform.tenancy.viewer import Role, Viewer

CLAIMANTS = (Role.SPONSOR, Role.MANAGER, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)
"""Who claims credits for the party that receives the service."""


class UnableToClaimCredit(Unable):
    """Nothing was claimed."""


@operation("claim credit", about="verdict")
def claim_credit(*, verdict: Verdict, by: Viewer, now: datetime) -> Batch:
    """Claim the credit of a missed promise for the customer; it is paid with the next statement, if it was in time.

    The claim becomes evidence, so that whoever verifies the statement finds it there.
    """
    contract = verdict.period.contract
    seen = contracts(viewer=by).filter(pk=contract.pk).exists()
    if not seen or not by.has(*CLAIMANTS, organisation=contract.customer_id):
        raise UnableToClaimCredit(
            "credits are claimed by the customer; ask a sponsor or a manager of your organisation"
        )
    latest = Latest.objects.select_related("verdict__period__contract").get(
        period=verdict.period_id, outcome=verdict.outcome
    )
    found = credit_claim(viewer=by, verdict=latest.verdict, now=now)
    if found is None:
        raise UnableToClaimCredit("there is nothing to claim here: credits of this promise are given without asking")
    if found.state != CreditClaimState.OPEN:
        raise UnableToClaimCredit(f"this cannot be claimed now, it is {found.state.label}: {found.text}")
    agreement = terms_of(contract=contract)[1]
    label = verdict.period.label
    terms = next(version_for(agreement, each) for each in periods_of(agreement) if each.label == label).claims
    if terms is None:
        raise UnableToClaimCredit("the agreement does not ask for claims in this period")
    late = found.deadline is not None and now.replace(microsecond=0) >= found.deadline
    if late and terms.at_deadline is not AtDeadline.IN_TIME:
        raise UnableToClaimCredit("this cannot be claimed now: what comes at the deadline is late by the agreement")
    return keep_claim(contract=contract, period=label, outcome=verdict.outcome, of=terms.case, by=by, now=now)
