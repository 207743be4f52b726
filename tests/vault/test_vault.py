from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.refusals import (
    FolderNotEmpty,
    NoSuchEntry,
    NotAVault,
    UnableToWrite,
    VaultDamaged,
    VaultExists,
    VaultIsNewer,
)
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, full_disk, minutes, mixed, one_of_each, probe, probes, sealed, tally


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


class TestCreate:
    def test_makes_an_empty_vault(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "deep" / "vault")
        assert (vault.head, vault.entries(), list(vault.records()), vault.check()) == (0, (), [], ())
        assert (vault.path / "vault.json").read_bytes() == b'{"makegood":"vault/2","buckets":1}\n'

    def test_refuses_a_folder_that_is_one_already(self, tmp_path: Path) -> None:
        Vault.create(tmp_path / "vault")
        with pytest.raises(VaultExists, match="is a vault already; open it, or name another folder"):
            Vault.create(tmp_path / "vault")

    def test_refuses_a_folder_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear Sir")
        with pytest.raises(FolderNotEmpty, match="holds files of something else"):
            Vault.create(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_has_as_many_buckets_as_were_asked_for(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault", buckets=16)
        assert (vault.path / "vault.json").read_bytes() == b'{"makegood":"vault/2","buckets":16}\n'
        assert Vault.open(vault.path).check() == ()

    @pytest.mark.parametrize("buckets", [0, 4097])
    def test_refuses_a_number_of_buckets_that_helps_nobody(self, buckets: int, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=f"a vault has 1 to 4096 buckets, not {buckets}"):
            Vault.create(tmp_path / "vault", buckets=buckets)

    def test_goes_on_where_it_was_killed(self, tmp_path: Path) -> None:
        (tmp_path / "segments").mkdir()
        (tmp_path / "vault.json.part").write_bytes(b"{")
        assert Vault.create(tmp_path).head == 0
        assert Vault.open(tmp_path).check() == ()

    def test_refuses_a_place_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(UnableToWrite, match=r"cannot be written \(Not a directory\)"):
            Vault.create(tmp_path / "file" / "vault")

    def test_is_told_that_the_disk_is_full(self, tmp_path: Path) -> None:
        with full_disk(after=0), pytest.raises(UnableToWrite, match=r"vault.json cannot be written \(File too large\)"):
            Vault.create(tmp_path / "vault")
        assert Vault.create(tmp_path / "vault").head == 0


class TestOpen:
    def test_finds_what_was_accepted(self, tmp_path: Path) -> None:
        assert list(Vault.open(filled(tmp_path / "vault").path).records())[-1].id == "shop#4"

    @pytest.mark.parametrize(
        ("_case", "spoil", "sentence"),
        [
            ("no folder", lambda vault: vault.rename(vault.with_name("moved")), "there is no such folder"),
            ("another folder", lambda vault: (vault / "vault.json").unlink(), "it has no vault.json"),
            (
                "an altered format",
                lambda vault: (vault / "vault.json").write_bytes(b'{"makegood":"wault/2","buckets":1}\n'),
                "vault.json is not what was written",
            ),
            (
                "not even JSON",
                lambda vault: (vault / "vault.json").write_bytes(b"\xff"),
                "vault.json is not what was written",
            ),
            (
                "the right format, otherwise written",
                lambda vault: (vault / "vault.json").write_bytes(b'{"makegood": "vault/2", "buckets": 1}'),
                "vault.json is not what was written",
            ),
            (
                "no buckets",
                lambda vault: (vault / "vault.json").write_bytes(b'{"makegood":"vault/2"}\n'),
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
        (vault.path / "vault.json").write_text(json.dumps({"makegood": "vault/3"}))
        with pytest.raises(VaultIsNewer, match="has the format vault/3, which this program does not know"):
            Vault.open(vault.path)

    def test_takes_a_copy_of_an_empty_vault_without_its_folders(self, tmp_path: Path) -> None:
        (tmp_path / "vault.json").write_bytes(b'{"makegood":"vault/2","buckets":1}\n')
        vault = Vault.open(tmp_path)
        assert (vault.head, vault.check()) == (0, ())
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(1)]).entry == 1


class TestRecords:
    def test_come_back_as_they_were_given(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        records = one_of_each()
        with vault.writer(now=NOW) as writer:
            writer.append(records)
        found = {record.id: record for record in vault.records()}
        assert found == {record.id: replace(record, recorded_at=NOW) for record in records}
        assert {each.id: each.digest for each in found.values()} == {each.id: each.digest for each in records}

    def test_come_up_to_an_entry_and_of_some_kinds(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert [record.id for record in vault.records(until=1)] == ["probes#1", "probes#2", "shop#1"]
        assert [record.id for record in vault.records(until=2, kinds={"tally"})] == ["shop#1", "shop#2"]
        assert list(vault.records(until=0)) == []

    @pytest.mark.parametrize("until", [-1, 4])
    def test_refuse_an_entry_that_there_is_not(self, until: int, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with pytest.raises(NoSuchEntry, match=f"there is no entry {until}: the last one is 3"):
            vault.records(until=until)

    def test_are_refused_when_they_are_not_what_was_sealed(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (segment,) = (each for each in vault.segments() if (each.kind, each.last) == ("tally", 2))
        path = vault.path / "segments" / segment.file
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(VaultDamaged, match="does not hold the bytes that were sealed"):
            list(vault.records())
        assert len(list(vault.records(until=1))) == 3

    def test_are_refused_when_the_chain_is_broken(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        lines = (vault.path / "manifest.jsonl").read_bytes().splitlines(keepends=True)
        (vault.path / "manifest.jsonl").write_bytes(lines[0] + lines[2])
        with pytest.raises(VaultDamaged, match="line 2 of the manifest is not what was written"):
            vault.records()

    def test_hold_what_probes_mean(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        found = [probe(1), probe(2, Status.DOWN, subject="oven", value=Ratio(1, 4))]
        with vault.writer(now=NOW) as writer:
            writer.append_probes(probes(*found))
        expected = [record for each in found for record in each.records]
        assert sorted(vault.records(), key=lambda each: each.id) == sorted(expected, key=lambda each: each.id)
        assert [record.id for record in vault.records(kinds={"gauge"})] == [expected[2].id]
        assert list(vault.records(kinds={"tally"})) == []
        assert list(vault.records(until=0)) == []

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
    def test_is_what_was_known_at_an_entry(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        assert vault.evidence(until=2) == Evidence.of(vault.records(until=2), snapshot=2)
        assert (vault.evidence().snapshot, len(vault.evidence().tallies["orders"])) == (3, 4)

    def test_is_the_same_wherever_it_lies(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        known = [vault.evidence(until) for until in range(8)]
        for move in (vault.seal, vault.compact, vault.seal):
            move(now=NOW)
            assert [vault.evidence(until) for until in range(8)] == known
        assert len(known[7].states["till"]) == 30 + 200 + 30 + 10

    @pytest.mark.parametrize("make", [filled, sealed])
    def test_shares_equal_values(self, make: Callable[[Path], Vault], tmp_path: Path) -> None:
        first, second = make(tmp_path / "vault").evidence(until=3).tallies["orders"][-2:]
        assert first.subject is second.subject
        assert first.labels is second.labels


class TestProbes:
    def test_come_back_by_day_in_canonical_order(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        days = list(vault.probes())
        assert [len(each) for each in days] == [150, 120]
        assert [each for day in days for each in day.probes()] == [
            *minutes(0, 70).probes(),
            *minutes(400, 600).probes(),
        ]

    @pytest.mark.parametrize(("until", "rows"), [(1, 0), (2, 30), (3, 230), (5, 260), (6, 260), (7, 270)])
    def test_come_up_to_an_entry(self, until: int, rows: int, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        for _ in range(2):
            assert sum(len(each) for each in vault.probes(until)) == rows
            vault.compact(now=NOW)

    def test_say_by_which_entry_they_came(self, tmp_path: Path) -> None:
        first, _ = mixed(tmp_path / "vault").probes()
        assert first.sequence is not None
        assert [int(first.sequence[number]) for number in (0, 30, 60, 149)] == [2, 5, 7, 3]

    def test_come_of_some_days_and_subjects(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 5, subject="oven"))
        day = date(2026, 3, 7)
        assert [len(each) for each in vault.probes(days=(day, day))] == [120]
        assert [len(each) for each in vault.probes(subjects={"oven", "nobody"})] == [5]
        assert [each.subject for found in vault.probes(subjects={"oven"}) for each in found.names] == ["oven"]

    def test_lie_in_the_bucket_of_their_source(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault", buckets=16)
        other = probe(1)
        with vault.writer(now=NOW) as writer:
            writer.append_probes(probes(probe(1), replace(other, series=replace(other.series, source="icinga"))))
            writer.seal()
        assert [each.part for each in vault.segments() if each.kind == "probes"] == ["2026-03-06.1", "2026-03-06.13"]
        assert vault.check() == ()


class TestEntries:
    def test_are_chained_whether_they_are_sealed_or_not(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        for _ in range(2):
            entries = vault.entries()
            assert [each.sequence for each in entries] == [1, 2, 3, 4, 5, 6, 7]
            before = hashlib.sha256((vault.path / "vault.json").read_bytes()).hexdigest()
            assert [each.previous for each in entries] == [before, *(each.hash for each in entries[:-1])]
            assert vault.entries(until=3) == entries[:3]
            vault.seal(now=NOW)
