"""Roles and duties: who does what for an outcome, and what the customer has to do itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.shapes import DATE, SLUG, TEXT, TITLE

PROVIDER, CUSTOMER, AFFILIATE = "provider", "customer", "affiliate"

PARTIES = ListOf(SLUG, or_one=True, least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who does what for an outcome: `provider`, `customer`, `affiliate`, or the identifier of a named affiliate."""

    accountable: str = clause(SLUG, "The one party that answers for the result.")
    responsible: tuple[str, ...] = clause(PARTIES, "Who does the work; without it who is accountable.", default=())
    consulted: tuple[str, ...] = clause(PARTIES, "Who is asked before something is decided.", default=())
    informed: tuple[str, ...] = clause(PARTIES, "Who is told what was decided or done.", default=())

    @property
    def doing(self) -> tuple[str, ...]:
        """Who does the work."""
        return self.responsible or (self.accountable,)

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield each role with each party that has it, in the order of the language."""
        yield "accountable", self.accountable
        for role in ("responsible", "consulted", "informed"):
            yield from ((role, party) for party in getattr(self, role))


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that the customer has to do."""

    text: str = clause(TEXT, "The duty in words.")
    of: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True, least=1), "The outcomes that depend on it; without it all.", default=()
    )
    due: date | None = clause(DATE, "The day until which it has to be done; without it always.", default=None)
    evidence: str = clause(TITLE, "What shows that it was done.", default="")

    def carries(self, outcome: str) -> bool:
        """Tell whether an outcome depends on it."""
        return not self.of or outcome in self.of
