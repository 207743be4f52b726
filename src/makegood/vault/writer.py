"""The one writer of a vault: batches of records and of probes become entries of the log, and these become segments."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.times import utc
from makegood.vault import codes
from makegood.vault.commit import LogEnd
from makegood.vault.compaction import compact_parts
from makegood.vault.contents import Contents, leftovers
from makegood.vault.durable import remove
from makegood.vault.entry import Entry, Form, records_content
from makegood.vault.known import KnownRecords, Standing
from makegood.vault.known_probes import KnownProbes, identity
from makegood.vault.layout import LOG, SEGMENTS, read_format, sha256
from makegood.vault.lock import only_writer
from makegood.vault.log import FILE_BYTES, frame_bytes, log_paths
from makegood.vault.manifest import Segment
from makegood.vault.measuring.evidence.kept import forget
from makegood.vault.payload import records_payload
from makegood.vault.probes.columns import Column, ProbeColumns, check_codes, instant_of
from makegood.vault.probes.content import content_hash
from makegood.vault.probes.payload import payload_bytes
from makegood.vault.refusals import UnableToWrite
from makegood.vault.retention import retain_from
from makegood.vault.sealing import seal_log
from makegood.vault.segment import happened_at

SHOWN_CONFLICTS = 20

ANEW = "send a correction, and what is right under a new identifier"
AS_A_STATE = "send a correction, and what is right as a state"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a batch: records or probes that are new, known already, or refused as ``conflicting``.

    ``conflicts`` are the findings of the first conflicting ones. ``entry`` is the number of the entry that holds what
    was added; None if nothing was.
    """

    added: int
    known: int
    conflicting: int
    conflicts: tuple[Finding, ...]
    entry: int | None


@dataclass
class Writer:
    """Adds evidence; use it through ``Vault.writer``, from several threads if you like.

    What ``append`` and ``append_probes`` have returned from is stored for good.
    """

    folder: Path
    now: datetime
    form: bytes
    head: int
    head_hash: str
    file_bytes: int = FILE_BYTES
    _end: LogEnd = field(init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False)
    _records: KnownRecords = field(init=False)
    _probes: KnownProbes = field(init=False)
    _failed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._end = LogEnd(self.folder, written=self.head, file_bytes=self.file_bytes)
        self._records = KnownRecords(self.folder, self._flush)
        self._probes = KnownProbes(self.folder, self._flush)

    def append(self, records: Iterable[AnyRecord], *, found_at: Callable[[int], Place] | None = None) -> Accepted:
        """Store those records that are new; ``found_at`` tells where the n-th of them was read.

        :raises UnableToWrite: if the disk does not take it; nothing of the batch was stored
        """
        with self._unless_failed():
            batch = [_Digested.of(record) for record in records]
            with self._turn:
                standing = self._sorted(batch)
                fresh = [each for each, found in zip(batch, standing, strict=True) if found is Standing.NEW]
                entry = self._put_records(fresh) if fresh else None
                last = self.head
            # Also what is known is acknowledged only when it is on the disk: another thread may be about to write it.
            self._end.wait(last)
        refused = [number for number, found in enumerate(standing) if found is Standing.CONFLICTING]
        conflicts = tuple(
            _conflict(batch[number].source, batch[number].identifier, found_at(number) if found_at else None, ANEW)
            for number in refused[:SHOWN_CONFLICTS]
        )
        return Accepted(len(fresh), len(batch) - len(fresh) - len(refused), len(refused), conflicts, entry)

    def append_probes(self, columns: ProbeColumns, *, found_at: Callable[[int], Place] | None = None) -> Accepted:
        """Store those probes that are new; ``found_at`` tells where the n-th of them was read.

        :raises ValueError: if a row has no series or no status, or the series are not sorted; nothing was stored
        :raises UnableToWrite: if the disk does not take it; nothing of the batch was stored
        """
        check_codes(columns.names, columns.series, columns.status)
        with self._unless_failed():
            with self._turn:
                found = self._probes.sifted(columns)
                fresh = found.columns if found.is_new.all() else found.columns.chosen(found.is_new)
                entry = self._put_probes(fresh) if len(fresh) else None
                last = self.head
            self._end.wait(last)
        refused = np.flatnonzero(found.conflicts)
        conflicts = _conflicts(columns, found.columns, refused[:SHOWN_CONFLICTS], found_at) if len(refused) else ()
        known = len(found.columns) - len(fresh) - len(refused)
        return Accepted(len(fresh), known, len(refused), conflicts, entry)

    def continue_log(self, contents: Contents) -> None:
        """Cut off what was torn at the end of the log, and write what comes next behind it."""
        if not contents.log or contents.log[-1].path not in set(log_paths(self.folder)):
            return
        last = contents.log[-1]
        if not last.frames:
            remove(last.path)
        else:
            self._end.continue_in(last.path, behind=last.end)

    def close(self) -> None:
        """Give back the file of the log."""
        self._end.roll()

    @property
    def logged_bytes(self) -> int:
        """How many bytes lie in the log."""
        return sum(path.stat().st_size for path in (self.folder / LOG).iterdir())

    def seal(self) -> None:
        """Move everything from the log into segments.

        :raises VaultDamaged: if the log does not hold what was accepted
        :raises UnableToWrite: if the disk does not take it; nothing was lost
        """
        with self._alone() as contents:
            seal_log(contents, now=self.now)

    def compact(self) -> None:
        """Merge the segments of each part of time into one.

        :raises VaultDamaged: if a segment is not what was sealed
        :raises UnableToWrite: if the disk does not take it; nothing was lost
        """
        with self._alone() as contents:
            manifest = compact_parts(contents, now=self.now)
            forget(self.folder, manifest)

    def retain(self, *, before: date, kinds: Collection[str], reason: str) -> tuple[Segment, ...]:
        """Remove what happened before a day, as ``retention.retain_from`` says, and return the segments that went.

        :raises ValueError: if there is no such kind, or no reason is given
        """
        with self._alone() as contents:
            manifest, gone = retain_from(contents, before=before, kinds=kinds, reason=reason, now=self.now)
            forget(self.folder, manifest)
            return gone

    @contextmanager
    def _unless_failed(self) -> Iterator[None]:
        if self._failed:
            raise RuntimeError("this writer has failed; open a new one")
        try:
            yield
        except ValueError:
            raise  # it was refused before anything was written
        except BaseException:
            self._failed = True
            raise

    @contextmanager
    def _alone(self) -> Iterator[Contents]:
        """Give the contents while nobody appends; whoever appends next begins a new file of the log."""
        with self._unless_failed(), self._turn:
            self._flush()
            self._end.roll()
            yield Contents.read(self.folder, form=self.form).intact()

    def _flush(self) -> None:
        self._end.wait(self.head)

    def _sorted(self, batch: list[_Digested]) -> list[Standing]:
        """Return how each record of a batch stands to those before it and to what is stored."""
        of_source: dict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(batch):
            of_source[each.source].append(number)
        standing = [Standing.NEW] * len(batch)
        for source, numbers in of_source.items():
            identified = [(batch[number].identifier, batch[number].digest) for number in numbers]
            for number, found in zip(numbers, self._records.standing(source, identified), strict=True):
                standing[number] = found
        return standing

    def _put_records(self, batch: list[_Digested]) -> int:
        moments = [each.happened_at for each in batch if each.happened_at is not None]
        of_source: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for each in batch:
            of_source[each.source].append((each.identifier, each.digest))
        number = self._put(
            Form.RECORDS,
            records_payload(each.text for each in batch),
            rows=len(batch),
            sources=tuple(sorted(of_source)),
            first_at=min(moments, default=None),
            last_at=max(moments, default=None),
            content=records_content(each.digest for each in batch),
        )
        for source, identified in of_source.items():
            self._records.add(source, identified)
        return number

    def _put_probes(self, columns: ProbeColumns) -> int:
        number = self._put(
            Form.PROBES,
            payload_bytes(columns),
            rows=len(columns),
            sources=tuple(sorted({name.source for name in columns.names})),
            first_at=instant_of(int(columns.at.min())),
            last_at=instant_of(int(columns.at.max())),
            content=content_hash(columns),
        )
        self._probes.add(columns)
        return number

    def _put(self, form: Form, payload: bytes, **more: Any) -> int:
        """Chain an entry to the one before and line it up for the log; return its number."""
        entry = Entry(sequence=self.head + 1, recorded_at=self.now, form=form, previous=self.head_hash, **more)
        header = entry.header
        self._end.put(entry.sequence, frame_bytes(header, payload))
        self.head, self.head_hash = entry.sequence, sha256(header)
        return entry.sequence


