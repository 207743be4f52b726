"""Intake: a file becomes evidence, taken batch by batch, then sealed; what it could not take is counted and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from makegood.engine.evidence import codes
from makegood.engine.evidence.canonical import NotEvidence, evidence_of
from makegood.engine.evidence.document import columns_of, read_mapping
from makegood.engine.evidence.kinds import AnyEvidence
from makegood.engine.evidence.mapping import EvidenceMapping, Lookup
from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.evidence.translate import BadRow, Translation, Translator
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault.log import FILE_BYTES
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.reading import BadLine, Found, Rows, Shape, UnreadableFile, open_objects, open_rows, unreadable
from makegood.vault.vault import Vault
from makegood.vault.writer import Accepted, Writer

BATCH_ROWS = 50_000
SEALED_AT_BYTES = 4 * FILE_BYTES
ROWS_PER_TELLING = 2_000
SHOWN_FINDINGS = 20
SHOWN_NAMES = 10

Progress = Callable[[int, int], None]


class UnusableMapping(Exception):
    """The mapping has findings; nothing was imported."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(slots=True)
class Named:
    """Rows that left no record of one entry, under the words that the mapping has for it: how many, and the first."""

    count: int = 0
    first: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Intake:
    """What became of a file.

    ``passed_over`` are rows that another row of the same thing made void, ``bad`` the rows that could not be read;
    ``records`` counts records and probes by their kind; ``added``, ``known`` and ``conflicts`` say what became of them.
    ``not_applicable`` is how often an entry did not apply to a row.
    ``findings`` are about the first bad rows and conflicts, and about a file that could not be read to its end.
    """

    file: str
    rows: int = 0
    passed_over: int = 0
    bad: int = 0
    records: Counter[str] = field(default_factory=Counter)
    added: int = 0
    known: int = 0
    conflicts: int = 0
    not_applicable: int = 0
    named: dict[str, Named] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    complete: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the report for machines: plain values under the names of the fields."""
        return {
            "file": self.file,
            "complete": self.complete,
            "rows": self.rows,
            "passed_over": self.passed_over,
            "bad": self.bad,
            "records": dict(self.records),
            "added": self.added,
            "known": self.known,
            "conflicts": self.conflicts,
            "not_applicable": self.not_applicable,
            "named": {words: {"count": named.count, "first": named.first} for words, named in self.named.items()},
            "findings": [finding.as_json() for finding in self.findings],
        }

    def note(self, finding: Finding) -> None:
        if len(self.findings) < SHOWN_FINDINGS:
            self.findings.append(finding)

    def bad_row(self, line: int, text: str) -> None:
        self.bad += 1
        self.note(codes.BAD_ROW.at(Place(self.file, line, 1), text, "correct it and import the file again"))


def import_file(
    vault: Vault,
    mapping: Path | None,
    path: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    batch_rows: int = BATCH_ROWS,
    sealed_at_bytes: int = SEALED_AT_BYTES,
) -> Intake:
    """Bring a file into the vault, by a mapping document or, without one, as JSON Lines in our own form.

    Each batch is accepted on its own: after a kill, importing the file again takes what is missing. At the end, and
    whenever much lies in the log, everything is sealed. A file that cannot be read to its end is a finding in the
    report, which is then not ``complete``.

    :raises UnusableMapping: if the mapping has findings
    :raises VaultInUse: if another writer is at work
    """
    report = Intake(str(path))
    terms = read_mapping_file(mapping) if mapping is not None else None
    with vault.writer(now=now) as writer:
        batch = _Batch(writer, report, batch_rows)
        try:
            lines = _own(path, report, progress) if terms is None else _mapped(path, terms, report, progress)
            for line, evidence in lines:
                if batch.add(line, evidence) and writer.logged_bytes >= sealed_at_bytes:
                    writer.seal()
            report.complete = True
        except UnreadableFile as error:
            report.findings.insert(0, error.finding)
        batch.accept()
        writer.seal()
    return report


def read_mapping_file(path: Path) -> EvidenceMapping:
    """Return the mapping that a file holds.

    :raises UnusableMapping: if it has findings, or is not a text file
    """
    try:
        document = read_mapping(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        text = f"{path} cannot be read ({error.strerror})"
        raise UnusableMapping((unreadable(path, text, "check its name and permissions").finding,)) from None
    except UnicodeDecodeError:
        raise UnusableMapping((unreadable(path, f"{path} is not UTF-8", "save it as UTF-8").finding,)) from None
    if document.mapping is None:
        raise UnusableMapping(document.findings)
    return document.mapping


class _Batch:
    """Records and probes on their way to the next entries, with the lines they came from."""

    def __init__(self, writer: Writer, report: Intake, rows: int) -> None:
        self._writer = writer
        self._report = report
        self._rows_at_once = rows
        self._rows = 0
        self._records: list[tuple[int, AnyRecord]] = []
        self._probes: list[tuple[int, Probe]] = []

    def add(self, line: int, evidence: tuple[AnyEvidence, ...]) -> bool:
        """Add what a line says, and return whether the batch was full and was accepted."""
        self._rows += 1
        for each in evidence:
            if isinstance(each, Probe):
                self._probes.append((line, each))
            else:
                self._records.append((line, each))
        is_full = self._rows >= self._rows_at_once
        if is_full:
            self.accept()
        return is_full

    def accept(self) -> None:
        if self._records:
            records = [record for _, record in self._records]
            self._count(self._records, self._writer.append(records, found_at=self._places(self._records)))
        if self._probes:
            columns = ProbeColumns.listed(probe for _, probe in self._probes)
            self._count(self._probes, self._writer.append_probes(columns, found_at=self._places(self._probes)))
        self._rows, self._records, self._probes = 0, [], []

    def _places(self, found: Sequence[tuple[int, AnyEvidence]]) -> Callable[[int], Place]:
        return lambda number: Place(self._report.file, found[number][0], 1)

    def _count(self, found: Sequence[tuple[int, AnyEvidence]], accepted: Accepted) -> None:
        report = self._report
        report.added += accepted.added
        report.known += accepted.known
        report.conflicts += accepted.conflicting
        report.records.update(each.kind for _, each in found)
        for finding in accepted.conflicts:
            report.note(finding)


def _own(path: Path, report: Intake, progress: Progress | None) -> Iterator[tuple[int, tuple[AnyEvidence, ...]]]:
    with open_objects(path) as rows:
        for line, found in _told(rows, progress):
            report.rows += 1
            if isinstance(found, BadLine):
                report.bad_row(line, found.text)
                continue
            try:
                yield line, (evidence_of(found),)
            except NotEvidence as error:
                report.bad_row(line, str(error))


def _mapped(
    path: Path, mapping: EvidenceMapping, report: Intake, progress: Progress | None
) -> Iterator[tuple[int, tuple[AnyEvidence, ...]]]:
    shape = _shape(mapping, columns_of(mapping))
    translator = Translator(mapping, {name: _table(path, mapping, each) for name, each in mapping.lookups.items()})
    last = _last_lines(path, mapping, shape, mapping.keep.last_row_per) if mapping.keep else None
    with open_rows(path, shape) as rows:
        for line, row in _told(rows, progress):
            report.rows += 1
            if isinstance(row, BadLine):
                report.bad_row(line, row.text)
                continue
            if last is not None and line not in last:
                report.passed_over += 1
                continue
            try:
                translation = translator.translate(row)
            except BadRow as error:
                report.bad_row(line, str(error))
                continue
            _count(report, translation)
            yield line, translation.evidence


def _count(report: Intake, translation: Translation) -> None:
    report.not_applicable += translation.not_applicable
    for words, identifier in translation.named:
        named = report.named.setdefault(words, Named())
        named.count += 1
        if len(named.first) < SHOWN_NAMES:
            named.first.append(identifier)


def _shape(mapping: EvidenceMapping, columns: frozenset[str]) -> Shape:
    return Shape(columns, mapping.format, mapping.delimiter, mapping.encoding)


def _last_lines(path: Path, mapping: EvidenceMapping, shape: Shape, column: str) -> frozenset[int]:
    """Return the lines that count: the last one of each value, and those whose value is unknown."""
    last: dict[str, int] = {}
    alone: set[int] = set()
    with open_rows(path, shape) as rows:
        for line, row in rows.lines:
            if not isinstance(row, BadLine):
                value = row[column]
                if value is None or value in mapping.unknown:
                    alone.add(line)
                else:
                    last[value] = line
    return frozenset(last.values()) | alone


def _table(path: Path, mapping: EvidenceMapping, lookup: Lookup) -> dict[str, str]:
    """Return the contents of a lookup's file, which lies beside the file that is imported."""
    file = path.parent / lookup.file
    table: dict[str, str] = {}
    shape = Shape(frozenset((lookup.key, lookup.value)), None, mapping.delimiter, mapping.encoding)
    with open_rows(file, shape) as rows:
        for line, row in rows.lines:
            if isinstance(row, BadLine):
                raise unreadable(file, row.text, "correct it, and import again", line=line)
            key, value = row[lookup.key], row[lookup.value]
            if key is None or key in mapping.unknown or value is None or value in mapping.unknown:
                continue
            if table.setdefault(key, value) != value:
                text = f"{lookup.key} {key} stands here a second time, with another {lookup.value}"
                raise unreadable(file, text, "delete the one that is wrong, and import again", line=line)
    return table


def _told(rows: Rows[Found], progress: Progress | None) -> Iterator[tuple[int, Found | BadLine]]:
    """Yield the rows, and tell from time to time how many bytes are done."""
    for number, line in enumerate(rows.lines):
        if progress is not None and number % ROWS_PER_TELLING == 0:
            progress(rows.done(), rows.size)
        yield line
    if progress is not None:
        progress(rows.size, rows.size)
