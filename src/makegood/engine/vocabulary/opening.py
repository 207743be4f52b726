"""Open time, counted once and then looked up: what makes 25,000 clocks on one calendar cheap."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Self

from makegood.engine.vocabulary.interval import Interval, union
from makegood.engine.vocabulary.times import seconds_between


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Disjoint open intervals in order, and the open seconds that lie before each of them and, last, in all.

    >>> from datetime import UTC
    >>> day = Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC))
    >>> OpenTime.of([day]).passed(datetime(2026, 3, 2, 9, tzinfo=UTC))
    3600
    """

    intervals: tuple[Interval, ...]
    starts: tuple[datetime, ...]
    before: tuple[int, ...]

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Self:
        """Return the open time of any intervals; what overlaps counts once."""
        apart = union(intervals)
        before = accumulate((interval.seconds for interval in apart), initial=0)
        return cls(apart, tuple(interval.start for interval in apart), tuple(before))

    @property
    def total(self) -> int:
        """All open seconds."""
        return self.before[-1]

    def passed(self, instant: datetime) -> int:
        """Return the open seconds before ``instant``."""
        position = bisect_right(self.starts, instant) - 1
        if position < 0:
            return 0
        last = self.intervals[position]
        return self.before[position] + seconds_between(last.start, min(instant, last.end))

    def earliest(self, passed: int) -> datetime:
        """Return the first instant before which so many open seconds lie; from 1 to the total."""
        position = bisect_left(self.before, passed) - 1
        return self.starts[position] + timedelta(seconds=passed - self.before[position])

    def latest(self, passed: int) -> datetime:
        """Return the last instant before which so many open seconds lie; from 0 to one less than the total."""
        position = bisect_right(self.before, passed) - 1
        return self.starts[position] + timedelta(seconds=passed - self.before[position])

    def within(self, span: Interval) -> tuple[Interval, ...]:
        """Return the open intervals that may share time with ``span``, uncut."""
        first = max(bisect_right(self.starts, span.start) - 1, 0)
        return self.intervals[first : bisect_left(self.starts, span.end)]
