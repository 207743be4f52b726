"""What is done in the background."""

from __future__ import annotations

import logging

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.evidence.intake.operations import UnableToTakeEvidence, compact_vault, write_decisions
from makegood.platform.jobs import every

_log = logging.getLogger(__name__)


@every("41 * * * *", "write decisions")
def write_all_decisions() -> None:
    """Write into the vaults what was decided, where somebody died before he had written it."""
    for contract in active_contracts():
        write_decisions(contract=contract, now=clock.now())


@every("11 2 * * *", "compact vaults")
def compact_all_vaults() -> None:
    """Merge the many small files that a day of evidence leaves, so that judging and closing stay quick."""
    for contract in active_contracts():
        try:
            compact_vault(contract=contract, now=clock.now())
        except UnableToTakeEvidence as refusal:
            _log.warning("the vault of contract %s was not compacted: %s", contract.pk, refusal)
