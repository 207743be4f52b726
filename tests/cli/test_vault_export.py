"""Exports from a terminal: tables of other tools, once."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from makegood.vault.vault import Vault
from tests.cli.door import makegood
from tests.vault.samples import filled, mixed


class TestExport:
    def test_writes_a_table_for_each_kind(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        to = tmp_path / "tables"
        answer = makegood("vault", "export", "--to", to, "--vault", vault.path)
        files = [to / "state" / "state.parquet", to / "tally" / "tally.parquet"]
        assert (answer.code, answer.out.splitlines()) == (0, list(map(str, files)))
        assert [pq.read_table(each).num_rows for each in files] == [2, 4]

    @pytest.mark.parametrize("form", ["delta", "iceberg"])
    def test_writes_some_kinds_of_a_month(self, form: str, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        words = ("--format", form, "--kind", "probes", "--kind", "tally", "--month", "2026-03", "--json")
        found = makegood("vault", "export", "--to", tmp_path / "tables", "--vault", vault.path, *words).json
        assert (found["format"], list(found["tables"])) == (form, ["tally", "probes"])
        assert all(str(tmp_path / "tables" / kind) in place for kind, place in found["tables"].items())

    def test_has_nothing_to_write(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        answer = makegood("vault", "export", "--to", tmp_path / "tables", "--vault", vault.path)
        assert (answer.code, answer.out) == (0, "The vault holds nothing yet.\n")

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            (("--kind", "rumours"), 2, "there are no rumours.\nName some of state, "),
            (("--month", "2026-13"), 2, "2026-13 is not a month"),
            (("--to", "."), 3, ". holds something already; name a new or an empty folder to export to"),
        ],
    )
    def test_refuses(
        self, words: tuple[str, ...], code: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault = filled(tmp_path / "vault")
        monkeypatch.chdir(tmp_path)
        answer = makegood("vault", "export", "--to", "tables", "--vault", vault.path, *words)
        assert answer.code == code
        assert sentence in answer.err

    def test_names_the_package_that_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        vault = filled(tmp_path / "vault")
        monkeypatch.setitem(sys.modules, "deltalake", None)
        answer = makegood("vault", "export", "--to", tmp_path / "new", "--format", "delta", "--vault", vault.path)
        assert (answer.code, answer.err) == (
            3,
            "makegood: tables of delta need one package more: pip install 'makegood[vault,delta]'.\n",
        )
        assert not (tmp_path / "new").exists()
