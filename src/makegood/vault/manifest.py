"""The manifest: which segments count, as chained lines; each line is one change, and counts when it is on the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from makegood.engine.evidence.records import KINDS
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.times import parse_instant, show_instant
from makegood.vault import codes
from makegood.vault.layout import MANIFEST, SEGMENTS, sha256
from makegood.vault.lines import Lines, hashed_line

PROBES = "probes"
RUNS = "runs"
ENTRIES = "entries"
SEGMENT_KINDS = (*KINDS, PROBES, RUNS, ENTRIES)

_PART = re.compile(r"[0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,4}|undated|all", re.ASCII)
_SHA256 = re.compile("[0-9a-f]{64}")
_FILE = re.compile(r"[a-z]+-(.*)-[0-9]{6,}-[0-9a-f]{16}\.parquet", re.ASCII)


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of rows of a kind that happened in the same ``part`` of time.

    ``first`` and ``last`` are the numbers of the first and the last entry that a row of it came by, ``first_at`` and
    ``last_at`` when the first and the last row happened; None if their kind does not say. ``part`` is a month, or
    ``undated``; for probes a day and a bucket, as in ``2026-03-06.0``; and ``all`` for the headers of entries.
    """

    kind: str
    part: str
    sha256: str
    rows: int
    first: int
    last: int
    first_at: datetime | None
    last_at: datetime | None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        # A manifest may come from strangers, and what it names is opened.
        if self.kind not in SEGMENT_KINDS or not _PART.fullmatch(self.part) or not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.kind} {self.part} {self.sha256} is no segment")
        numbers = (self.rows, self.first, self.last)
        if any(type(number) is not int for number in numbers) or self.rows < 1 or not 1 <= self.first <= self.last:
            raise ValueError(f"a segment has rows, and entries that they came by, not {numbers}")

    @property
    def file(self) -> str:
        return f"{self.kind}-{self.part}-{self.last:06}-{self.sha256[:16]}.parquet"

    @property
    def place(self) -> Place:
        return Place(f"{SEGMENTS}/{self.file}", 1, 1)

    def as_json(self) -> dict[str, object]:
        return {"file": self.file} | {name: _plain(getattr(self, name)) for name in _SEGMENT_NAMES}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Segment:
        values = {name: written[name] for name in _SEGMENT_NAMES}
        instants = {name: values[name] and parse_instant(values[name]) for name in ("first_at", "last_at")}
        return cls(**{**values, **instants, "sources": tuple(values["sources"])})


