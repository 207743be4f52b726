"""What is done in the background."""

from __future__ import annotations

import logging

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.jobs import task
from makegood.platform.money.claims.operations import UnableToClaim, find_claims
from makegood.platform.money.settlement.events import STATEMENTS_ISSUED

_log = logging.getLogger(__name__)


@task(STATEMENTS_ISSUED)
def find_again(contract: int) -> None:
    """Find what can be claimed for the new statements of a contract."""
    for found in active_contracts().filter(pk=contract):
        try:
            find_claims(contract=found, now=clock.now())
        except UnableToClaim as refusal:
            _log.warning("nothing can be claimed for contract %s: %s", contract, refusal)
