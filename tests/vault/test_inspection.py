from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.finding import Severity
from makegood.vault.book import Book
from makegood.vault.built import Built, built_headers, built_probes, built_records, write_segments
from makegood.vault.entry import Entry, Form, records_content
from makegood.vault.layout import sha256
from makegood.vault.lines import append_line
from makegood.vault.log import frame_bytes, log_name
from makegood.vault.manifest import Act, Change, Segment
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.probes.content import content_hash
from makegood.vault.probes.runs import RunColumns, runs_bytes, runs_of
from makegood.vault.recounting import altered
from makegood.vault.segment import parquet_bytes, records_table
from makegood.vault.vault import Vault
from tests.vault.samples import AT, NOW, filled, minutes, mixed, one_of_each, probe, probes, run, sealed, tally


def settled(folder: Path, make: Callable[[Path], Vault] = mixed) -> Vault:
    vault = make(folder)
    book = Book.open(vault, "acme")
    book.append(run(1))
    book.append(run(2))
    return vault


def errors(vault: Vault) -> list[str]:
    return [str(finding) for finding in vault.check() if finding.severity is Severity.ERROR]


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_kind(vault: Vault, kind: str) -> list[Segment]:
    return [each for each in vault.segments() if each.kind == kind]


def stored(
    record: AnyRecord, *, digest: str = "", sequence: int = 4, kind: str = "tally", part: str = "2026-03"
) -> Built:
    """Return a segment of one record."""
    digests = [bytes.fromhex(digest or record.digest)]
    table = records_table(kind, [replace(record, recorded_at=NOW)], digests, [sequence])
    return built_records(kind, part, [table])


def forge(vault: Vault, built: Sequence[Built], *, entry: Entry | None = None, removes: tuple[str, ...] = ()) -> None:
    """Add a line to the manifest as a stranger would who knows how they are made."""
    contents = vault.contents()
    manifest = contents.manifest
    if entry is not None:
        built = [*built, built_headers([entry])]
    change = Change(
        number=len(manifest.changes) + 1,
        act=Act.COMPACT if entry is None else Act.SEAL,
        at=NOW,
        last=manifest.last if entry is None else entry.sequence,
        head=manifest.head if entry is None else entry.hash,
        adds=write_segments(vault.path, built),
        removes=removes,
    )
    append_line(vault.path / "manifest.jsonl", change.line(manifest.previous), behind=manifest.end)
    for name in removes:
        (vault.path / "segments" / name).unlink()


def entry_of(
    vault: Vault, *, rows: int = 1, content: str = "", sources: tuple[str, ...] = ("shop",), form: Form = Form.RECORDS
) -> Entry:
    """Return the entry that would come next."""
    contents = vault.contents()
    return Entry(contents.head + 1, NOW, form, rows, sources, AT, AT, content, contents.head_hash)


