"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.evidence.gaps.operations import note_gaps
from makegood.platform.jobs import every


@every("53 * * * *", "note gaps")
def note_all_gaps() -> None:
    """Note of every agreement what is missing; silence begins by the clock, without anything coming in."""
    for contract in active_contracts():
        note_gaps(contract=contract, now=clock.now())
