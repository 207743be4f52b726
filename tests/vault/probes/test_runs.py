from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.engine.evidence.reduction import runs
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.runs import joined_runs, runs_bytes, runs_columns, runs_of
from makegood.vault.probes.segment import segment_bytes
from tests.vault.probes.probing import PING, SHOP, accepted, probe, probes, up_at

TWO = runs_of(ProbeColumns.of([*up_at(0, 60, 121), *up_at(7, series=SHOP)]))


class TestRunsOfColumns:
    @given(probes())
    def test_are_those_of_the_law(self, drawn: list[Probe]) -> None:
        assert runs_of(ProbeColumns.of(drawn)).runs() == runs(drawn)

    def test_say_how_many_probes_they_stand_for(self) -> None:
        found = runs_of(ProbeColumns.of([*up_at(0, 60, 121), probe(180, Status.DOWN), *up_at(7, series=SHOP)]))
        assert [(run.status, run.count, run.max_gap) for run in found.runs()] == [
            (Status.UP, 1, 0),
            (Status.UP, 3, 61),
            (Status.DOWN, 1, 0),
        ]


class TestJoinedRuns:
    def test_are_by_series_and_in_order_of_time(self) -> None:
        days = [runs_of(ProbeColumns.of(found)) for found in ([*up_at(900), *up_at(0, series=PING)], up_at(0, 60))]
        assert joined_runs(days).runs() == [*days[0].runs()[:1], *days[1].runs(), *days[0].runs()[1:]]

    def test_of_nothing_are_none(self) -> None:
        assert joined_runs([]).runs() == []


class TestAFileOfRuns:
    @given(probes())
    def test_is_read_as_it_was_written(self, drawn: list[Probe]) -> None:
        found = runs_of(ProbeColumns.of(drawn))
        content = runs_bytes(found)
        assert runs_columns(content).runs() == found.runs()
        assert runs_bytes(found) == content

    def test_is_read_from_a_path(self, tmp_path: Path) -> None:
        file = tmp_path / "runs.parquet"
        file.write_bytes(runs_bytes(TWO))
        assert (len(runs_columns(file)), runs_columns(file).runs()) == (2, TWO.runs())

    def test_is_refused_if_it_is_broken(self) -> None:
        with pytest.raises(ValueError, match=r"^it is not a file of runs: "):
            runs_columns(runs_bytes(TWO)[:-200])

    def test_is_refused_if_it_has_no_series(self) -> None:
        with pytest.raises(ValueError, match=r"^it has no table of series$"):
            runs_columns(written(pa.table({"count": [1]})))

    def test_is_refused_if_it_is_another_table(self) -> None:
        with pytest.raises(ValueError, match=r"^it does not have the columns of runs$"):
            runs_columns(segment_bytes(accepted(up_at(0), 1)))


def written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content
