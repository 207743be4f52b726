from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from makegood.vault.book import Book, SettledMeanwhile
from makegood.vault.refusals import UnableToWrite, VaultDamaged, VaultInUse
from tests.vault.samples import NOW, filled, run


def book(folder: Path, runs: int = 0) -> Book:
    found = Book.open(filled(folder / "vault"), "acme")
    for number in range(1, runs + 1):
        found.append(run(number))
    return found


class TestABook:
    def test_is_empty_until_something_was_settled(self, tmp_path: Path) -> None:
        empty = book(tmp_path)
        assert (empty.runs, empty.postings, empty.closed, empty.path.exists()) == ((), (), (), False)

    def test_keeps_what_was_booked(self, tmp_path: Path) -> None:
        kept = book(tmp_path, runs=2)
        for found in (kept, Book.open(kept.vault, "acme")):
            assert found.runs == (run(1), run(2))
            assert found.postings == (*run(1).postings, *run(2).postings)
            assert found.closed == ("2026-01", "2026-02")

    def test_is_kept_for_each_agreement(self, tmp_path: Path) -> None:
        acme = book(tmp_path, runs=1)
        bolt = Book.open(acme.vault, "bolt")
        bolt.append(run(1, agreement="bolt"))
        assert (len(Book.open(acme.vault, "acme").runs), acme.path.name) == (1, "acme.jsonl")

    def test_says_in_each_line_what_anyone_can_check(self, tmp_path: Path) -> None:
        lines = [json.loads(line) for line in book(tmp_path, runs=2).path.read_text(encoding="utf-8").splitlines()]
        assert sorted(lines[1]) == [
            "agreement",
            "closed",
            "digest",
            "hash",
            "in_period",
            "postings",
            "previous",
            "sequence",
            "settled_at",
            "snapshot",
        ]
        assert lines[0]["previous"] == ""
        assert lines[0]["postings"][0]["amount"] == {"minor": 2000, "currency": "EUR"}


class TestAppend:
    def test_refuses_a_run_that_does_not_follow(self, tmp_path: Path) -> None:
        mine = book(tmp_path, runs=1)
        theirs = Book.open(mine.vault, "acme")
        theirs.append(run(2, minor=5))
        with pytest.raises(SettledMeanwhile, match="acme was settled by somebody else in the meantime"):
            mine.append(run(2))
        assert Book.open(mine.vault, "acme").runs == (run(1), run(2, minor=5))

    def test_refuses_a_run_of_another_agreement(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="this is the book of acme, not of bolt"):
            book(tmp_path).append(run(1, agreement="bolt"))

    def test_waits_for_no_other_writer(self, tmp_path: Path) -> None:
        mine = book(tmp_path)
        with mine.vault.writer(now=NOW), pytest.raises(VaultInUse):
            mine.append(run(1))
        assert Book.open(mine.vault, "acme").runs == ()

    def test_refuses_a_place_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        mine = book(tmp_path)
        mine.path.parent.rmdir()
        mine.path.parent.write_text("")
        with pytest.raises(UnableToWrite, match="nothing of this was stored"):
            mine.append(run(1))


class TestATornLine:
    @pytest.mark.parametrize("keep", [1, 10, -2, -1])
    def test_never_counted_and_is_cut_off_by_the_next(self, keep: int, tmp_path: Path) -> None:
        kept = book(tmp_path, runs=2)
        whole = kept.path.read_bytes()
        first = whole.index(b"\n") + 1
        kept.path.write_bytes(whole[:first] + whole[first:][:keep])
        assert kept.vault.check() == ()
        again = Book.open(kept.vault, "acme")
        assert again.runs == (run(1),)
        again.append(run(2))
        assert kept.path.read_bytes() == whole

    def test_may_be_noughts(self, tmp_path: Path) -> None:
        kept = book(tmp_path, runs=1)
        with kept.path.open("ab") as file:
            file.write(bytes(100))
        assert Book.open(kept.vault, "acme").runs == (run(1),)


class TestADamagedLine:
    @pytest.mark.parametrize(
        ("_case", "old", "new", "line"),
        [
            ("an amount", b"2000", b"9000", 1),
            ("a hash", b'"hash":"', b'"hash":"0', 1),
            ("the end of a line in the middle", b"}\n{", b"}}{", 1),
            ("the end of the last line", b"}\n", b"}}", 2),
            ("a byte of a letter", "ü".encode(), b"\xff\xff", 1),
        ],
    )
    def test_is_an_error_that_names_the_line(
        self, _case: str, old: bytes, new: bytes, line: int, tmp_path: Path
    ) -> None:
        kept = book(tmp_path, runs=2)
        whole = kept.path.read_bytes()
        position = whole.index(old) if line == 1 else whole.rindex(old)
        kept.path.write_bytes(whole[:position] + new + whole[position + len(old) :])
        with pytest.raises(VaultDamaged, match=f"line {line} of the book of acme is not what was written"):
            Book.open(kept.vault, "acme")

    def test_may_hold_what_no_run_is(self, tmp_path: Path) -> None:
        kept = book(tmp_path)
        odd = replace(run(1), postings=())
        kept.path.write_bytes(odd.line("").replace(b'"closed":["2026-01"]', b'"closed":7'))
        with pytest.raises(VaultDamaged, match="line 1"):
            Book.open(kept.vault, "acme")
