"""Finding what can be claimed from affiliates, claiming it, the answer, and booking what was accepted."""

from __future__ import annotations

from makegood.platform.money.claims.operations.booking import book_claims
from makegood.platform.money.claims.operations.finding import find_claims
from makegood.platform.money.claims.operations.making import answer_claim, make_claim
from makegood.platform.money.claims.operations.refusals import UnableToClaim

__all__ = ["UnableToClaim", "answer_claim", "book_claims", "find_claims", "make_claim"]