class TestCheck:
    def test_finds_nothing_wrong_with_what_was_written(self, tmp_path: Path) -> None:
        assert settled(tmp_path / "vault").check() == ()

    @pytest.mark.parametrize(
        ("file", "make", "step"),
        [
            ("vault.json", filled, 1),
            ("manifest.jsonl", sealed, 97),
            ("log", mixed, 97),
            ("segments", mixed, 5_000),
            ("book", filled, 97),
        ],
    )
    def test_finds_a_flipped_byte_wherever_it_is(
        self, file: str, make: Callable[[Path], Vault], step: int, tmp_path: Path
    ) -> None:
        vault = settled(tmp_path / "vault", make)
        path = vault.path / file
        for each in [path] if path.is_file() else sorted(path.iterdir()):
            whole = each.read_bytes()
            for position in {*range(0, len(whole), step), *range(0, 40, 3), len(whole) - 2, len(whole) - 1}:
                if position < len(whole):
                    flip = (0x01, 0x20, 0x77)[position % 3]
                    each.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
                    assert errors(vault) != [], f"{each.name}, byte {position} xor {flip}"
                    if file == "segments":
                        break  # each byte of them counts in the same hash
            each.write_bytes(whole)
        assert vault.check() == ()

    @pytest.mark.parametrize(
        ("file", "make"), [("log", filled), ("manifest.jsonl", sealed), ("segments", mixed), ("vault.json", filled)]
    )
    def test_finds_a_removed_file(self, file: str, make: Callable[[Path], Vault], tmp_path: Path) -> None:
        vault = settled(tmp_path / "vault", make)
        path = vault.path / file
        for each in [path] if path.is_file() else sorted(path.iterdir()):
            content = each.read_bytes()
            each.unlink()
            assert errors(vault) != [], each.name
            each.write_bytes(content)

    def test_finds_a_swapped_segment(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        one, other, _ = (vault.path / "segments" / each.file for each in of_kind(vault, "tally"))
        shutil.copy(one, other)
        assert errors(vault) == [
            (
                f"segments/{other.name}:1:1: MG503 error: {other.name} cannot be used: it does not hold the bytes that were"
                " sealed"
            )
        ]

    @pytest.mark.parametrize(
        ("_case", "spoil", "expected"),
        [
            (
                "a line of the manifest is missing",
                lambda lines: [lines[0], lines[2]],
                "manifest.jsonl:2:1: MG501 error: line 2 of the manifest is not what was written: it is number 3",
            ),
            (
                "two lines are swapped",
                lambda lines: [lines[1], lines[0], lines[2]],
                "manifest.jsonl:1:1: MG501 error: line 1 of the manifest is not what was written: it is number 2",
            ),
            (
                "a line is replayed",
                lambda lines: [*lines, lines[2]],
                "manifest.jsonl:4:1: MG501 error: line 4 of the manifest is not what was written: it is number 3",
            ),
            (
                "the last line is cut off",
                lambda lines: lines[:2],
                "segments/{}:1:1: MG502 error: {} holds entry 3, but the chain ends with entry 2: its end was cut off",
            ),
        ],
    )
    def test_names_a_line_that_is_wrong(
        self, _case: str, spoil: Callable[[list[bytes]], list[bytes]], expected: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        path = vault.path / "manifest.jsonl"
        names = [each.file for each in vault.segments() if each.last == 3]
        path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True))))
        assert errors(vault) == sorted({expected.format(name, name) for name in names})

    @pytest.mark.parametrize(
        ("_case", "spoil", "expected"),
        [
            (
                "a segment is missing",
                lambda vault: (vault.path / "segments" / of_kind(vault, "tally")[1].file).unlink(),
                "segments/{1}:1:1: MG503 error: {1} cannot be used: No such file or directory",
            ),
            (
                "a segment of headers is missing",
                lambda vault: (vault.path / "segments" / of_kind(vault, "entries")[1].file).unlink(),
                "segments/{entries}:1:1: MG503 error: {entries} cannot be used: No such file or directory",
            ),
            (
                "a folder stands in a segment's place",
                lambda vault: replace_by_folder(vault.path / "segments" / of_kind(vault, "tally")[1].file),
                "segments/{1}:1:1: MG503 error: {1} cannot be used: Is a directory",
            ),
            (
                "the format is missing",
                lambda vault: (vault.path / "vault.json").unlink(),
                "vault.json:1:1: MG506 error: vault.json is not what was written",
            ),
            (
                "the format has other buckets",
                lambda vault: (vault.path / "vault.json").write_bytes(b'{"makegood":"vault/2","buckets":2}\n'),
                "segments/{first}:1:1: MG502 error: entry 1 does not follow from the entry before it",
            ),
            (
                "a line of a book is missing",
                lambda vault: (vault.path / "book" / "acme.jsonl").write_bytes(
                    (vault.path / "book" / "acme.jsonl").read_bytes().splitlines(keepends=True)[1]
                ),
                (
                    "book/acme.jsonl:1:1: MG505 error: line 1 of the book of acme is not what was written: it does not"
                    " follow from the line before it"
                ),
            ),
            (
                "a book is given to another agreement",
                lambda vault: (vault.path / "book" / "acme.jsonl").rename(vault.path / "book" / "bolt.jsonl"),
                (
                    "book/bolt.jsonl:1:1: MG505 error: line 1 of the book of bolt is not what was written: it does not"
                    " follow from the line before it"
                ),
            ),
        ],
    )
    def test_names_what_is_wrong(
        self, _case: str, spoil: Callable[[Vault], object], expected: str, tmp_path: Path
    ) -> None:
        vault = settled(tmp_path / "vault", sealed)
        tallies, headers = of_kind(vault, "tally"), of_kind(vault, "entries")
        spoil(vault)
        names = {"{1}": tallies[1].file, "{entries}": headers[1].file, "{first}": headers[0].file}
        for mark, name in names.items():
            expected = expected.replace(mark, name)
        assert errors(vault) == [expected]

    def test_finds_that_the_end_was_cut_off_before_a_settlement(self, tmp_path: Path) -> None:
        vault = settled(tmp_path / "vault", filled)
        (vault.path / "log" / "000000000001.log").unlink()
        assert errors(vault) == [
            (
                f"book/acme.jsonl:{line}:1: MG502 error: it was settled on entry 3, but the chain ends with entry 0: its"
                " end was cut off"
            )
            for line in (1, 2)
        ]

    def test_notes_what_nothing_names(self, tmp_path: Path) -> None:
        vault = settled(tmp_path / "vault", sealed)
        for name in ("segments/tally-2026-03-000003-0123456789abcdef.parquet", "log/00000000001.log", "log/x.log"):
            (vault.path / name).write_bytes(b"PAR1")
        assert [str(finding) for finding in vault.check()] == [
            "log/00000000001.log:1:1: MG504 note: 00000000001.log is named by nothing and never read",
            "log/x.log:1:1: MG504 note: x.log is named by nothing and never read",
            (
                "segments/tally-2026-03-000003-0123456789abcdef.parquet:1:1: MG504 note:"
                " tally-2026-03-000003-0123456789abcdef.parquet is named by nothing and never read"
            ),
        ]