class Act(StrEnum):
    """What a line of the manifest does."""

    SEAL = "seal"
    COMPACT = "compact"
    RETAIN = "retain"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the manifest: the segments that count from now on, and those that no longer do.

    After it the segments hold the entries up to ``last``, whose header has the hash ``head``. What a policy of
    retention removed is ``lost``: of each entry how many rows; ``reason`` says why.
    """

    number: int
    act: Act
    at: datetime
    last: int
    head: str
    adds: tuple[Segment, ...]
    removes: tuple[str, ...]
    reason: str = ""
    lost: tuple[tuple[int, int], ...] = ()

    def line(self, previous: str) -> bytes:
        """Return the change as a line of the manifest, with the SHA-256 of the line before, empty for the first."""
        values = {name: _plain(getattr(self, name)) for name in _CHANGE_NAMES}
        return hashed_line({**values, "adds": [each.as_json() for each in self.adds], "previous": previous})

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Change:
        """Return the change that a line says."""
        values = {name: written[name] for name in _CHANGE_NAMES}
        return cls(
            **{
                **values,
                "act": Act(values["act"]),
                "at": parse_instant(values["at"]),
                "adds": tuple(Segment.of(each) for each in values["adds"]),
                "removes": tuple(values["removes"]),
                "lost": tuple((sequence, rows) for sequence, rows in values["lost"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The changes of a vault in order, the segments that count after them, and what is wrong.

    ``last`` is the number of the last entry that is in segments, ``head`` the hash of its header or, before the first,
    of the format file.
    """

    changes: tuple[Change, ...]
    segments: Mapping[str, Segment]
    last: int
    head: str
    findings: tuple[Finding, ...]
    end: int
    previous: str

    @classmethod
    def read(cls, folder: Path, form: bytes) -> Manifest:
        """Read the manifest of a vault that has the format file ``form``; one that was never written to is empty."""
        segments: dict[str, Segment] = {}
        last = 0

        def change_of(written: Mapping[str, Any], number: int) -> Change:
            nonlocal last
            change = Change.of(written)
            trouble = _out_of_turn(change, number, last, segments)
            if trouble:
                raise ValueError(trouble)
            _apply(change, segments)
            last = change.last
            return change

        lines = Lines.read(folder / MANIFEST, change_of)
        findings: tuple[Finding, ...] = ()
        if lines.trouble:
            number = len(lines.found) + 1
            text = f"line {number} of the manifest is not what was written: {lines.trouble}"
            findings = (codes.MANIFEST_DAMAGED.at(Place(MANIFEST, number, 1), text),)
        changes = lines.found
        head = changes[-1].head if changes else sha256(form)
        return cls(changes, segments, changes[-1].last if changes else 0, head, findings, lines.end, lines.previous)

    def after(self, change: Change) -> Manifest:
        """Return the manifest with one more change, written behind its last whole line."""
        segments = dict(self.segments)
        _apply(change, segments)
        line = change.line(self.previous)
        end = self.end + len(line)
        return Manifest((*self.changes, change), segments, change.last, change.head, self.findings, end, sha256(line))

    def of_kind(self, *kinds: str) -> tuple[Segment, ...]:
        """Return the segments of these kinds, in the order of their parts and then of their entries."""
        found = (each for each in self.segments.values() if each.kind in kinds)
        return tuple(sorted(found, key=lambda each: (each.kind, each.part, each.first, each.last, each.sha256)))

    @property
    def bereft(self) -> tuple[Segment, ...]:
        """The runs that have outlived their probes."""
        probes = {(each.part, each.first, each.last) for each in self.of_kind(PROBES)}
        return tuple(each for each in self.of_kind(RUNS) if (each.part, each.first, each.last) not in probes)

    @property
    def removed(self) -> tuple[str, ...]:
        """The parts of time of which a policy of retention removed something."""
        names = (name for change in self.changes if change.act is Act.RETAIN for name in change.removes)
        return tuple(sorted({match[1] for match in map(_FILE.fullmatch, names) if match}))

    @property
    def lost(self) -> dict[int, int]:
        """How many rows of each entry were removed by a policy of retention."""
        found: dict[int, int] = {}
        for change in self.changes:
            for sequence, rows in change.lost:
                found[sequence] = found.get(sequence, 0) + rows
        return found


def _out_of_turn(change: Change, number: int, last: int, segments: Mapping[str, Segment]) -> str:
    """Return what is wrong with the place of a change behind those before it; nothing if it is right."""
    if change.number != number:
        return f"it is number {change.number}"
    if (change.last <= last) if change.act is Act.SEAL else (change.last != last):
        return f"it ends with entry {change.last}, the line before it with {last}"
    if any(file not in segments for file in change.removes):
        return "it removes a segment that does not count"
    if any(each.file in segments or each.last > change.last for each in change.adds):
        return "it adds a segment that counts already, or of entries that it does not hold"
    return ""


def _apply(change: Change, segments: dict[str, Segment]) -> None:
    for file in change.removes:
        del segments[file]
    segments.update((each.file, each) for each in change.adds)


_SEGMENT_NAMES = tuple(entry.name for entry in fields(Segment))
_CHANGE_NAMES = tuple(entry.name for entry in fields(Change))


def _plain(value: object) -> object:
    return show_instant(value) if isinstance(value, datetime) else value
