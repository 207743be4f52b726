"""Composition: what a service is made of, and how its state follows from its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce
from itertools import chain
from typing import Final, Self

from makegood.engine.agreement.schedule import instant_of
from makegood.engine.agreement.terms import Agreement, Component, Service
from makegood.engine.vocabulary.interval import Interval, intersection, union

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


class Combination(StrEnum):
    """How the parts of a service make its state."""

    ALL_OF = "all_of"
    ANY_OF = "any_of"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a service: the subject of its evidence, since when it counts, and the names that mean it too."""

    id: str
    since: datetime
    also: frozenset[str]

    @property
    def not_yet(self) -> Interval:
        """The time before it counted; empty for a part that always did."""
        return Interval(BEGINNING, self.since)


@dataclass(frozen=True, slots=True)
class Composition:
    """The parts of a service, or the one subject itself."""

    name: str
    how: Combination
    members: tuple[Member, ...]

    @classmethod
    def of(cls, agreement: Agreement, name: str) -> Self:
        """Return what ``name`` is made of: a service by its parts, or a service or component that is its own."""
        service = agreement.services.get(name)
        parts = {} if service is None else dict(_parts(service))
        for how, components in parts.items():
            return cls(name, how, tuple(member_of(agreement, component, {name}) for component in components))
        declared = {
            owner: component
            for owner, each in agreement.services.items()
            for _, components in _parts(each)
            for component in components
            if component.id == name
        }
        component = next(iter(declared.values()), Component(id=name))
        return cls(name, Combination.EACH, (member_of(agreement, component, declared),))


def combined(how: Combination, states: Sequence[Iterable[Interval]]) -> tuple[Interval, ...]:
    """Return when a service is down, given when each of its parts is.

    Unit: intervals in UTC, sorted, apart from one another.
    Rule: what needs ``all_of`` its parts is down when any is down; what needs ``any_of`` them is down only when all
        are down. Parts that overlap count once.
    Source: docs/explanation/judging/availability.md

    >>> a, b = (
    ...     [Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC))],
    ...     [Interval(datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC))],
    ... )
    >>> [str(each) for each in combined(Combination.ALL_OF, [a, b])]
    ['2026-03-02 08:00Z .. 2026-03-02 12:00Z']
    >>> [str(each) for each in combined(Combination.ANY_OF, [a, b])]
    ['2026-03-02 10:00Z .. 2026-03-02 11:00Z']
    """
    if how is Combination.ANY_OF:
        return reduce(intersection, states[1:], union(states[0]))
    return union(chain.from_iterable(states))


def _parts(service: Service) -> Iterator[tuple[Combination, tuple[Component, ...]]]:
    if service.made_of is not None:
        for how in Combination:
            components: tuple[Component, ...] = getattr(service.made_of, how.value)
            if components:
                yield how, components


def member_of(agreement: Agreement, component: Component, also: Iterable[str]) -> Member:
    """Return a component as a part of a service.

    Unit: instants in UTC.
    Rule: it counts from its day or instant on; an exclusion means it by its own name, by those handed in, or by none.
    Source: docs/explanation/judging/availability.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> sorted(member_of(read(GOOD).agreement, Component(id="till"), ["shop"]).also)
    ['', 'shop', 'till']
    """
    since = BEGINNING
    if component.since is not None:
        since = instant_of(agreement, component.since)
    return Member(component.id, since, frozenset({"", component.id, *also}))
