"""Running clocks, and that they say what the verdict will say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from makegood.engine.agreement.measures.within import Bound, Clock, PriorityAt, Reopened, Within
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.clock import ClockRun, in_order
from makegood.engine.judging.running import ClockState, RunningClock, end_of_days, running_clocks
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, case, measured

OFFICE = "{office: {days: {mon-fri: ['09:00-17:00']}, extra_closed: [2025-04-21]}}"
HALVES = (Ratio(1, 2), Ratio(3, 4))


def terms(more: str = "limit: 4h") -> Agreement:
    return agreement(f"{{kind: within, cases: incident, {more}}}", calendars=OFFICE)


def one(agreed: Agreement, steps: list[Transition], when: str) -> RunningClock:
    [clock] = running_clocks(agreed, steps[0].of, steps, at(when), levels=HALVES)
    return clock


class TestARunningClock:
    def test_says_when_its_limit_is_reached(self) -> None:
        clock = one(terms("limit: 4h, clock: {on: office}"), case("t", "opened 04-17 16:00"), "04-17 18:00")
        assert clock == RunningClock(
            outcome="it",
            step="",
            priority="",
            limit=Duration(14_400),
            state=ClockState.RUNNING,
            elapsed=3_600,
            used=Ratio(1, 4),
            due_at=at("04-18 12:00"),
            levels=(at("04-18 10:00"), at("04-18 11:00")),
            done_at=None,
            inside=True,
        )

    def test_stands_still_in_a_pause_and_is_due_later(self) -> None:
        agreed = terms("limit: 4h, clock: {pause: waiting}")
        paused = case("t", "opened 04-01 08:00", "waiting 04-01 11:00")
        clock = one(agreed, paused, "04-01 20:00")
        assert (clock.state, clock.used, clock.due_at) == (ClockState.PAUSED, Ratio(3, 4), None)
        assert clock.levels == (at("04-01 10:00"), at("04-01 11:00"))
        went_on = case("t", "opened 04-01 08:00", "waiting 04-01 11:00", "active 04-02 08:00")
        assert one(agreed, went_on, "04-02 08:30").due_at == at("04-02 09:00")

    def test_is_over_since_when_its_limit_was_reached(self) -> None:
        clock = one(terms(), case("t", "opened 04-01 08:00"), "04-01 20:00")
        assert (clock.inside, clock.due_at, clock.used) == (False, at("04-01 12:00"), Ratio(3))

    def test_stops(self) -> None:
        clock = one(terms(), case("t", "opened 04-01 08:00", "resolved 04-01 10:00"), "04-01 20:00")
        assert (clock.state, clock.done_at, clock.inside, clock.due_at) == (
            ClockState.STOPPED,
            at("04-01 10:00"),
            True,
            None,
        )

    def test_that_was_never_stopped_is_not_kept_when_the_case_is_closed(self) -> None:
        clock = one(terms(), case("t", "opened 04-01 08:00", "closed 04-01 10:00"), "04-01 20:00")
        assert (clock.state, clock.done_at, clock.inside) == (ClockState.STOPPED, None, False)

    def test_takes_the_limit_of_the_priority(self) -> None:
        agreed = terms("limits: {P1: 1h, P2: 8h}")
        steps = case("t", "opened 04-01 08:00", priority="P2") + case("t", "active 04-01 08:10", priority="P1")
        assert one(agreed, steps, "04-01 08:05").due_at == at("04-01 16:00")
        assert one(agreed, steps, "04-01 08:15").due_at == at("04-01 09:00")

    def test_counts_each_priority_by_its_time(self) -> None:
        agreed = terms("limits: {P1: 1h, P2: 8h}, priority_at: each_by_its_time")
        steps = case("t", "opened 04-01 08:00", priority="P2") + case("t", "active 04-01 12:00", priority="P1")
        clock = one(agreed, steps, "04-01 12:15")
        assert (clock.used, clock.due_at) == (Ratio(3, 4), at("04-01 12:30"))

    def test_uses_up_nothing_while_no_limit_is_agreed_for_its_priority(self) -> None:
        agreed = terms("limits: {P1: 1h}, priority_at: each_by_its_time")
        steps = case("t", "opened 04-01 08:00", priority="P4") + case("t", "active 04-01 12:00", priority="P1")
        assert one(agreed, steps, "04-01 12:15").due_at == at("04-01 13:00")

    @pytest.mark.parametrize(
        ("_case", "more", "steps"),
        [
            ("of another priority", "limit: 4h, priority: P1", ["opened 04-01 08:00"]),
            ("without a limit", "limits: {P1: 4h}", ["opened 04-01 08:00"]),
            ("that was not opened", "limit: 4h", ["active 04-01 08:00"]),
            ("that begins later", "limit: 4h", ["opened 04-02 08:00"]),
        ],
    )
    def test_is_none_of_a_case(self, _case: str, more: str, steps: list[str]) -> None:
        assert running_clocks(terms(more), "incident", case("t", *steps, priority="P3"), at("04-01 09:00")) == ()

    def test_is_none_of_a_part_of_another_case(self) -> None:
        [step] = case("t", "opened 04-01 08:00")
        part = replace(step, labels=(("parent", "7"),))
        agreed = terms("limit: 4h, leave_out: parent")
        assert running_clocks(agreed, "incident", [part], at("04-01 09:00")) == ()
        assert len(running_clocks(agreed, "incident", [step], at("04-01 09:00"))) == 1

    def test_of_business_days_ends_with_the_last(self) -> None:
        agreed = terms("limit: 2 business days, clock: {pause: waiting}")
        assert one(agreed, case("t", "opened 04-17 16:00"), "04-17 16:30").due_at == at("04-21 16:00")
        paused = case("t", "opened 04-17 16:00", "waiting 04-17 17:00", "active 04-17 19:00")
        assert one(agreed, paused, "04-18 16:30").due_at == at("04-21 18:00")


class TestAStepThatWasPromised:
    AGREED = agreement(
        "{kind: steps, cases: incident, from: occurred, steps: {told: {state: told, within: 15m},"
        " planned: {state: plan-sent, within: 1 day, needs: ticket}}}"
    )

    def test_has_a_clock_of_its_own(self) -> None:
        steps = case("t", "occurred 04-01 08:00", "told 04-01 08:10")
        told, planned = running_clocks(self.AGREED, "incident", steps, at("04-01 20:00"), levels=HALVES)
        assert (told.step, told.state, told.done_at, told.inside, told.used) == (
            "told",
            ClockState.STOPPED,
            at("04-01 08:10"),
            True,
            Ratio(2, 3),
        )
        assert (planned.step, planned.state, planned.due_at, planned.used, planned.levels) == (
            "planned",
            ClockState.RUNNING,
            at("04-02 08:00"),
            Ratio(1, 2),
            (at("04-01 20:00"), at("04-02 02:00")),
        )

    def test_is_over_when_it_was_not_done(self) -> None:
        steps = case("t", "occurred 04-01 08:00")
        told, planned = running_clocks(self.AGREED, "incident", steps, at("04-02 08:00"))
        assert (told.inside, planned.inside, planned.levels) == (False, True, ())

    def test_has_no_clock_without_a_start_or_for_events_that_do_not_count(self) -> None:
        steps = case("t", "told 04-01 08:10")
        assert running_clocks(self.AGREED, "incident", steps, at("04-02 08:00")) == ()
        others = agreement("{kind: steps, cases: incident, priority: P1, steps: {told: {state: told, within: 15m}}}")
        begun = case("t", "occurred 04-01 08:00", priority="P2")
        assert running_clocks(others, "incident", begun, at("04-02 08:00")) == ()


class TestTheEndOfDays:
    def test_of_none_is_now(self) -> None:
        assert end_of_days(terms(), at("04-17 16:00"), Days(0, business=True)) == at("04-17 16:00")

    def test_of_too_many_is_refused(self) -> None:
        with pytest.raises(ValueError, match="5000 business days are not over within 10 years"):
            end_of_days(terms(), at("04-17 16:00"), Days(5000, business=True))


STATES = ("active", "waiting", "resolved", "active")
BEGIN = at("04-01 00:00")
measures = st.builds(
    Within,
    cases=st.just("incident"),
    limits=st.fixed_dictionaries(
        {
            each: st.integers(1, 100_000).map(Duration) | st.builds(Days, st.integers(1, 3), business=st.booleans())
            for each in ("P1", "P2")
        }
    ),
    priority_at=st.sampled_from(PriorityAt),
    clock=st.builds(Clock, on=st.sampled_from(["always", "office"]), pause=st.sampled_from([(), ("waiting",)])),
    reopened=st.sampled_from(Reopened),
    bound=st.sampled_from(Bound),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Transition]:
    moments = sorted(draw(st.lists(st.integers(0, 10 * 86_400), min_size=1, max_size=6, unique=True)))
    return [
        Transition(
            source="desk",
            source_id=f"{place}",
            case="t",
            of="incident",
            state="opened" if place == 0 else draw(st.sampled_from(STATES)),
            at=BEGIN + timedelta(seconds=second),
            priority=draw(st.sampled_from(["P1", "P2"])),
        )
        for place, second in enumerate(moments)
    ]


class TestWhatIsDue:
    @given(measures, histories())
    def test_is_where_inside_ends_by_the_law(self, measure: Within, steps: list[Transition]) -> None:
        assume(measure.priority_at is not PriorityAt.EACH_BY_ITS_TIME or all(map(is_time, measure.limits.values())))
        agreed = terms()
        outcome = replace(agreed.outcomes["it"], measure=measure)
        agreed = replace(agreed, outcomes={"it": outcome})
        last = steps[-1].at
        run = ClockRun.of(in_order(steps, measure), measure)
        for clock in running_clocks(agreed, "incident", steps, last):
            if clock.state is not ClockState.RUNNING or clock.due_at is None or clock.due_at <= last:
                continue
            assert run.running_since is not None
            for second, inside in self._around(clock.due_at, measure.bound):
                if second > last:
                    assert stopped_inside(agreed, steps, second) is inside

    def _around(self, due: datetime, bound: Bound) -> list[tuple[datetime, bool]]:
        second = timedelta(seconds=1)
        return [(due - second, True), (due, False)] if bound is Bound.EXCLUSIVE else [(due, True)]


def is_time(limit: Duration | Days) -> bool:
    return isinstance(limit, Duration)


def stopped_inside(agreed: Agreement, steps: list[Transition], when: datetime) -> bool:
    stop = Transition(source="desk", source_id="z", case="t", of="incident", state="resolved", at=when)
    found = measured(agreed, f"{when:%Y-%m}", *steps, stop)
    return found.good == found.total == 1
