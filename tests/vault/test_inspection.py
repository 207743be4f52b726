from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from makegood.engine.evidence.records import Record
from makegood.engine.vocabulary.finding import Severity
from makegood.vault.book import Book
from makegood.vault.chain import sha256
from makegood.vault.seal import Seal, Segment, hashed_line, read_hashed_line, segment_file
from makegood.vault.segment import segment_bytes
from makegood.vault.vault import Vault
from tests.vault.samples import NOW, filled, run, tally


def settled(folder: Path) -> Vault:
    vault = filled(folder)
    book = Book.open(vault, "acme")
    book.append(run(1))
    book.append(run(2))
    return vault


def errors(vault: Vault) -> list[str]:
    return [str(finding) for finding in vault.check() if finding.severity is Severity.ERROR]


def seal(vault: Vault, number: int) -> Path:
    return vault.path / "seals" / f"{number:06}.json"


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def forge(vault: Vault, records: list[Record], digests: list[bytes], *, sources: tuple[str, ...], rows: int) -> None:
    """Add a seal as a stranger would who knows how they are made."""
    content = segment_bytes("tally", records, digests, recorded_at=NOW)
    last = vault.seals()[-1]
    file = segment_file(last.sequence + 1, "tally", sha256(content))
    (vault.path / "segments" / file).write_bytes(content)
    forged = Segment(file, "tally", sha256(content), rows, NOW, NOW)
    new = Seal(last.sequence + 1, NOW, sources, (forged,), sha256(seal(vault, last.sequence).read_bytes()))
    seal(vault, new.sequence).write_bytes(new.content)


