"""A mapping document: as it was written, as it was understood, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from makegood.engine.agreement.places import Path, Places
from makegood.engine.agreement.reader import read_document
from makegood.engine.evidence import codes
from makegood.engine.evidence.condition import exact_number
from makegood.engine.evidence.mapping import LANGUAGE, Entry, EvidenceMapping, Moment, Text, When
from makegood.engine.evidence.records import Status
from makegood.engine.evidence.template import Template
from makegood.engine.vocabulary.finding import Finding


@dataclass(frozen=True, slots=True)
class MappingDocument:
    """A read mapping; ``mapping`` is None if there are findings."""

    mapping: EvidenceMapping | None
    findings: tuple[Finding, ...]


def read_mapping(text: str, file: str = "mapping.yaml") -> MappingDocument:
    """Read a mapping; all findings come at once, sorted by their place.

    >>> str(read_mapping("makegood: mapping/1").findings[0])
    'mapping.yaml:1:1: MG109 error: mapping is missing (its identifier)'
    """
    reading = read_document(text, file, EvidenceMapping, LANGUAGE)
    if reading.value is None:
        return MappingDocument(None, reading.findings)
    findings = tuple(sorted(_findings(reading.value, reading.places)))
    return MappingDocument(None if findings else reading.value, findings)


def columns_of(mapping: EvidenceMapping) -> frozenset[str]:
    """Return the columns that the mapping reads of the file itself."""
    named = {column for entry in mapping.records for column in _columns(entry)}
    parts = {entry.for_each.name for entry in mapping.records if entry.for_each}
    keys = {lookup.by or lookup.key for lookup in mapping.lookups.values()}
    kept = {mapping.keep.last_row_per} if mapping.keep else set()
    return frozenset((named | keys | kept) - parts - set(mapping.lookups))


def _columns(entry: Entry) -> Iterator[str]:
    """Yield every column that an entry names."""
    yield from entry.id.columns
    yield from entry.missing
    yield from (column for each in entry.when for column in each)
    if entry.for_each is not None:
        yield entry.for_each.column
    for _, term in entry.terms():
        yield from _columns_of_term(term)


def _columns_of_term(term: Text | Moment | Mapping[str, Text]) -> Iterator[str]:
    match term:
        case Template():
            yield from term.columns
        case Moment():
            yield from (column for template in (term.time, term.plus) if template for column in template.columns)
        case Mapping():
            for text in term.values():
                yield from _columns_of_term(text)
        case _:
            for case in term:
                yield from case.is_.columns
                yield from _columns_of_condition(case.when)


def _columns_of_condition(when: When) -> Iterator[str]:
    return (column for each in when for column in each)


def _findings(mapping: EvidenceMapping, places: Places) -> Iterator[Finding]:
    for number, entry in enumerate(mapping.records):
        path: Path = ("records", number)
        at = places.of(*path, "id")
        if entry.id.constant is not None:
            text = f"the id {entry.id.constant} is the same for every row"
            yield codes.NO_IDENTITY.at(at, text, "name the column that numbers the rows, as in {number}")
        elif any((other.id, other.when) == (entry.id, entry.when) for other in mapping.records[:number]):
            text = "another entry gives its records the same id"
            yield codes.NO_IDENTITY.at(at, text, "add a word to the id, as in {number}/resolved")
        yield from _wrong_words(entry, path, places)


def _wrong_words(entry: Entry, path: Path, places: Places) -> Iterator[Finding]:
    """Yield a finding for each text that stands in the document and can never be a value of its field."""
    types = {field.name: str(field.type) for field in fields(entry.form)}
    for name, term in entry.terms():
        for at, template in _texts(term, (*path, name)):
            constant = template.constant
            if constant is None:
                continue
            if types[name] == "Status" and constant not in set(Status):
                text = f"{constant!r} is not a status"
                yield codes.WRONG_WORD.at(places.of(*at), text, f"use one of {', '.join(Status)}")
            elif types[name] in ("int", "Ratio") and not _is_number(constant):
                yield codes.WRONG_WORD.at(places.of(*at), f"{constant!r} is not a number", "write one, or a column")


def _texts(term: object, path: Path) -> Iterator[tuple[Path, Template]]:
    if isinstance(term, Template):
        yield path, term
    elif isinstance(term, tuple):
        yield from (((*path, number, "is"), case.is_) for number, case in enumerate(term))


def _is_number(text: str) -> bool:
    try:
        exact_number(text)
    except ValueError:
        return False
    return True
