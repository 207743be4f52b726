"""The master agreement with a customer, and the agreement with an affiliate."""

from __future__ import annotations

from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.documents.content import Paper, clauses, facts_of, signatures_of
from makegood.platform.agreement.contracts.models import Version


def master_agreement(version: Version, terms: Agreement) -> Paper:
    """Return the general terms; what the house buys has those of an affiliate."""
    bought = version.contract.customer.is_house
    library, title = (
        ("affiliate-agreement", "Affiliate agreement") if bought else ("master-agreement", "Master agreement")
    )
    parts = (*clauses(library, version, terms).values(), signatures_of(version))
    return Paper("master", title, version.contract.title, facts_of(version, terms), parts)
