"""Sealing, compaction, retention and copies: entries move, and stay what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from makegood.vault.known import KnownRecords, Standing
from makegood.vault.lines import append_line, hashed_line, read_hashed_line
from makegood.vault.manifest import Act, Segment
from makegood.vault.parts import numbers_of
from makegood.vault.refusals import (
    FolderNotEmpty,
    NoSuchEntry,
    UnableToWrite,
    VaultChanged,
    VaultDamaged,
    VaultExists,
)
from makegood.vault.segment import records_table, table_records
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, full_disk, minutes, mixed, one_of_each, sealed, tally


def files(vault: Vault) -> dict[str, bytes]:
    return {
        path.relative_to(vault.path).as_posix(): path.read_bytes()
        for path in sorted(vault.path.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def shown(segments: tuple[Segment, ...]) -> list[tuple[str, str, int, int, int]]:
    return [(each.kind, each.part, each.rows, each.first, each.last) for each in segments]


def late(folder: Path) -> Vault:
    """Return a vault in which probes of a day came in two entries more, after those of the first were removed."""
    vault = Vault.create(folder)
    for first, last in ((0, 10), (20, 22), (30, 32)):
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(first, last))
            writer.seal()
        if not first:
            vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
    return vault


class TestSeal:
    def test_moves_entries_into_segments_by_kind_and_month(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append([*one_of_each(), tally(50_000), tally(1)])
            writer.append_probes(minutes(470, 490))
            writer.seal()
        assert shown(vault.segments()) == [
            ("attribution", "undated", 1, 1, 1),
            ("correction", "2026-03", 1, 1, 1),
            ("correction", "undated", 1, 1, 1),
            ("entries", "all", 2, 1, 2),
            ("exclusion", "2026-03", 1, 1, 1),
            ("gauge", "2026-03", 1, 1, 1),
            ("probes", "2026-03-06.0", 10, 2, 2),
            ("probes", "2026-03-07.0", 10, 2, 2),
            ("runs", "2026-03-06.0", 2, 2, 2),
            ("runs", "2026-03-07.0", 2, 2, 2),
            ("state", "2026-03", 2, 1, 1),
            ("statement", "2026-03", 1, 1, 1),
            ("tally", "2026-03", 2, 1, 1),
            ("tally", "2026-04", 1, 1, 1),
            ("transition", "2026-03", 1, 1, 1),
        ]
        assert list((vault.path / "log").iterdir()) == []
        assert vault.check() == ()

    def test_of_nothing_writes_nothing(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        before = files(vault)
        vault.seal(now=NOW)
        assert files(vault) == before

    def test_writes_the_same_bytes_for_the_same_entries(self, tmp_path: Path) -> None:
        one, other = mixed(tmp_path / "one"), mixed(tmp_path / "other")
        assert files(one) == files(other)

    def test_sorts_the_rows_and_packs_them(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append(
                [tally(3), tally(1), tally(2, source="branch"), tally(9, source_id="0", start=tally(1).start)]
            )
            writer.seal()
        (segment,) = (each for each in vault.segments() if each.kind == "tally")
        file = pq.ParquetFile(vault.path / "segments" / segment.file)
        table = file.read()
        rows = zip(table["source"].to_pylist(), table["source_id"].to_pylist(), strict=True)
        assert list(rows) == [("branch", "2"), ("shop", "0"), ("shop", "1"), ("shop", "3")]
        columns = {
            column.path_in_schema: column
            for column in (file.metadata.row_group(0).column(n) for n in range(table.num_columns))
        }
        assert columns["start"].compression == "ZSTD"
        for name in ("start", "count", "sequence"):
            assert "DELTA_BINARY_PACKED" in columns[name].encodings
        file.close()

    def test_is_told_that_the_disk_is_full_and_loses_nothing(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        before = files(vault)
        with full_disk(after=100), pytest.raises(UnableToWrite, match=r"cannot be written \(File too large\)"):
            vault.seal(now=NOW)
        assert (vault.head, len(list(vault.records()))) == (3, 6)
        vault.seal(now=NOW)
        assert vault.check() == ()
        assert set(files(vault)) & set(before) == {"vault.json"}

    def test_does_not_seal_what_is_damaged(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        path = vault.path / "log" / "000000000001.log"
        with vault.writer(now=NOW) as writer:
            content = bytearray(path.read_bytes())
            content[300] ^= 1
            path.write_bytes(content)
            with pytest.raises(VaultDamaged, match="the entry at byte 0"):
                writer.seal()
        assert vault.path.joinpath("manifest.jsonl").exists() is False

    def test_goes_on_beside_what_is_appended(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append([tally(5)])
            writer.seal()
            assert writer.append([tally(5), tally(6)]).entry == 5
        assert [path.name for path in (vault.path / "log").iterdir()] == ["000000000005.log"]
        assert (vault.check(), len(list(vault.records()))) == ((), 8)


class TestCompact:
    def test_makes_one_segment_of_each_part(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        vault.seal(now=NOW)
        known, entries = vault.evidence(), vault.entries()
        vault.compact(now=NOW)
        segments = vault.segments()
        assert len({(each.kind, each.part) for each in segments}) == len(segments)
        assert ("tally", "2026-03", 3, 1, 6) in shown(segments)
        assert ("runs", "2026-03-06.0", 30, 2, 7) in shown(segments)
        assert (vault.evidence(), vault.entries()) == (known, entries)
        assert {finding.code for finding in vault.check()} == {"MG504"}

    def test_leaves_what_it_replaced_to_the_next_writer(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        old = [vault.path / "segments" / each.file for each in vault.segments() if each.kind == "tally"]
        vault.compact(now=NOW)
        assert all(path.exists() for path in old)
        vault.seal(now=NOW)
        assert not any(path.exists() for path in old)
        assert vault.check() == ()

    def test_is_told_to_who_still_reads_when_the_next_writer_has_come(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        seen = vault.contents()
        vault.compact(now=NOW)
        assert len(list(seen.records(3, {"tally"}))) == 4
        vault.seal(now=NOW)
        with pytest.raises(VaultChanged, match="was compacted or thinned out while it was read; nothing is wrong"):
            list(seen.records(3, {"tally"}))

    def test_says_so_in_the_manifest(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        vault.compact(now=NOW)
        changes = vault.contents().manifest.changes
        assert [(each.act, each.last, len(each.adds), len(each.removes)) for each in changes] == [
            (Act.SEAL, 1, 3, 0),
            (Act.SEAL, 2, 2, 0),
            (Act.SEAL, 3, 2, 0),
            (Act.COMPACT, 3, 1, 3),
            (Act.COMPACT, 3, 1, 3),
        ]
        vault.compact(now=NOW)
        assert vault.contents().manifest.changes == changes

    def test_leaves_runs_that_have_outlived_their_probes(self, tmp_path: Path) -> None:
        vault = late(tmp_path / "vault")
        vault.compact(now=NOW)
        assert [each for each in shown(vault.segments()) if each[0] in ("probes", "runs")] == [
            ("probes", "2026-03-06.0", 4, 2, 3),
            ("runs", "2026-03-06.0", 2, 1, 1),
            ("runs", "2026-03-06.0", 4, 2, 3),
        ]
        vault.seal(now=NOW)
        assert vault.check() == ()


class TestRetain:
    def test_removes_what_is_old_and_leaves_a_tombstone(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        vault.seal(now=NOW)
        entries = vault.entries()
        gone = vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason=" 90 days of raw probes ", now=NOW)
        assert shown(gone) == [
            ("probes", "2026-03-06.0", 110, 2, 3),
            ("probes", "2026-03-06.0", 30, 5, 5),
            ("probes", "2026-03-06.0", 10, 7, 7),
        ]
        assert not any((vault.path / "segments" / each.file).exists() for each in gone)
        line = vault.contents().manifest.changes[-1]
        assert (line.act, line.reason, line.lost) == (
            Act.RETAIN,
            "90 days of raw probes",
            ((2, 30), (3, 80), (5, 30), (7, 10)),
        )
        assert sum(len(each) for each in vault.probes()) == 120
        assert [each.part for each in vault.segments() if each.kind == "runs"] == ["2026-03-06.0"] * 3 + [
            "2026-03-07.0"
        ]
        assert (vault.entries(), vault.check(), vault.stats().removed) == (entries, (), 150)

    def test_leaves_runs_that_are_still_checked(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
        segment = next(each for each in vault.segments() if each.kind == "runs")
        (vault.path / "segments" / segment.file).write_bytes(b"PAR1")
        assert [finding.place and finding.place.file for finding in vault.check()] == [f"segments/{segment.file}"]

    def test_takes_the_probes_with_their_runs(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        gone = vault.retain(before=date(2026, 4, 1), kinds={"runs", "tally"}, reason="a contract ended", now=NOW)
        assert {each.kind for each in gone} == {"runs", "probes", "tally"}
        assert [record.id for record in vault.records(kinds={"tally"})] == ["shop#50000", "shop#12"]
        vault.seal(now=NOW)
        vault.compact(now=NOW)
        vault.seal(now=NOW)
        assert vault.check() == ()

    def test_leaves_what_is_younger_or_has_no_date(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        before = files(vault)
        assert vault.retain(before=date(2026, 3, 31), kinds={"tally", "attribution"}, reason="old", now=NOW) == ()
        assert files(vault) == before

    @pytest.mark.parametrize(
        ("kinds", "reason", "sentence"),
        [
            ({"rumours"}, "old", "there are no rumours; name some of state, gauge"),
            (set(), "old", "there are no kinds; name some of state, gauge"),
            ({"entries"}, "old", "there are no entries"),
            ({"tally"}, " ", "say why: the reason is all that is left"),
        ],
    )
    def test_wants_kinds_and_a_reason(self, kinds: set[str], reason: str, sentence: str, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        with pytest.raises(ValueError, match=sentence):
            vault.retain(before=date(2027, 1, 1), kinds=kinds, reason=reason, now=NOW)

    def test_does_not_hide_a_forger(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        vault.seal(now=NOW)
        vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
        (segment,) = (each for each in vault.segments() if each.kind == "probes")
        (vault.path / "segments" / segment.file).unlink()
        assert [finding.code for finding in vault.check()] == ["MG503"]


class TestCopy:
    @pytest.mark.parametrize("until", range(8))
    def test_is_the_same_wherever_the_entries_lie(self, until: int, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        copies = [vault.copy(tmp_path / "a", until)]
        vault.seal(now=NOW)
        copies.append(vault.copy(tmp_path / "b", until))
        vault.compact(now=NOW)
        copies.append(vault.copy(tmp_path / "c", until))
        assert files(copies[0]) == files(copies[1]) == files(copies[2])
        copy = Vault.open(copies[0].path)
        assert (copy.head, copy.check(), copy.entries()) == (until, (), vault.entries(until))
        assert copy.evidence() == vault.evidence(until)

    def test_can_be_written_to(self, tmp_path: Path) -> None:
        copy = mixed(tmp_path / "vault").copy(tmp_path / "copy")
        with copy.writer(now=NOW) as writer:
            assert writer.append([tally(11), tally(13)]).entry == 8
            assert writer.append_probes(minutes(60, 71)).added == 1
        assert copy.check() == ()

    def test_keeps_the_tombstones(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
        copy = vault.copy(tmp_path / "copy", 4)
        (line,) = copy.contents().manifest.changes
        assert (line.reason, line.lost) == ("old", ((2, 30), (3, 80)))
        assert copy.check() == ()
        assert shown(tuple(each for each in copy.segments() if each.kind == "runs")) == [
            ("runs", "2026-03-06.0", 22, 2, 3),
            ("runs", "2026-03-07.0", 24, 3, 3),
        ]

    def test_keeps_runs_that_have_outlived_their_probes_beside_later_ones(self, tmp_path: Path) -> None:
        copy = late(tmp_path / "vault").copy(tmp_path / "copy", 2)
        assert [each for each in shown(copy.segments()) if each[0] in ("probes", "runs")] == [
            ("probes", "2026-03-06.0", 2, 2, 2),
            ("runs", "2026-03-06.0", 2, 1, 1),
            ("runs", "2026-03-06.0", 2, 2, 2),
        ]
        assert copy.check() == ()

    @pytest.mark.parametrize(
        ("_case", "prepare", "refusal"),
        [
            ("a vault", Vault.create, VaultExists),
            ("other files", lambda to: (to.mkdir(), (to / "letter.txt").write_text("Dear Sir")), FolderNotEmpty),
        ],
    )
    def test_wants_a_folder_of_its_own(
        self, _case: str, prepare: Callable[[Path], object], refusal: type[Exception], tmp_path: Path
    ) -> None:
        prepare(tmp_path / "copy")
        with pytest.raises(refusal):
            filled(tmp_path / "vault").copy(tmp_path / "copy")

    def test_refuses_an_entry_that_there_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(NoSuchEntry, match="there is no entry 4: the last one is 3"):
            filled(tmp_path / "vault").copy(tmp_path / "copy", 4)
        assert not (tmp_path / "copy").exists()


class TestTheManifest:
    @pytest.mark.parametrize("keep", [1, 10, -2, -1])
    def test_may_have_a_torn_line_that_the_next_writer_cuts_off(self, keep: int, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        path = vault.path / "manifest.jsonl"
        whole = path.read_bytes()
        with vault.writer(now=NOW) as writer:
            writer.append([tally(5)])
            logged = (vault.path / "log" / "000000000004.log").read_bytes()
            writer.seal()
        line = path.read_bytes()[len(whole) :]
        path.write_bytes(whole + line[:keep])
        (vault.path / "log" / "000000000004.log").write_bytes(logged)
        assert (vault.head, {finding.code for finding in vault.check()}) == (4, {"MG504"})
        vault.seal(now=NOW)
        assert path.read_bytes() == whole + line
        assert vault.check() == ()

    @pytest.mark.parametrize(
        ("_case", "values"),
        [
            ("an unknown kind", {"kind": "rumour"}),
            ("a way out of the vault", {"part": "../x"}),
            ("digits of another script", {"part": "٢٠٢٦-٠٣"}),
            ("half a hash", {"sha256": "0123456789abcdef"}),
            ("no rows", {"rows": 0}),
            ("rows that are no number", {"rows": True}),
            ("entries the wrong way round", {"first": 5}),
        ],
    )
    def test_names_segments_only(self, _case: str, values: dict[str, object]) -> None:
        good: dict[str, object] = {"kind": "tally", "part": "2026-03", "sha256": "0" * 64, "rows": 1, "first": 1}
        good |= {"last": 2, "first_at": None, "last_at": None, "sources": ()}
        assert Segment(**good).file == "tally-2026-03-000002-0000000000000000.parquet"  # type: ignore[arg-type]
        with pytest.raises(ValueError):  # noqa: PT011 - the inspection says it in its own sentence
            Segment(**{**good, **values})  # type: ignore[arg-type]


class TestALine:
    @pytest.mark.parametrize(
        ("_case", "line", "sentence"),
        [
            ("no object", b"[]", "it has no hash"),
            ("no hash", b"{}\n", "it has no hash"),
            ("a wrong hash", b'{"a":1,"hash":"0"}\n', "its content does not fit its hash"),
            ("other spacing", hashed_line({"a": 1}).replace(b",", b", "), "it is not written as it was"),
        ],
    )
    def test_is_not_read_from_anything_else(self, _case: str, line: bytes, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            read_hashed_line(line)

    @pytest.mark.parametrize(
        ("_case", "change", "sentence"),
        [
            ("a seal of nothing", {"act": Act.SEAL}, "it ends with entry 3, the line before it with 3"),
            ("a compaction that seals", {"last": 4}, "it ends with entry 4, the line before it with 3"),
            ("a segment that does not count", {"removes": ("x.parquet",)}, "it removes a segment that does not count"),
            ("a segment that counts", {"adds": "there"}, "it adds a segment that counts already"),
        ],
    )
    def test_follows_from_the_one_before(
        self, _case: str, change: dict[str, Any], sentence: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        manifest = vault.contents().manifest
        adds = vault.segments()[:1] if "adds" in change else ()
        forged = replace(manifest.changes[-1], number=4, act=Act.COMPACT, adds=())
        forged = replace(forged, **{**change, "adds": adds})
        append_line(vault.path / "manifest.jsonl", forged.line(manifest.previous), behind=manifest.end)
        with pytest.raises(VaultDamaged, match=f"line 4 of the manifest is not what was written: {sentence}"):
            vault.records()

    def test_is_chained_to_the_one_before(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        manifest = vault.contents().manifest
        again = replace(manifest.changes[-1], number=4, act=Act.COMPACT, adds=())
        append_line(vault.path / "manifest.jsonl", again.line("0" * 64), behind=manifest.end)
        with pytest.raises(VaultDamaged, match="it does not follow from the line before it"):
            vault.records()


class TestWhatIsKnown:
    def test_is_found_by_its_hashes_and_conflicts_in_the_segments(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        known = KnownRecords(vault.path, lambda: None, recent=2)
        with vault.writer(now=NOW) as writer:
            for number in range(0, 12, 3):
                batch = [tally(number), tally(number + 1), tally(number + 2)]
                writer.append(batch)
                known.add("shop", [(each.source_id, bytes.fromhex(each.digest)) for each in batch])
        asked = [tally(1), tally(11), tally(12), tally(5, count=2), tally(12, count=2), tally(12)]
        assert known.standing("shop", [(each.source_id, bytes.fromhex(each.digest)) for each in asked]) == [
            Standing.KNOWN,
            Standing.KNOWN,
            Standing.NEW,
            Standing.CONFLICTING,
            Standing.CONFLICTING,
            Standing.KNOWN,
        ]

    def test_may_be_of_several_sources(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            assert writer.append([*one_of_each(), tally(12, count=2)]).conflicting == 1


class TestNoRows:
    def test_are_no_records(self) -> None:
        assert table_records("tally", records_table("tally", [], [], [])) == []


class TestProbesThatNobodyAccepted:
    def test_say_by_no_entry_that_they_came(self) -> None:
        with pytest.raises(ValueError, match="no vault has accepted these probes yet"):
            numbers_of(minutes(0, 1))


class TestStats:
    def test_count_what_is_sealed_and_what_is_not(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        stats = vault.stats()
        assert (stats.entries, stats.sealed, stats.removed) == (7, 5, 0)
        assert stats.log_bytes == (vault.path / "log" / "000000000006.log").stat().st_size
        assert [(each.kind, each.rows, each.in_log, each.segments) for each in stats.kinds] == [
            ("state", 2, 0, 1),
            ("gauge", 1, 0, 1),
            ("tally", 4, 1, 3),
            ("transition", 1, 0, 1),
            ("exclusion", 1, 0, 1),
            ("attribution", 1, 0, 1),
            ("statement", 1, 0, 1),
            ("correction", 2, 0, 2),
            ("probes", 270, 10, 3),
            ("runs", 52, 0, 3),
            ("entries", 5, 0, 2),
        ]
        tallies = stats.kinds[2]
        assert (tallies.first_at, tallies.last_at) == (tally(4).start, tally(50_000).start)
        assert tallies.bytes == sum(
            (vault.path / "segments" / each.file).stat().st_size for each in vault.segments() if each.kind == "tally"
        )

    def test_of_an_empty_vault_are_nothing(self, tmp_path: Path) -> None:
        stats = Vault.create(tmp_path / "vault").stats()
        assert (stats.entries, stats.kinds, stats.log_bytes) == (0, (), 0)

    def test_may_be_of_what_has_no_date(self, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append([one_of_each()[6]])
        (kind,) = vault.stats().kinds
        assert (kind.kind, kind.first_at, kind.last_at) == ("attribution", None, None)


class TestRepair:
    def test_finds_nothing_to_do(self, tmp_path: Path) -> None:
        vault = mixed(tmp_path / "vault")
        before = files(vault)
        assert vault.repair(now=NOW) == ()
        assert files(vault) == before

    def test_sets_aside_the_log_from_where_it_is_damaged(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        path = vault.path / "log" / "000000000001.log"
        whole = path.read_bytes()
        start = vault.contents().frames[1][1].start
        spoilt = whole[: start + 100] + b"x" + whole[start + 101 :]
        path.write_bytes(spoilt)
        (vault.path / "log" / "000000000004.log").write_bytes(b"behind it")
        assert vault.repair(now=NOW) == (
            f"log/000000000001.log from byte {start:,} on was set aside as set-aside/000000000001.log.from-{start}",
            "log/000000000004.log from byte 0 on was set aside as set-aside/000000000004.log",
        )
        assert path.read_bytes() == whole[:start]
        assert (vault.path / "set-aside" / f"000000000001.log.from-{start}").read_bytes() == spoilt[start:]
        assert (vault.head, vault.check()) == (1, ())
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(2)]).entry == 2

    def test_sets_aside_what_nothing_names_and_overwrites_nothing(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        for number in range(3):
            (vault.path / "segments" / "x.part").write_bytes(bytes([number]))
            vault.repair(now=NOW)
        found = {path.name: path.read_bytes() for path in (vault.path / "set-aside").iterdir()}
        assert found == {"x.part": b"\0", "x.part.1": b"\1", "x.part.2": b"\2"}

    def test_goes_on_without_the_segments_of_a_manifest_that_lost_its_end(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        path = vault.path / "manifest.jsonl"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
        assert [sentence.partition(" was ")[0].partition("-")[0] for sentence in vault.repair(now=NOW)] == [
            "segments/entries",
            "segments/tally",
        ]
        assert (vault.head, vault.check()) == (2, ())

    def test_keeps_what_is_sealed_and_was_not_removed_yet(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        path = vault.path / "log" / "000000000001.log"
        content = path.read_bytes()
        vault.seal(now=NOW)
        path.write_bytes(content)
        assert vault.repair(now=NOW) == ("log/000000000001.log was set aside as set-aside/000000000001.log",)
        assert (vault.head, vault.check()) == (3, ())

    def test_cannot_mend_a_manifest(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        (vault.path / "manifest.jsonl").write_bytes(b"{}\n")
        with pytest.raises(VaultDamaged, match="line 1 of the manifest"):
            vault.repair(now=NOW)

    def test_needs_room_to_write(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        (vault.path / "set-aside").write_text("")
        with pytest.raises(UnableToWrite, match=r"cannot be written \(File exists\)"):
            vault.repair(now=NOW)
