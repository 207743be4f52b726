"""Stretches of time, and sets of them: the arithmetic below every availability and every clock."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from makegood.engine.vocabulary.times import seconds_between


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From ``start`` up to but not including ``end``; both aware, in UTC, on whole seconds.

    >>> print(Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC)))
    2026-03-02 08:00Z .. 2026-03-02 18:00Z
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("an interval needs aware datetimes")
        if self.start.microsecond or self.end.microsecond:
            raise ValueError(f"instants are kept to the whole second: {self.start} .. {self.end}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError(f"interval ends before it starts: {self.start} .. {self.end}")

    @property
    def seconds(self) -> int:
        """The length, in real seconds."""
        return seconds_between(self.start, self.end)

    def __bool__(self) -> bool:
        return self.start < self.end

    def contains(self, instant: datetime) -> bool:
        """Return whether the instant lies inside; the end does not."""
        return self.start <= instant < self.end

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two share at least one second."""
        return self.intersection(other) is not None

    def intersection(self, other: "Interval") -> "Interval | None":
        """Return the time both share, None if they share no second."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def __str__(self) -> str:
        pattern = "%H:%M:%SZ" if self.start.second or self.end.second else "%H:%MZ"
        return " .. ".join(f"{moment.date()} {moment.strftime(pattern)}" for moment in (self.start, self.end))


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the time that lies in any of the intervals: sorted, apart from one another, none empty."""
    return _sweep(intervals, (), lambda in_a, _in_b: in_a)


def intersection(a: Iterable[Interval], b: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the time that lies in both sets: sorted, apart from one another, none empty."""
    return _sweep(a, b, lambda in_a, in_b: in_a and in_b)


def difference(a: Iterable[Interval], b: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the time that lies in ``a`` and not in ``b``: sorted, apart from one another, none empty."""
    return _sweep(a, b, lambda in_a, in_b: in_a and not in_b)


def clip(intervals: Iterable[Interval], to: Interval) -> tuple[Interval, ...]:
    """Return the part of the intervals that lies inside ``to``."""
    return intersection(intervals, (to,))


def touching(apart: Sequence[Interval], span: Interval) -> Sequence[Interval]:
    """Return those of many intervals, sorted and apart, that share time with ``span``, uncut."""
    first = bisect_right(apart, span.start, key=lambda each: each.end)
    return apart[first : bisect_left(apart, span.end, lo=first, key=lambda each: each.start)]


def seconds(intervals: Iterable[Interval]) -> int:
    """Return how many seconds lie in any of the intervals; a second covered twice counts once."""
    return sum(interval.seconds for interval in union(intervals))


def _sweep(a: Iterable[Interval], b: Iterable[Interval], wanted: Callable[[bool, bool], bool]) -> tuple[Interval, ...]:
    """Return the time for which ``wanted(in a, in b)`` holds, by walking once over all sorted edges.

    Edges at the same instant are taken together, so empty intervals vanish and touching ones grow together.
    """
    depths = [0, 0]
    edges = [(moment, side, step) for side, many in enumerate((a, b)) for one in many for moment, step in _edges(one)]
    edges.sort(key=itemgetter(0))
    found: list[Interval] = []
    since: datetime | None = None
    for moment, together in groupby(edges, key=itemgetter(0)):
        for _, side, step in together:
            depths[side] += step
        if not wanted(depths[0] > 0, depths[1] > 0):
            if since is not None:
                found.append(Interval(since, moment))
            since = None
        elif since is None:
            since = moment
    return tuple(found)


def _edges(interval: Interval) -> tuple[tuple[datetime, int], tuple[datetime, int]]:
    return (interval.start, 1), (interval.end, -1)
