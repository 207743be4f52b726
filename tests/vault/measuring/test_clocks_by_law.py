"""Sums of clocks against the law, on cases as awkward as they come: the same integers, whatever the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import numpy as np
from hypothesis import given, settings
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
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.case_limits import CaseLimits
from makegood.engine.judging.cases import Case
from makegood.engine.judging.within import WithinIndicator
from makegood.engine.vocabulary.duration import Duration
from makegood.vault.measuring.clocks import loops
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import columns_of
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.sums import IN_NUMPY, ClockSums, Kernels, compiled
from tests.engine.judging.scene import agreement, at, period

# March has the change of clocks, a case may begin before it and end after it.
BEGIN, END = at("2025-02-24 00:00"), at("2025-04-06 00:00")
TERMS = agreement(
    "{kind: within, cases: incident, limit: 4h, clock: {on: office}}",
    term="{from: 2025-01-01, months: 12, timezone: Europe/Berlin}",
    calendars="{office: {days: {mon-fri: ['09:00-12:00', '13:00-15:00', '15:30-17:30']}, extra_closed: [2025-03-14]},"
    " nights: {days: {mon-sun: ['00:00-05:00', '22:00-24:00']}, timezone: America/New_York}}",
)
MARCH = period(TERMS, "2025-03")
STATES = ("opened", "active", "waiting", "resolved", "closed", "cancelled")
AS_LOOPS = Kernels(loops.add, loops.judge)

TENS = (END - BEGIN) // timedelta(minutes=10)
# Small numbers are drawn most often; multiplied they are spread over the six weeks.
instants = st.integers(0, TENS).map(lambda n: BEGIN + timedelta(minutes=10 * ((n * 2_741 + TENS // 2) % TENS)))
seconds = st.integers(-2, 2).map(lambda n: MARCH.interval.end + timedelta(seconds=n))

ordinary = st.sampled_from(
    [
        way.split()
        for way in (
            "opened resolved",
            "opened active resolved closed",
            "opened active waiting active resolved closed",
            "opened active resolved active resolved",
            "opened active waiting",
            "opened closed",
        )
    ]
)


@st.composite
def histories(draw: st.DrawFn) -> list[Transition]:
    found: list[Transition] = []
    for name in ("T-1", "T-2", "T-3", "T-4")[: draw(st.integers(1, 4))]:
        way = draw(ordinary | st.lists(st.sampled_from(STATES), min_size=1, max_size=7))
        moments = sorted(draw(st.lists(instants | seconds, min_size=len(way), max_size=len(way))))
        names = draw(st.permutations(range(len(way))))
        for place, (state, moment) in enumerate(zip(way, moments, strict=True)):
            found.append(
                Transition(
                    source="desk",
                    source_id=f"{name}/{names[place]}",
                    case=name,
                    of="incident",
                    state=state,
                    at=moment,
                    priority=draw(st.sampled_from(["", "", "P1", "P2", "P3"])),
                )
            )
    return found


clocks = st.builds(
    Clock,
    from_=st.sampled_from(["opened"] * 8 + ["active", "closed"]),
    to=st.sampled_from(["resolved"] * 6 + ["active", "closed"]),
    on=st.sampled_from(["always", "office", "nights"]),
    pause=st.sampled_from([(), ("waiting",), ("waiting", "opened"), ("closed",)]),
    on_priority=st.sampled_from([{}, {}, {}, {}, {"P1": "always"}, {"P2": "nights", "P4": "office"}]),
)
hours = st.integers(0, 200).map(lambda many: Duration(many * 3600))
measures = st.builds(
    Within,
    cases=st.just("incident"),
    limit=st.none() | hours | hours | hours,
    limits=st.fixed_dictionaries({"P1": hours}),
    priority=st.sampled_from([(), (), (), (), ("P1",), ("P1", "P2")]),
    priority_at=st.sampled_from([each for each in PriorityAt if each is not PriorityAt.EACH_BY_ITS_TIME]),
    clock=clocks,
    population=st.sampled_from(Population),
    missing_stop=st.sampled_from(MissingStop),
    closed=st.sampled_from([("closed",), ("closed", "cancelled"), ()]),
    reopened=st.sampled_from(Reopened),
    bound=st.sampled_from(Bound),
)


@dataclass(frozen=True)
class Measured:
    """What sums say: the cases inside and counted, how long each clock ran, and which cases the law must judge."""

    inside: int
    total: int
    elapsed: list[int]
    left: list[int]


def plan_of(measure: Within) -> ClockPlan:
    return ClockPlan.of([(TERMS, measure)], MARCH.interval, BEGIN, END)


def sums_of(measure: Within, rows: TransitionColumns, cases: int, kernels: Kernels | None = None) -> ClockSums:
    sums = ClockSums.none(plan_of(measure), np.zeros(cases, np.int32))
    sums.add(rows, kernels)
    return sums


def measured(sums: ClockSums, kernels: Kernels | None = None) -> Measured:
    found = sums.attainment(kernels)
    return Measured(int(found.inside[0]), int(found.total[0]), sums.elapsed().tolist(), found.left_to_law.tolist())


def by_law(measure: Within, records: list[Transition]) -> tuple[int, int]:
    found = WithinIndicator.of(TERMS, measure, Evidence.of(records)).measured(MARCH)
    assert found.good is not None
    assert found.total is not None
    return int(found.good), int(found.total)


def elapsed_by_law(measure: Within, name: str, records: list[Transition]) -> int:
    """Return how long the clock of a case ran: to its stop if the population looks so far, else to the end of the month."""
    end = MARCH.interval.end
    follows = measure.population is Population.OPENED_IN_PERIOD
    steps = [step for step in records if step.case == name and (follows or step.at < end)]
    in_order = sorted(steps, key=lambda step: (step.at, step.source_id))
    case = Case.of(name, in_order, measure)
    if case.run.stopped_at is None:
        case = Case.of(name, [step for step in in_order if step.at < end], measure)
    limits = CaseLimits.of(TERMS, measure)
    return case.run.elapsed(limits.calendars.get(limits.priority(case), limits.calendar), end)


def assert_equal(one: ClockSums, other: ClockSums) -> None:
    for ours, theirs in ((one.sums, other.sums), (one.later, other.later), (one.marks, other.marks)):
        assert ours.tolist() == theirs.tolist()


class TestSumsOfClocks:
    @settings(max_examples=200)
    @given(histories(), measures)
    def test_find_what_the_law_finds(self, records: list[Transition], measure: Within) -> None:
        cases, rows = columns_of(records)
        found = measured(sums_of(measure, rows, len(cases), IN_NUMPY), IN_NUMPY)
        left = {cases[number][1] for number in found.left}
        good, total = by_law(measure, [each for each in records if each.case in left])
        assert (found.inside + good, found.total + total) == by_law(measure, records)

    @settings(max_examples=60)
    @given(histories(), measures)
    def test_run_as_long_as_each_clock_of_the_law(self, records: list[Transition], measure: Within) -> None:
        cases, rows = columns_of(records)
        found = measured(sums_of(measure, rows, len(cases)))
        for number, ((_, name), elapsed) in enumerate(zip(cases, found.elapsed, strict=True)):
            if number not in found.left:
                assert elapsed == elapsed_by_law(measure, name, records)

    @settings(max_examples=60)
    @given(histories(), measures, st.randoms(use_true_random=False))
    def test_are_the_same_in_any_order_and_in_any_parts(
        self, records: list[Transition], measure: Within, random: Random
    ) -> None:
        cases, rows = columns_of(records)
        whole = sums_of(measure, rows, len(cases), IN_NUMPY)
        order = list(range(len(rows)))
        random.shuffle(order)
        cut = random.randint(0, len(order))
        parts = [sums_of(measure, rows.rows(np.array(part, int)), len(cases)) for part in (order[:cut], order[cut:])]
        assert_equal(parts[0].merged(parts[1]), whole)
        parts[0].add(rows.rows(np.array(order[cut:], int)))
        assert_equal(parts[0], whole)

    @settings(max_examples=60)
    @given(histories(), measures)
    def test_are_the_same_in_numpy_and_as_loops_compiled_or_not(
        self, records: list[Transition], measure: Within
    ) -> None:
        cases, rows = columns_of(records)
        every = [sums_of(measure, rows, len(cases), kernels) for kernels in (IN_NUMPY, AS_LOOPS, compiled())]
        for kernels in (IN_NUMPY, AS_LOOPS, compiled()):
            assert_equal(every[0], every[1])
            assert_equal(every[0], every[2])
            assert len({str(measured(sums, kernels)) for sums in every}) == 1
