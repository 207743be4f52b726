"""The body of evidence: the records that count, with corrections applied, found by what is asked of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from makegood.engine.evidence.records import AnyRecord, Correction, Exclusion, State, Tally, Transition

_Dated = TypeVar("_Dated", State, Tally, Exclusion, Transition)


@dataclass(frozen=True)
class Evidence:
    """Records in force, indexed and in order of time; the order in which they arrived does not matter.

    ``states`` are found by subject, ``tallies`` by the name of their events, ``cases`` by their kind and then their
    identifier, ``exclusions`` by cause. ``withdrawn`` says which record no longer counts, and why. ``snapshot`` is
    the number of the last sealed batch that was read: a verdict records it and can be recomputed from what it saw.
    """

    snapshot: int = 0
    states: dict[str, list[State]] = field(default_factory=dict)
    tallies: dict[str, list[Tally]] = field(default_factory=dict)
    cases: dict[str, dict[str, list[Transition]]] = field(default_factory=dict)
    exclusions: dict[str, list[Exclusion]] = field(default_factory=dict)
    withdrawn: dict[str, Correction] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[AnyRecord], *, snapshot: int = 0) -> Evidence:
        """Return the evidence that ``records`` make, corrections applied."""
        everything = list(records)
        withdrawn = withdrawals(record for record in everything if isinstance(record, Correction))
        states: dict[str, list[State]] = defaultdict(list)
        tallies: dict[str, list[Tally]] = defaultdict(list)
        cases: dict[str, dict[str, list[Transition]]] = defaultdict(lambda: defaultdict(list))
        exclusions: dict[str, list[Exclusion]] = defaultdict(list)
        for record in everything:
            if withdrawn and record.id in withdrawn:
                continue
            match record:
                case Tally():
                    tallies[record.of].append(record)
                case Transition():
                    cases[record.of][record.case].append(record)
                case State():
                    states[record.subject].append(record)
                case Exclusion():
                    exclusions[record.cause].append(record)
                case _:
                    pass  # gauges, attributions and statements wait for the measures that will read them
        _sort(states.values())
        _sort(tallies.values())
        _sort(exclusions.values())
        _sort(steps for kind in cases.values() for steps in kind.values())
        plain_cases = {kind: dict(found) for kind, found in cases.items()}
        return cls(snapshot, dict(states), dict(tallies), plain_cases, dict(exclusions), withdrawn)


def _sort(lists: Iterable[list[_Dated]]) -> None:
    """Sort each list by time; what happens together stands in an order that does not depend on the arrival."""
    for records in lists:
        records.sort(key=lambda record: (_happened_at(record), record.source, record.source_id))


def _happened_at(record: State | Tally | Exclusion | Transition) -> datetime:
    return record.at if isinstance(record, Transition) else record.start


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
