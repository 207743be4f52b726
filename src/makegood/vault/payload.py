"""Records as the payload of one entry of the log: the lines of JSON that their digests are taken of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from makegood.engine.evidence.records import KINDS, AnyRecord, Status
from makegood.engine.vocabulary.ratio import Ratio

Digested = tuple[AnyRecord, bytes]

_SHARED = (str, tuple)


def records_payload(texts: Iterable[bytes]) -> bytes:
    """Return canonical texts of records as lines."""
    return b"".join(text + b"\n" for text in texts)


def payload_records(content: bytes | memoryview, recorded_at: datetime) -> list[Digested]:
    """Return the records of a payload, each with its digest; equal texts in them are one object.

    :raises ValueError: if these bytes are not a payload of records
    """
    known: dict[object, object] = {}
    return [_record(line, recorded_at, known) for line in bytes(content).splitlines()]


def payload_identities(content: bytes | memoryview) -> list[tuple[str, str, bytes]]:
    """Return source, identifier and digest of each record of a payload."""
    lines = bytes(content).splitlines()
    plain = (json.loads(line) for line in lines)
    return [
        (each["source"], each["source_id"], hashlib.sha256(line).digest())
        for each, line in zip(plain, lines, strict=True)
    ]


def _record(line: bytes, recorded_at: datetime, known: dict[object, object]) -> Digested:
    try:
        written: dict[str, Any] = json.loads(line)
        kind = written.pop("kind")
        readers = _readers(kind)
        values: dict[str, Any] = {}
        for name, text in written.items():
            value = readers[name](text)
            values[name] = known.setdefault(value, value) if type(value) in _SHARED else value
        return _form(kind)(recorded_at=recorded_at, **values), hashlib.sha256(line).digest()
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it holds what is no record: {error!r}") from None


def _form(kind: str) -> Callable[..., AnyRecord]:
    return KINDS[kind]  # type: ignore[return-value]  # the values of KINDS are the members of AnyRecord


@cache
def _readers(kind: str) -> dict[str, Callable[[Any], Any]]:
    return {entry.name: _READERS[str(entry.type)] for entry in fields(KINDS[kind])}


def _same(value: Any) -> Any:
    return value


def _ratio(text: str) -> Ratio:
    numerator, _, denominator = text.partition("/")
    return Ratio(int(numerator), int(denominator))


_READERS: dict[str, Callable[[Any], Any]] = {
    "str": _same,
    "Status": Status,
    "int": _same,
    "datetime": datetime.fromisoformat,
    "datetime | None": datetime.fromisoformat,
    "Ratio": _ratio,
    "Labels": lambda labels: tuple(labels.items()),
}
