"""The body of evidence: the records that count, with corrections applied, found by what is asked of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeVar

from makegood.engine.agreement.measures.within import Within
from makegood.engine.evidence.records import (
    AnyRecord,
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    State,
    Statement,
    Tally,
    Transition,
)
from makegood.engine.vocabulary.interval import Interval

_Kind = TypeVar("_Kind", bound=AnyRecord)


@dataclass(frozen=True)
class CountedCases:
    """Cases of which measuring found that they were done inside their limit; their records are not looked at again.

    ``inside`` is their number by period of the agreement and by priority, for one ``measure`` of it.
    """

    measure: Within
    inside: Mapping[Interval, Mapping[str, int]]


@dataclass(frozen=True)
class Evidence:
    """Records in force, indexed and in order of time; the order in which they arrived does not matter.

    ``states`` are found by subject, ``tallies`` by the name of their events, ``cases`` by their kind and then their
    identifier, ``exclusions`` by cause, ``gauges`` and ``statements`` by the name of what they give the value of, and
    ``attributions`` by incident. ``withdrawn`` says which record no longer counts, and why. ``snapshot`` is
    the number of the last accepted batch that was read: a verdict records it and can be recomputed from what it saw.
    ``counted`` are cases that were measured, which are not among the ``cases``.
    """

    snapshot: int = 0
    states: dict[str, list[State]] = field(default_factory=dict)
    tallies: dict[str, list[Tally]] = field(default_factory=dict)
    cases: dict[str, dict[str, list[Transition]]] = field(default_factory=dict)
    exclusions: dict[str, list[Exclusion]] = field(default_factory=dict)
    gauges: dict[str, list[Gauge]] = field(default_factory=dict)
    statements: dict[str, list[Statement]] = field(default_factory=dict)
    attributions: dict[str, list[Attribution]] = field(default_factory=dict)
    withdrawn: dict[str, Correction] = field(default_factory=dict)
    counted: tuple[CountedCases, ...] = ()

    @classmethod
    def of(
        cls,
        records: Iterable[AnyRecord],
        *,
        snapshot: int = 0,
        without: Container[str] = frozenset(),
        counted: tuple[CountedCases, ...] = (),
    ) -> Evidence:
        """Return the evidence that ``records`` make, corrections applied but those ``without`` which it is."""
        kinds: dict[type, list[Any]] = defaultdict(list)
        for record in records:
            kinds[type(record)].append(record)
        withdrawn = withdrawals(each for each in kinds.pop(Correction, ()) if each.id not in without)
        if withdrawn:
            kinds = {kind: [each for each in found if each.id not in withdrawn] for kind, found in kinds.items()}
        cases = _grouped(kinds.get(Transition, ()), attrgetter("of"), _happened_at)
        return cls(
            snapshot,
            _grouped(kinds.get(State, ()), attrgetter("subject"), _started_at),
            _grouped(kinds.get(Tally, ()), attrgetter("of"), _started_at),
            {kind: _grouped(steps, attrgetter("case")) for kind, steps in cases.items()},
            _grouped(kinds.get(Exclusion, ()), attrgetter("cause"), _started_at),
            _grouped(kinds.get(Gauge, ()), attrgetter("of"), _happened_at),
            _grouped(kinds.get(Statement, ()), attrgetter("of"), _happened_at),
            _grouped(kinds.get(Attribution, ()), attrgetter("incident"), attrgetter("source", "source_id")),
            withdrawn,
            counted,
        )

    def counted_by(self, measure: Within) -> Mapping[Interval, Mapping[str, int]]:
        """Return how many cases were counted for a measure, by period and priority.

        Versions of an agreement may have the same measure, each for its own periods.
        """
        return {
            period: found for each in self.counted if each.measure == measure for period, found in each.inside.items()
        }


_started_at = attrgetter("start", "source", "source_id")
_happened_at = attrgetter("at", "source", "source_id")


def _grouped(
    records: Sequence[_Kind], by: Callable[[_Kind], str], order: Callable[[_Kind], Any] | None = None
) -> dict[str, list[_Kind]]:
    """Return records by what is asked of them, each list in an order that does not depend on their arrival."""
    found: dict[str, list[_Kind]] = defaultdict(list)
    for record in records:
        found[by(record)].append(record)
    if order is not None:
        for listed in found.values():
            listed.sort(key=order)
    return dict(found)


def withdrawals(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """Return the correction in force for each record that no longer counts.

    Rule: a record is withdrawn as long as one of its corrections counts; a correction that is itself withdrawn does
        not count. Corrections that withdraw each other in a circle all count, unless one from outside of it decides.
    """
    by_id = {each.id: each for each in corrections}
    undecided = Counter(each.target for each in by_id.values())
    decided = [each for each in by_id.values() if not undecided[each.id]]
    seen = {each.id for each in decided}
    struck: set[str] = set()
    for each in decided:  # grows: a correction is decided when one above it counts, or all above it are decided
        if each.id not in struck:
            struck.add(each.target)
        undecided[each.target] -= 1
        below = by_id.get(each.target)
        if below is not None and below.id not in seen and (below.id in struck or not undecided[below.id]):
            seen.add(below.id)
            decided.append(below)
    found: dict[str, Correction] = {}
    for each in sorted(by_id.values(), key=lambda each: each.id):
        if each.id not in struck:  # what was never decided stands in a circle
            found.setdefault(each.target, each)
    return found
