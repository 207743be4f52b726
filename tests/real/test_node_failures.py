"""Outages of Los Alamos nodes: wall clock minutes across a clock change are the published downtime."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.evidence.records import State
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import zone
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault
from tests.real.shared import data

ROOT = Path(__file__).resolve().parents[2]


class TestNodeFailures:
    def test_across_a_clock_change_last_as_long_as_was_published(self, tmp_path: Path) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        path = data("lanl_failures/failures.parquet")
        vault = Vault.create(tmp_path / "vault")
        mapping = ROOT / "examples" / "mappings" / "lanl-failures.yaml"
        import_file(vault, mapping, path, now=datetime(2026, 11, 22, tzinfo=UTC))
        published: dict[tuple[str, str], int] = {}
        for row in parquet.read_table(path).to_pylist():
            published.setdefault((f"{row['started_at']}", f"{row['fixed_at']}"), row["downtime_min"])
        denver = zone("America/Denver")
        compared: list[int] = []
        doubtful: list[int] = []
        for record in vault.records():
            assert isinstance(record, State)
            assert record.end is not None
            start, end = record.start.astimezone(denver), record.end.astimezone(denver)
            if start.utcoffset() != end.utcoffset():
                key = (f"{start.replace(tzinfo=None)}", f"{end.replace(tzinfo=None)}")
                minutes = Interval(record.start, record.end).seconds // 60
                # One outage starts in the hour that the clock passed twice, and was published for its second passing.
                (doubtful if key[0] == "2002-10-27 01:36:00" else compared).append(minutes - published[key])
        # Twenty-three rows were published; two of them are one outage, told with two causes.
        assert compared == [0] * 22
        assert doubtful == [60]
