"""A vault: a folder that takes evidence and never changes it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import KINDS, AnyRecord, Gauge, State
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.finding import Finding
from makegood.vault.contents import Contents
from makegood.vault.copying import copy_entries
from makegood.vault.durable import PART, sync_folder, write_whole
from makegood.vault.entry import Entry
from makegood.vault.inspection import inspect
from makegood.vault.layout import BOOK, FORMAT_FILE, LOG, SEGMENTS, format_content, read_format
from makegood.vault.manifest import SEGMENT_KINDS, Segment
from makegood.vault.measuring.evidence.kept import Kept
from makegood.vault.measuring.evidence.measured import measured_evidence
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.reach import probes_until
from makegood.vault.refusals import FolderNotEmpty, UnableToWrite, VaultExists
from makegood.vault.repair import repair_vault
from makegood.vault.signing import Signature, Signed, sign_vault, signatures_of, signed_until
from makegood.vault.stats import VaultStats, stats_of
from makegood.vault.writer import Writer, open_writer

MOST_UNMEASURED: Final = 100_000
"""Evidence of more records than this is measured before it is judged."""


class Vault:
    """The evidence of a provider; made by ``create`` and ``open``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, *, buckets: int = 1) -> Vault:
        """Make a new vault in a new or empty folder; a day of probes is divided into ``buckets`` by their source.

        :raises VaultExists: if there is one already
        """
        _make(path)
        write_whole(path / FORMAT_FILE, format_content(buckets))
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Vault:
        """Open a vault for reading; nothing in it is changed, so it may be read-only.

        :raises NotAVault: if the folder is none
        :raises VaultIsNewer: if a newer program made it
        """
        read_format(path)
        return cls(path)

    @property
    def head(self) -> int:
        """The number of the last entry, 0 if nothing was accepted yet.

        :raises VaultDamaged: if the chain is broken
        """
        return self.contents().head

    def contents(self) -> Contents:
        """Return what the vault holds now, for those who read its segments themselves.

        :raises VaultDamaged: if the chain is broken
        """
        return Contents.read(self.path).intact()

    def entries(self, until: int | None = None) -> tuple[Entry, ...]:
        """Return the headers of the entries up to ``until`` in order.

        :raises VaultDamaged: if the chain is broken, or headers are not what was sealed
        """
        return tuple(self.contents().entries(until))

    def segments(self) -> tuple[Segment, ...]:
        """Return the segments that count, by kind and part.

        :raises VaultDamaged: if the manifest is damaged
        """
        manifest = self.contents().manifest
        return manifest.of_kind(*SEGMENT_KINDS)

    def records(self, until: int | None = None, kinds: Collection[str] | None = None) -> Iterator[AnyRecord]:
        """Return the records of all entries up to ``until``, of all kinds or of some, in no particular order.

        What probes mean is among them: states and gauges.

        :raises VaultDamaged: if the chain is broken, or something is not what was accepted
        """
        contents = self.contents()
        return _records(contents, contents.until(until), KINDS if kinds is None else kinds)

    def probes(
        self,
        until: int | None = None,
        *,
        days: tuple[date, date] | None = None,
        subjects: Collection[str] | None = None,
    ) -> Iterator[ProbeColumns]:
        """Return the probes of all entries up to ``until``, one day and bucket after the other.

        ``days`` are the first and the last day, in UTC; ``subjects`` those that are wanted.

        :raises VaultDamaged: if the chain is broken, or something is not what was accepted
        """
        contents = self.contents()
        return probes_until(contents, contents.until(until), days=days, subjects=subjects)

    def evidence(
        self,
        until: int | None = None,
        *,
        without: Container[str] = frozenset(),
        asked: Asked | None = None,
        anew: bool = False,
    ) -> Evidence:
        """Return the evidence as known at an entry, by default the last; ``without`` corrections that are void.

        Of very much evidence only what decides about what is ``asked`` is returned, by the rules of measuring; without
        it, everything is. What was measured of segments before is not measured again, unless it is to be ``anew``.

        :raises NoSuchEntry: if there is no entry of that number
        :raises VaultDamaged: if the chain is broken, or something is not what was accepted
        """
        contents = self.contents()
        snapshot = contents.until(until)
        # The number of rows is part of the chain, so that whoever verifies a verdict takes the same way.
        # Of probes that retention removed only runs are left, and these only measuring reads.
        if asked is not None and (contents.manifest.bereft or contents.rows(snapshot) > MOST_UNMEASURED):
            kept = Kept(None) if anew else Kept.of(self.path)
            return measured_evidence(contents, asked, snapshot, without=without, kept=kept)
        return Evidence.of(_records(contents, snapshot, KINDS), snapshot=snapshot, without=without)

    def copy(self, to: Path, until: int | None = None) -> Vault:
        """Make a fresh vault that holds the entries up to ``until``, all sealed, under the same hashes.

        The same entries give the same bytes, wherever they lie in this vault. Books and signatures stay behind: a copy
        has a manifest of its own, which nobody has signed.

        :raises VaultExists: if there is a vault already
        """
        contents = self.contents()
        number = contents.until(until)
        _make(to)
        copy_entries(contents, to, number)
        write_whole(to / FORMAT_FILE, contents.form)
        return Vault(to)

    def writer(self, *, now: datetime) -> AbstractContextManager[Writer]:
        """Return the one writer, to be used in a ``with`` statement; ``now`` is when its records are recorded.

        :raises VaultInUse: if another writer is at work
        """
        return open_writer(self.path, now=now)

    def seal(self, *, now: datetime) -> None:
        """Move everything from the log into segments, as a writer of its own; see ``Writer.seal``."""
        with self.writer(now=now) as writer:
            writer.seal()

    def compact(self, *, now: datetime) -> None:
        """Merge the segments of each part of time into one, as a writer of its own; see ``Writer.compact``."""
        with self.writer(now=now) as writer:
            writer.compact()

    def retain(self, *, before: date, kinds: Collection[str], reason: str, now: datetime) -> tuple[Segment, ...]:
        """Remove what happened before a day, as a writer of its own; see ``Writer.retain``."""
        with self.writer(now=now) as writer:
            return writer.retain(before=before, kinds=kinds, reason=reason)

    def repair(self, *, now: datetime) -> tuple[str, ...]:
        """Set aside what the vault cannot go on with, and say in sentences what that was."""
        return repair_vault(self.path, now=now)

    def sign(self, key: bytes, *, now: datetime) -> Signature:
        """Sign everything that the vault holds now; ``key`` is a seed of 32 bytes, or a private Ed25519 key as PEM.

        :raises UnusableKey: if it is neither
        :raises VaultDamaged: if the chain, or what was signed before, is not as it was
        :raises VaultInUse: if a writer is at work
        """
        return sign_vault(self.path, key, now=now)

    def signatures(self) -> tuple[Signature, ...]:
        """Return the signatures in order, verified together with what they sign.

        :raises VaultDamaged: if the chain, or a signature, is not what was written
        """
        return signatures_of(self.path)

    def signed(self) -> Signed | None:
        """Return how far the vault is signed, verified as by ``signatures``; None if it is not."""
        return signed_until(self.path)

    def stats(self) -> VaultStats:
        """Return in figures what the vault holds."""
        return stats_of(self.contents())

    def check(self) -> tuple[Finding, ...]:
        """Read everything and return what is wrong: with chain, segments, records, books and signatures."""
        return inspect(self.path)


def _make(path: Path) -> None:
    """Make the folders of a new vault."""
    if (path / FORMAT_FILE).exists():
        raise VaultExists(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        # Only these may be there: an earlier try was killed before it came to its end.
        if {entry.name for entry in path.iterdir()} - {LOG, SEGMENTS, BOOK, f"{FORMAT_FILE}{PART}"}:
            raise FolderNotEmpty(path)
        for name in (LOG, SEGMENTS, BOOK):
            (path / name).mkdir(exist_ok=True)
        sync_folder(path)
    except OSError as error:
        raise UnableToWrite(path, error) from error


def _records(contents: Contents, until: int, kinds: Collection[str]) -> Iterator[AnyRecord]:
    yield from contents.records(until, kinds)
    if {State.kind, Gauge.kind} & set(kinds):
        for columns in probes_until(contents, until):
            for probe in columns.probes():
                yield from (record for record in probe.records if record.kind in kinds)
