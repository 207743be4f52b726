"""Writing, offering, signing and activating contracts."""

from __future__ import annotations

from makegood.platform.agreement.contracts.operations.agreeing import (
    activate_contract,
    end_contract,
    offer_version,
    sign_version,
)
from makegood.platform.agreement.contracts.operations.checks import AUTHORS
from makegood.platform.agreement.contracts.operations.refusals import GatesClosed, TextHasErrors, UnableToContract
from makegood.platform.agreement.contracts.operations.sources import declare_source, drop_source
from makegood.platform.agreement.contracts.operations.staffing import drop_staffing, keep_staffing
from makegood.platform.agreement.contracts.operations.writing import (
    amend_contract,
    draft_contract,
    rewrite_draft,
    withdraw_version,
)

__all__ = [
    "AUTHORS",
    "GatesClosed",
    "TextHasErrors",
    "UnableToContract",
    "activate_contract",
    "amend_contract",
    "declare_source",
    "draft_contract",
    "drop_source",
    "drop_staffing",
    "end_contract",
    "keep_staffing",
    "offer_version",
    "rewrite_draft",
    "sign_version",
    "withdraw_version",
]
