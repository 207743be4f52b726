from __future__ import annotations

import hashlib
import io
import json
import resource
import tempfile
import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Correction, Exclusion, State, Statement, Status
from makegood.engine.money.closing import Account, Closing
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.book import Book
from makegood.vault.bundle import (
    AGREEMENT,
    CREDITS,
    MANIFEST,
    VERDICTS,
    DamagedBundle,
    Manifest,
    UnableToUnpack,
    canonical,
    is_bundle,
    pack,
    unpacked,
    write_bundle,
)
from makegood.vault.refusals import VaultDamaged
from makegood.vault.run import Run
from makegood.vault.settling import closed_account, settle_due
from makegood.vault.vault import Vault
from makegood.vault.verification import Check, verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = """\
makegood: agreement/1
agreement: line
title: A line
parties: {provider: carrier, customer: bakery}
term: {from: 2025-01-01, months: 3, timezone: UTC}
money: {currency: EUR}
services:
  line: {title: The line, fee: {monthly: 1000.00}, critical: true}
outcomes:
  uptime:
    promise: The line is up, day and night.
    measure: {kind: availability, of: line, excluded: {customer_caused: {effect: up}}}
    target: ">= 99.9%"
    stake: {of: 100% of service_fee, tiers: [{below: 99.9%, credit: 10%}]}
"""
Files = dict[str, bytes]


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def sealed(folder: Path) -> tuple[Path, Manifest]:
    """Return the bundle of a line that was down for four hours, excused, and then not excused any more."""
    document = read(TEXT)
    agreement = document.agreement
    assert agreement is not None
    vault = Vault.create(folder / "vault")
    book = Book.open(vault, "line")
    settled = partial(settle_due, document=document, agreement=agreement, vault=vault, book=book, now=NOW)
    with vault.writer(now=NOW) as writer:
        writer.append(
            [
                State(source="probe", source_id="1", subject="line", status=Status.UP, start=at(1, 1)),
                State(
                    source="probe",
                    source_id="2",
                    subject="line",
                    status=Status.DOWN,
                    start=at(1, 15, 8),
                    end=at(1, 15, 12),
                ),
                Exclusion(
                    source="tickets",
                    source_id="9",
                    cause="customer_caused",
                    subject="line",
                    start=at(1, 15, 8),
                    end=at(1, 15, 12),
                ),
            ]
        )
    settled(due_at=at(2, 20))
    with vault.writer(now=NOW) as writer:
        writer.append([Correction(source="disputes", source_id="1", of="tickets", corrects="9", reason="It was not.")])
    settled(due_at=at(2, 21))
    settled(due_at=at(3, 20))
    bundle = folder / "line.bundle"
    account = closed_account(agreement=agreement, vault=vault, book=book)
    manifest = write_bundle(bundle, document=document, agreement=agreement, vault=vault, book=book, seen=account)
    return bundle, manifest


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    return sealed(tmp_path_factory.mktemp("line"))


def forged(original: Path, target: Path, change: Callable[[Files], None], *, hashed: bool = True) -> Path:
    """Write a bundle with changed files, and a manifest that agrees with them: what a careful forger would do."""
    with zipfile.ZipFile(original) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = Manifest.from_bytes(files[MANIFEST])
    change(files)
    if hashed:
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
        changed = Manifest(manifest.agreement, manifest.snapshot, manifest.software, dict(sorted(hashes.items())))
        files[MANIFEST] = changed.as_bytes()
    with target.open("wb") as file:
        pack(file, files, {})
    return target


def _book(runs: list[Run]) -> bytes:
    written = io.BytesIO()
    previous = ""
    for run in runs:
        line = run.line(previous)
        written.write(line)
        previous = hashlib.sha256(line).hexdigest()
    return written.getvalue()


def _with_amount(runs: list[Run]) -> list[Run]:
    posting = replace(runs[1].postings[0], amount=Amount.parse("90.00 EUR"))
    return [runs[0], replace(runs[1], postings=(posting,)), runs[2]]


