"""Inspection: everything that a vault holds is read, and compared with what was accepted, sealed and booked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.compute as pc

from makegood.engine.evidence.records import KINDS, AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault import codes
from makegood.vault.contents import Contents, Logged, misplaced, unnamed
from makegood.vault.entry import Entry, Form, records_content
from makegood.vault.headers import headers_of
from makegood.vault.layout import BOOK, FORMAT_FILE, MANIFEST, format_content, read_format, sha256
from makegood.vault.manifest import ENTRIES, Segment
from makegood.vault.parts import month_part
from makegood.vault.probes.content import content_hash
from makegood.vault.probing import probe_findings
from makegood.vault.recounting import altered
from makegood.vault.refusals import UnableToUseVault, VaultDamaged
from makegood.vault.run import Pages
from makegood.vault.segment import DIGEST, SEQUENCE, happened_at, table_records, time_column
from makegood.vault.signing import signature_findings


def inspect(folder: Path) -> tuple[Finding, ...]:
    """Return what is wrong with a vault, sorted by place; a program that was killed leaves notes, no errors."""
    try:
        form = read_format(folder)
        findings = []
    except UnableToUseVault:
        form = format_content(1)
        findings = [codes.VAULT_DAMAGED.at(Place(FORMAT_FILE, 1, 1), f"{FORMAT_FILE} is not what was written")]
    contents = Contents.read(folder, form=form, whole=True)
    inspection = _Inspection(contents)
    findings += [*contents.findings, *inspection.findings(), *_books(contents), *signature_findings(contents)]
    if not contents.manifest.findings:
        for path in unnamed(contents):
            place = Place(path.relative_to(folder).as_posix(), 1, 1)
            findings.append(codes.NOT_NAMED.at(place, f"{path.name} is named by nothing and never read"))
    return tuple(sorted(set(findings)))


@dataclass
class _Inspection:
    """One reading of everything; of each record and each entry what has been seen already."""

    contents: Contents
    _seen: set[str] = field(default_factory=set, init=False)
    _sources: dict[int, frozenset[str]] = field(default_factory=dict, init=False)

    def findings(self) -> Iterator[Finding]:
        entries, broken = self._entries()
        yield from broken
        self._sources = {} if broken else {entry.sequence: frozenset(entry.sources) for entry in entries}
        damaged = list(broken)
        for segment in self.contents.manifest.of_kind(*KINDS):
            try:
                yield from self._records(segment)
            except VaultDamaged as damage:
                damaged.append(damage.finding)
                yield damage.finding
        for finding in probe_findings(self.contents):
            damaged.append(finding)
            yield finding
        for each in self.contents.frames:
            yield from self._logged(each)
        if not damaged:
            yield from altered(
                self.contents, [each for each in entries if each.sequence <= self.contents.manifest.last]
            )

    def _entries(self) -> tuple[list[Entry], list[Finding]]:
        """Return the headers of all entries, and what is wrong with their chain."""
        found: list[Entry] = []
        broken: list[Finding] = []
        before, previous = 0, sha256(self.contents.form)
        for segment in sorted(self.contents.manifest.of_kind(ENTRIES), key=lambda each: each.first):
            try:
                entries = self.contents.read_segment(segment, headers_of)
            except VaultDamaged as damage:
                return found, [*broken, damage.finding]
            for entry in entries:
                trouble = misplaced(entry, before=before, previous=previous)
                broken += [codes.CHAIN_BROKEN.at(segment.place, trouble)] if trouble else []
                before, previous = entry.sequence, entry.hash
            found += entries
        if not self.contents.manifest.findings and (before, previous) != (
            self.contents.manifest.last,
            self.contents.manifest.head,
        ):
            number = len(self.contents.manifest.changes)
            text = f"the manifest ends with entry {self.contents.manifest.last}, the headers with entry {before}"
            broken.append(codes.CHAIN_BROKEN.at(Place(MANIFEST, max(number, 1), 1), text))
        return [*found, *(frame.entry for _, frame in self.contents.frames)], broken

    def _records(self, segment: Segment) -> Iterator[Finding]:
        """Compare each record with its digest, and with the rules that records keep to at birth."""
        table = self.contents.table(segment)
        numbers = pc.min_max(table.column(SEQUENCE)).as_py()
        moments = pc.min_max(table.column(time_column(segment.kind))).as_py()
        if (numbers["min"], numbers["max"], moments["min"], moments["max"]) != (
            segment.first,
            segment.last,
            segment.first_at,
            segment.last_at,
        ):
            yield codes.SEGMENT_DAMAGED.at(segment.place, f"{segment.file} holds other times than the manifest says")
        digests, sequences = table.column(DIGEST).to_pylist(), table.column(SEQUENCE).to_pylist()
        for record, digest, sequence in zip(table_records(segment.kind, table), digests, sequences, strict=True):
            trouble = self._wrong(record, digest, sequence) or _unborn(record)
            if not trouble and (
                record.source not in segment.sources or month_part(happened_at(record)) != segment.part
            ):
                trouble = "it lies in a segment of other sources or another month"
            if trouble:
                yield codes.SEGMENT_DAMAGED.at(segment.place, f"the record {record.id} is wrong: {trouble}")

    def _wrong(self, record: AnyRecord, digest: bytes, sequence: int) -> str:
        seen = record.id in self._seen
        self._seen.add(record.id)
        if bytes.fromhex(record.digest) != digest:
            return "its content does not fit its digest"
        if seen:
            return "it was accepted before"
        if self._sources and record.source not in self._sources.get(sequence, ()):
            return f"entry {sequence} does not name its source"
        return ""

    def _logged(self, logged: Logged) -> Iterator[Finding]:
        """Compare an entry of the log with its header."""
        file, frame = logged
        entry = frame.entry
        troubles: list[str] = []
        try:
            if entry.form is Form.PROBES:
                probes = self.contents.logged_probes(file, frame)
                rows, content = len(probes), content_hash(probes)
            else:
                records = self.contents.logged_records(file, frame)
                rows, content = len(records), records_content(digest for _, digest in records)
                for record, digest in records:
                    trouble = self._wrong(record, digest, entry.sequence)
                    troubles += [f"the record {record.id} is wrong: {trouble}"] if trouble else []
        except VaultDamaged as damage:
            yield damage.finding
            return
        if (rows, content) != (entry.rows, entry.content):
            troubles.append(f"entry {entry.sequence} does not hold what its header says")
        yield from (codes.LOG_DAMAGED.at(Place(file.name, 1, 1), trouble) for trouble in troubles)


def _unborn(record: AnyRecord) -> str:
    """Return why a record could not have been made, which reading it from a segment does not ask; else nothing."""
    try:
        record.__post_init__()
    except ValueError as error:
        return str(error)
    return ""


def _books(contents: Contents) -> Iterator[Finding]:
    for path in sorted((contents.folder / BOOK).glob("*.jsonl")):
        pages = Pages.read(path, path.stem)
        yield from pages.findings
        for run in pages.runs:
            if run.snapshot > contents.head and not contents.findings:
                text = f"it was settled on entry {run.snapshot}, but the chain ends with entry {contents.head}"
                yield codes.CHAIN_BROKEN.at(
                    Place(f"{BOOK}/{path.name}", run.sequence, 1), f"{text}: its end was cut off"
                )
