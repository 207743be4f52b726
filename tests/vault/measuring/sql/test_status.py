"""Runs and seconds as SQL: the same whole numbers as NumPy and the law, from DuckDB and from Spark's dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.evidence.probes import STATUSES, Probe
from makegood.engine.evidence.records import Status
from makegood.engine.evidence.reduction import Run, runs
from makegood.vault.measuring.sql.status import TIMELINE, counting_table, runs_query, seconds_query
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.measure import measured
from makegood.vault.measuring.status.plan import StatusPlan
from makegood.vault.measuring.status.runs import seconds_of_runs
from makegood.vault.probes.columns import ProbeColumns, second_of
from makegood.vault.probes.runs import runs_of
from makegood.vault.probes.segment import segment_bytes
from tests.vault.measuring.sql.engines import DuckDB, Engine, Rows, Sail
from tests.vault.probes.probing import NOON, SERIES, WEB, accepted, probes, up_at

LARGE = 10**15  # more would be another test: this one is about time

TIMELINE_OF_WEB = tuple(getattr(WEB, name) for name in TIMELINE)

stretches = st.tuples(st.integers(-300, 900), st.integers(1, 600)).map(lambda drawn: (drawn[0], sum(drawn)))
excluded = st.tuples(st.integers(0, len(SERIES) - 1), stretches).map(lambda drawn: (drawn[0], *drawn[1]))


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with DuckDB.started() as started:
        yield started


@pytest.fixture(scope="module")
def sail() -> Iterator[Engine]:
    with Sail.started() as started:
        yield started


@st.composite
def plans(draw: st.DrawFn) -> StatusPlan:
    agreed = np.array(draw(st.lists(stretches, max_size=3)), np.int64).reshape(-1, 2).T
    out = np.array(draw(st.lists(excluded, max_size=3)), np.int64).reshape(-1, 3).T
    counting = Counting.of(len(SERIES), (NOON + agreed[0], NOON + agreed[1]), (out[0], NOON + out[1], NOON + out[2]))
    return StatusPlan(names=SERIES, counting=counting, after=draw(st.none() | st.integers(1, 200)))


def segment(found: list[Probe]) -> Mapping[str, pa.Table]:
    """Return what any tool sees in the segment of some probes."""
    content = segment_bytes(accepted(sorted(found, key=lambda each: (each.series, each.at)), *[1] * len(found)))
    return {"probes": pq.read_table(pa.BufferReader(content))}


def rows_of(found: list[Run]) -> Rows:
    """Return runs as the query has them."""
    return [
        (
            *(getattr(each.series, name) for name in TIMELINE),
            STATUSES.index(each.status),
            *(second_of(each.first_at), second_of(each.last_at), each.count, each.max_gap),
        )
        for each in found
    ]


def runs_table(rows: Rows) -> pa.Table:
    names = (*TIMELINE, "status", "first_at", "last_at", "count", "max_gap")
    kinds = [pa.string()] * 3 + [pa.int64()] * 5
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)], names
    )


def check_runs(engine: Engine, found: list[Probe]) -> None:
    by_law = sorted(rows_of(runs(found)), key=lambda row: (row[:3], row[4]))
    assert engine.rows(runs_query(), segment(found)) == by_law
    names = sorted({each.series for each in found})
    numbered = [
        (names.index(each.series), *row[3:]) for each, row in zip(runs(found), rows_of(runs(found)), strict=True)
    ]
    assert engine.rows(runs_query(by=["series"]), segment(found)) == numbered


def check_seconds(engine: Engine, found: list[Probe], plan: StatusPlan) -> None:
    """Check the seconds by runs against those in NumPy, and by probes against those of the whole pass."""
    columns = ProbeColumns.of(found)
    seconds, refused = seconds_of_runs(plan, runs_of(columns))
    counting = counting_table(plan)
    by_runs = engine.rows(seconds_query(plan.after), {"runs": runs_table(rows_of(runs(found))), "counting": counting})
    assert by_runs == answer(found, seconds, refused)
    alone = [Run(each.series, each.status, each.at, each.at, 1, 0) for each in found]
    by_probes = engine.rows(seconds_query(plan.after), {"runs": runs_table(rows_of(alone)), "counting": counting})
    assert by_probes == answer(found, measured(plan, [columns]).figures().seconds, np.zeros(len(SERIES), np.bool_))


def answer(found: list[Probe], seconds: np.ndarray, refused: np.ndarray) -> Rows:
    return sorted(
        (*(getattr(name, field) for field in TIMELINE), *seconds[number].tolist(), int(refused[number]))
        for number, name in enumerate(SERIES)
        if name in {each.series for each in found}
    )


class TestRunsAsSQL:
    @settings(max_examples=40)
    @given(found=probes(largest=LARGE).filter(bool))
    def test_are_those_of_the_law_on_duckdb(self, found: list[Probe], duck: Engine) -> None:
        check_runs(duck, found)

    @settings(max_examples=8)
    @given(found=probes(largest=LARGE).filter(bool))
    def test_are_those_of_the_law_on_spark(self, found: list[Probe], sail: Engine) -> None:
        check_runs(sail, found)

    @pytest.mark.parametrize(
        ("seconds", "expected"),
        [
            ([0], [(0, 0, 1, 0)]),
            ([0, 60, 120, 300], [(0, 300, 4, 180)]),
            ([0, 60, 120, 301], [(0, 120, 3, 60), (301, 301, 1, 0)]),
            ([0, 60, 500], [(0, 60, 2, 60), (500, 500, 1, 0)]),
        ],
    )
    def test_break_where_a_gap_is_longer_than_three_usual_ones(
        self, seconds: list[int], expected: list[tuple[int, ...]], duck: Engine, sail: Engine
    ) -> None:
        rows = [(*TIMELINE_OF_WEB, 0, NOON + first, NOON + last, *rest) for first, last, *rest in expected]
        for engine in (duck, sail):
            assert engine.rows(runs_query(), segment(up_at(*seconds))) == rows


class TestSecondsAsSQL:
    @settings(max_examples=40)
    @given(found=probes(largest=LARGE).filter(bool), plan=plans())
    def test_are_those_of_numpy_on_duckdb(self, found: list[Probe], plan: StatusPlan, duck: Engine) -> None:
        check_seconds(duck, found, plan)

    @settings(max_examples=8)
    @given(found=probes(largest=LARGE).filter(bool), plan=plans())
    def test_are_those_of_numpy_on_spark(self, found: list[Probe], plan: StatusPlan, sail: Engine) -> None:
        check_seconds(sail, found, plan)

    def test_end_when_nothing_was_heard_for_too_long(self, duck: Engine, sail: Engine) -> None:
        counting = Counting.of(1, (np.array([NOON]), np.array([NOON + 1000])), (np.empty(0, int),) * 3)
        plan = StatusPlan(names=(WEB,), counting=counting, after=100)
        found = [Probe(WEB, each.at, status) for each, status in zip(up_at(10, 50, 400), list(Status)[:3], strict=True)]
        tables = {"runs": runs_table(rows_of(runs(found))), "counting": counting_table(plan)}
        for engine in (duck, sail):
            assert engine.rows(seconds_query(100), tables) == [(*TIMELINE_OF_WEB, 40, 100, 100, 0, 0)]
            assert engine.rows(seconds_query(), tables) == [(*TIMELINE_OF_WEB, 40, 350, 600, 0, 0)]
