"""Events of a period: the tallies that count, and those that an exclusion covers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, Tally
from makegood.engine.judging.exclusions import Excluded, Exclusions
from makegood.engine.judging.verdict import Miss, Part
from makegood.engine.judging.wording import LISTED, leaf, listed
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


@dataclass(slots=True)
class Stretches:
    """Excluded time, sorted and apart, each stretch with the exclusion that it is from."""

    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    sources: list[Excluded] = field(default_factory=list)

    def add(self, excluded: Excluded) -> None:
        """Add the time of an exclusion that is not covered yet; exclusions come in order of time."""
        start = max(excluded.span.start, self.ends[-1]) if self.ends else excluded.span.start
        if start < excluded.span.end:
            self.starts.append(start)
            self.ends.append(excluded.span.end)
            self.sources.append(excluded)

    def at(self, instant: datetime) -> Excluded | None:
        """Return the exclusion that covers an instant."""
        place = bisect_right(self.starts, instant) - 1
        return self.sources[place] if place >= 0 and instant < self.ends[place] else None


@dataclass(frozen=True, slots=True)
class Cover:
    """Exclusions found by what an event carries: its subject, its labels and its instant.

    For each set of label names that exclusions use, the excluded time by subject and label values. So an event costs
    a look-up for each such set, however many exclusions there are.
    """

    stretches: dict[tuple[str, ...], dict[tuple[str, ...], Stretches]]

    @classmethod
    def of(cls, exclusions: Iterable[Excluded]) -> Self:
        """Return the cover that exclusions, in order of time, make together."""
        found: dict[tuple[str, ...], dict[tuple[str, ...], Stretches]] = {}
        for each in exclusions:
            names = tuple(name for name, _ in each.record.labels)
            values = (value for _, value in each.record.labels)
            found.setdefault(names, defaultdict(Stretches))[each.record.subject, *values].add(each)
        return cls(found)

    def covering(self, event: Tally) -> Excluded | None:
        """Return an exclusion of the event's subject or of any, its labels among the event's, that covers its start."""
        for names, by_values in self.stretches.items():
            labels = dict(event.labels) if names else {}
            values = [labels.get(name, "") for name in names]
            for subject in ("", event.subject):
                excluded = by_values.get((subject, *values))
                by = excluded.at(event.start) if excluded is not None else None
                if by is not None:
                    return by
        return None


@dataclass(frozen=True, slots=True)
class Events:
    """The events of one name in one period: those that count as they are, those excused as good, those left out."""

    name: str
    counting: Sequence[Tally]
    excused: Sequence[tuple[Tally, Excluded]]
    left_out: Sequence[tuple[Tally, Excluded]]
    refused: tuple[Reason, ...]

    @classmethod
    def of(cls, agreement: Agreement, measure: RatioOf | CountOf, evidence: Evidence, period: Period) -> Self:
        """Return the events whose start lies in the period, sorted by what exclusions do to them."""
        tallies = evidence.tallies.get(measure.of, [])
        first = bisect_left(tallies, period.interval.start, key=lambda tally: tally.start)
        end = bisect_left(tallies, period.interval.end, lo=first, key=lambda tally: tally.start)
        found = tallies[first:end]
        subjects = {tally.subject for tally in found} | {""}
        exclusions = Exclusions.of(
            agreement,
            measure.excluded,
            {
                cause: list(_concerning(evidence.exclusions.get(cause, ()), subjects, period))
                for cause in measure.excluded
            },
            offered=(period.interval,),
        )
        if not exclusions.counting:
            return cls(measure.of, found, (), (), exclusions.refusals)
        shrinking = Cover.of(each for each in exclusions.counting if each.effect is Effect.SHRINK)
        excusing = Cover.of(each for each in exclusions.counting if each.effect is Effect.UP)
        counting, excused, left_out = [], [], []
        for tally in found:
            if (by := shrinking.covering(tally)) is not None:
                left_out.append((tally, by))
            elif excusing.stretches and (by := excusing.covering(tally)) is not None:
                excused.append((tally, by))
            else:
                counting.append(tally)
        return cls(measure.of, counting, excused, left_out, exclusions.refusals)

    @property
    def is_empty(self) -> bool:
        """Whether there is no record at all, not even of an excluded event."""
        return not (self.counting or self.excused or self.left_out)

    def excluded_reasons(self) -> Iterator[Reason]:
        """Yield what exclusions did, by cause, citing the exclusions; and those that do not count."""
        for word, found in (("left out", self.left_out), ("counted as good", self.excused)):
            numbers: dict[str, int] = defaultdict(int)
            records: dict[str, dict[str, Exclusion]] = defaultdict(dict)
            for tally, by in found:
                numbers[by.record.cause] += tally.count
                records[by.record.cause][by.record.id] = by.record
            for cause, number in sorted(numbers.items()):
                yield leaf(f"{self.name} {word} because of {cause}", f"{number:,}", list(records[cause].values()))
        yield from listed(self.refused, "exclusion")

    def misses(self, wrong: Sequence[Tally]) -> tuple[Miss, ...]:
        """Return one miss a tally in order of time; beyond 1,000 one for each incident, without its evidence."""
        found = [
            Miss(f"{self.name} {each.result} {show_instant(each.start)}", each.count, each.incident, (each.id,))
            for each in wrong[:LISTED]
        ]
        further: dict[str, int] = defaultdict(int)
        for each in wrong[LISTED:]:
            further[each.incident] += each.count
        found += [Miss(f"{number:,} further {self.name}", number, incident) for incident, number in further.items()]
        return tuple(found)


def by_result(name: str, tallies: Iterable[Tally], *, most: int = LISTED) -> tuple[Reason, ...]:
    """Return the number of events by their result, with the records that say so.

    Unit: events.
    Rule: results in the order of their names; a tally of several events counts with all of them; at most ``most``
        records of a result are cited.
    Source: docs/explanation/judging/ratio.md

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> tally = Tally(source="shop", source_id="1", subject="", of="orders", result="lost", count=7, start=at, end=at)
    >>> [line for step in by_result("orders", [tally]) for line in step.lines()]
    ['orders lost: 7 (evidence: shop#1)']
    """
    found: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.result].append(tally)
    return tuple(
        leaf(f"{name} {result}", f"{number_of(found[result]):,}", found[result], most=most) for result in sorted(found)
    )


def number_of(tallies: Iterable[Tally]) -> int:
    """Return how many events tallies stand for.

    Unit: events.
    Rule: a tally stands for as many as it counted.
    Source: docs/explanation/judging/count.md

    >>> number_of([])
    0
    """
    return sum(tally.count for tally in tallies)


def parts_by(label: str, *, good: Iterable[Tally], bad: Iterable[Tally]) -> tuple[Part, ...]:
    """Return good and all events by the value of a label.

    Unit: events.
    Rule: sorted by the value; events without the label stand under the empty one; no label gives no parts.
    Source: docs/explanation/judging/ratio.md

    >>> parts_by("carrier", good=[], bad=[])
    ()
    """
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, tallies in enumerate((good, bad)):
        for tally in tallies if label else ():
            value = next((value for name, value in tally.labels if name == label), "")
            numbers[value][place] += tally.count
    return tuple(Part(value, well, well + wrong) for value, (well, wrong) in sorted(numbers.items()))


def _concerning(records: Sequence[Exclusion], subjects: set[str], period: Period) -> Iterator[Exclusion]:
    for each in records:
        touches = each.start < period.interval.end and each.end > period.interval.start
        if touches and each.subject in subjects and not each.case:
            yield each
