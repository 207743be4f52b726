"""How evidence comes in, and what people may say of it."""

from __future__ import annotations

from makegood.platform.evidence.intake.operations.decisions import write_decisions
from makegood.platform.evidence.intake.operations.disputes import decide_dispute, raise_dispute, remark
from makegood.platform.evidence.intake.operations.exclusions import decide_exclusion, propose_exclusion
from makegood.platform.evidence.intake.operations.keeping import keep_records
from makegood.platform.evidence.intake.operations.posted import NotBelieved, take_posted
from makegood.platform.evidence.intake.operations.receivers import (
    change_receiver,
    end_receiver,
    make_receiver,
    rotate_receiver,
    seal_receivers_anew,
)
from makegood.platform.evidence.intake.operations.receiving import (
    KeyUsedOtherwise,
    NothingAccepted,
    receive_file,
    receive_records,
)
from makegood.platform.evidence.intake.operations.sides import UnableToTakeEvidence
from makegood.platform.evidence.intake.operations.stating import (
    attribute,
    claim_key,
    keep_claim,
    state_value,
)
from makegood.platform.evidence.intake.operations.vaults import VaultBusy, compact_vault, patiently, writing

__all__ = [
    "KeyUsedOtherwise",
    "NotBelieved",
    "NothingAccepted",
    "UnableToTakeEvidence",
    "VaultBusy",
    "attribute",
    "change_receiver",
    "claim_key",
    "compact_vault",
    "decide_dispute",
    "decide_exclusion",
    "end_receiver",
    "keep_claim",
    "keep_records",
    "make_receiver",
    "patiently",
    "propose_exclusion",
    "raise_dispute",
    "receive_file",
    "receive_records",
    "remark",
    "rotate_receiver",
    "seal_receivers_anew",
    "state_value",
    "take_posted",
    "write_decisions",
    "writing",
]
