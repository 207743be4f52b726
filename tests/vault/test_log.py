from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from makegood.vault.entry import Entry, Form
from makegood.vault.log import LogFile
from makegood.vault.refusals import UnableToWrite, VaultDamaged
from makegood.vault.vault import Vault
from tests.vault.samples import AT, NOW, filled, tally


def log_of(vault: Vault) -> Path:
    return vault.path / "log" / "000000000001.log"


def ends(vault: Vault) -> list[int]:
    return [frame.end for frame in LogFile.read(log_of(vault)).frames]


class TestATornEntry:
    @pytest.mark.parametrize("kept", [1, 23, 24, 100, -33, -1])
    def test_never_counted_and_is_cut_off_by_the_next_writer(self, kept: int, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        whole = log_of(vault).read_bytes()
        before = ends(vault)[1]
        log_of(vault).write_bytes(whole[:before] + whole[before:][:kept])
        assert (vault.head, len(list(vault.records())), vault.check()) == (2, 4, ())
        with vault.writer(now=NOW) as writer:
            assert writer.append([tally(3), tally(4)]).entry == 3
        assert log_of(vault).read_bytes() == whole

    @pytest.mark.parametrize("written", [0, 3, 23, 24, 200])
    def test_may_end_in_noughts(self, written: int, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        whole = log_of(vault).read_bytes()
        before = ends(vault)[1]
        torn = whole[before:][:written]
        log_of(vault).write_bytes(whole[:before] + torn + bytes(len(whole) - before - written + 50))
        assert (vault.head, vault.check()) == (2, ())
        with vault.writer(now=NOW) as writer:
            writer.append([tally(3), tally(4)])
        assert log_of(vault).read_bytes() == whole

    def test_may_be_all_that_there_is(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        log_of(vault).write_bytes(log_of(vault).read_bytes()[:100])
        assert (vault.head, vault.check()) == (0, ())
        with vault.writer(now=NOW) as writer:
            assert not log_of(vault).exists()
            assert writer.append([tally(1)]).entry == 1

    def test_is_an_error_if_others_follow(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        whole = log_of(vault).read_bytes()
        first, second, _ = ends(vault)
        log_of(vault).write_bytes(whole[: second - 1])
        (vault.path / "log" / "000000000003.log").write_bytes(whole[second:])
        with pytest.raises(
            VaultDamaged, match=f"the entry at byte {first} cannot be used: it is torn, and others follow"
        ):
            vault.records()

    def test_cannot_be_cut_off_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        with pytest.raises(UnableToWrite, match="cannot be written"), vault.writer(now=NOW) as writer:
            writer._end.continue_in(vault.path / "log", behind=0)


class TestADamagedEntry:
    @pytest.mark.parametrize(
        ("_case", "place", "sentence"),
        [
            ("in its mark", 0, "it does not begin as entries do"),
            ("in a length", 9, "it does not begin as entries do"),
            ("in its header", 24, "its header is not what was written"),
            ("in its payload", -40, "it does not hold the bytes that were accepted"),
            ("in its hash", -1, "it does not hold the bytes that were accepted"),
        ],
    )
    @pytest.mark.parametrize("number", [1, 2])
    def test_is_named_with_its_place(self, _case: str, place: int, sentence: str, number: int, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        starts = [0, *ends(vault)]
        whole = bytearray(log_of(vault).read_bytes())
        position = starts[number] + place if place >= 0 else starts[number + 1] + place
        whole[position] ^= 1
        log_of(vault).write_bytes(whole)
        (found,) = vault.check()
        assert str(found) == (
            f"log/000000000001.log:1:1: MG508 error: the entry at byte {starts[number]:,} cannot be used: {sentence}"
        )
        with pytest.raises(VaultDamaged, match=sentence):
            list(vault.records())

    def test_does_not_hide_those_before_it(self, tmp_path: Path) -> None:
        vault = filled(tmp_path / "vault")
        whole = bytearray(log_of(vault).read_bytes())
        whole[ends(vault)[1] - 40] ^= 1
        log_of(vault).write_bytes(whole)
        assert len(list(vault.records(until=1))) == 3
        with pytest.raises(VaultDamaged, match=f"the entry at byte {ends(vault)[0]:,} of log/000000000001.log cannot"):
            list(vault.records(until=2))

    @pytest.mark.parametrize(
        ("_case", "order", "sentence"),
        [
            ("one is missing", [0, 2], "entry 3 follows entry 1"),
            ("two are swapped", [0, 2, 1], "entry 3 follows entry 1"),
            ("one is replayed", [0, 1, 2, 1], "entry 2 follows entry 3"),
            ("the first is missing", [1, 2], "entry 2 follows entry 0"),
        ],
    )
    def test_may_be_one_that_stands_elsewhere(
        self, _case: str, order: list[int], sentence: str, tmp_path: Path
    ) -> None:
        vault = filled(tmp_path / "vault")
        whole, bounds = log_of(vault).read_bytes(), [0, *ends(vault)]
        frames = [whole[start:end] for start, end in pairwise(bounds)]
        log_of(vault).write_bytes(b"".join(frames[number] for number in order))
        (found,) = vault.check()
        assert str(found) == f"log/000000000001.log:1:1: MG502 error: {sentence}"

    def test_may_be_one_of_another_vault(self, tmp_path: Path) -> None:
        vault, other = filled(tmp_path / "vault"), Vault.create(tmp_path / "other")
        with other.writer(now=NOW) as writer:
            writer.append([tally(7)])
            writer.append([tally(2)])
        whole, foreign = log_of(vault).read_bytes(), log_of(other).read_bytes()
        log_of(vault).write_bytes(whole[: ends(vault)[0]] + foreign[ends(other)[0] :])
        (found,) = vault.check()
        assert found.text == "entry 2 does not follow from the entry before it"


class TestAnEntry:
    @pytest.mark.parametrize(
        ("_case", "spoil"),
        [
            ("no JSON", lambda _: b"{"),
            ("no object", lambda _: b"[]"),
            ("a missing key", lambda header: header.replace(b'"rows":1,', b"")),
            ("another key", lambda header: header.replace(b'"rows":1', b'"rows":1,"more":1')),
            ("other spacing", lambda header: header.replace(b",", b", ")),
            ("another form", lambda header: header.replace(b"records", b"rumours")),
            ("half a row", lambda header: header.replace(b'"rows":1', b'"rows":true')),
        ],
    )
    def test_is_not_read_from_anything_else(self, _case: str, spoil: Callable[[bytes], bytes]) -> None:
        header = Entry(1, NOW, Form.RECORDS, 1, ("shop",), AT, None, "0" * 64, "1" * 64).header
        assert Entry.read(header).header == header
        with pytest.raises(ValueError):  # noqa: PT011 - the inspection says it in its own sentence
            Entry.read(spoil(header))
