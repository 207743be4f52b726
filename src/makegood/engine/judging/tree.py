"""The service tree: what a service needs of its parts, and how much of it is there when some of them are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from makegood.engine.agreement.terms import Agreement, Component, MadeOf
from makegood.engine.vocabulary.ratio import Ratio

NOTHING, ALL = Ratio(0), Ratio(1)


class Needs(StrEnum):
    """What a service needs of its parts."""

    ITSELF = "itself"
    ALL = "all"
    SOME = "some"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Tree:
    """A service with its parts, or a part that has none: a component.

    ``some`` is how many of the parts have to be up; ``weights`` are their shares, in the same order.
    """

    component: Component
    needs: Needs
    parts: tuple[Tree, ...] = ()
    some: int = 0
    weights: tuple[Ratio, ...] = ()

    @classmethod
    def of(cls, agreement: Agreement, component: Component) -> Self:
        """Return the tree below a component; what is no service with parts is a leaf."""
        service = agreement.services.get(component.id)
        made_of = service.made_of if service is not None else None
        if made_of is None:
            return cls(component, Needs.ITSELF)
        parts = tuple(cls.of(agreement, part) for part in made_of.parts)
        return cls(component, _needs(made_of), parts, made_of.at_least or 1, _weights(made_of))

    @property
    def leaves(self) -> Iterator[tuple[Component, frozenset[str]]]:
        """Yield the components that evidence tells of, each with the names of the services that it is a part of."""
        if not self.parts:
            yield self.component, frozenset({self.component.id})
        for part in self.parts:
            yield from ((leaf, names | {self.component.id}) for leaf, names in part.leaves)


def degree(tree: Tree, up: Mapping[str, Ratio]) -> Ratio | None:
    """Return how much of a service is there, given how much of each component is.

    Unit: exact ratio from 0 to 1.
    Rule: a service that needs all of its parts is as good as the worst of them; one that needs some is as good as the
        last of the best so many; one with weights has the weighted mean. A component that is not among those given
        does not count yet: its service does with the others. A service without any part does not count either.
    Source: docs/explanation/judging/composite.md

    >>> web = Tree(Component(id="web"), Needs.SOME, tuple(Tree(Component(id=n), Needs.ITSELF) for n in "abc"), some=2)
    >>> shop = Tree(Component(id="shop"), Needs.ALL, (web, Tree(Component(id="db"), Needs.ITSELF)))
    >>> one = Ratio(1)
    >>> degree(shop, {"a": one, "b": one, "c": Ratio(0), "db": one}), degree(shop, {"a": one, "b": one, "db": Ratio(0)})
    (Ratio(1), Ratio(0))
    """
    if tree.needs is Needs.ITSELF:
        return up.get(tree.component.id)
    found = [degree(part, up) for part in tree.parts]
    there = [each for each in found if each is not None]
    if not there:
        return None
    if tree.needs is Needs.ALL:
        return min(there)
    if tree.needs is Needs.SOME:
        return sorted(there, reverse=True)[min(tree.some, len(there)) - 1]
    weights = [weight for weight, each in zip(tree.weights, found, strict=True) if each is not None]
    return sum((weight * each for weight, each in zip(weights, there, strict=True)), NOTHING) / sum(weights, NOTHING)


def _needs(made_of: MadeOf) -> Needs:
    if made_of.all_of:
        return Needs.ALL
    return Needs.SOME if made_of.any_of else Needs.SHARES


def _weights(made_of: MadeOf) -> tuple[Ratio, ...]:
    """Return the weights as written; parts that are counted each by itself weigh alike."""
    return tuple(made_of.weights.values()) or (ALL,) * len(made_of.parts)
