"""A draft: what could be read of an agreement, which may be all of it, with the places to speak about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from makegood.engine.agreement.places import Places
from makegood.engine.agreement.reader import Reading
from makegood.engine.agreement.terms import Agreement, Money, Organisation, Outcome, Parties, Service, TermOfAgreement
from makegood.engine.vocabulary.finding import Finding, Place

# Harmless terms in place of those that could not be read, so that the others are checked all the same.
_STAND_INS = {
    "makegood": "agreement/1",
    "agreement": "unknown",
    "title": "unknown",
    "parties": Parties(provider=Organisation(id="provider"), customer=Organisation(id="customer")),
    "term": TermOfAgreement(from_=date(2000, 1, 1), months=12, timezone="UTC"),
    "money": Money(currency="EUR"),
    "services": {},
    "outcomes": {},
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An agreement under examination; ``broken`` names the clauses that could not be read, or not wholly."""

    agreement: Agreement
    places: Places
    broken: frozenset[str]

    @classmethod
    def of(cls, reading: Reading[Agreement]) -> Draft:
        """Return the draft that a reading leaves."""
        return cls(Agreement(**{**_STAND_INS, **reading.parts}), reading.places, reading.broken)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return self.agreement.outcomes

    def at(self, *path: str | int) -> Place:
        """Return where the value at a path stands."""
        return self.places.of(*path)

    def is_written(self, *path: str | int) -> bool:
        """Tell whether the document wrote this, readable or not."""
        return path in self.places

    def service_of(self, outcome: Outcome) -> Service | None:
        """Return the service that an outcome belongs to: the one it names or measures, or the only one there is."""
        services = self.agreement.services
        named = outcome.service or outcome.measure.subject
        if outcome.service or named in services or len(services) != 1:
            return services.get(named)
        return next(iter(services.values()))


Check = Callable[[Draft], Iterator[Finding]]
