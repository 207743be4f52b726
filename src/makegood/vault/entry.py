"""Entries: accepted batches, numbered and chained; what one holds does not depend on where it lies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from makegood.engine.vocabulary.times import parse_instant, show_instant
from makegood.vault.layout import sha256
from makegood.vault.lines import canonical_line


class Form(StrEnum):
    """What an entry brought: single records, or probes in bulk."""

    RECORDS = "records"
    PROBES = "probes"


@dataclass(frozen=True, slots=True)
class Entry:
    """The header of an accepted batch; its number is the snapshot that verdicts record.

    ``content`` is the SHA-256 of what was accepted, ``previous`` that of the header before, or of the format file for
    the first. ``first_at`` and ``last_at`` are when the first and the last of it happened; None if it does not say.

    >>> entry = Entry(1, parse_instant("2026-03-02T08:00:00Z"), Form.RECORDS, 1, ("shop",), None, None, "", "")
    >>> Entry.read(entry.header) == entry
    True
    """

    sequence: int
    recorded_at: datetime
    form: Form
    rows: int
    sources: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    content: str
    previous: str

    @property
    def header(self) -> bytes:
        """The entry as one line of canonical JSON."""
        return canonical_line({name: _plain(getattr(self, name)) for name in _NAMES})

    @property
    def hash(self) -> str:
        return sha256(self.header)

    @classmethod
    def read(cls, header: bytes) -> Entry:
        """Return the entry that a header says.

        :raises ValueError: if these are not the bytes of a header
        """
        try:
            written: dict[str, Any] = json.loads(header)
            instants = {name: written[name] and parse_instant(written[name]) for name in _INSTANTS}
            entry = cls(**{**written, **instants, "form": Form(written["form"]), "sources": tuple(written["sources"])})
            same = entry.header == header and type(entry.sequence) is int and type(entry.rows) is int
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it is not the header of an entry: {error!r}") from None
        if not same:
            raise ValueError("it is not written as headers are")
        return entry


def records_content(digests: Iterable[bytes]) -> str:
    """Return the hash of accepted records: the SHA-256 of their digests in order, in hexadecimal."""
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()


_NAMES = tuple(entry.name for entry in fields(Entry))
_INSTANTS = ("recorded_at", "first_at", "last_at")


def _plain(value: object) -> object:
    return show_instant(value) if isinstance(value, datetime) else value
