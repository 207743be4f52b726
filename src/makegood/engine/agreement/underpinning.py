"""Underpinning: which agreements with affiliates carry what was sold, tier by tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from makegood.engine.agreement.terms import Agreement, ReliesOn


class CircularReliance(ValueError):
    """A supplier relies, through others, on an organisation that relies on it; nobody could say who pays in the end."""

    def __init__(self, parties: Sequence[str]) -> None:
        super().__init__(f"{' relies on '.join(parties)}: nobody stands at the end")
        self.parties = tuple(parties)


@dataclass(frozen=True, slots=True)
class Supplier:
    """An underpinning agreement, and those ``below`` it that its own provider relies on."""

    agreement: Agreement
    below: tuple[Supplier, ...]

    @property
    def party(self) -> str:
        """The organisation that answers."""
        return self.agreement.parties.provider.id

    @property
    def parties(self) -> frozenset[str]:
        """The organisation and everybody below it, for whose work it answers as for its own."""
        return frozenset({self.party}).union(*(each.parties for each in self.below))

    def all(self) -> Iterator[Supplier]:
        """Yield it and everybody below it."""
        yield self
        for each in self.below:
            yield from each.all()


def suppliers(agreement: Agreement, others: Sequence[Agreement]) -> tuple[Supplier, ...]:
    """Return the agreements that underpin one, in the order given, each with those below it.

    An agreement underpins another if its customer is the other's provider. Where the other names the agreement that it
    relies on, no other one with the same affiliate does.

    :raises CircularReliance: if somebody relies on itself through others
    """
    return _below(agreement, others, (agreement.parties.provider.id,))


def _below(agreement: Agreement, others: Sequence[Agreement], path: tuple[str, ...]) -> tuple[Supplier, ...]:
    found = []
    for each in others:
        if not _underpins(each, agreement):
            continue
        party = each.parties.provider.id
        if party in path:
            raise CircularReliance((*path[path.index(party) :], party))
        found.append(Supplier(each, _below(each, others, (*path, party))))
    return tuple(found)


def reliance(agreement: Agreement, underpinning: Agreement) -> ReliesOn | None:
    """Return what an agreement says about another that underpins it, if anything."""
    affiliate = underpinning.parties.provider.id
    said = [each for each in agreement.parties.relies_on if each.affiliate == affiliate]
    named = [each for each in said if each.agreement == underpinning.agreement]
    return next(iter([*named, *(each for each in said if not each.agreement)]), None)


def underpinning_outcome(agreement: Agreement, underpinning: Agreement, outcome: str) -> str:
    """Return the outcome that carries one that was sold, or nothing if none does.

    It is the one that ``relies_on`` names; without any named there, the one of the same name; else the first that
    measures the same of the same subject.
    """
    said = reliance(agreement, underpinning)
    if said is not None and said.outcomes:
        named = said.outcomes.get(outcome, "")
        return named if named in underpinning.outcomes else ""
    if outcome in underpinning.outcomes:
        return outcome
    sold = agreement.outcomes[outcome].measure
    alike = (
        name
        for name, each in underpinning.outcomes.items()
        if type(each.measure) is type(sold) and each.measure.what == sold.what
    )
    return next(alike, "")


def _underpins(each: Agreement, agreement: Agreement) -> bool:
    """Tell whether ``each`` is an agreement that the provider of the other one relies on."""
    if each.parties.customer.id != agreement.parties.provider.id or each.agreement == agreement.agreement:
        return False
    named = {
        said.agreement
        for said in agreement.parties.relies_on
        if said.affiliate == each.parties.provider.id and said.agreement
    }
    return not named or each.agreement in named
