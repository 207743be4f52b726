"""Contracts for those who may see them, their terms, what is to be done for them, and how versions differ."""

from __future__ import annotations

from makegood.platform.agreement.contracts.queries.differences import (
    Difference,
    difference_of,
    vault_folder,
    version_before,
)
from makegood.platform.agreement.contracts.queries.gates import Gate, gates_of, streams
from makegood.platform.agreement.contracts.queries.seen import (
    active_contracts,
    contracts,
    ever_active_contracts,
    newest_first,
    next_step,
    signatory,
    sources,
    versions,
)
from makegood.platform.agreement.contracts.queries.staffed import WEEKS_STAFFED, first_hole, hours_promised, staffings
from makegood.platform.agreement.contracts.queries.terms import (
    FILE,
    NotInForce,
    activated,
    chain_until,
    next_text,
    promises_of,
    readable,
    terms_of,
)

__all__ = [
    "FILE",
    "WEEKS_STAFFED",
    "Difference",
    "Gate",
    "NotInForce",
    "activated",
    "active_contracts",
    "chain_until",
    "contracts",
    "difference_of",
    "ever_active_contracts",
    "first_hole",
    "gates_of",
    "hours_promised",
    "newest_first",
    "next_step",
    "next_text",
    "promises_of",
    "readable",
    "signatory",
    "sources",
    "staffings",
    "streams",
    "terms_of",
    "vault_folder",
    "version_before",
    "versions",
]
