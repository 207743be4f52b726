"""The contents of a vault at one instant: its entries, those in segments and those still in the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from makegood.engine.evidence.records import KINDS, AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault import codes
from makegood.vault.durable import PART
from makegood.vault.entry import Entry, Form
from makegood.vault.headers import headers_of
from makegood.vault.layout import LOG, SEGMENTS, files_in, read_format, sha256
from makegood.vault.log import Frame, LogFile, log_paths
from makegood.vault.manifest import ENTRIES, PROBES, SEGMENT_KINDS, Manifest, Segment
from makegood.vault.parts import numbers_of
from makegood.vault.payload import payload_records
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.payload import payload_columns
from makegood.vault.probes.segment import segment_columns
from makegood.vault.refusals import NoSuchEntry, VaultChanged, VaultDamaged
from makegood.vault.segment import segment_table, table_records, until_entry

Logged = tuple[LogFile, Frame]

_Read = TypeVar("_Read")

_SEGMENT_FILE = re.compile(rf"(?:{'|'.join(SEGMENT_KINDS)})-.*-([0-9]{{6,}})-[0-9a-f]{{16}}\.parquet", re.ASCII)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a vault held when it was read; ``frames`` are the entries that are not in segments yet."""

    folder: Path
    form: bytes
    manifest: Manifest
    log: tuple[LogFile, ...]
    frames: tuple[Logged, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, folder: Path, *, form: bytes | None = None, whole: bool = False) -> Contents:
        """Read manifest and log, and verify that each entry of the log follows from the one before.

        Of the log's payloads those are verified that are read later; with ``whole`` all of them are.

        :raises NotAVault: if the folder is no vault
        """
        form = read_format(folder) if form is None else form
        # In the order in which evidence moves on, backwards: what moves meanwhile is then found in its new place.
        names = [path.name for path in files_in(folder / SEGMENTS)]
        log = tuple(_read_log(folder, whole=whole))
        manifest = Manifest.read(folder, form)
        if manifest.findings:
            return cls(folder, form, manifest, log, (), manifest.findings)
        frames, findings = _followed(log, manifest)
        contents = cls(folder, form, manifest, log, frames, findings)
        return contents if findings else replace(contents, findings=tuple(_cut_off(contents, names)))

    def intact(self) -> Contents:
        """Return the contents, if nothing is wrong with manifest and log.

        :raises VaultDamaged: if something is
        """
        if self.findings:
            raise VaultDamaged(self.folder, self.findings[0])
        return self

    @property
    def head(self) -> int:
        """The number of the last entry, 0 if there is none."""
        return self.frames[-1][1].entry.sequence if self.frames else self.manifest.last

    @property
    def head_hash(self) -> str:
        """The hash of the last entry's header; before the first that of the format file."""
        return self.frames[-1][1].entry.hash if self.frames else self.manifest.head

    def until(self, asked: int | None) -> int:
        """Return the number of the entry up to which is asked, by default the last.

        :raises NoSuchEntry: if there is none of that number
        """
        if asked is None:
            return self.head
        if not 0 <= asked <= self.head:
            raise NoSuchEntry(asked=asked, head=self.head)
        return asked

    def entries(self, until: int | None = None) -> Iterator[Entry]:
        """Yield the headers of the entries in order.

        :raises VaultDamaged: if a file of headers is not what was sealed
        """
        last = self.until(until)
        for segment in sorted(self.manifest.of_kind(ENTRIES), key=lambda each: each.first):
            yield from (entry for entry in self.read_segment(segment, headers_of) if entry.sequence <= last)
        yield from (frame.entry for _, frame in self.frames if frame.entry.sequence <= last)

    def records(self, until: int, kinds: Collection[str]) -> Iterator[AnyRecord]:
        """Yield the records of some kinds up to an entry, without what probes mean, segment by segment.

        :raises VaultDamaged: if a segment or an entry of the log is not what was written
        """
        for segment in self.manifest.of_kind(*(kind for kind in KINDS if kind in kinds)):
            if segment.first <= until:
                yield from table_records(segment.kind, until_entry(self.table(segment), until))
        for file, frame in self.frames:
            if frame.entry.form is Form.RECORDS and frame.entry.sequence <= until:
                yield from (record for record, _ in self.logged_records(file, frame) if record.kind in kinds)

    def table(self, segment: Segment, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of a segment of records, or some of their columns, verified to be what was sealed."""
        return self.read_segment(segment, lambda content: segment_table(segment.kind, content, columns))

    def probes(self, segment: Segment, until: int | None = None) -> ProbeColumns:
        """Return the rows of a segment of probes, verified to be what was sealed, up to an entry."""
        columns: ProbeColumns = self.read_segment(segment, segment_columns)
        return columns if until is None or segment.last <= until else columns.chosen(numbers_of(columns) <= until)

    def rows(self, until: int) -> int:
        """Return how many records and probes the entries up to one hold.

        :raises VaultDamaged: if a file of headers is not what was sealed
        """
        if until < self.manifest.last:
            return sum(entry.rows for entry in self.entries(until))
        # Every row of an entry is in a segment or was lost, so that the headers need not be read.
        sealed = sum(each.rows for each in self.manifest.of_kind(*KINDS, PROBES)) + sum(self.manifest.lost.values())
        return sealed + sum(frame.entry.rows for _, frame in self.frames if frame.entry.sequence <= until)

    def logged_records(self, file: LogFile, frame: Frame) -> list[tuple[AnyRecord, bytes]]:
        """Return the records of an entry in the log with their digests, verified to be what was accepted."""
        return self.read_frame(file, frame, lambda content: payload_records(content, frame.entry.recorded_at))

    def logged_probes(self, file: LogFile, frame: Frame) -> ProbeColumns:
        """Return the probes of an entry in the log, verified to be what was accepted."""
        columns = self.read_frame(file, frame, lambda content: payload_columns(bytes(content)))
        return replace(columns, sequence=np.full(len(columns), frame.entry.sequence, np.int64))

    def bytes_of(self, segment: Segment) -> bytes:
        """Return the bytes of a segment, verified to be what was sealed."""
        return self._read(segment, lambda content: content)

    def read_segment(self, segment: Segment, read: Callable[[bytes], _Read]) -> _Read:
        """Return what ``read`` makes of the bytes of a segment.

        :raises VaultDamaged: if they are not those that were sealed
        :raises VaultChanged: if a writer has removed the segment since
        """
        return self._read(segment, lambda content: _whole(segment, read(content)))

    def _read(self, segment: Segment, read: Callable[[bytes], _Read]) -> _Read:
        try:
            return read(_verified(segment, (self.folder / SEGMENTS / segment.file).read_bytes()))
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and self._was_removed(segment):
                raise VaultChanged(self.folder) from None
            why = error.strerror if isinstance(error, OSError) else error
            finding = codes.SEGMENT_DAMAGED.at(segment.place, f"{segment.file} cannot be used: {why}")
            raise VaultDamaged(self.folder, finding) from None

    def _was_removed(self, segment: Segment) -> bool:
        """Tell whether a writer has replaced or removed a segment since these contents were read."""
        manifest = Manifest.read(self.folder, self.form)
        return not manifest.findings and segment.file not in manifest.segments

    def read_frame(self, file: LogFile, frame: Frame, read: Callable[[memoryview], _Read]) -> _Read:
        """Return what ``read`` makes of the payload of an entry in the log.

        :raises VaultDamaged: if it is not what was accepted
        """
        try:
            return read(frame.payload)
        except ValueError as error:
            text = f"the entry at byte {frame.start:,} of {file.name} cannot be used: {error}"
            raise VaultDamaged(self.folder, codes.LOG_DAMAGED.at(Place(file.name, 1, 1), text)) from None


def unnamed(contents: Contents) -> Iterator[Path]:
    """Yield the files that nothing names: what a killed writer left behind, what was sealed or replaced, and others."""
    names = contents.manifest.segments
    yield from (path for path in files_in(contents.folder / SEGMENTS) if path.name not in names)
    yield from _strange_logs(contents.folder)
    yield from _sealed_logs(contents)


def leftovers(contents: Contents) -> Iterator[Path]:
    """Yield those of the unnamed files that writers leave, and that nobody misses.

    What has another name somebody has put there, or renamed. And where a segment is missing nothing is left over: what
    nothing names may be what is left of it.
    """
    names = contents.manifest.segments
    there = files_in(contents.folder / SEGMENTS)
    if names.keys() <= {path.name for path in there}:
        yield from (path for path in there if path.name not in names and _is_segment(path.name.removesuffix(PART)))
    yield from _sealed_logs(contents)


def _is_segment(name: str) -> bool:
    return _SEGMENT_FILE.fullmatch(name) is not None


def _sealed_logs(contents: Contents) -> Iterator[Path]:
    """Yield the files of the log that were sealed whole."""
    yield from (file.path for file in contents.log if 0 < file.last <= contents.manifest.last and not file.trouble)


def _strange_logs(folder: Path) -> Iterator[Path]:
    """Yield what lies in the folder of the log and is no file of it, at least not under its name."""
    logs = set(log_paths(folder))
    yield from (path for path in files_in(folder / LOG) if path not in logs)


def _read_log(folder: Path, *, whole: bool) -> Iterator[LogFile]:
    for path in log_paths(folder):
        with suppress(FileNotFoundError):  # it was sealed in the meantime
            yield LogFile.read(path, whole=whole)


def _followed(log: tuple[LogFile, ...], manifest: Manifest) -> tuple[tuple[Logged, ...], tuple[Finding, ...]]:
    """Return the entries of the log that are not in segments, up to the first that is wrong, and what is wrong."""
    frames: list[Logged] = []
    before, previous = manifest.last, manifest.head
    for file in log:
        place = Place(file.name, 1, 1)
        for frame in file.frames:
            entry = frame.entry
            if entry.sequence <= manifest.last:
                continue
            trouble = misplaced(entry, before=before, previous=previous)
            if trouble:
                return tuple(frames), (codes.CHAIN_BROKEN.at(place, trouble),)
            frames.append((file, frame))
            before, previous = entry.sequence, entry.hash
        trouble = file.trouble
        if not trouble and file.end < file.size and file is not log[-1]:
            trouble = f"the entry at byte {file.end:,} cannot be used: it is torn, and others follow"
        if trouble:
            return tuple(frames), (codes.LOG_DAMAGED.at(place, trouble),)
    return tuple(frames), ()


def misplaced(entry: Entry, *, before: int, previous: str) -> str:
    """Return what is wrong with the place of an entry behind that with the number ``before`` and hash ``previous``."""
    if entry.sequence != before + 1:
        return f"entry {entry.sequence} follows entry {before}"
    if entry.previous != previous:
        return f"entry {entry.sequence} does not follow from the entry before it"
    return ""


def _cut_off(contents: Contents, names: list[str]) -> Iterator[Finding]:
    """Yield a finding for each file of entries that neither manifest nor log know, so that these lost their end.

    A writer that is killed leaves no such file: what it puts into segments stays in the log until the manifest has it.
    """
    last = {f"{SEGMENTS}/{name}": int(match[1]) for name in names if (match := _SEGMENT_FILE.fullmatch(name))}
    for path in _strange_logs(contents.folder):
        frames = LogFile.read(path).frames if path.is_file() else ()
        if any(frame.entry.previous == contents.head_hash for frame in frames):
            last[f"{LOG}/{path.name}"] = frames[-1].entry.sequence
    for name, number in last.items():
        if number > contents.head:
            text = f"holds entry {number}, but the chain ends with entry {contents.head}: its end was cut off"
            yield codes.CHAIN_BROKEN.at(Place(name, 1, 1), f"{name.partition('/')[2]} {text}")


def _verified(segment: Segment, content: bytes) -> bytes:
    if sha256(content) != segment.sha256:
        raise ValueError("it does not hold the bytes that were sealed")
    return content


def _whole(segment: Segment, found: _Read) -> _Read:
    rows = found.num_rows if isinstance(found, pa.Table) else len(found)  # type: ignore[arg-type]  # columns or a list
    if rows != segment.rows:
        raise ValueError(f"it has {rows} rows, {segment.rows} were sealed")
    return found
