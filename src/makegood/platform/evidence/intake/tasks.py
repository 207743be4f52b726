"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.evidence.intake.operations import write_decisions
from makegood.platform.jobs import every


@every("41 * * * *", "write decisions")
def write_all_decisions() -> None:
    """Write into the vaults what was decided, where somebody died before he had written it."""
    for contract in active_contracts():
        write_decisions(contract=contract, now=clock.now())
