"""What made an outcome miss: its misses, grouped by what they have in common, largest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from makegood.engine.judging.verdict import Measurement, Ruling, Verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """A label, an incident or a single miss: its size in the measure's own unit, and in how many periods it counted."""

    name: str
    size: int
    periods: int


def causes(verdicts: Iterable[Verdict]) -> tuple[Cause, ...]:
    """Return what the missed verdicts on one outcome were missed by, largest first.

    Unit: seconds of downtime, or events or cases that went wrong.
    Rule: where the measure is broken down by a label, causes are the labels; elsewhere incidents, and for misses
        without an incident what the miss itself says. Verdicts that were met or undecided do not count.
    """
    sizes: dict[str, int] = defaultdict(int)
    periods: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        if verdict.ruling is Ruling.MISSED:
            for name, size in _grouped(verdict.measurement):
                sizes[name] += size
                periods[name].add(verdict.period.label)
    found = (Cause(name, size, len(periods[name])) for name, size in sizes.items() if size > 0)
    return tuple(sorted(found, key=lambda cause: (-cause.size, cause.name)))


def _grouped(measurement: Measurement) -> Iterator[tuple[str, int]]:
    if measurement.parts:
        yield from ((part.label, part.total - part.good) for part in measurement.parts)
    else:
        yield from ((miss.incident or miss.what, miss.size) for miss in measurement.misses)
