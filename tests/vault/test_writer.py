from __future__ import annotations

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.finding import Place
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.entry import Entry, Form
from makegood.vault.probes.columns import ProbeColumns, joined
from makegood.vault.probes.content import content_hash
from makegood.vault.refusals import UnableToWrite, VaultDamaged, VaultInUse
from makegood.vault.vault import Vault
from makegood.vault.writer import Accepted, open_writer
from tests.vault.samples import AT, NOW, filled, full_disk, minutes, one_of_each, probe, probes, sealed, tally


class TestAppend:
    def test_makes_one_entry_of_a_batch(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        batch = [tally(1), *one_of_each()]
        with vault.writer(now=NOW) as writer:
            assert writer.append(batch) == Accepted(11, 0, 0, (), 1)
        (entry,) = vault.entries()
        assert entry == Entry(
            sequence=1,
            recorded_at=NOW,
            form=Form.RECORDS,
            rows=11,
            sources=("desk", "probes", "shop"),
            first_at=AT,
            last_at=tally(4).start,
            content=hashlib.sha256(b"".join(sorted(bytes.fromhex(each.digest) for each in batch))).hexdigest(),
            previous=hashlib.sha256((vault.path / "vault.json").read_bytes()).hexdigest(),
        )

    def test_makes_an_entry_of_what_has_no_date(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append([one_of_each()[6]])
        assert [(each.first_at, each.last_at) for each in vault.entries()] == [(None, None)]

    def test_writes_the_same_bytes_for_the_same_batches(self, tmp_path: Path) -> None:
        logs = [filled(tmp_path / name).path / "log" / "000000000001.log" for name in ("a", "b")]
        assert logs[0].read_bytes() == logs[1].read_bytes()

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
        assert (accepted.added, accepted.known, accepted.conflicting, accepted.entry) == (1, 0, 2, 4)
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
            assert writer.append([tally(5)]).entry == 4

    def test_is_refused_even_if_the_other_one_has_not_said_its_name(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW):
            (vault.path / "lock").write_text("")
            with pytest.raises(VaultInUse, match="is in use: another process is writing to it"), vault.writer(now=NOW):
                pytest.fail("there were two writers")

    def test_removes_what_a_killed_one_left_behind(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        for ending in ("", ".part"):
            name = f"segments/tally-2026-03-000003-0123456789abcdef.parquet{ending}"
            (vault.path / name).write_bytes(b"half")
        assert [finding.code for finding in vault.check()] == ["MG504"] * 2
        with vault.writer(now=NOW):
            pass
        assert vault.check() == ()

    def test_leaves_what_somebody_else_put_there(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        for name in ("segments/read-me.txt", "segments/copy-of-tally-2026-03-000003-0123456789abcdef.parquet", "log/x"):
            (vault.path / name).write_bytes(b"a note")
        (vault.path / "log" / "old").mkdir()
        with vault.writer(now=NOW):
            pass
        assert [finding.code for finding in vault.check()] == ["MG504"] * 4

    def test_removes_nothing_while_a_segment_is_missing(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        vault.compact(now=NOW)
        segment = vault.path / "segments" / next(each.file for each in vault.segments() if each.kind == "tally")
        segment.rename(segment.with_name("tally-2026-03-000003-0123456789abcdef.parquet"))
        before = sorted((vault.path / "segments").iterdir())
        with vault.writer(now=NOW):
            pass
        assert sorted((vault.path / "segments").iterdir()) == before

    def test_does_not_go_on_without_a_file_of_the_log_that_was_renamed(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        path = vault.path / "log" / "000000000001.log"
        path.rename(path.with_suffix(".log.bak"))
        text = "000000000001.log.bak holds entry 3, but the chain ends with entry 0: its end was cut off"
        assert f"log/000000000001.log.bak:1:1: MG502 error: {text}" in [str(finding) for finding in vault.check()]
        with pytest.raises(VaultDamaged, match=text), vault.writer(now=NOW):
            pytest.fail("the chain was continued")
        assert vault.repair(now=NOW) == ("log/000000000001.log.bak was set aside as set-aside/000000000001.log.bak",)
        assert (vault.head, vault.check()) == (0, ())

    def test_does_not_continue_a_broken_chain(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (vault.path / "manifest.jsonl").write_bytes(b"{}\n")
        with pytest.raises(VaultDamaged, match="line 1 of the manifest is not what was written"), vault.writer(now=NOW):
            pytest.fail("the chain was continued")
        assert len(list((vault.path / "segments").iterdir())) == 7

    def test_does_not_tidy_up_what_lost_its_manifest(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (vault.path / "manifest.jsonl").unlink()
        with pytest.raises(VaultDamaged, match="but the chain ends with entry 0: its end was cut off"):
            vault.seal(now=NOW)
        assert len(list((vault.path / "segments").iterdir())) == 7

    def test_needs_its_folders(self, tmp_path: Path) -> None:
        (tmp_path / "vault.json").write_bytes(b'{"makegood":"vault/2","buckets":1}\n')
        (tmp_path / "log").write_bytes(b"")
        with pytest.raises(UnableToWrite, match=r"cannot be written \(File exists\)"), Vault(tmp_path).writer(now=NOW):
            pytest.fail("there are no folders")

    def test_gives_up_after_a_failure(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (segment,) = (each for each in vault.segments() if (each.kind, each.last) == ("tally", 1))
        (vault.path / "segments" / segment.file).unlink()
        with vault.writer(now=NOW) as writer:
            with pytest.raises(VaultDamaged, match="No such file or directory"):
                writer.append([tally(5)])
            with pytest.raises(RuntimeError, match="this writer has failed; open a new one"):
                writer.append([])
        assert vault.head == 3

    def test_goes_on_after_a_refusal(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            with pytest.raises(UnicodeEncodeError):
                writer.append([tally(1, subject="\ud800")])
            assert writer.append([tally(1)]).entry == 1

    def test_takes_what_threads_bring_at_the_same_time(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer, ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda number: writer.append([tally(number % 100)]), range(200)))
        assert sorted(each.entry for each in found if each.entry) == list(range(1, 101))
        assert Counter((each.added, each.known) for each in found) == {(1, 0): 100, (0, 1): 100}
        assert len(vault.evidence().tallies["orders"]) == 100
        assert vault.check() == ()

    def test_tells_every_thread_that_the_disk_is_full(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        size = (vault.path / "log" / "000000000001.log").stat().st_size

        def append(number: int) -> str:
            with pytest.raises((UnableToWrite, RuntimeError)) as refusal:
                writer.append([tally(number)])
            return type(refusal.value).__name__

        with vault.writer(now=NOW) as writer, full_disk(after=size + 10), ThreadPoolExecutor(4) as threads:
            assert "UnableToWrite" in list(threads.map(append, range(10, 30)))
        assert (vault.head, vault.check()) == (3, ())

    def test_begins_a_new_file_when_one_is_full(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with open_writer(vault.path, now=NOW, file_bytes=1_000) as writer:
            for number in range(5):
                writer.append([tally(number)])
        assert [path.name for path in sorted((vault.path / "log").iterdir())] == [
            "000000000001.log",
            "000000000003.log",
            "000000000005.log",
        ]
        with open_writer(vault.path, now=NOW, file_bytes=1_000) as writer:
            writer.append([tally(5)])
            writer.append([tally(6)])
            assert writer.logged_bytes == sum(path.stat().st_size for path in (vault.path / "log").iterdir())
        assert (vault.head, len(list(vault.records())), vault.check()) == (7, 7, ())
        vault.seal(now=NOW)
        assert list((vault.path / "log").iterdir()) == []
        assert [change.last for change in vault.contents().manifest.changes] == [2, 4, 6, 7]
        assert vault.check() == ()


class TestAppendProbes:
    def test_makes_one_entry_of_a_batch(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        batch = minutes(0, 30)
        with vault.writer(now=NOW) as writer:
            assert writer.append_probes(batch) == Accepted(30, 0, 0, (), 1)
        (entry,) = vault.entries()
        assert (entry.form, entry.rows, entry.sources, entry.content) == (
            Form.PROBES,
            30,
            ("ping",),
            content_hash(batch),
        )
        assert (entry.first_at, entry.last_at) == (AT, AT + timedelta(minutes=29))

    @pytest.mark.parametrize("moved", ["to nowhere", "to segments"])
    def test_takes_nothing_twice(self, moved: str, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            assert writer.append_probes(minutes(0, 30)).added == 30
            if moved == "to segments":
                writer.seal()
            assert writer.append_probes(minutes(0, 30)) == Accepted(0, 30, 0, (), None)
        with vault.writer(now=NOW) as writer:
            assert writer.append_probes(minutes(20, 40)) == Accepted(10, 10, 0, (), 2)
            assert writer.append_probes(joined([])) == Accepted(0, 0, 0, (), None)
        assert vault.check() == ()

    def test_takes_what_comes_late(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(20, 40))
            writer.seal()
            writer.append_probes(minutes(1_000, 1_010))
            assert writer.append_probes(minutes(0, 45)) == Accepted(25, 20, 0, (), 3)
            writer.seal()
        assert [each.at for found in vault.probes() for each in found.probes()] == [
            *(each.at for each in minutes(0, 45).probes()),
            *(each.at for each in minutes(1_000, 1_010).probes()),
        ]
        assert vault.check() == ()

    @pytest.mark.parametrize("moved", ["to nowhere", "to segments"])
    def test_refuses_other_content_at_the_same_instant(self, moved: str, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 5))
            if moved == "to segments":
                writer.seal()
            accepted = writer.append_probes(
                probes(probe(1, Status.UNKNOWN), probe(2), probe(3, value=Ratio(1)), probe(9))
            )
        assert (accepted.added, accepted.known, accepted.conflicting, accepted.entry) == (1, 1, 2, 2)
        assert [str(finding) for finding in accepted.conflicts] == [
            (
                f"MG507 error: ping/icmp has sent till@2026-03-06T16:0{minute}:00Z before, with other content; the first one"
                " still counts (send a correction, and what is right as a state)"
            )
            for minute in (1, 3)
        ]
        assert vault.check() == ()

    def test_says_where_each_conflicting_one_was_read(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 5))
            found = [probe(9), probe(3, Status.DOWN), probe(4), probe(1, Status.DOWN)]
            for columns, numbers in ((ProbeColumns.listed(found), [3, 1]), (ProbeColumns.of(found), [0, 1])):
                accepted = writer.append_probes(columns, found_at=lambda number: Place("f.csv", number, 1))
                assert [finding.place for finding in accepted.conflicts] == [
                    Place("f.csv", each, 1) for each in numbers
                ]

    def test_takes_one_probe_of_a_timeline_at_an_instant_of_a_batch(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        twice = [
            probe(1),
            probe(1),
            probe(2),
            probe(2, Status.DOWN),
            probe(2, value=Ratio(1)),
            probe(1, subject="oven"),
        ]
        with vault.writer(now=NOW) as writer:
            accepted = writer.append_probes(probes(*twice))
        assert (accepted.added, accepted.known, accepted.conflicting) == (3, 1, 2)
        assert [each for found in vault.probes() for each in found.probes()] == [twice[5], twice[0], twice[2]]

    def test_knows_what_is_stored_also_behind_what_conflicts_with_it(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(probes(probe(1)))
            again = probes(probe(1, Status.DOWN), probe(1), probe(1), probe(0), probe(0, Status.DOWN), probe(2))
            accepted = writer.append_probes(again)
        assert (accepted.added, accepted.known, accepted.conflicting) == (2, 2, 2)
        assert [each for found in vault.probes() for each in found.probes()] == [probe(0), probe(1), probe(2)]

    @pytest.mark.parametrize(
        ("_case", "spoil", "sentence"),
        [
            ("no such series", {"series": np.array([5], np.int32)}, "a row of a series that its table does not have"),
            ("no such status", {"status": np.array([4], np.uint8)}, "a row with a status that there is not"),
            ("a table out of order", {"names": minutes(0, 1).names * 2}, "the series of probes are sorted, each once"),
        ],
    )
    def test_refuses_what_are_no_probes(self, _case: str, spoil: dict[str, Any], sentence: str, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            with pytest.raises(ValueError, match=sentence):
                writer.append_probes(replace(minutes(0, 1), **spoil))
            assert writer.append_probes(minutes(0, 1)).entry == 1
