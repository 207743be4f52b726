"""Closing periods, corrective actions, and bundles that prove what was settled."""

from __future__ import annotations

from makegood.platform.money.settlement.operations.actions import UnableToAct, finish_action, write_action
from makegood.platform.money.settlement.operations.bundles import NothingSettled, make_bundle
from makegood.platform.money.settlement.operations.claiming import CLAIMANTS, UnableToClaimCredit, claim_credit
from makegood.platform.money.settlement.operations.closing import ActionsLacking, UnableToClose, close_due

__all__ = [
    "CLAIMANTS",
    "ActionsLacking",
    "NothingSettled",
    "UnableToAct",
    "UnableToClaimCredit",
    "UnableToClose",
    "claim_credit",
    "close_due",
    "finish_action",
    "make_bundle",
    "write_action",
]