def _settled_early(runs: list[Run]) -> list[Run]:
    return [replace(runs[0], settled_at=at(1, 31)), *runs[1:]]


def _left_out(runs: list[Run]) -> list[Run]:
    return [replace(runs[2], sequence=1)]


def _forgetful(runs: list[Run]) -> list[Run]:
    return [*runs[:2], replace(runs[2], snapshot=1)]


class TestVerify:
    def test_holds_for_what_was_sealed(self, line: tuple[Path, Manifest]) -> None:
        bundle, manifest = line
        told: list[Check] = []
        result = verify(bundle, seal=manifest.seal, tell=told.append)
        assert result.holds, result.checks
        assert tuple(told) == result.checks
        assert result.checks[-3].found == "3 statements, 3 lines, 100.00 EUR credited"
        assert result.seal == manifest.seal
        assert not result.notes

    def test_says_that_evidence_came_after_the_last_statement(self, tmp_path: Path) -> None:
        sealed(tmp_path)
        vault = Vault.open(tmp_path / "vault")
        with vault.writer(now=NOW) as writer:
            writer.append([State(source="probe", source_id="3", subject="line", status=Status.UP, start=at(3, 1))])
        document = read(TEXT)
        assert document.agreement is not None
        book = Book.open(vault, "line")
        account = closed_account(agreement=document.agreement, vault=vault, book=book)
        bundle = tmp_path / "later.bundle"
        write_bundle(bundle, document=document, agreement=document.agreement, vault=vault, book=book, seen=account)
        result = verify(bundle)
        assert result.holds
        assert result.checks[-3].found.endswith("; evidence up to entry 3 came later and is not settled yet")

    def test_says_what_retention_has_removed(self, tmp_path: Path) -> None:
        line = opened(tmp_path)
        with line.vault.writer(now=NOW) as writer:
            writer.append(
                [
                    Statement(
                        source="desk", source_id="1", subject="a", of="b", value=Ratio(1), unit="c", at=at(1, 2), by="M"
                    )
                ]
            )
            writer.seal()
        line.settle(at(4, 2))
        line.vault.retain(before=date(2025, 2, 1), kinds={"statement"}, reason="a name stood in it", now=NOW)
        line.bundle(line.account())
        result = verify(line.path)
        assert result.holds, result.checks
        assert result.checks[2].found == "2 entries, one chain; rows that retention removed: 1 (a name stood in it)"

    def test_is_the_same_bundle_whenever_it_is_made(self, line: tuple[Path, Manifest], tmp_path: Path) -> None:
        again, manifest = sealed(tmp_path)
        assert manifest == line[1]
        assert again.read_bytes() == line[0].read_bytes()

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
    def test_finds_a_changed_bit_anywhere(
        self, line: tuple[Path, Manifest], tmp_path: Path, place: float, bit: int
    ) -> None:
        content = bytearray(line[0].read_bytes())
        content[int(place * len(content))] ^= 1 << bit
        changed = tmp_path / "changed.bundle"
        changed.write_bytes(content)
        assert not verify(changed).holds

    @pytest.mark.parametrize("step", [0, 1, 2, 3])
    def test_finds_a_changed_byte_in_every_part_between_the_files(
        self, line: tuple[Path, Manifest], tmp_path: Path, step: int
    ) -> None:
        content = line[0].read_bytes()
        with zipfile.ZipFile(line[0]) as archive:
            headers = [entry.header_offset for entry in archive.infolist()]
        directory = content.rfind(b"PK\x01\x02")
        places = [start + offset for start in headers[:3] for offset in range(4 + step, 30, 4)]
        places += list(range(directory + step, len(content), 4))
        changed = tmp_path / "changed.bundle"
        for place in places:
            forged_bytes = bytearray(content)
            forged_bytes[place] ^= 0xFF
            changed.write_bytes(forged_bytes)
            assert not verify(changed).holds, place

    @pytest.mark.parametrize("cut", [0, 1, 100, -1])
    def test_finds_a_missing_end(self, line: tuple[Path, Manifest], tmp_path: Path, cut: int) -> None:
        changed = tmp_path / "changed.bundle"
        changed.write_bytes(line[0].read_bytes()[:cut])
        assert not verify(changed).holds

    def test_finds_something_behind_the_end(self, line: tuple[Path, Manifest], tmp_path: Path) -> None:
        changed = tmp_path / "changed.bundle"
        changed.write_bytes(line[0].read_bytes() + b"\n")
        assert not verify(changed).holds

    @pytest.mark.parametrize(
        ("_case", "change", "found"),
        [
            (
                "a better verdict",
                lambda files: files.update({VERDICTS: files[VERDICTS].replace(b'"MISSED"', b'"MET"')}),
                "recomputing gives other figures",
            ),
            (
                "a smaller credit",
                lambda files: files.update({CREDITS: files[CREDITS].replace(b"100.00 EUR", b"10.00 EUR")}),
                "recomputing gives other figures",
            ),
            (
                "a gentler agreement",
                lambda files: files.update({AGREEMENT: files[AGREEMENT].replace(b"credit: 10%", b"credit: 1%")}),
                "line, digest ",
            ),
            (
                "an agreement that cannot be read",
                lambda files: files.update({AGREEMENT: files[AGREEMENT].replace(b"outcomes:", b"outcome:")}),
                "outcomes is missing",
            ),
            (
                "an agreement that is no text",
                lambda files: files.update({AGREEMENT: b"\xff\xfe"}),
                "not UTF-8",
            ),
            (
                "no verdicts at all",
                lambda files: files.pop(VERDICTS),
                "FileNotFoundError",
            ),
            (
                "a segment less",
                lambda files: files.pop(next(name for name in files if "exclusion" in name)),
                "cannot be used",
            ),
            (
                "a strange file",
                lambda files: files.update({"vault/segments/000009-state-0.parquet": b""}),
                "000009",
            ),
        ],
    )
    def test_finds_what_a_careful_forger_changed(
        self, _case: str, change: Callable[[Files], None], found: str, line: tuple[Path, Manifest], tmp_path: Path
    ) -> None:
        result = verify(forged(line[0], tmp_path / "forged.bundle", change))
        assert not result.holds
        assert found in result.checks[-1].found

    @pytest.mark.parametrize(
        ("_case", "change", "found"),
        [
            ("changed", lambda files: files.update({VERDICTS: b"[]"}), "verdicts.json was changed"),
            ("missing", lambda files: files.pop(VERDICTS), "verdicts.json is missing"),
            ("added", lambda files: files.update({"more.txt": b""}), "more.txt is not in the manifest"),
            (
                "manifest written otherwise",
                lambda files: files.update({MANIFEST: files[MANIFEST] + b" "}),
                "bundle.json was changed",
            ),
            (
                "no manifest",
                lambda files: files.pop(MANIFEST),
                "bundle.json cannot be read",
            ),
            (
                "another format",
                lambda files: files.update({MANIFEST: files[MANIFEST].replace(b"bundle/1", b"bundle/7")}),
                "of the format bundle/7",
            ),
        ],
    )
    def test_names_the_file_that_is_not_what_the_manifest_says(
        self, _case: str, change: Callable[[Files], None], found: str, line: tuple[Path, Manifest], tmp_path: Path
    ) -> None:
        result = verify(forged(line[0], tmp_path / "forged.bundle", change, hashed=False))
        assert not result.holds
        assert found in result.checks[-1].found

    @pytest.mark.parametrize(
        ("_case", "rewrite", "found"),
        [
            ("another sum", _with_amount, "2025-02: recomputing gives other lines"),
            ("an early closing", _settled_early, "2025-01: 2025-01 was closed before its time"),
            ("a period left out", _left_out, "2025-02: 2025-02 was closed, and a period before it was not"),
            (
                "older evidence than before",
                _forgetful,
                "2025-02: it was settled on less evidence than the statement before it",
            ),
        ],
    )
    def test_settles_every_statement_again(
        self,
        _case: str,
        rewrite: Callable[[list[Run]], list[Run]],
        found: str,
        line: tuple[Path, Manifest],
        tmp_path: Path,
    ) -> None:
        def change(files: Files) -> None:
            name = "vault/book/line.jsonl"
            runs = rewrite([Run.of(json.loads(text)) for text in files[name].decode().splitlines()])
            files[name] = _book(runs)

        result = verify(forged(line[0], tmp_path / "forged.bundle", change))
        assert result.checks[-1].found == found

    def test_tells_of_other_versions(self, line: tuple[Path, Manifest], tmp_path: Path) -> None:
        def change(files: Files) -> None:
            plain = json.loads(files[MANIFEST])
            plain["software"]["tzdata"] = "1999.1"
            files[MANIFEST] = canonical(plain)

        result = verify(forged(line[0], tmp_path / "forged.bundle", change, hashed=False))
        assert result.holds
        assert result.notes[0].startswith("It was made with tzdata 1999.1, this machine has ")

    def test_wants_enough_of_a_seal(self, line: tuple[Path, Manifest]) -> None:
        assert verify(line[0], seal=line[1].seal[:16].upper()).holds
        assert not verify(line[0], seal=line[1].seal[:15]).holds

    def test_settles_again_what_was_settled_as_of_an_earlier_day(self, tmp_path: Path) -> None:
        settled = opened(tmp_path)
        settled.settle(at(4, 20))
        settled.down("3", at(1, 20))
        settled.down("4", at(2, 20))
        (adjusting,) = settled.settle(at(2, 20))
        assert [posting.id for posting in adjusting.postings] == ["2025-01/uptime/2", "2025-02/uptime/2"]
        settled.bundle(settled.account())
        result = verify(settled.path)
        assert result.holds, result.checks

    def test_holds_for_a_vault_that_went_on_while_it_was_bundled(self, tmp_path: Path) -> None:
        settled = opened(tmp_path)
        settled.settle(at(2, 20))
        seen = settled.account()
        settled.down("3", at(1, 20))
        assert settled.bundle(seen).snapshot == 1
        result = verify(settled.path)
        assert result.holds, result.checks

    def test_wants_figures_from_all_of_the_evidence(self, line: tuple[Path, Manifest], tmp_path: Path) -> None:
        def change(files: Files) -> None:
            plain = json.loads(files[MANIFEST])
            plain["snapshot"] = 1
            files[MANIFEST] = canonical(plain)

        result = verify(forged(line[0], tmp_path / "forged.bundle", change, hashed=False))
        assert result.checks[-1].found == "the chain ends with entry 2, the figures are said to follow from 1"


