"""A supplier's status history: overlapping incidents count once, by calendar quarter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.judge import judge_periods
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault
from tests.both_ways import said_both_ways
from tests.real.shared import ROOT, data


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    log = data("github_status/incidents.csv.gz")
    vault = Vault.create(tmp_path_factory.mktemp("status") / "vault")
    report = import_file(
        vault,
        ROOT / "examples" / "mappings" / "status-history.yaml",
        log,
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert report.rows == 819
    return vault


@pytest.fixture(scope="module")
def terms() -> Agreement:
    found = read((ROOT / "examples" / "upstream-status.yaml").read_text(encoding="utf-8")).agreement
    assert found is not None
    return found


class TestStatusHistory:
    def test_gives_the_minutes_down_of_each_quarter(self, vault: Vault, terms: Agreement) -> None:
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

    def test_gives_the_same_verdicts_when_it_is_measured(self, vault: Vault, terms: Agreement) -> None:
        law, plan = said_both_ways(vault, terms)
        assert plan == law
