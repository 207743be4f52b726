from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.engine.evidence.body import Evidence
from makegood.vault.refusals import (
    FolderNotEmpty,
    NoSuchSeal,
    NotAVault,
    UnableToWrite,
    VaultDamaged,
    VaultExists,
    VaultIsNewer,
)
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, one_of_each, tally


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


class TestCreate:
    def test_makes_an_empty_vault(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "deep" / "vault")
        assert (vault.head, vault.seals(), list(vault.records()), vault.check()) == (0, (), [], ())
        assert (vault.path / "vault.json").read_bytes() == b'{"makegood":"vault/1"}\n'

    def test_refuses_a_folder_that_is_one_already(self, tmp_path: Path) -> None:
        Vault.create(tmp_path / "vault")
        with pytest.raises(VaultExists, match="is a vault already; open it, or name another folder"):
            Vault.create(tmp_path / "vault")

    def test_refuses_a_folder_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear Sir")
        with pytest.raises(FolderNotEmpty, match="holds files of something else"):
            Vault.create(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_goes_on_where_it_was_killed(self, tmp_path: Path) -> None:
        (tmp_path / "seals").mkdir()
        (tmp_path / "vault.json.part").write_bytes(b"{")
        assert Vault.create(tmp_path).head == 0
        assert Vault.open(tmp_path).check() == ()

    def test_refuses_a_place_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(UnableToWrite, match=r"cannot be written \(Not a directory\)"):
            Vault.create(tmp_path / "file" / "vault")


class TestOpen:
    def test_finds_what_was_sealed(self, tmp_path: Path) -> None:
        assert list(Vault.open(filled(tmp_path / "vault").path).records())[-1].id == "shop#4"

    @pytest.mark.parametrize(
        ("_case", "spoil", "sentence"),
        [
            ("no folder", lambda vault: vault.rename(vault.with_name("moved")), "there is no such folder"),
            ("another folder", lambda vault: (vault / "vault.json").unlink(), "it has no vault.json"),
            ("no seals", lambda vault: (vault / "seals").rename(vault / "x"), "its folder seals is missing"),
            (
                "an altered format",
                lambda vault: (vault / "vault.json").write_bytes(b'{"makegood":"wault/1"}\n'),
                "vault.json is not what was written",
            ),
            (
                "not even JSON",
                lambda vault: (vault / "vault.json").write_bytes(b"\xff"),
                "vault.json is not what was written",
            ),
            (
                "the right format, otherwise written",
                lambda vault: (vault / "vault.json").write_bytes(b'{"makegood": "vault/1"}'),
                "vault.json is not what was written",
            ),
            (
                "a folder in its place",
                lambda vault: replace_by_folder(vault / "vault.json"),
                r"vault.json cannot be read \(Is a directory\)",
            ),
        ],
    )
    def test_refuses_what_is_no_vault(
        self, _case: str, spoil: Callable[[Path], object], sentence: str, tmp_path: Path
    ) -> None:
        vault = Vault.create(tmp_path / "vault")
        spoil(vault.path)
        with pytest.raises(NotAVault, match=sentence):
            Vault.open(vault.path)

    def test_refuses_what_a_newer_program_made(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        (vault.path / "vault.json").write_text(json.dumps({"makegood": "vault/2"}))
        with pytest.raises(VaultIsNewer, match="has the format vault/2, which this program does not know"):
            Vault.open(vault.path)

    def test_takes_a_copy_of_an_empty_vault_without_its_folders(self, tmp_path: Path) -> None:
        (tmp_path / "vault.json").write_bytes(b'{"makegood":"vault/1"}\n')
        vault = Vault.open(tmp_path)
        assert (vault.head, vault.check()) == (0, ())
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(1)]).seal == 1


class TestRecords:
    def test_come_back_as_they_were_given(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        records = one_of_each()
        with vault.writer(now=NOW) as writer:
            writer.append(records)
        found = {record.id: record for record in vault.records()}
        assert found == {record.id: replace(record, recorded_at=NOW) for record in records}
        assert {each.id: each.digest for each in found.values()} == {each.id: each.digest for each in records}

    def test_come_up_to_a_seal_and_of_some_kinds(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert [record.id for record in vault.records(until=1)] == ["probes#1", "probes#2", "shop#1"]
        assert [record.id for record in vault.records(until=2, kinds={"tally"})] == ["shop#1", "shop#2"]
        assert list(vault.records(until=0)) == []

    @pytest.mark.parametrize("until", [-1, 4])
    def test_refuse_a_seal_that_there_is_not(self, until: int, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with pytest.raises(NoSuchSeal, match=f"there is no seal {until}: the last one is 3"):
            vault.records(until=until)

    def test_are_refused_when_they_are_not_what_was_sealed(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        (segment,) = vault.seals()[1].segments
        path = vault.path / "segments" / segment.file
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(VaultDamaged, match="does not hold the bytes that were sealed"):
            list(vault.records())
        assert len(list(vault.records(until=1))) == 3

    def test_are_refused_when_the_chain_is_broken(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        (vault.path / "seals" / "000002.json").unlink()
        with pytest.raises(VaultDamaged, match="there is no seal before seal 3"):
            vault.records()

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.text(min_size=1), st.text(), st.integers(0, 2**63 - 1)), unique_by=lambda row: row[0]))
    def test_keep_every_text_and_number(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]]
    ) -> None:
        vault = Vault.create(tmp_path_factory.mktemp("texts") / "vault")
        records = [
            tally(0, source_id=name, subject=text, count=count, labels=((text, name),)) for name, text, count in rows
        ]
        with vault.writer(now=NOW) as writer:
            writer.append(records)
        assert list(vault.records()) == [replace(record, recorded_at=NOW) for record in records]


class TestEvidence:
    def test_is_what_was_known_at_a_seal(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert vault.evidence(until=2) == Evidence.of(vault.records(until=2), snapshot=2)
        assert (vault.evidence().snapshot, len(vault.evidence().tallies["orders"])) == (3, 4)

    def test_shares_equal_values(self, tmp_path: Path) -> None:
        first, second = filled(tmp_path / "vault").evidence(until=3).tallies["orders"][-2:]
        assert first.subject is second.subject
        assert first.labels is second.labels


class TestSealedFiles:
    def test_are_all_that_a_copy_needs(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        copy = tmp_path / "copy"
        for name in vault.sealed_files():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((vault.path / name).read_bytes())
        assert list(Vault.open(copy).records()) == list(vault.records())
        assert len(vault.sealed_files()) == 8