@dataclass
class Settled:
    """A line with its vault and book, to be settled and bundled step by step."""

    folder: Path
    document: Document
    vault: Vault

    @property
    def path(self) -> Path:
        return self.folder / "line.bundle"

    @property
    def agreement(self) -> Agreement:
        assert self.document.agreement is not None
        return self.document.agreement

    @property
    def book(self) -> Book:
        return Book.open(self.vault, "line")

    def down(self, identifier: str, start: datetime) -> None:
        end = start.replace(hour=4)
        with self.vault.writer(now=NOW) as writer:
            writer.append(
                [
                    State(
                        source="probe",
                        source_id=identifier,
                        subject="line",
                        status=Status.DOWN,
                        start=start,
                        end=end,
                    )
                ]
            )

    def settle(self, due_at: datetime) -> tuple[Closing, ...]:
        return settle_due(
            document=self.document,
            agreement=self.agreement,
            vault=self.vault,
            book=self.book,
            due_at=due_at,
            now=NOW,
        )

    def account(self) -> Account:
        return closed_account(agreement=self.agreement, vault=self.vault, book=self.book)

    def bundle(self, seen: Account) -> Manifest:
        return write_bundle(
            self.path, document=self.document, agreement=self.agreement, vault=self.vault, book=self.book, seen=seen
        )