class TestCheck:
    def test_finds_nothing_wrong_with_what_was_written(self, tmp_path: Path) -> None:
        assert settled(tmp_path / "vault").check() == ()

    @pytest.mark.parametrize("file", ["vault.json", "seals", "segments", "book"])
    def test_finds_a_flipped_byte_wherever_it_is(self, file: str, tmp_path: Path) -> None:
        vault = settled(tmp_path / "vault")
        path = vault.path / file
        for each in [path] if path.is_file() else sorted(path.iterdir()):
            whole = each.read_bytes()
            for position in [*range(0, len(whole), 61), len(whole) - 2, len(whole) - 1]:
                flip = (0x01, 0x20, 0x77)[position % 3]
                each.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
                assert errors(vault) != [], f"{each.name}, byte {position} xor {flip}"
            each.write_bytes(whole)
        assert vault.check() == ()

    @pytest.mark.parametrize(
        ("_case", "spoil", "expected"),
        [
            (
                "a seal is missing",
                lambda vault: seal(vault, 2).unlink(),
                ["seals/000003.json:1:1: MG502 error: there is no seal before seal 3"],
            ),
            (
                "a seal stands in another one's place",
                lambda vault: shutil.copy(seal(vault, 2), seal(vault, 3)),
                [
                    "seals/000003.json:1:1: MG502 error: seal 2 stands in the place of seal 3",
                    "segments/{3}:1:1: MG503 error: the record shop#2 is wrong: it was sealed before",
                ],
            ),
            (
                "two seals are swapped",
                lambda vault: (
                    seal(vault, 1).rename(vault.path / "x"),
                    seal(vault, 2).rename(seal(vault, 1)),
                    (vault.path / "x").rename(seal(vault, 2)),
                ),
                [
                    "seals/000001.json:1:1: MG502 error: seal 2 stands in the place of seal 1",
                    "seals/000002.json:1:1: MG502 error: seal 1 stands in the place of seal 2",
                    "seals/000003.json:1:1: MG502 error: seal 3 does not follow from the seal before it",
                ],
            ),
            (
                "a seal is replayed at the end",
                lambda vault: shutil.copy(seal(vault, 3), seal(vault, 4)),
                [
                    "segments/{4}:1:1: MG503 error: the record shop#3 is wrong: it was sealed before",
                    "segments/{4}:1:1: MG503 error: the record shop#4 is wrong: it was sealed before",
                    "seals/000004.json:1:1: MG502 error: seal 3 stands in the place of seal 4",
                ],
            ),
            (
                "an old seal is numbered anew",
                lambda vault: seal(vault, 4).write_bytes(
                    hashed_line({**read_hashed_line(seal(vault, 3).read_bytes()), "sequence": 4})
                ),
                [
                    "segments/{4}:1:1: MG503 error: the record shop#3 is wrong: it was sealed before",
                    "segments/{4}:1:1: MG503 error: the record shop#4 is wrong: it was sealed before",
                    "seals/000004.json:1:1: MG502 error: seal 4 does not follow from the seal before it",
                ],
            ),
            (
                "a segment is missing",
                lambda vault: (vault.path / "segments" / vault.seals()[1].segments[0].file).unlink(),
                ["segments/{3}:1:1: MG503 error: {3} cannot be used: No such file or directory"],
            ),
            (
                "a folder stands in a seal's place",
                lambda vault: replace_by_folder(seal(vault, 3)),
                ["seals/000003.json:1:1: MG501 error: seal 3 cannot be read: Is a directory"],
            ),
            (
                "the format is missing",
                lambda vault: (vault.path / "vault.json").unlink(),
                ["vault.json:1:1: MG506 error: vault.json is not what was written"],
            ),
            (
                "a line of a book is missing",
                lambda vault: (vault.path / "book" / "acme.jsonl").write_bytes(
                    (vault.path / "book" / "acme.jsonl").read_bytes().splitlines(keepends=True)[1]
                ),
                [
                    (
                        "book/acme.jsonl:1:1: MG505 error: line 1 of the book of acme is not what was written:"
                        " it does not follow from the line before it"
                    )
                ],
            ),
            (
                "a book is given to another agreement",
                lambda vault: (vault.path / "book" / "acme.jsonl").rename(vault.path / "book" / "bolt.jsonl"),
                [
                    (
                        "book/bolt.jsonl:1:1: MG505 error: line 1 of the book of bolt is not what was written:"
                        " it does not follow from the line before it"
                    )
                ],
            ),
        ],
    )
    def test_names_what_is_wrong(
        self, _case: str, spoil: Callable[[Vault], object], expected: list[str], tmp_path: Path
    ) -> None:
        vault = settled(tmp_path / "vault")
        segments = [segment.file for each in vault.seals() for segment in each.segments]
        spoil(vault)
        assert errors(vault) == sorted(
            line.replace("{3}", segments[2]).replace("{4}", segments[3]) for line in expected
        )

    def test_notes_what_no_seal_names(self, tmp_path: Path) -> None:
        vault = settled(tmp_path / "vault")
        (vault.path / "segments" / "000004-tally-0123456789abcdef.parquet").write_bytes(b"PAR1")
        (vault.path / "seals" / "0000003.json").write_bytes(b"{}")
        assert [str(finding) for finding in vault.check()] == [
            "seals/0000003.json:1:1: MG504 note: 0000003.json is named by no seal and never read",
            (
                "segments/000004-tally-0123456789abcdef.parquet:1:1: MG504 note:"
                " 000004-tally-0123456789abcdef.parquet is named by no seal and never read"
            ),
        ]

    @pytest.mark.parametrize(
        ("_case", "number", "digest", "sources", "rows", "trouble"),
        [
            ("another record's digest", 9, tally(8).digest, ("shop",), 1, "its content does not fit its digest"),
            ("a record that was sealed before", 1, tally(1).digest, ("shop",), 1, "it was sealed before"),
            ("a source that is not named", 9, tally(9).digest, ("probes",), 1, "seal 4 does not name its source"),
        ],
    )
    def test_looks_into_records_that_a_stranger_sealed(
        self, _case: str, number: int, digest: str, sources: tuple[str, ...], rows: int, trouble: str, tmp_path: Path
    ) -> None:
        vault = filled(tmp_path / "vault")
        forge(vault, [tally(number)], [bytes.fromhex(digest)], sources=sources, rows=rows)
        file = vault.seals()[-1].segments[0].file
        assert errors(vault) == [f"segments/{file}:1:1: MG503 error: the record shop#{number} is wrong: {trouble}"]

    def test_counts_the_rows_of_a_segment(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        forge(vault, [tally(9)], [bytes.fromhex(tally(9).digest)], sources=("shop",), rows=2)
        file = vault.seals()[-1].segments[0].file
        assert errors(vault) == [
            f"segments/{file}:1:1: MG503 error: {file} cannot be used: it has 1 rows, 2 were sealed"
        ]

    def test_holds_records_to_the_rules_of_their_birth(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        nonsense = tally(9)
        object.__setattr__(nonsense, "count", -1)
        forge(vault, [nonsense], [bytes.fromhex(nonsense.digest)], sources=("shop",), rows=1)
        (found,) = errors(vault)
        assert "the record shop#9 is wrong: a tally counts a whole number of events, none or more, not -1" in found


class TestASeal:
    @pytest.mark.parametrize(
        ("_case", "content"),
        [
            ("no JSON", b"{"),
            ("no object", b"[]"),
            ("no hash", b"{}\n"),
            ("a wrong hash", b'{"a":1,"hash":"0"}\n'),
            ("a missing key", hashed_line({"sequence": 1})),
            ("more blanks than it was written with", json.dumps(read_hashed_line(hashed_line({"a": 1}))).encode()),
            ("another key", hashed_line({**read_hashed_line(Seal(1, NOW, (), (), "").content), "b": 1})),
            ("no list", hashed_line({**read_hashed_line(Seal(1, NOW, (), (), "").content), "segments": 1})),
        ],
    )
    def test_is_not_read_from_anything_else(self, _case: str, content: bytes) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - the inspection says it in its own sentence
            Seal.read(content)

    def test_is_not_read_from_other_spacing(self) -> None:
        content = Seal(1, NOW, (), (), "").content
        with pytest.raises(ValueError, match="it is not written as it was"):
            Seal.read(content.replace(b",", b", "))

    @pytest.mark.parametrize(
        ("_case", "file", "kind", "hashed", "rows"),
        [
            ("a way out of the vault", "../000001-tally-0123456789abcdef.parquet", "tally", "0123456789abcdef" * 4, 1),
            ("another hash", "000001-tally-0123456789abcde0.parquet", "tally", "0123456789abcdef" * 4, 1),
            ("digits of another script", "٠٠٠٠٠١-tally-0123456789abcdef.parquet", "tally", "0123456789abcdef" * 4, 1),  # noqa: RUF001 - on purpose
            ("an unknown kind", "000001-rumour-0123456789abcdef.parquet", "rumour", "0123456789abcdef" * 4, 1),
            ("half a hash", "000001-tally-0123456789abcdef.parquet", "tally", "0123456789abcdef", 1),
            ("no rows", "000001-tally-0123456789abcdef.parquet", "tally", "0123456789abcdef" * 4, 0),
        ],
    )
    def test_names_segments_only(self, _case: str, file: str, kind: str, hashed: str, rows: int) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - the inspection says it in its own sentence
            Segment(file, kind, hashed, rows, None, None)


class TestASegment:
    @pytest.mark.parametrize(
        ("_case", "content", "sentence"),
        [
            ("no Parquet", b"PAR1", "it is not a Parquet file"),
            (
                "another kind",
                segment_bytes("tally", [tally(1)], [bytes(32)], recorded_at=NOW),
                "it does not have the columns of state records",
            ),
        ],
    )
    def test_is_not_read_from_anything_else(self, _case: str, content: bytes, sentence: str, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        file = segment_file(4, "state", sha256(content))
        (vault.path / "segments" / file).write_bytes(content)
        previous = sha256(seal(vault, 3).read_bytes())
        forged = Seal(4, NOW, ("shop",), (Segment(file, "state", sha256(content), 1, None, None),), previous)
        seal(vault, 4).write_bytes(forged.content)
        (found,) = errors(vault)
        assert f"{file} cannot be used: {sentence}" in found


class TestASegmentThatWasMadeToGrow:
    def test_is_not_read(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        record = tally(9)
        forge(vault, [record] * 20_000, [bytes.fromhex(record.digest)] * 20_000, sources=("shop",), rows=20_000)
        assert [text.split(": ")[-1] for text in errors(vault)] == ["it has more rows than its bytes can hold"]
