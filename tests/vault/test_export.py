"""Exports: the same rows in tables of others, once."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.table import StaticTable

from makegood.engine.evidence.probes import MICRO
from makegood.engine.evidence.records import KINDS, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault import export
from makegood.vault.export import Rows, exported, kinds_in
from makegood.vault.lakehouse import (
    FormatNotInstalled,
    TableFormat,
    TargetNotEmpty,
    new_folder,
    write_table,
    writer_of,
)
from makegood.vault.refusals import UnableToWrite, VaultDamaged
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, mixed, one_of_each, probe, probes


def table(form: TableFormat, opened: str) -> pa.Table:
    """Return a table as the tool of its format reads it."""
    if form is TableFormat.DELTA:
        return pl.read_delta(opened).to_arrow()
    if form is TableFormat.ICEBERG:
        return StaticTable.from_metadata(opened).scan().to_arrow()
    return pq.read_table(opened)


def wide(folder: Path) -> Vault:
    """Return a vault in which a value is as large as values are, some are sealed and some are not."""
    vault = Vault.create(folder)
    with vault.writer(now=NOW) as writer:
        writer.append_probes(probes(*(probe(minute, value=Ratio(minute, 8)) for minute in range(1, 60))))
        writer.seal()
        writer.append_probes(probes(probe(70, Status.DOWN), probe(71, value=Ratio(2**63 - 1, MICRO))))
    return vault


@pytest.fixture(params=list(TableFormat))
def form(request: pytest.FixtureRequest) -> TableFormat:
    found: TableFormat = request.param
    return found


class TestExport:
    def test_holds_what_the_vault_holds(self, form: TableFormat, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        kinds = kinds_in(vault.contents())
        assert kinds == (*KINDS, "probes")
        for kind in kinds:
            opened = write_table(writer_of(form), tmp_path / kind, exported(vault.contents(), kind))
            found = table(form, opened)
            held = next(each for each in vault.stats().kinds if each.kind == kind)
            assert found.num_rows == held.rows
            assert "sequence" in found.column_names
            assert "digest" not in found.column_names

    def test_keeps_every_value(self, form: TableFormat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(export, "_AT_ONCE", 7)
        vault = wide(tmp_path / "vault")
        found = table(form, write_table(writer_of(form), tmp_path / "probes", exported(vault.contents(), "probes")))
        rows = duckdb.execute("""
            SELECT f.status, count(*), sum(f.value * 1000000)::HUGEINT, max(epoch(f.at))::BIGINT, max(f.sequence)
            FROM found AS f GROUP BY f.status ORDER BY f.status
        """).fetchall()
        last = int(probe(71).at.timestamp())
        assert rows == [
            ("down", 1, None, last - 60, 2),
            ("up", 60, sum(range(1, 60)) * MICRO // 8 + 2**63 - 1, last, 2),
        ]
        (names,) = {(row["source"], row["check"], row["subject"], row["labels"]) for row in found.to_pylist()}
        assert names == ("ping", "icmp", "till", '{"site":"mill"}')

    def test_takes_a_month(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        for kind, month, rows in (
            ("tally", "2026-03", 3),
            ("tally", "2026-04", 1),
            ("probes", "2026-03", 270),
            ("probes", "2026-02", 0),
        ):
            assert sum(each.num_rows for each in exported(vault.contents(), kind, month).batches) == rows

    def test_gives_instants_that_others_have(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append(one_of_each())
        (batch,) = exported(vault.contents(), "exclusion").batches
        assert batch.schema.field("start").type == pa.timestamp("us", "UTC")
        (row,) = batch.to_pylist()
        assert (row["cause"], row["start"], row["sequence"]) == ("weather", probe(0).at, 1)


class TestARefusal:
    def test_is_of_a_folder_that_holds_something(self, tmp_path: Path) -> None:
        new_folder(tmp_path / "new" / "one")
        new_folder(tmp_path / "new" / "one")
        with pytest.raises(TargetNotEmpty, match=r"new holds something already; name a new or an empty folder"):
            new_folder(tmp_path / "new")
        (tmp_path / "file").touch()
        with pytest.raises(UnableToWrite):
            new_folder(tmp_path / "file")

    @pytest.mark.parametrize(("form", "module"), [("delta", "deltalake"), ("iceberg", "pyiceberg.catalog.sql")])
    def test_says_what_to_install(self, form: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(FormatNotInstalled, match=rf"pip install 'makegood\[vault,{form}\]'$"):
            writer_of(TableFormat(form))

    def test_is_that_of_the_vault_and_leaves_no_table(self, form: TableFormat, tmp_path: Path) -> None:
        vault = wide(tmp_path / "vault")
        (segment,) = (each for each in vault.segments() if each.kind == "probes")
        (vault.path / "segments" / segment.file).write_bytes(b"")
        with pytest.raises(VaultDamaged, match=r"it does not hold the bytes that were sealed"):
            write_table(writer_of(form), tmp_path / "probes", exported(vault.contents(), "probes"))
        assert not (tmp_path / "probes").exists()

    def test_is_nobody_elses(self, tmp_path: Path) -> None:
        rows = Rows(pa.schema([pa.field("at", pa.int64())]), (1 // number for number in (0,)))
        with pytest.raises(ZeroDivisionError):
            write_table(writer_of(TableFormat.PARQUET), tmp_path / "probes", rows)
        assert not (tmp_path / "probes").exists()
