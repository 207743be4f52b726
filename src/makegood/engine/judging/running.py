"""Running clocks: which limits a case has now, how much of each is used up, and when it will be over.

They are what the verdict will be found by: a clock stopped until it is due is inside its limit there, and late after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from makegood.engine.agreement.measures.steps import Step, Steps
from makegood.engine.agreement.measures.within import Bound, PriorityAt, Within
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.case_limits import CaseLimits
from makegood.engine.judging.cases import Case
from makegood.engine.judging.clock import ClockRun
from makegood.engine.judging.delay import ends_of_days
from makegood.engine.judging.limits import is_over
from makegood.engine.judging.steps import done_at, event_of
from makegood.engine.vocabulary.calendar import HORIZON_YEARS, Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio

_FARTHEST = timedelta(days=366 * HORIZON_YEARS)


class ClockState(StrEnum):
    """What a clock does."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A limit of a case as it stands at an instant.

    ``step`` is the step of an outcome that promises several. ``elapsed`` are the open seconds that were used up, and
    ``used`` the part of the limit; of a limit in days its seconds are those on the wall. ``due_at`` is when the limit
    is reached if nothing changes, or was reached: None while the clock stands still inside it. ``levels`` are the same
    for those parts of the limit that were asked for. ``inside`` tells whether the limit has been kept until now.
    """

    outcome: str
    step: str
    priority: str
    limit: Duration | Days
    state: ClockState
    elapsed: int
    used: Ratio
    due_at: datetime | None
    levels: tuple[datetime | None, ...]
    done_at: datetime | None
    inside: bool


def running_clocks(
    agreement: Agreement, of: str, steps: Sequence[Transition], at: datetime, *, levels: Sequence[Ratio] = ()
) -> tuple[RunningClock, ...]:
    """Return the clocks of one case by all outcomes that are about its kind, as they stand at an instant.

    Unit: instants in UTC; open seconds of each clock's calendar.
    Rule: each outcome about cases of the kind ``of`` has a clock, with the limit of the priority that decides there; a
        case without a limit, of a priority that does not count, or that was left out as a part of another, has none.
        ``levels`` are parts of a limit, as 1/2, of which it is said when they are reached.
    Source: docs/explanation/judging/within.md

    >>> from datetime import UTC
    >>> from dataclasses import replace
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop = read(GOOD).agreement
    >>> name, outcome = next(iter(shop.outcomes.items()))
    >>> four_hours = Within(cases="incident", limit=Duration(14_400))
    >>> desk = replace(shop, outcomes={name: replace(outcome, measure=four_hours)})
    >>> opened, noon = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> first = Transition(source="desk", source_id="1", case="7", of="incident", state="opened", at=opened)
    >>> [clock] = running_clocks(desk, "incident", [first], noon, levels=[Ratio(1, 2)])
    >>> clock.state.value, clock.used, f"{clock.due_at:%H:%M}", f"{clock.levels[0]:%H:%M}", clock.inside
    ('running', Ratio(3, 4), '13:00', '11:00', True)
    """
    known = sorted((step for step in steps if step.of == of and step.at <= at), key=_order)
    if not known:
        return ()
    return tuple(_clocks(agreement, of, known, at, (Ratio(1), *levels)))


def _order(step: Transition) -> tuple[datetime, str, str]:
    return step.at, step.source, step.source_id


def _clocks(
    agreement: Agreement, of: str, steps: Sequence[Transition], at: datetime, parts: Sequence[Ratio]
) -> Iterator[RunningClock]:
    for name, outcome in agreement.outcomes.items():
        measure = outcome.measure
        if isinstance(measure, Within) and measure.cases == of:
            yield from _of_case(agreement, name, measure, steps, at, parts)
        if isinstance(measure, Steps) and measure.cases == of:
            yield from _of_event(agreement, name, measure, steps, at, parts)


def _of_case(
    agreement: Agreement,
    outcome: str,
    measure: Within,
    steps: Sequence[Transition],
    at: datetime,
    parts: Sequence[Ratio],
) -> Iterator[RunningClock]:
    case = Case.of(steps[0].case, steps, measure)
    limits = CaseLimits.of(agreement, measure)
    priority = limits.priority(case)
    limit = measure.limit_of(priority)
    counts = not measure.priority or priority in measure.priority
    left_out = any(case.label(name) for name in measure.leave_out)
    if limit is None or not counts or left_out or case.run.opened_at is None:
        return
    used = limits.used(case, priority, limit, at)
    reach = _Reach(agreement, limits, case, priority, limit)
    due_at, *levels = (reach.at(part) for part in parts)
    yield RunningClock(
        outcome,
        "",
        priority,
        limit,
        _state(case.run),
        used.elapsed,
        reach.used(at),
        due_at,
        tuple(levels),
        case.run.stopped_at,
        used.inside and (case.run.closed_at is None or case.run.stopped_at is not None),
    )


def _state(run: ClockRun) -> ClockState:
    if run.stopped_at is not None or run.closed_at is not None:
        return ClockState.STOPPED
    return ClockState.RUNNING if run.running_since is not None else ClockState.PAUSED


@dataclass(frozen=True, slots=True)
class _Reach:
    """When a case reaches a part of its limit."""

    agreement: Agreement
    limits: CaseLimits
    case: Case
    priority: str
    limit: Duration | Days

    def at(self, part: Ratio) -> datetime | None:
        """Return when a part of the limit is reached; None if it was not and the clock stands still."""
        left = part
        for start, end, rate, calendar in self._stretches():
            if end is None or left * rate <= calendar.elapsed(start, end):
                return calendar.due(start, _whole(left * rate, self.limits.measure.bound))
            left = left - Ratio(calendar.elapsed(start, end), rate)
        return None

    def used(self, until: datetime) -> Ratio:
        """Return the part of the limit that is used up."""
        found = Ratio(0)
        for start, end, rate, calendar in self._stretches():
            found = found + Ratio(calendar.elapsed(start, end if end is not None else until), rate)
        return found

    def _stretches(self) -> Iterator[tuple[datetime, datetime | None, int, Calendar]]:
        """Yield when the clock ran, the seconds of the limit that held then, and on which calendar."""
        run = self.case.run
        ran: list[tuple[datetime, datetime | None]] = [*run.stretches]
        if run.running_since is not None:
            ran.append((run.running_since, None))
        each_its_own = self.limits.measure.priority_at is PriorityAt.EACH_BY_ITS_TIME
        for start, end in ran:
            priority = self._priority(start) if each_its_own else self.priority
            limit = self.limits.measure.limit_of(priority)
            if isinstance(limit, Duration):
                yield start, end, limit.seconds, self.limits.calendars.get(priority, self.limits.calendar)
            elif limit is not None:
                yield start, end, self._seconds(limit, ran[0][0]), Calendar.always()

    def _priority(self, at: datetime) -> str:
        had = (step.priority for step in reversed(self.case.steps) if step.priority and step.at <= at)
        return next(had, self.case.priority(PriorityAt.OPENING))

    def _seconds(self, limit: Days, start: datetime) -> int:
        """Return how long a limit in days lasts on the wall, from the first second of the clock on."""
        end = end_of_days(self.agreement, start, limit)
        return int((end - start).total_seconds())


def end_of_days(agreement: Agreement, start: datetime, limit: Days) -> datetime:
    """Return when so many days or business days from an instant are over.

    Unit: instant in UTC.
    Rule: days as a delay counts them; of no days it is the instant itself. More days than ten years have are refused.
    Source: docs/explanation/judging/within.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> friday = datetime(2026, 3, 6, 17, tzinfo=UTC)
    >>> f"{end_of_days(read(GOOD).agreement, friday, Days(2, business=True)):%a %H:%M}"
    'Tue 17:00'
    """
    if not limit.number:
        return start
    ends = ends_of_days(agreement, start, start + _FARTHEST, business=limit.business)
    found = next(islice(ends, limit.number - 1, None), None)
    if found is None:
        raise ValueError(f"{limit} are not over within {HORIZON_YEARS} years")
    return found


def _whole(seconds: Ratio, bound: Bound) -> int:
    """Return the seconds after which a part of a limit is reached."""
    return seconds.floor() if bound is Bound.INCLUSIVE else seconds.ceil()


def _of_event(
    agreement: Agreement,
    outcome: str,
    measure: Steps,
    steps: Sequence[Transition],
    at: datetime,
    parts: Sequence[Ratio],
) -> Iterator[RunningClock]:
    event = event_of(steps, measure)
    start = event.starts(measure.from_) if event is not None else None
    if event is None or start is None:
        return
    calendar = calendar_of(agreement, measure.on)
    for name, step in measure.steps.items():
        done, _lacking = done_at(event, step)
        due_at, *levels = (_step_due(agreement, calendar, start, step, part) for part in parts)
        until = done if done is not None else at
        yield RunningClock(
            outcome,
            name,
            event.priority,
            step.within,
            ClockState.RUNNING if done is None else ClockState.STOPPED,
            calendar.elapsed(start, until),
            _step_used(agreement, calendar, start, step, until),
            due_at,
            tuple(levels),
            done,
            not is_over(agreement, calendar, start, step.within, until, at_limit=False),
        )


def _step_due(agreement: Agreement, calendar: Calendar, start: datetime, step: Step, part: Ratio) -> datetime:
    limit = step.within
    if isinstance(limit, Duration):
        return calendar.due(start, (part * limit.seconds).floor())
    seconds = Ratio(int((end_of_days(agreement, start, limit) - start).total_seconds()))
    return start + timedelta(seconds=(part * seconds).floor())


def _step_used(agreement: Agreement, calendar: Calendar, start: datetime, step: Step, until: datetime) -> Ratio:
    limit = step.within
    if isinstance(limit, Duration):
        return Ratio(calendar.elapsed(start, until), limit.seconds) if limit.seconds else Ratio(1)
    whole = int((end_of_days(agreement, start, limit) - start).total_seconds())
    return Ratio(max(0, int((until - start).total_seconds())), whole) if whole else Ratio(1)
