"""Evidence in our own form: one JSON object a record or probe, as docs/reference/records.md has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from makegood.engine.evidence.kinds import EVIDENCE, AnyEvidence, maker_of, said_of
from makegood.engine.evidence.records import Labels, Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import parse_instant

Plain = Mapping[str, object]


class NotEvidence(ValueError):
    """An object is neither a record nor a probe; the sentence says what is wrong with which key."""


def evidence_of(plain: Plain) -> AnyEvidence:
    """Return the record or the probe that an object says.

    :raises NotEvidence: if a key is missing, unknown or not of its form

    >>> evidence_of({"kind": "correction", "source": "disputes", "source_id": "17", "of": "tickets", "corrects": "4",
    ...              "reason": "It was the other line."}).target
    'tickets#4'
    """
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in EVIDENCE:
        raise NotEvidence(f"kind is {_shown(kind)}; use one of {', '.join(EVIDENCE)}")
    known = _SAID[kind]
    for key in plain:
        if key not in known and key != "kind":
            raise NotEvidence(f"a {kind} has no key {key}{_instead(key, known)}")
    values = {}
    for name, entry in known.items():
        if name in plain:
            values[name] = _read(str(entry.type), name, plain[name])
        elif entry.default is MISSING:
            raise NotEvidence(f"a {kind} needs the key {name}")
    try:
        return maker_of(EVIDENCE[kind])(**values)
    except ValueError as error:
        raise NotEvidence(str(error)) from None


def _instead(key: str, known: Iterable[str]) -> str:
    """Return what to do about a key that there is not, as the end of a sentence; only probes have no ``source_id``."""
    if key == "source_id":
        return "; its check, its subject and its time tell it apart"
    near = get_close_matches(key, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _read(form: str, name: str, value: object) -> object:
    """Return the value of a key, read by the form of its field."""
    try:
        return _FORMS[form](value)
    except (ValueError, TypeError) as error:
        raise NotEvidence(f"{name} is {_shown(value)}: {error}") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _status(value: object) -> Status:
    text = _text(value)
    if text not in set(Status):
        raise ValueError(f"use one of {', '.join(Status)}")
    return Status(text)


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


_SAID: Final = {kind: said_of(form) for kind, form in EVIDENCE.items()}
_FORMS: dict[str, Callable[[object], object]] = {
    "str": _text,
    "int": _number,
    "Ratio": _exact,
    "Ratio | None": _maybe(_exact),
    "Status": _status,
    "Labels": _labels,
    "datetime": _instant,
    "datetime | None": _maybe(_instant),
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
