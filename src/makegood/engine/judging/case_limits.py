"""The limits of cases: which one a case has, and how much of it is used up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from makegood.engine.agreement.measures.within import Bound, PriorityAt, Within
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.cases import Case
from makegood.engine.judging.limits import is_over
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Used:
    """How a case stands to its limits: whether it is inside, after how long, and whether it is beyond the last one.

    ``part`` is what its priorities used up of their limits together, where each has its own.
    """

    inside: bool
    elapsed: int
    part: str = ""
    beyond_rest: bool = False


def is_within(elapsed: int, limit: Duration, bound: Bound) -> bool:
    """Return whether a case is inside its limit.

    Unit: seconds of open time on the clock's calendar.
    Rule: a case that takes exactly its limit is inside an ``inclusive`` bound and outside an ``exclusive`` one.
    Source: docs/explanation/judging/within.md

    >>> [is_within(14_400, Duration(14_400), bound) for bound in Bound]
    [True, False]
    """
    return elapsed <= limit.seconds if bound is Bound.INCLUSIVE else elapsed < limit.seconds


@dataclass(frozen=True, slots=True)
class CaseLimits:
    """The limits of a measure with the calendars on which they run."""

    agreement: Agreement
    measure: Within
    calendar: Calendar
    calendars: Mapping[str, Calendar]

    @classmethod
    def of(cls, agreement: Agreement, measure: Within) -> Self:
        """Return the limits of a measure."""
        apart = {name: calendar_of(agreement, calendar) for name, calendar in measure.clock.on_priority.items()}
        return cls(agreement, measure, calendar_of(agreement, measure.clock.on), apart)

    def priority(self, case: Case) -> str:
        """Return the priority that decides about a case."""
        if self.measure.priority_at is not PriorityAt.HIGHEST:
            return case.priority(self.measure.priority_at)
        had = dict.fromkeys(step.priority for step in case.steps if step.priority)
        return min(had, key=self._rank, default="")

    def used(self, case: Case, priority: str, limit: Duration | Days, until: datetime) -> Used:
        """Return how a case stands to its limits, at a moment if its clock still runs."""
        elapsed = case.run.elapsed(self.calendars.get(priority, self.calendar), until)
        rest = self.measure.rest_limit(priority)
        beyond = rest is not None and not self._is_inside(case, elapsed, rest, until)
        if self.measure.priority_at is PriorityAt.EACH_BY_ITS_TIME:
            part = sum(self._parts(case, until), Ratio(0))
            inside = part <= 1 if self.measure.bound is Bound.INCLUSIVE else part < 1
            return Used(inside, elapsed, part.percent(2), beyond)
        return Used(self._is_inside(case, elapsed, limit, until), elapsed, beyond_rest=beyond)

    def _is_inside(self, case: Case, elapsed: int, limit: Duration | Days, until: datetime) -> bool:
        if isinstance(limit, Duration):
            return is_within(elapsed, limit, self.measure.bound)
        ran = case.run.ran_until(until)
        if not ran:  # begun anew, and standing still since
            return True
        start = ran[0][0]  # days pass from the first second of the clock on; what it stood still does not count
        length = sum((end - begin for begin, end in ran), timedelta())
        late = self.measure.bound is Bound.EXCLUSIVE
        return not is_over(self.agreement, self.calendar, start, limit, start + length, at_limit=late)

    def _parts(self, case: Case, until: datetime) -> Iterator[Ratio]:
        """Yield what each stretch of the clock used up of the limit of the priority that the case then had."""
        for start, end in case.run.ran_until(until):
            had = (step.priority for step in reversed(case.steps) if step.priority and step.at <= start)
            priority = next(had, case.priority(PriorityAt.OPENING))
            limit = self.measure.limit_of(priority)
            if isinstance(limit, Duration):
                yield Ratio(self.calendars.get(priority, self.calendar).elapsed(start, end), limit.seconds)

    def _rank(self, priority: str) -> tuple[int, str]:
        """Return how strict a priority is: by its limit, or by its place among those that count."""
        limit, listed = self.measure.limits.get(priority), self.measure.priority
        if limit is not None:
            return limit.seconds if isinstance(limit, Duration) else limit.number * _DAY, priority
        return LAST + (listed.index(priority) if priority in listed else len(listed)), priority


LAST = 10**12
