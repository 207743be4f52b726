from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from makegood.engine.vocabulary.finding import Place
from makegood.vault.refusals import UnableToWrite, VaultDamaged, VaultInUse
from makegood.vault.vault import Vault
from makegood.vault.writer import Accepted
from tests.vault.samples import NOW, filled, one_of_each, tally


class TestAppend:
    def test_seals_a_batch_as_a_segment_of_each_kind(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(1), *one_of_each()]) == Accepted(11, 0, 0, (), 1)
        (seal,) = vault.seals()
        assert (seal.sequence, seal.sealed_at, seal.sources) == (1, NOW, ("desk", "probes", "shop"))
        assert [(segment.kind, segment.rows) for segment in seal.segments] == [
            ("state", 2),
            ("gauge", 1),
            ("tally", 2),
            ("transition", 1),
            ("exclusion", 1),
            ("attribution", 1),
            ("statement", 1),
            ("correction", 2),
        ]
        tallies = seal.segments[2]
        assert (tallies.first_at, tallies.last_at) == (tally(1).start, tally(4).start)
        assert (seal.segments[5].first_at, seal.segments[5].last_at) == (None, None)

    def test_chains_each_seal_to_the_one_before(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        files = [vault.path / "vault.json", *(vault.path / "seals" / f"00000{number}.json" for number in (1, 2, 3))]
        hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        assert [seal.previous for seal in vault.seals()] == hashes[:3]

    def test_writes_the_same_bytes_for_the_same_batch(self, tmp_path: Path) -> None:
        vaults = [filled(tmp_path / name) for name in ("a", "b")]
        assert vaults[0].seals() == vaults[1].seals()

    def test_takes_nothing_twice(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW + timedelta(days=1)) as writer:
            assert writer.append([tally(1), tally(2), tally(3)]) == Accepted(0, 3, 0, (), None)
            assert writer.append([]) == Accepted(0, 0, 0, (), None)
        assert vault.head == 3

    def test_takes_nothing_twice_within_a_batch_or_a_writer(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(1), tally(1)]) == Accepted(1, 1, 0, (), 1)
            assert writer.append([tally(1), tally(2)]) == Accepted(1, 1, 0, (), 2)

    def test_tells_sources_apart(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(1, source="branch", result="refused")]).added == 1

    def test_refuses_other_content_under_the_same_identity(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            accepted = writer.append(
                [tally(1, result="refused"), tally(9), tally(9, result="refused")],
                found_at=lambda number: Place("orders.csv", number + 2, 1),
            )
        assert (accepted.added, accepted.known, accepted.conflicting, accepted.seal) == (1, 0, 2, 4)
        assert [str(finding) for finding in accepted.conflicts] == [
            (
                f"orders.csv:{line}:1: MG507 error: shop has sent {number} before, with other content; the first one"
                " still counts (send a correction, and what is right under a new identifier)"
            )
            for line, number in ((2, 1), (4, 9))
        ]
        assert [record.result for record in vault.evidence().tallies["orders"]] == ["accepted"] * 5

    def test_names_the_first_conflicts_and_counts_all(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append(tally(number) for number in range(30))
            accepted = writer.append(tally(number, count=2) for number in range(30))
        assert (accepted.conflicting, len(accepted.conflicts), accepted.conflicts[0].place) == (30, 20, None)


class TestTheWriter:
    def test_is_alone(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW):
            with pytest.raises(VaultInUse) as refusal, vault.writer(now=NOW):
                pytest.fail("there were two writers")
            assert len(list(vault.records())) == 6
        assert refusal.value.since == "2026-11-22T12:00:00Z"
        assert "has been writing to it since 2026-11-22T12:00:00Z; wait until it is done" in str(refusal.value)
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(5)]).seal == 4

    def test_is_refused_even_if_the_other_one_has_not_said_its_name(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW):
            (vault.path / "lock").write_text("")
            with pytest.raises(VaultInUse, match="is in use: another process is writing to it"), vault.writer(now=NOW):
                pytest.fail("there were two writers")

    def test_removes_what_a_killed_one_left_behind(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        for name in ("segments/000004-tally-0123456789abcdef.parquet", "segments/x.part", "seals/000004.json.part"):
            (vault.path / name).write_bytes(b"half")
        assert [finding.code for finding in vault.check()] == ["MG504"] * 3
        with vault.writer(now=NOW):
            pass
        assert vault.check() == ()

    def test_does_not_continue_a_broken_chain(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        (vault.path / "seals" / "000001.json").unlink()
        with pytest.raises(VaultDamaged, match="there is no seal before seal 2"), vault.writer(now=NOW):
            pytest.fail("the chain was continued")
        assert len(list((vault.path / "segments").iterdir())) == 4

    def test_needs_its_folders(self, tmp_path: Path) -> None:
        (tmp_path / "vault.json").write_bytes(b'{"makegood":"vault/1"}\n')
        (tmp_path / "seals").write_bytes(b"")
        with pytest.raises(UnableToWrite, match=r"cannot be written \(File exists\)"), Vault(tmp_path).writer(now=NOW):
            pytest.fail("there are no folders")

    def test_gives_up_after_a_failure(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        segment = vault.path / "segments" / vault.seals()[0].segments[1].file
        segment.unlink()
        with vault.writer(now=NOW) as writer:
            with pytest.raises(VaultDamaged, match="No such file or directory"):
                writer.append([tally(5)])
            with pytest.raises(RuntimeError, match="this writer has failed; open a new one"):
                writer.append([])
        assert vault.head == 3
