"""How evidence comes in, and what people may say of it."""

from __future__ import annotations

from makegood.platform.evidence.intake.operations.decisions import write_decisions
from makegood.platform.evidence.intake.operations.disputes import decide_dispute, raise_dispute, remark
from makegood.platform.evidence.intake.operations.exclusions import decide_exclusion, propose_exclusion
from makegood.platform.evidence.intake.operations.receiving import (
    KeyUsedOtherwise,
    NothingAccepted,
    receive_file,
    receive_records,
)
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence
from makegood.platform.evidence.intake.operations.stating import attribute, attributions_to, state_value
from makegood.platform.evidence.intake.operations.vaults import VaultBusy, patiently, writing

__all__ = [
    "KeyUsedOtherwise",
    "NothingAccepted",
    "UnableToTakeEvidence",
    "VaultBusy",
    "attribute",
    "attributions_to",
    "decide_dispute",
    "decide_exclusion",
    "patiently",
    "propose_exclusion",
    "raise_dispute",
    "receive_file",
    "receive_records",
    "remark",
    "state_value",
    "write_decisions",
    "writing",
]
