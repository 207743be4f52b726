"""What is done in the background."""

from __future__ import annotations

import logging

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import active_contracts, ever_active_contracts
from makegood.platform.evidence.intake.events import CAUSE_FOUND
from makegood.platform.jobs import every, task
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import UnableToClaim, book_claims, find_claims
from makegood.platform.money.settlement.events import STATEMENTS_ISSUED

_log = logging.getLogger(__name__)


@task(STATEMENTS_ISSUED)
def find_again(contract: int) -> None:
    """Find what can be claimed for new statements of a contract, and book claims beside those that it owes itself."""
    accepted = Claim.objects.filter(recovery__underpinning=contract, state=Claim.State.ACCEPTED)
    for each in accepted.select_related("recovery__underpinning__provider")[:1]:
        book_claims(underpinning=each.recovery.underpinning, now=clock.now())
    _find(contract)


@task(CAUSE_FOUND)
def find_caused(contract: int) -> None:
    """Find what can be claimed now that it is known who caused what."""
    _find(contract)


@every("53 4 * * *", "find claims")
def find_all() -> None:
    """Find what can be claimed for all contracts, whatever else has changed."""
    for contract in active_contracts().values_list("pk", flat=True):
        _find(contract)


def _find(pk: int) -> None:
    found: Contract
    for found in ever_active_contracts().filter(pk=pk):
        try:
            find_claims(contract=found, now=clock.now())
        except UnableToClaim as refusal:
            _log.warning("nothing can be claimed for contract %s: %s", pk, refusal)