def opened(folder: Path) -> Settled:
    vault = Vault.create(folder / "vault")
    with vault.writer(now=NOW) as writer:
        writer.append([State(source="probe", source_id="1", subject="line", status=Status.UP, start=at(1, 1))])
    return Settled(folder, read(TEXT), vault)


# What was measured before would be believed by who judges the bundle, and nobody has looked at it.
IN_VAULT = ("vault/measured/all-0-0", "vault/log/000000000001.log", "vault/more.txt", "vault/segments/more/a.parquet")


class TestUnpacked:
    @pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a//b", "folder/", "a\\b", ".hidden", *IN_VAULT])
    def test_refuses_names_that_no_bundle_has(self, name: str, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "evil.bundle", "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), b"")
        with pytest.raises(DamagedBundle, match="which no bundle has"), unpacked(tmp_path / "evil.bundle"):
            pass

    def test_refuses_what_would_grow_when_it_is_unpacked(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "evil.bundle", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb", b"\0" * 1_000_000)
        with pytest.raises(DamagedBundle, match="which no bundle has"), unpacked(tmp_path / "evil.bundle"):
            pass

    def test_refuses_what_holds_the_same_bytes_several_times(self, tmp_path: Path) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("bomb", b"0" * 100_000)
            twin = copy(archive.infolist()[0])
            archive.filelist.append(twin)
        (tmp_path / "evil.bundle").write_bytes(content.getvalue())
        with pytest.raises(DamagedBundle, match="same bytes several times"), unpacked(tmp_path / "evil.bundle"):
            pass

    def test_does_not_blame_the_bundle_for_a_full_disk(
        self, line: tuple[Path, Manifest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        with monkeypatch.context() as here:
            here.setattr(tempfile, "tempdir", str(tmp_path / "none"))
            with pytest.raises(UnableToUnpack, match="No such file"):
                verify(line[0])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (line[0].stat().st_size - 1, hard))
        try:
            with pytest.raises(UnableToUnpack, match="File too large"):
                verify(line[0])
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
            with pytest.raises(UnableToUnpack, match="File too large"):
                verify(line[0])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_leaves_nothing_behind(self, line: tuple[Path, Manifest]) -> None:
        with unpacked(line[0]) as folder:
            assert (folder / MANIFEST).exists()
        assert not folder.exists()


class TestIsBundle:
    def test_tells_a_bundle_from_a_document(self, line: tuple[Path, Manifest], tmp_path: Path) -> None:
        (tmp_path / "line.yaml").write_text(TEXT)
        assert is_bundle(line[0])
        assert not is_bundle(tmp_path / "line.yaml")
        assert not is_bundle(tmp_path)


class TestWriteBundle:
    def test_leaves_nothing_half_written(self, tmp_path: Path) -> None:
        bundle, _ = sealed(tmp_path)
        before = bundle.read_bytes()
        document = read(TEXT)
        assert document.agreement is not None
        vault = Vault.open(tmp_path / "vault")
        book = Book.open(vault, "line")
        seen = closed_account(agreement=document.agreement, vault=vault, book=book)
        log = tmp_path / "vault" / "log" / "000000000001.log"
        log.write_bytes(log.read_bytes().replace(b"probe", b"prope", 1))
        with pytest.raises(VaultDamaged, match="entry 2 does not follow from the entry before it"):
            write_bundle(bundle, document=document, agreement=document.agreement, vault=vault, book=book, seen=seen)
        assert bundle.read_bytes() == before
        assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
