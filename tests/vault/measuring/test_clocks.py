"""Clocks in bulk: what is covered, what one change does, and what is refused."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from makegood.engine.agreement.measures.within import CarriedOver, Clock, Population, PriorityAt, Within
from makegood.engine.evidence.records import Transition
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.vault.measuring.clocks import loops
from makegood.vault.measuring.clocks.columns import Change, TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, columns_of, from_states
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.reading import covers
from makegood.vault.measuring.clocks.sums import IN_NUMPY, ClockSums, Kernels, compiled
from makegood.vault.probes.columns import second_of
from tests.engine.judging.scene import agreement, at, case, period

FOUR_HOURS = Duration(4 * 3600)
MEASURE = Within(cases="incident", limits={"P1": FOUR_HOURS}, limit=Duration(86_400))
DAYS = Days(2, business=True)
TERMS = agreement("{kind: within, cases: incident, limit: 4h}")
APRIL = period(TERMS, "2025-04")
KERNELS = pytest.mark.parametrize("kernels", [IN_NUMPY, Kernels(loops.add, loops.judge), compiled()])
BEGIN, END = at("03-01 00:00"), at("06-01 00:00")


def plan(*measures: Within) -> ClockPlan:
    return ClockPlan.of([(TERMS, each) for each in measures], APRIL.interval, BEGIN, END)


def recorded(*rows: tuple[int, int, str, str]) -> StateColumns:
    """Return transitions of case, second, state and priority."""
    states, priorities = ["active", "opened", "resolved"], ["", "P1", "P2"]
    return StateColumns(
        states,
        priorities,
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.int64),
        np.array([states.index(row[2]) for row in rows], np.int32),
        np.array([priorities.index(row[3]) for row in rows], np.int32),
        np.arange(len(rows)),
    )


def as_rows(columns: TransitionColumns) -> list[tuple[int, int, Change]]:
    changes = [columns.changes[number] for number in columns.change.tolist()]
    return list(zip(columns.case.tolist(), columns.at.tolist(), changes, strict=True))


ROWS = (
    (0, 10, "opened", "P1"),
    (0, 20, "active", ""),
    (0, 20, "resolved", "P2"),
    (2, 15, "opened", ""),
    (2, 30, "resolved", "P1"),
)


class TestWhatSumsCover:
    @pytest.mark.parametrize(
        ("_case", "measure"),
        [
            ("limits by priority", MEASURE),
            ("a calendar of one priority", replace(MEASURE, clock=Clock(on_priority={"P1": "always"}))),
            (
                "overdue cases once, where only the stopped ones count",
                replace(MEASURE, carried_over=CarriedOver.ONCE, population=Population.RESOLVED_IN_PERIOD),
            ),
        ],
    )
    def test_is_most_measures(self, _case: str, measure: Within) -> None:
        assert covers(measure)

    @pytest.mark.parametrize(
        ("_case", "measure"),
        [
            ("a limit in days", replace(MEASURE, limit=DAYS)),
            ("a limit of one priority in days", replace(MEASURE, limits={"P1": DAYS})),
            ("a second limit", replace(MEASURE, rest_within=FOUR_HOURS)),
            ("a second limit of one priority", replace(MEASURE, rest_limits={"P1": FOUR_HOURS})),
            ("each priority by its time", replace(MEASURE, priority_at=PriorityAt.EACH_BY_ITS_TIME)),
            ("overdue cases once", replace(MEASURE, carried_over=CarriedOver.ONCE)),
            ("labels that take a case out", replace(MEASURE, leave_out=("parent",))),
            ("a label by which it is broken down", replace(MEASURE, by="site")),
        ],
    )
    def test_is_not(self, _case: str, measure: Within) -> None:
        assert not covers(measure)
        with pytest.raises(ValueError, match="cases of incident are judged one by one"):
            plan(measure)


class TestChanges:
    def test_know_what_came_before(self) -> None:
        assert as_rows(from_states(recorded(*ROWS))) == [
            (0, 10, Change("", "opened", (), False, "", "P1")),
            (0, 20, Change("opened", "active", ("opened",), False, "P1", "P1")),
            (0, 20, Change("active", "resolved", ("active", "opened"), True, "P1", "P2")),
            (2, 15, Change("", "opened", (), False, "", "")),
            (2, 30, Change("opened", "resolved", ("opened",), False, "", "P1")),
        ]

    @pytest.mark.parametrize("cut", range(len(ROWS) + 1))
    def test_may_be_derived_in_parts_as_time_goes_on(self, cut: int) -> None:
        in_time = sorted(ROWS, key=lambda row: row[1])
        earlier, later = (recorded(*sorted(part, key=lambda row: row[0])) for part in (in_time[:cut], in_time[cut:]))
        first = from_states(earlier)
        both = as_rows(first) + as_rows(from_states(later, first.last()))
        assert sorted(both, key=str) == sorted(as_rows(from_states(recorded(*ROWS))), key=str)

    def test_are_counted_the_same_whatever_else_there_was(self) -> None:
        once, again = (from_states(recorded(*ROWS)) for _ in range(2))
        assert (once.changes, once.change.tolist()) == (again.changes, again.change.tolist())
        assert list(once.changes) == sorted(set(once.changes))

    def test_keep_the_entry_by_which_they_came(self) -> None:
        sequence = from_states(recorded(*ROWS)).last().sequence
        assert sequence is not None
        assert sequence.tolist() == [2, 4]

    @pytest.mark.parametrize("rows", [ROWS[::-1], (ROWS[1], ROWS[0])])
    def test_are_refused_out_of_order(self, rows: tuple[tuple[int, int, str, str], ...]) -> None:
        with pytest.raises(ValueError, match="by case, and in each by time"):
            from_states(recorded(*rows))

    def test_are_refused_before_what_is_known_of_their_case(self) -> None:
        with pytest.raises(ValueError, match="by case, and in each by time"):
            from_states(recorded(ROWS[0]), from_states(recorded(ROWS[1])))

    def test_are_taken_from_records_by_the_kind_and_name_of_their_case(self) -> None:
        steps = [*case("T-2", "opened 04-02 08:00"), *case("T-1", "opened P1 04-02 09:00", "resolved 04-02 10:00")]
        change = replace(steps[0], of="change")
        cases, columns = columns_of([*steps, change])
        assert cases == [("change", "T-2"), ("incident", "T-1"), ("incident", "T-2")]
        assert columns.case.tolist() == [0, 1, 1, 2]

    def test_are_refused_in_columns_that_do_not_fit(self) -> None:
        columns = from_states(recorded(*ROWS))
        with pytest.raises(ValueError, match="differ in length"):
            replace(columns, at=columns.at[:-1])
        with pytest.raises(ValueError, match="are int32, int32 and int64"):
            replace(columns, case=columns.case.astype(np.int64))


STEPS: list[Transition] = [
    *case("early", "opened P1 04-02 08:00", "resolved 04-02 11:00"),
    *case("late", "opened P1 04-02 08:00", "resolved 04-02 13:00"),
    *case("slow", "opened 04-02 08:00", "resolved 04-02 13:00"),
    *case("lost", "opened P1 04-02 08:00", "closed 04-02 09:00"),
    *case("old", "opened P1 03-02 08:00", "resolved 03-02 09:00"),
]
EARLY, LATE, LOST, OLD, SLOW = range(5)


def sums(agreements: list[int], *measures: Within, kernels: Kernels | None = None) -> ClockSums:
    _, rows = columns_of(STEPS)
    found = ClockSums.none(plan(*measures), np.array(agreements, np.int32))
    found.add(rows, kernels)
    return found


class TestAttainment:
    @KERNELS
    def test_is_counted_by_agreement(self, kernels: Kernels) -> None:
        strict = replace(MEASURE, limits={"P1": Duration(3600)}, limit=Duration(5 * 3600))
        found = sums([0, 0, 0, 1, 1], MEASURE, strict).attainment(kernels)
        assert (found.inside.tolist(), found.total.tolist()) == ([1, 1], [3, 1])

    @KERNELS
    def test_leaves_out_cases_of_no_agreement(self, kernels: Kernels) -> None:
        found = sums([0, -1, -1, -1, -1], MEASURE, kernels=kernels).attainment(kernels)
        assert (found.inside.tolist(), found.total.tolist()) == ([1], [1])
        assert found.standing.tolist().count(0) == 4

    def test_leaves_to_the_law_what_the_caller_sets_aside(self) -> None:
        found = sums([0] * 5, MEASURE).without(np.array([LATE])).attainment()
        assert (found.inside.tolist(), found.total.tolist()) == ([2], [3])
        assert found.left_to_law.tolist() == [LATE]

    @KERNELS
    def test_leaves_to_the_law_a_case_of_which_rows_are_missing(self, kernels: Kernels) -> None:
        _, rows = columns_of(case("T-1", "opened P2 04-02 08:00", "resolved P1 04-02 09:00"))
        found = ClockSums.none(plan(MEASURE), np.zeros(1, np.int32))
        found.add(rows.rows(slice(1, 2)), kernels)
        assert found.attainment(kernels).left_to_law.tolist() == [0]

    @KERNELS
    def test_follows_cases_to_their_end_if_it_is_of_those_that_were_opened(self, kernels: Kernels) -> None:
        _, rows = columns_of(case("T-1", "opened P1 04-30 22:00", "resolved 05-01 01:00"))
        found = ClockSums.none(plan(replace(MEASURE, population=Population.OPENED_IN_PERIOD)), np.zeros(1, np.int32))
        found.add(rows, kernels)
        assert (found.attainment(kernels).inside.tolist(), found.elapsed().tolist()) == ([1], [3 * 3600])

    def test_tells_how_long_each_clock_ran(self) -> None:
        assert sums([0] * 5, MEASURE).elapsed(np.array([EARLY, LATE])).tolist() == [3 * 3600, 5 * 3600]

    def test_is_the_same_without_numba(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "numba", None)
        assert compiled.__wrapped__() == IN_NUMPY


class TestClockPlan:
    def test_is_of_measures_that_are_read_alike(self) -> None:
        with pytest.raises(ValueError, match="read in one way, not in 2"):
            plan(MEASURE, replace(MEASURE, population=Population.OPENED_IN_PERIOD))

    def test_is_of_some_measure(self) -> None:
        with pytest.raises(ValueError, match="read in one way, not in 0"):
            plan()

    def test_tells_no_more_priorities_apart_than_a_sum_has_room_for(self) -> None:
        with pytest.raises(ValueError, match="name 8190 priorities at most"):
            plan(replace(MEASURE, priority=tuple(f"P{number}" for number in range(8191))))


class TestSumsOfClocks:
    def test_refuse_a_case_of_an_agreement_that_is_not_in_the_plan(self) -> None:
        with pytest.raises(ValueError, match="the plan has 1 agreements"):
            ClockSums.none(plan(MEASURE), np.array([0, 1], np.int32))

    def test_may_be_of_no_cases_at_all(self) -> None:
        found = ClockSums.none(plan(MEASURE), np.zeros(0, np.int32))
        assert found.attainment().total.tolist() == [0]

    @KERNELS
    @pytest.mark.parametrize(("column", "value"), [("case", 5), ("case", -1), ("change", 99), ("change", -1)])
    def test_refuse_a_row_that_points_nowhere(self, column: str, value: int, kernels: Kernels) -> None:
        _, rows = columns_of(STEPS)
        damaged = getattr(rows, column).copy()
        damaged[7] = value
        found = ClockSums.none(plan(MEASURE), np.zeros(5, np.int32))
        with pytest.raises(ValueError, match="names a case or a change that is not there"):
            found.add(replace(rows, **{column: damaged}), kernels)

    @KERNELS
    @pytest.mark.parametrize("moment", ["02-28 23:59:59", "06-02 00:00:01"])
    def test_refuse_an_instant_beyond_the_calendars_of_the_plan(self, moment: str, kernels: Kernels) -> None:
        _, rows = columns_of(STEPS)
        far = rows.at.copy()
        far[3] = second_of(at(moment))
        found = ClockSums.none(plan(MEASURE), np.zeros(5, np.int32))
        with pytest.raises(ValueError, match="compiled for 2025-03-01 to 2025-06-01"):
            found.add(replace(rows, at=far), kernels)

    @KERNELS
    def test_take_no_rows_at_all(self, kernels: Kernels) -> None:
        _, rows = columns_of(STEPS)
        found = ClockSums.none(plan(MEASURE), np.zeros(5, np.int32))
        found.add(rows.rows(slice(0)), kernels)
        assert found.sums.tolist() == [0] * 5
