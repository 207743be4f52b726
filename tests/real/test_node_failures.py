"""Outages of Los Alamos nodes: wall clock minutes across a clock change are the published downtime."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.evidence.records import State
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import zone
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault
from tests.both_ways import said_both_ways
from tests.real.shared import ROOT, data

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = """\
makegood: agreement/1
agreement: los-alamos
title: A computer at Los Alamos
parties: {provider: provider, customer: customer}
term: {from: 2002-01-01, until: 2004-01-01, timezone: America/Denver, period: {every: quarter}}
money: {currency: USD}
services:
  computer: {title: The computer, fee: {monthly: 1000.00}, critical: true, made_of: {each: [NODES]}}
outcomes:
  nodes:
    promise: Nodes run on average.
    measure: {kind: availability, of: computer, unknown: {as: up}, count: {granularity: touched_minutes}}
    target: ">= 99.9%"
    stake: {of: 100% of monthly_fee, linear: {times: 20}}
  restored:
    promise: A node that fails is back soon.
    measure: {kind: recovery, of: computer, as: mean_time_to_restore, empty: met}
    target: "<= 4h"
"""


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    pytest.importorskip("pyarrow.parquet")
    path = data("lanl_failures/failures.parquet")
    vault = Vault.create(tmp_path_factory.mktemp("lanl") / "vault")
    import_file(vault, ROOT / "examples" / "mappings" / "lanl-failures.yaml", path, now=NOW)
    return vault


class TestNodeFailures:
    def test_across_a_clock_change_last_as_long_as_was_published(self, vault: Vault) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        published: dict[tuple[str, str], int] = {}
        for row in parquet.read_table(data("lanl_failures/failures.parquet")).to_pylist():
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

    def test_cost_the_same_measured_or_not(self, vault: Vault, tmp_path: Path) -> None:
        """An agreement names nodes without a slash."""
        mine = [
            replace(each, subject=each.subject.replace("/", "-"))
            for each in vault.records()
            if isinstance(each, State) and each.subject.startswith("20/")
        ]
        assert len(mine) == 2_476
        terms = read(TEXT.replace("NODES", ", ".join(sorted({each.subject for each in mine})))).agreement
        assert terms is not None
        again = Vault.create(tmp_path / "vault")
        with again.writer(now=NOW) as writer:
            writer.append(mine)
        law, plan = said_both_ways(again, terms)
        assert plan == law