@dataclass(frozen=True, slots=True)
class _Digested:
    """A record as it is stored: its canonical text, and what is asked of it on the way."""

    source: str
    identifier: str
    happened_at: datetime | None
    text: bytes
    digest: bytes

    @classmethod
    def of(cls, record: AnyRecord) -> _Digested:
        text = record.canonical.encode()
        return cls(record.source, record.source_id, happened_at(record), text, hashlib.sha256(text).digest())


@contextmanager
def open_writer(folder: Path, *, now: datetime, file_bytes: int = FILE_BYTES) -> Iterator[Writer]:
    """Hold the vault's lock, tidy up what a killed writer left behind, and hand out the writer.

    :raises VaultInUse: if another writer is at work
    :raises VaultDamaged: if the chain of entries is broken; a broken chain is not continued
    :raises UnableToWrite: if the folder cannot be written to
    """
    form = read_format(folder)
    with only_writer(folder, now=now):
        try:
            for name in (LOG, SEGMENTS):
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise UnableToWrite(folder, error) from error
        contents = Contents.read(folder, form=form, whole=True).intact()
        for path in leftovers(contents):
            remove(path)
        writer = Writer(folder, utc(now), form, contents.head, contents.head_hash, file_bytes)
        try:
            writer.continue_log(contents)
            yield writer
        finally:
            writer.close()


def _conflicts(
    given: ProbeColumns, columns: ProbeColumns, rows: Column, found_at: Callable[[int], Place] | None
) -> tuple[Finding, ...]:
    """Return the findings of some rows of a batch in canonical order, each with its place in the batch as given."""
    order = given.order()
    places = (rows if order is None else order[rows]).tolist()
    return tuple(
        _conflict(*identity(columns, row), found_at(place) if found_at else None, AS_A_STATE)
        for row, place in zip(rows.tolist(), places, strict=True)
    )


def _conflict(source: str, identifier: str, place: Place | None, remedy: str) -> Finding:
    finding = codes.CONFLICT
    text = f"{source} has sent {identifier} before, with other content; the first one still counts"
    return Finding(finding.code, finding.severity, place, text, remedy)
