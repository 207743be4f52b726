"""Timelines: what the evidence says about one subject, from the first record to the last."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from makegood.engine.agreement.measures.availability import Availability, CountFrom, Usable
from makegood.engine.evidence.records import State, Status
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval, difference, union

FOREVER: Final = datetime.max.replace(microsecond=0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """The stretch for which a state held."""

    start: datetime
    end: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a subject was down, when anything was known of it, and by which records.

    Down and known time hold over all evidence and know no period; both are sorted and apart. ``down_records`` are in
    order of time. ``latest`` is the last instant at which a record begins or ends: later there was no one to report.
    """

    down: tuple[Interval, ...]
    known: tuple[Interval, ...]
    down_records: tuple[Held, ...]
    latest: datetime | None

    @classmethod
    def of(cls, states: Sequence[State], measure: Availability) -> Self:
        """Return the timeline of one subject's states, which are in order of time.

        Where records contradict each other the worst counts: down before degraded before unknown before up.
        """
        stretches = held(states, after=measure.unknown.after)
        usable = {Status.UP, Status.DEGRADED} if measure.degraded is Usable.UP else {Status.UP}
        certain = _merged(each for each in stretches if each.state.status in (Status.DEGRADED, Status.DOWN))
        doubted = _merged(each for each in stretches if each.state.status is Status.UNKNOWN)
        up = _merged(each for each in stretches if each.state.status is Status.UP)
        outages = (each for each in stretches if each.state.status not in usable | {Status.UNKNOWN})
        down = tuple(sorted(_counting(outages, measure.count.from_), key=lambda each: each.start))
        return cls(
            down=_merged(down),
            known=union((*certain, *difference(up, doubted))),
            down_records=down,
            latest=max((each.latest for each in states), default=None),
        )

    def records_of(self, outage: Interval) -> list[State]:
        """Return the records that make an outage."""
        return [each.state for each in self.held_in(outage)]

    def held_in(self, outage: Interval) -> list[Held]:
        """Return the stretches of the records that make an outage."""
        first = bisect_right(self.down, outage.start, key=lambda each: each.end)
        if first == len(self.down):
            return []
        lower = bisect_left(self.down_records, self.down[first].start, key=lambda each: each.start)
        upper = bisect_left(self.down_records, outage.end, key=lambda each: each.start)
        return [each for each in self.down_records[lower:upper] if each.end > outage.start]


def held(states: Sequence[State], *, after: Duration | None = None) -> list[Held]:
    """Return how long each state held, in the order given.

    Unit: instants in UTC.
    Rule: a state with an end speaks for its own stretch. A state without one holds until the next state without one
        from the same source, but at most ``after`` beyond the instant at which it was seen last; the last one of a
        source holds on, and a period that is judged cuts it at its own end.
    Source: docs/explanation/judging/availability.md

    >>> eight, nine = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> states = [
    ...     State(source="probe", source_id="1", subject="erp", status=Status.UP, start=eight),
    ...     State(source="probe", source_id="2", subject="erp", status=Status.DOWN, start=nine),
    ... ]
    >>> [f"{each.state.status} {each.start:%H:%M} .. {each.end:%H:%M}" for each in held(states, after=Duration(600))]
    ['up 08:00 .. 08:10', 'down 09:00 .. 09:10']
    """
    following: dict[str, tuple[datetime, datetime]] = {}  # by source: the start seen last, and the next later one
    found = []
    for state in reversed(states):
        end = state.end
        if end is None:
            start, later = following.get(state.source, (FOREVER, FOREVER))
            end = start if state.start < start else later
            following[state.source] = (state.start, end)
            if after is not None:
                end = min(end, (state.seen_until or state.start) + timedelta(seconds=after.seconds))
        found.append(Held(state.start, end, state))
    return found[::-1]


def _counting(outages: Iterable[Held], count_from: CountFrom) -> Iterator[Held]:
    """Yield the outages from where they count: from their report, if that is agreed and came later."""
    for each in outages:
        reported = each.state.reported_at
        start = each.start
        if count_from is CountFrom.REPORTED and reported is not None:
            start = max(start, reported)
        if start < each.end:
            yield Held(start, each.end, each.state)


def _merged(stretches: Iterable[Held]) -> tuple[Interval, ...]:
    """Return the union; for long lists of short states this is far less work than making an interval of each."""
    runs: list[list[datetime]] = []
    for start, end in sorted((each.start, each.end) for each in stretches):
        if runs and start <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], end)
        elif start < end:
            runs.append([start, end])
    return tuple(Interval(start, end) for start, end in runs)