class TestAForger:
    @pytest.mark.parametrize(
        ("_case", "built", "sources", "trouble"),
        [
            ("another record's digest", stored(tally(9), digest=tally(8).digest), ("shop",), "its content does not fit its digest"),
            ("a record that was accepted before", stored(tally(1)), ("shop",), "it was accepted before"),
            ("a source that is not named", stored(tally(9)), ("probes",), "entry 4 does not name its source"),
            ("another month", stored(tally(9), part="2026-04"), ("shop",), "it lies in a segment of other sources or another month"),
        ],
    )  # fmt: skip
    def test_cannot_seal_a_record_that_was_not_accepted(
        self, _case: str, built: Built, sources: tuple[str, ...], trouble: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        entry = entry_of(vault, sources=sources, content=records_content([bytes.fromhex(tally(9).digest)]))
        forge(vault, [built], entry=entry)
        number = 1 if "before" in _case else 9
        assert errors(vault)[-1:] == [
            f"segments/{built.segment.file}:1:1: MG503 error: the record shop#{number} is wrong: {trouble}"
        ] or errors(vault)[0].startswith("manifest.jsonl:4:1: MG509 error: entry 4 is not what was accepted")
        assert (
            f"segments/{built.segment.file}:1:1: MG503 error: the record shop#{number} is wrong: {trouble}"
            in errors(vault)
        )

    def test_is_held_to_the_rules_of_birth(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        nonsense = tally(9)
        object.__setattr__(nonsense, "count", -1)
        table = records_table("tally", [nonsense], [bytes.fromhex(nonsense.digest)], [4])
        content = records_content([bytes.fromhex(nonsense.digest)])
        forge(vault, [built_records("tally", "2026-03", [table])], entry=entry_of(vault, content=content))
        (found,) = errors(vault)
        assert "the record shop#9 is wrong: a tally counts a whole number of events, none or more, not -1" in found

    @pytest.mark.parametrize(
        ("_case", "spoil", "trouble"),
        [
            ("other entries", {"first": 3}, "holds other times than the manifest says"),
            ("other times", {"last_at": NOW}, "holds other times than the manifest says"),
            ("other rows", {"rows": 2}, "cannot be used: it has 1 rows, 2 were sealed"),
            ("another kind", {"kind": "state"}, "cannot be used: it does not have the columns that it should have"),
        ],
    )
    def test_cannot_say_other_things_of_a_segment(
        self, _case: str, spoil: dict[str, Any], trouble: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        built = stored(tally(9))
        segment = replace(built.segment, **spoil)
        content = records_content([bytes.fromhex(tally(9).digest)])
        forge(vault, [Built(segment, built.content)], entry=entry_of(vault, content=content))
        assert errors(vault) == [f"segments/{segment.file}:1:1: MG503 error: {segment.file} {trouble}"]

    @pytest.mark.parametrize(
        ("_case", "left", "trouble"),
        [
            ("one taken away", [tally(3)], "it has 1 of 2 rows"),
            ("one added", [tally(3), tally(4), tally(5)], "it has 3 of 2 rows"),
            ("one exchanged", [tally(3), tally(5)], "its content is another one"),
        ],
    )
    def test_cannot_compact_to_other_records(
        self, _case: str, left: list[AnyRecord], trouble: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        victim = of_kind(vault, "tally")[2]
        digests = [bytes.fromhex(each.digest) for each in left]
        table = records_table("tally", [replace(each, recorded_at=NOW) for each in left], digests, [3] * len(left))
        forge(vault, [built_records("tally", "2026-03", [table])], removes=(victim.file,))
        assert errors(vault) == [f"manifest.jsonl:3:1: MG509 error: entry 3 is not what was accepted: {trouble}"]

    @pytest.mark.parametrize(
        ("_case", "left", "trouble"),
        [
            ("one taken away", minutes(1, 60), "it has 29 of 30 rows"),
            ("one exchanged", probes(*minutes(1, 60).probes(), probe(0)), "its content is another one"),
        ],
    )
    def test_cannot_compact_to_other_probes(self, _case: str, left: ProbeColumns, trouble: str, tmp_path: Path) -> None:
        vault = Vault.create(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 30))
            writer.append_probes(minutes(30, 60))
            writer.seal()
        sequence = np.where(left.at < minutes(30, 31).at[0], 1, 2).astype(np.int64)
        built = list(built_probes("2026-03-06.0", [replace(left, sequence=sequence)]))
        forge(vault, built, removes=tuple(each.file for each in vault.segments() if each.kind != "entries"))
        (finding,) = altered(vault.contents(), vault.entries(), rows_at_once=1)
        assert errors(vault) == [str(finding)]
        assert str(finding) == f"manifest.jsonl:1:1: MG509 error: entry 1 is not what was accepted: {trouble}"

    @pytest.mark.parametrize(
        ("_case", "spoil", "expected"),
        [
            ("no runs", lambda built: built[:1], "{0} has no runs beside it"),
            (
                "other runs",
                lambda built: [built[0], Built(built[1].segment, b"PAR1")],
                "{1} cannot be used: it does not hold the bytes that were sealed",
            ),
            (
                "another day",
                lambda built: _moved(built, part="2026-03-08.0"),
                "{0} holds probes of another day or bucket",
            ),
            (
                "other times",
                lambda built: _moved(built, first_at=NOW),
                "{0} holds other times or sources than the manifest says",
            ),
        ],
    )
    def test_cannot_say_other_things_of_probes(
        self, _case: str, spoil: Callable[[list[Built]], list[Built]], expected: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        columns = minutes(0, 30)
        numbered = replace(columns, sequence=np.full(30, 4, np.int64))
        built = spoil(list(built_probes("2026-03-06.0", [numbered])))
        entry = entry_of(vault, rows=30, content=content_hash(columns), sources=("ping",), form=Form.PROBES)
        forge(vault, built, entry=entry)
        files = [each.segment.file for each in built]
        (found,) = errors(vault)
        assert found.partition(" error: ")[2] == expected.format(*files)

    def test_cannot_give_probes_the_runs_of_others(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        columns, others = minutes(0, 30), minutes(1, 31)
        sequence = np.full(30, 4, np.int64)
        mine = list(built_probes("2026-03-06.0", [replace(columns, sequence=sequence)]))
        theirs = list(built_probes("2026-03-06.0", [replace(others, sequence=sequence)]))
        entry = entry_of(vault, rows=30, content=content_hash(columns), sources=("ping",), form=Form.PROBES)
        forge(vault, [mine[0], theirs[1]], entry=entry)
        file = theirs[1].segment.file
        assert errors(vault) == [f"segments/{file}:1:1: MG503 error: {file} does not hold the runs of its probes"]

    @pytest.mark.parametrize(
        ("_case", "spoil", "trouble"),
        [
            ("more", lambda runs: runs, "stands for more probes than retention removed"),
            (
                "as many",
                lambda runs: replace(runs, count=np.array([2, 28, 1])),
                "stands for more probes than retention removed",
            ),
            ("none at all", lambda runs: replace(runs, count=np.array([1, 9, 0])), "holds a run of no probes"),
            (
                "another day",
                lambda runs: replace(runs, first_at=runs.first_at + 86_400, last_at=runs.last_at + 86_400),
                "holds runs of another day or bucket",
            ),
        ],
    )
    def test_cannot_make_up_runs_of_probes_that_are_gone(
        self, _case: str, spoil: Callable[[RunColumns], RunColumns], trouble: str, tmp_path: Path
    ) -> None:
        vault = sealed(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 30))
            writer.seal()
        if _case != "more":
            vault.retain(before=date(2026, 3, 7), kinds={"probes"}, reason="old", now=NOW)
        runs = spoil(runs_of(minutes(100, 111)))
        content = runs_bytes(runs)
        ends = (instant_of(int(runs.first_at.min())), instant_of(int(runs.last_at.max())))
        made_up = Segment("runs", "2026-03-06.0", sha256(content), len(runs), 3, 4, *ends, ("ping",))
        forge(vault, [Built(made_up, content)])
        assert f"segments/{made_up.file}:1:1: MG503 error: {made_up.file} {trouble}" in errors(vault)

    def test_cannot_say_other_things_of_runs(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 30))
            writer.seal()
        (runs,) = of_kind(vault, "runs")
        content = vault.contents().bytes_of(runs)
        # Under its own name nothing can be added once more, so the removal stands in the line before.
        renamed = replace(runs, sources=("pong",))
        text = "holds other times or sources than the manifest says"
        forge(vault, [], removes=(runs.file,))
        forge(vault, [Built(renamed, content)])
        assert errors(vault) == [f"segments/{runs.file}:1:1: MG503 error: {runs.file} {text}"]
        (probes,) = of_kind(vault, "probes")
        forge(vault, [], removes=(probes.file,))
        assert f"segments/{runs.file}:1:1: MG503 error: {runs.file} {text}" in errors(vault)

    def test_cannot_give_probes_several_runs(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append_probes(minutes(0, 30))
            writer.seal()
        numbered = replace(minutes(1, 30), sequence=np.full(29, 4, np.int64))
        forge(vault, list(built_probes("2026-03-06.0", [numbered]))[1:])
        file = of_kind(vault, "runs")[1].file
        text = f"{file} is not the only one with runs of its probes"
        assert f"segments/{file}:1:1: MG503 error: {text}" in errors(vault)

    def test_cannot_have_a_probe_accepted_twice(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        columns = minutes(0, 30)
        for number in (4, 5):
            built = built_probes("2026-03-06.0", [replace(columns, sequence=np.full(30, number, np.int64))])
            entry = entry_of(vault, rows=30, content=content_hash(columns), sources=("ping",), form=Form.PROBES)
            forge(vault, list(built), entry=entry)
        (found,) = errors(vault)
        assert found.endswith("holds a probe that was accepted before")

    def test_cannot_make_a_segment_grow_in_the_memory(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        record, rows = tally(9), 20_000
        digest = bytes.fromhex(record.digest)
        table = records_table("tally", [record] * rows, [digest] * rows, [4] * rows)
        entry = entry_of(vault, rows=rows, content=records_content([digest] * rows))
        forge(vault, [built_records("tally", "2026-03", [table])], entry=entry)
        assert [text.split(": ")[-1] for text in errors(vault)] == ["it has more rows than its bytes can hold"]

    @pytest.mark.parametrize(
        ("_case", "content", "trouble"),
        [
            ("no Parquet", b"PAR1", "it is not a Parquet file"),
            ("no headers", "null", "it holds what is no header"),
        ],
    )
    def test_cannot_seal_headers_that_are_none(
        self, _case: str, content: bytes | str, trouble: str, tmp_path: Path
    ) -> None:
        vault = filled(tmp_path / "vault")
        entry = entry_of(vault, content="0" * 64)
        built = built_headers([entry])
        if isinstance(content, str):
            table = pq.read_table(pa.BufferReader(built.content))
            table = table.set_column(4, table.schema.field(4), pa.nulls(1, pa.string()))
            content = parquet_bytes(table)
        segment = replace(built.segment, sha256=sha256(content))
        (vault.path / "segments" / segment.file).write_bytes(content)
        change = Change(1, Act.SEAL, NOW, 4, entry.hash, (segment,), ())
        append_line(vault.path / "manifest.jsonl", change.line(""), behind=0)
        assert errors(vault)[0].startswith(
            f"segments/{segment.file}:1:1: MG503 error: {segment.file} cannot be used: {trouble}"
        )

    def test_cannot_leave_out_a_header(self, tmp_path: Path) -> None:
        vault = sealed(tmp_path / "vault")
        victim = of_kind(vault, "entries")[2]
        forge(vault, [], removes=(victim.file,))
        assert errors(vault) == [
            "manifest.jsonl:4:1: MG502 error: the manifest ends with entry 3, the headers with entry 2"
        ]

    def test_cannot_log_what_no_header_says(self, tmp_path: Path) -> None:
        for number, (form, payload, rows) in enumerate(
            (
                (Form.RECORDS, tally(1).canonical.encode() + b"\n", 2),
                (Form.RECORDS, b'{"kind":"rumour"}\n', 1),
                (Form.RECORDS, one_of_each()[0].canonical.encode() + b"\n", 1),
                (Form.PROBES, b"ARROW1", 1),
            )
        ):
            vault = Vault.create(tmp_path / f"vault{number}")
            content = records_content(hashlib.sha256(line).digest() for line in payload.splitlines())
            log(vault, entry_of(vault, rows=rows, content=content, form=form), payload)
            (found,) = errors(vault)
            assert (
                found.partition(" error: ")[2]
                == [
                    "entry 1 does not hold what its header says",
                    "the entry at byte 0 of log/000000000001.log cannot be used: it holds what is no record: KeyError('rumour')",
                    "the record probes#1 is wrong: entry 1 does not name its source",
                    found.partition(" error: ")[2],
                ][number]
            )


def _moved(built: list[Built], **changes: Any) -> list[Built]:
    return [Built(replace(each.segment, **changes), each.content) for each in built]


def log(vault: Vault, entry: Entry, payload: bytes) -> None:
    """Add an entry to the log as a stranger would."""
    (vault.path / "log" / log_name(entry.sequence)).write_bytes(frame_bytes(entry.header, payload))
