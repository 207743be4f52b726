"""Cases against an oracle that plays their clocks hour by hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.within import (
    Bound,
    Clock,
    MissingStop,
    Population,
    PriorityAt,
    Reopened,
    Within,
)
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, measured, shuffled

BEGIN = at("04-01 00:00")
HOURS = range(30 * 24)  # of April
TEMPLATE = agreement(
    "{kind: within, cases: incident, limit: 4h, clock: {on: office}}",
    calendars="{office: {days: {mon-fri: ['09:00-12:00', '13:00-17:00']}, extra_closed: [2025-04-21]}}",
)
STATES = ("opened", "active", "waiting", "resolved", "closed")

hours = st.integers(-50, len(HOURS) + 50)


@st.composite
def histories(draw: st.DrawFn) -> list[AnyRecord]:
    found: list[AnyRecord] = []
    for name in ("T-1", "T-2", "T-3")[: draw(st.integers(1, 3))]:
        moments = draw(st.lists(hours, min_size=1, max_size=7, unique=True))
        for place, hour in enumerate(sorted(moments)):
            found.append(
                Transition(
                    source="desk",
                    source_id=f"{name}/{place}",
                    case=name,
                    of="incident",
                    state="opened" if place == 0 and draw(st.booleans()) else draw(st.sampled_from(STATES)),
                    at=BEGIN + timedelta(hours=hour),
                    priority=draw(st.sampled_from(["", "P1", "P2", "P3"])),
                )
            )
    return found


measures = st.builds(
    Within,
    cases=st.just("incident"),
    limit=st.none() | st.integers(1, 60).map(lambda many: Duration(many * 3600)),
    limits=st.fixed_dictionaries({"P1": st.integers(1, 30).map(lambda many: Duration(many * 3600))}),
    priority=st.sampled_from([(), ("P1",), ("P1", "P2")]),
    priority_at=st.sampled_from(PriorityAt),
    clock=st.builds(Clock, on=st.sampled_from(["always", "office"]), pause=st.sampled_from([(), ("waiting",)])),
    population=st.sampled_from(Population),
    missing_stop=st.sampled_from(MissingStop),
    reopened=st.sampled_from(Reopened),
    bound=st.sampled_from(Bound),
)


def is_open(hour: int, on: str) -> bool:
    moment = BEGIN + timedelta(hours=hour)
    closed = moment.weekday() > 4 or (moment.month, moment.day) == (4, 21)
    return on == "always" or (not closed and moment.hour in (9, 10, 11, 13, 14, 15, 16))


@dataclass
class Played:
    """A case after its clock was played up to an hour."""

    opened: int | None = None
    running: bool = False
    elapsed: int = 0
    used: Ratio = Ratio(0)  # noqa: RUF009  # a value
    stopped: int | None = None
    closed: int | None = None


def played(steps: list[Transition], measure: Within, until: int) -> Played:
    case = Played()
    by_hour = {(step.at - BEGIN) // timedelta(hours=1): step.state for step in steps}
    for hour in range(-50, until):
        state = by_hour.get(hour)
        if state is not None:
            enter(case, state, hour, measure)
        ticked = case.running and is_open(hour, measure.clock.on)
        case.elapsed += ticked
        limit = measure.limit_of(in_force(steps, hour, until))
        if ticked and limit is not None:
            case.used += Ratio(3600, seconds_of(limit))
    return case


def in_force(steps: list[Transition], hour: int, until: int) -> str:
    """Return the priority at an hour, or the first one named if none had been."""
    named = [
        (step.at, step.priority) for step in steps if step.priority and step.at < BEGIN + until * timedelta(hours=1)
    ]
    then = [priority for at, priority in named if at <= BEGIN + hour * timedelta(hours=1)]
    return (then[-1:] or [priority for _, priority in named[:1]] or [""])[0]


def seconds_of(limit: Duration | Days) -> int:
    assert isinstance(limit, Duration)
    return limit.seconds


def decisive(named: list[str], measure: Within) -> str:
    if measure.priority_at is PriorityAt.OPENING:
        return named[0]
    if measure.priority_at is PriorityAt.HIGHEST:
        listed = [*measure.priority, "P1", "P2", "P3", ""]
        return min(named, key=lambda each: (each != "P1", each not in measure.priority, listed.index(each), each))
    return named[-1]


def enter(case: Played, state: str, hour: int, measure: Within) -> None:
    if case.opened is None:
        if state == "opened":
            case.opened, case.running = hour, True
        return
    if case.stopped is not None:
        if state in ("resolved", "closed") or measure.reopened is Reopened.IGNORE:
            return
        case.stopped = None
        if measure.reopened is Reopened.RESTART:
            case.elapsed, case.used = 0, Ratio(0)
    if state == "resolved":
        case.stopped, case.closed, case.running = hour, None, False
    else:
        case.running = state not in measure.clock.pause
        if state != "closed":
            case.closed = None
        elif case.closed is None:
            case.closed = hour


def standing(steps: list[Transition], measure: Within) -> tuple[int, int]:
    """Return what one case adds to the good cases and to all cases of April."""
    whole, seen = played(steps, measure, 1_000), played(steps, measure, len(HOURS))
    by_opening = measure.population is Population.OPENED_IN_PERIOD
    case = whole if by_opening else seen
    if case.opened is None:
        return 0, 0
    is_still_open = case.stopped is None and case.closed is None
    ended = case.stopped if case.stopped is not None else case.closed
    if by_opening:
        belongs = case.opened in HOURS
    elif is_still_open:
        belongs = measure.population is Population.RESOLVED_PLUS_OPEN_OVERDUE
    else:
        belongs = ended in HOURS
    known = [step for step in steps if by_opening or step.at < BEGIN + timedelta(hours=len(HOURS))]
    named = [step.priority for step in known if step.priority] or [""]
    priority = decisive(named, measure)
    limit = measure.limits.get(priority, measure.limit)
    if not belongs or limit is None or (measure.priority and priority not in measure.priority):
        return 0, 0
    if case.closed is not None:
        return 0, int(measure.missing_stop is MissingStop.MISSED)
    then = seen if is_still_open else case
    used = Ratio(then.elapsed * 3600, seconds_of(limit))
    if measure.priority_at is PriorityAt.EACH_BY_ITS_TIME:
        used = then.used
    inside = used <= 1 if measure.bound is Bound.INCLUSIVE else used < 1
    if is_still_open:
        return 0, int(not inside)
    return int(inside), 1


class TestCases:
    @given(measures, histories())
    def test_are_what_playing_their_clocks_gives(self, measure: Within, records: list[AnyRecord]) -> None:
        terms = replace(TEMPLATE, outcomes={"it": replace(TEMPLATE.outcomes["it"], measure=measure)})
        cases: dict[str, list[Transition]] = {}
        for record in records:
            assert isinstance(record, Transition)
            cases.setdefault(record.case, []).append(record)
        expected = [standing(steps, measure) for steps in cases.values()]
        found = measured(terms, "2025-04", *shuffled(records))
        assert (found.good, found.total) == (sum(good for good, _ in expected), sum(total for _, total in expected))
        assert len(found.misses) == found.total - found.good
