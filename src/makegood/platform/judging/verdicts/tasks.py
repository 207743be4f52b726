"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.evidence.gaps.operations import note_gaps
from makegood.platform.evidence.intake.events import EVIDENCE_ARRIVED
from makegood.platform.jobs import every, task
from makegood.platform.judging.verdicts.operations import judge_open


@task(EVIDENCE_ARRIVED)
def judge_again(contract: int) -> None:
    """Judge the open periods of a contract that has new evidence, and note what it still lacks.

    One that is not active waits until it is.
    """
    for found in active_contracts().filter(pk=contract):
        judge_open(contract=found, now=clock.now())
        note_gaps(contract=found, now=clock.now())


@every("23 3 * * *", "judge all")
def judge_all() -> None:
    """Judge all contracts as another day has gone by, whether evidence came or not."""
    for contract in active_contracts().iterator():
        judge_open(contract=contract, now=clock.now())
