"""Records in our own form: one JSON object a record, as docs/reference/records.md has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from difflib import get_close_matches
from typing import cast

from makegood.engine.evidence.records import KINDS, AnyRecord, Labels, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import parse_instant

Plain = Mapping[str, object]


class NotARecord(ValueError):
    """An object is not a record; the sentence says what is wrong with which key."""


def record_of(plain: Plain) -> AnyRecord:
    """Return the record that an object says.

    :raises NotARecord: if a key is missing, unknown or not of its form

    >>> record_of({"kind": "correction", "source": "disputes", "source_id": "17", "of": "tickets", "corrects": "4",
    ...            "reason": "It was the other line."}).target
    'tickets#4'
    """
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotARecord(f"kind is {_shown(kind)}; use one of {', '.join(KINDS)}")
    form = KINDS[kind]
    known = {entry.name: entry for entry in fields(form) if entry.name != "recorded_at"}
    for key in plain:
        if key not in known and key != "kind":
            near = get_close_matches(key, known, 1)
            raise NotARecord(f"a {kind} has no key {key}" + (f"; did you mean {near[0]}?" if near else ""))
    values = {}
    for name, entry in known.items():
        if name in plain:
            values[name] = _read(str(entry.type), name, plain[name])
        elif entry.default is MISSING:
            raise NotARecord(f"a {kind} needs the key {name}")
    try:
        return cast("Callable[..., AnyRecord]", form)(**values)
    except ValueError as error:
        raise NotARecord(str(error)) from None


def _read(form: str, name: str, value: object) -> object:
    """Return the value of a key, read by the form of its field."""
    try:
        return _FORMS[form](value)
    except (ValueError, TypeError) as error:
        raise NotARecord(f"{name} is {_shown(value)}: {error}") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _instant(value: object) -> datetime:
    return parse_instant(_text(value))


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is wanted")
    return value


def _exact(value: object) -> Ratio:
    if isinstance(value, str):
        return Ratio.parse(value)
    return Ratio(_number(value))


def _labels(value: object) -> Labels:
    if not isinstance(value, Mapping):
        raise TypeError("an object of texts is wanted")
    return tuple(sorted((_text(key), _text(entry)) for key, entry in value.items()))


def _maybe(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else read(value)


_FORMS: dict[str, Callable[[object], object]] = {
    "str": _text,
    "int": _number,
    "Ratio": _exact,
    "Status": lambda value: Status(_text(value)),
    "Labels": _labels,
    "datetime": _instant,
    "datetime | None": _maybe(_instant),
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
