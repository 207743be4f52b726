"""Seals: what was committed together, as one small file that names its segments and the seal before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from makegood.engine.evidence.records import KINDS
from makegood.engine.vocabulary.times import parse_instant, show_instant


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of records of one kind: its hash, and the stretch in which its records happened."""

    file: str
    kind: str
    sha256: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None

    def __post_init__(self) -> None:
        # A seal may come from strangers, and what it names is opened.
        if self.kind not in KINDS or not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError(f"{self.kind} {self.sha256} is no segment")
        if not self.file.isascii() or self.file != segment_file(
            int(self.file.partition("-")[0]), self.kind, self.sha256
        ):
            raise ValueError(f"{self.file} is not the name of a segment")
        if type(self.rows) is not int or self.rows < 1:
            raise ValueError(f"a segment has rows, not {self.rows!r}")


@dataclass(frozen=True, slots=True)
class Seal:
    """One committed batch. ``previous`` is the SHA-256 of the file of the seal before it.

    >>> seal = Seal(1, parse_instant("2026-03-02T08:00:00Z"), ("probes",), (), "0" * 64)
    >>> Seal.read(seal.content) == seal
    True
    """

    sequence: int
    sealed_at: datetime
    sources: tuple[str, ...]
    segments: tuple[Segment, ...]
    previous: str

    @property
    def file(self) -> str:
        return seal_file(self.sequence)

    @property
    def content(self) -> bytes:
        """The bytes of the seal's file, its own hash included."""
        return hashed_line(
            {
                "sequence": self.sequence,
                "sealed_at": show_instant(self.sealed_at),
                "sources": self.sources,
                "segments": [
                    {
                        "file": segment.file,
                        "kind": segment.kind,
                        "sha256": segment.sha256,
                        "rows": segment.rows,
                        "first_at": segment.first_at and show_instant(segment.first_at),
                        "last_at": segment.last_at and show_instant(segment.last_at),
                    }
                    for segment in self.segments
                ],
                "previous": self.previous,
            }
        )

    @classmethod
    def read(cls, content: bytes) -> Seal:
        """Return the seal that a file holds.

        :raises ValueError: if these are not the bytes that a seal has
        """
        written = read_hashed_line(content)
        try:
            seal = cls(
                sequence=written["sequence"],
                sealed_at=parse_instant(written["sealed_at"]),
                sources=tuple(written["sources"]),
                segments=tuple(_segment(entry) for entry in written["segments"]),
                previous=written["previous"],
            )
            same = seal.content == content
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it is not a seal: {error!r}") from None
        if not same:
            raise ValueError("it is not written as seals are")
        return seal


def seal_file(sequence: int) -> str:
    return f"{sequence:06}.json"


def segment_file(sequence: int, kind: str, sha256: str) -> str:
    return f"{sequence:06}-{kind}-{sha256[:16]}.parquet"


def hashed_line(content: Mapping[str, object]) -> bytes:
    """Return one line of canonical JSON that carries its own hash."""
    return _line({**content, "hash": hashlib.sha256(_line(content)).hexdigest()})


def read_hashed_line(line: bytes) -> dict[str, Any]:
    """Return what a line says, if its hash is the one of its content.

    :raises ValueError: if it is not
    """
    written = json.loads(line)
    if not isinstance(written, dict) or "hash" not in written:
        raise ValueError("it has no hash")
    stated = written.pop("hash")
    if hashlib.sha256(_line(written)).hexdigest() != stated:
        raise ValueError("its content does not fit its hash")
    if hashed_line(written) != line:
        raise ValueError("it is not written as it was")
    return written


def _line(content: Mapping[str, object]) -> bytes:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def _segment(written: Mapping[str, Any]) -> Segment:
    first_at, last_at = written["first_at"], written["last_at"]
    return Segment(
        file=written["file"],
        kind=written["kind"],
        sha256=written["sha256"],
        rows=written["rows"],
        first_at=first_at and parse_instant(first_at),
        last_at=last_at and parse_instant(last_at),
    )
