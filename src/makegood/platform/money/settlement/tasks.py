"""What is done in the background."""

from __future__ import annotations

import logging

from makegood.platform import clock
from makegood.platform.jobs import every
from makegood.platform.judging.periods.queries import due_contracts
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.money.settlement.operations import UnableToClose, close_due
from makegood.platform.money.settlement.queries import lacking_actions

_log = logging.getLogger(__name__)


@every("7 * * * *", "close what is due")
def close_all_due() -> None:
    """Close the periods whose time has come; where a corrective action is lacking, wait for it."""
    now = clock.now()
    for contract in due_contracts(now=now):
        judge_open(contract=contract, now=now)
        if lacking_actions(contract=contract, now=now):
            continue
        try:
            close_due(contract=contract, by=None, now=now)
        except UnableToClose as refusal:
            _log.warning("contract %s cannot be closed: %s", contract.pk, refusal)
