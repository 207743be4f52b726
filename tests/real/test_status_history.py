"""A supplier's status history: overlapping incidents count once, by calendar quarter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.judging.judge import judge_periods
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault
from tests.real.shared import data

ROOT = Path(__file__).resolve().parents[2]


class TestStatusHistory:
    def test_gives_the_minutes_down_of_each_quarter(self, tmp_path: Path) -> None:
        log = data("github_status/incidents.csv.gz")
        vault = Vault.create(tmp_path / "vault")
        report = import_file(
            vault,
            ROOT / "examples" / "mappings" / "status-history.yaml",
            log,
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )
        assert report.rows == 819
        terms = read((ROOT / "examples" / "upstream-status.yaml").read_text(encoding="utf-8")).agreement
        assert terms is not None
        minutes = {}
        for judgement in judge_periods(terms, periods_of(terms), vault.evidence()):
            measured = judgement.of("runners").measurement
            minutes[judgement.period.label] = (measured.total - measured.good, judgement.period.seconds)
        assert {label: down // 60 for label, (down, _) in minutes.items() if label >= "2025-Q4"} == {
            "2025-Q4": 602,
            "2026-Q1": 804,
            "2026-Q2": 1_251,
        }
        assert all(down % 60 == 0 for down, _ in minutes.values())
