"""Clocks as SQL: the same seconds and the same standing as sums in NumPy, which are those of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from makegood.engine.agreement.measures.within import Clock, Within
from makegood.engine.evidence.records import Transition
from makegood.engine.vocabulary.duration import Duration
from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import columns_of
from makegood.vault.measuring.clocks.sums import IN_NUMPY, ClockSums
from makegood.vault.measuring.clocks.tables import ABSENT, INSIDE, LATE, LEFT_TO_LAW
from makegood.vault.measuring.sql.clocks import clock_tables, clocks_query
from makegood.vault.measuring.transitions import transition_bytes
from makegood.vault.probes.columns import Column
from tests.engine.judging.scene import at
from tests.vault.measuring.sql.engines import DuckDB, Engine, Rows, Sail
from tests.vault.measuring.test_clocks_by_law import histories, measures, plan_of

FOUR_HOURS = Within(
    cases="incident",
    limit=Duration(4 * 3600),
    clock=Clock(from_="opened", to="resolved", on="office", pause=("waiting",)),
)


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with DuckDB.started() as started:
        yield started


@pytest.fixture(scope="module")
def sail() -> Iterator[Engine]:
    with Sail.started() as started:
        yield started


def tables(measure: Within, agreement: Column, rows: TransitionColumns) -> Mapping[str, pa.Table]:
    """Return all tables, that of transitions as any tool sees it in its file."""
    transitions = pq.read_table(pa.BufferReader(transition_bytes(rows)))
    return {"transitions": transitions, **clock_tables(plan_of(measure), agreement, rows.changes)}


def check(engine: Engine, records: list[Transition], measure: Within) -> None:
    """Check the clocks of all cases but the last, which is of no agreement."""
    cases, rows = columns_of(records)
    agreement = np.append(np.zeros(len(cases) - 1, np.int32), np.int32(-1 if len(cases) > 1 else 0))
    sums = ClockSums.none(plan_of(measure), agreement)
    sums.add(rows, IN_NUMPY)
    assert engine.rows(clocks_query(plan_of(measure)), tables(measure, agreement, rows)) == answer(sums)


def answer(sums: ClockSums) -> Rows:
    standing, elapsed = sums.attainment(IN_NUMPY).standing.tolist(), sums.elapsed().tolist()
    return [
        (number, 0, elapsed[number], standing[number])
        for number, agreement in enumerate(sums.agreement.tolist())
        if agreement == 0
    ]


def ticket(name: str, *steps: tuple[str, str]) -> list[Transition]:
    return [
        Transition(source="desk", source_id=f"{name}/{n}", case=name, of="incident", state=state, at=at(moment))
        for n, (state, moment) in enumerate(steps)
    ]


class TestClocksAsSQL:
    @settings(max_examples=60)
    @given(records=histories(), measure=measures)
    def test_are_those_of_numpy_on_duckdb(self, records: list[Transition], measure: Within, duck: Engine) -> None:
        check(duck, records, measure)

    @settings(max_examples=10)
    @given(records=histories(), measure=measures)
    def test_are_those_of_numpy_on_spark(self, records: list[Transition], measure: Within, sail: Engine) -> None:
        check(sail, records, measure)

    def test_know_what_a_day_on_the_wall_is(self, duck: Engine, sail: Engine) -> None:
        """The office opens from nine to twelve and one to five, in Berlin, where clocks change between the two days."""
        records = [
            *ticket("office", ("opened", "2025-03-28 11:00"), ("resolved", "2025-03-31 09:30")),
            *ticket(
                "pause",
                ("opened", "2025-03-28 08:00"),
                ("waiting", "2025-03-28 13:00"),
                ("resolved", "2025-03-29 00:00"),
            ),
            *ticket("quiet", ("active", "2025-03-03 10:00")),
        ]
        cases, rows = columns_of(records)
        found = tables(FOUR_HOURS, np.zeros(3, np.int32), rows)
        assert [name for _, name in cases] == ["office", "pause", "quiet"]
        for engine in (duck, sail):
            assert engine.rows(clocks_query(plan_of(FOUR_HOURS)), found) == [
                (0, 0, 6 * 3600 + 1800, LATE),
                (1, 0, 4 * 3600, INSIDE),
                (2, 0, 0, ABSENT),
            ]

    def test_are_left_to_the_law_where_calendars_do_not_reach(self, duck: Engine, sail: Engine) -> None:
        cases, rows = columns_of(ticket("T-1", ("opened", "2024-12-31 23:59"), ("resolved", "2025-03-03 10:00")))
        found = tables(FOUR_HOURS, np.zeros(len(cases), np.int32), rows)
        for engine in (duck, sail):
            assert [standing for *_, standing in engine.rows(clocks_query(plan_of(FOUR_HOURS)), found)] == [LEFT_TO_LAW]
