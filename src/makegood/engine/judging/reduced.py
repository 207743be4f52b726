"""Reduction: fewer records that give the same verdicts, to the second and to the cent."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge, Record, State, Tally
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.ranked import sides
from makegood.engine.vocabulary.digits import to_digits
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, union
from makegood.engine.vocabulary.ratio import Ratio

MOST_ADDED: Final = 1_000_000_000
"""A tally of more events than this stays as it is, so that no number of them exceeds what can be stored."""


def reduced(records: Iterable[AnyRecord], asked: Asked) -> list[AnyRecord]:
    """Return fewer records that give the same verdicts on what is asked.

    Unit: records; numbers of events and samples stay whole.
    Rule: states of one source that say the same again and again become one, as long as none of them was overdue.
        Events that only add up, and samples that only count by their values, become one where no question lies
        between them; those in the time of an exclusion stay as they are. Where all that is asked of a gauge counts so
        many digits of its samples, they are rounded first. Where nothing but quantiles and averages are asked of a
        gauge, samples on the same side of each quantile become one with their mean. The record that stands for
        several has the identifier of the first, and the number of the others. What no measure looks at is left out.
        Corrections were applied before.
    Source: docs/explanation/judging/measuring.md

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    >>> sales = [
    ...     Tally(source="till", source_id=str(n), subject="", of="sales", result="paid", count=1, start=at, end=at)
    ...     for n in range(3)
    ... ]
    >>> asked = Asked(results={"sales": ((frozenset({"paid"}), True),)})
    >>> [(each.id, each.count) for each in reduced(sales, asked)]
    [('till#0+2', 3)]
    """
    found = [each for each in records if asked.is_about(each)]
    excluded = union(Interval(each.start, each.end) for each in found if isinstance(each, Exclusion))
    states: dict[tuple[str, str], list[State]] = defaultdict(list)
    tallies: dict[object, list[Tally]] = defaultdict(list)
    gauges: dict[object, list[Gauge]] = defaultdict(list)
    others: list[AnyRecord] = []
    for each in found:
        match each:
            case State() if each.end is None:
                states[each.source, each.subject].append(each)
            case Tally() if _adds_up(each, asked) and not _within(excluded, each.start):
                cell = bisect_right(asked.cuts.get(each.of, ()), each.start)
                tallies[cell, each.of, each.result, each.subject, each.incident, each.labels].append(each)
            case Gauge() if asked.counts_samples(each.of) and not _within(excluded, each.at):
                cell = bisect_right(asked.cuts.get(each.of, ()), each.at)
                sample = _rounded(each, asked.digits.get(each.of))
                gauges[cell, each.of, sample.value, each.unit, each.subject, each.labels].append(sample)
            case _:
                others.append(each)
    spells = (run for same in states.values() for run in _runs(same, asked.after))
    ranked = _ranked(list(gauges.values()), [each for each in others if isinstance(each, Gauge)], asked)
    return [*others, *spells, *map(_tally, tallies.values()), *map(_gauge, ranked)]


def _adds_up(tally: Tally, asked: Asked) -> bool:
    return tally.count <= MOST_ADDED and asked.adds_up(tally.of, tally.result)


def _within(excluded: Sequence[Interval], moment: datetime) -> bool:
    place = bisect_right(excluded, moment, key=lambda each: each.start) - 1
    return place >= 0 and moment <= excluded[place].end


def _rounded(sample: Gauge, digits: int | None) -> Gauge:
    """Return a sample with the value that is ranked, where all that is asked of its gauge ranks the same."""
    return sample if digits is None else replace(sample, value=to_digits(sample.value, digits))


def _tally(same: Sequence[Tally]) -> Tally:
    """Return the tally that stands for several; the first of them gives it its name."""
    first = min(same, key=lambda each: (each.start, each.source, each.source_id))
    number, end = sum(each.count for each in same), max(each.end for each in same)
    return first if len(same) == 1 else replace(first, **_named(first, len(same)), count=number, end=end)


def _gauge(same: Sequence[Gauge]) -> Gauge:
    """Return the sample that stands for several, with their mean; the first of them gives it its name."""
    first = min(same, key=lambda each: (each.at, each.source, each.source_id))
    number, total = sum(each.count for each in same), sum((each.value * each.count for each in same), Ratio(0))
    return first if len(same) == 1 else replace(first, **_named(first, len(same)), count=number, value=total / number)


def _ranked(groups: Sequence[list[Gauge]], alone: Sequence[Gauge], asked: Asked) -> Iterator[list[Gauge]]:
    """Yield the samples that become one: those of one value, and those on the same side of everything that is asked."""
    by_gauge: dict[str, list[list[Gauge]]] = defaultdict(list)
    for each in groups:
        by_gauge[each[0].of].append(each)
    for gauge, mine in by_gauge.items():
        doubtful = [each for each in alone if each.of == gauge]
        every = [*doubtful, *(each for same in mine for each in same)]
        ranked = asked.rankings.get(gauge)
        if ranked is None or len({each.unit for each in every}) > 1 or any(each.value < 0 for each in every):
            yield from mine
            continue
        together: dict[object, list[Gauge]] = defaultdict(list)
        for number, (same, side) in enumerate(zip(mine, sides([*map(_gauge, mine)], doubtful, ranked), strict=True)):
            first = same[0]
            cell = bisect_right(asked.cuts.get(gauge, ()), first.at)
            together[number if side is None else (cell, side, first.subject, first.labels)] += same
        yield from together.values()


def _runs(states: list[State], after: Duration | None) -> Iterator[State]:
    """Yield the states of a subject from one source, one or more; those that repeat the one before become one."""
    states.sort(key=lambda each: (each.start, each.source_id))
    at_once = Counter(each.start for each in states)
    run: list[State] = []
    for each in states:
        if run and not (at_once[each.start] == at_once[run[-1].start] == 1 and _repeats(run[-1], each, after)):
            yield _run(run)
            run = []
        run.append(each)
    yield _run(run)


def _repeats(earlier: State, later: State, after: Duration | None) -> bool:
    """Tell whether a state says once more what the one before it said, and came behind it, before that was overdue."""
    same = (earlier.status, earlier.labels) == (later.status, later.labels)
    same &= not any(each.incident or each.reported_at for each in (earlier, later))
    overdue = after is not None and later.start > earlier.latest + timedelta(seconds=after.seconds)
    # One that was still seen when the next began says two things about the time from then on.
    return same and earlier.latest <= later.start and not overdue


def _run(states: Sequence[State]) -> State:
    first, last = states[0], states[-1]
    return first if len(states) == 1 else replace(first, **_named(first, len(states)), seen_until=last.latest)


def _named(first: Record, number: int) -> dict[str, Any]:
    """Return what names a record that stands for several; when they were observed is no longer one instant."""
    return {"source_id": f"{first.source_id}+{number - 1}", "observed_at": None}
