"""A mapping document: as it was written, as it was understood, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.places import Path, Places
from makegood.engine.agreement.reader import read_document
from makegood.engine.evidence import codes
from makegood.engine.evidence.condition import exact_number
from makegood.engine.evidence.mapping import LANGUAGE, Entry, EvidenceMapping, Moment, Text, When
from makegood.engine.evidence.records import LARGEST_COUNT, Status
from makegood.engine.evidence.template import Template
from makegood.engine.vocabulary.duration import Duration
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
    named = {column for entry in mapping.records for column in _file_columns(entry)}
    keys = {lookup.by or lookup.key for lookup in mapping.lookups.values()} - _parts(mapping)
    kept = {mapping.keep.last_row_per} if mapping.keep else set()
    return frozenset((named | keys | kept) - set(mapping.lookups))


def _parts(mapping: EvidenceMapping) -> set[str]:
    return {entry.for_each.name for entry in mapping.records if entry.for_each}


def _file_columns(entry: Entry) -> set[str]:
    """Return the columns that an entry needs of the row; its own parts are none of them."""
    if entry.for_each is None:
        return set(_columns(entry))
    return set(_columns(entry)) - {entry.for_each.name} | {entry.for_each.column}


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
    yield from _lookup_findings(mapping, places)
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
        yield from _part_findings(entry, mapping, path, places)


def _lookup_findings(mapping: EvidenceMapping, places: Places) -> Iterator[Finding]:
    for name in mapping.lookups:
        if name == _key_of(mapping, name):
            text = f"the lookup {name} needs itself to be looked up"
            hint = "give it another name than its column has, or write by: and the column"
            yield form_codes.WRONG_VALUE.at(places.of("lookups", name), text, hint)
    if mapping.keep is not None and mapping.keep.last_row_per in mapping.lookups:
        text = f"{mapping.keep.last_row_per} is looked up, and rows are kept by what stands in the file itself"
        yield form_codes.WRONG_VALUE.at(places.of("keep", "last_row_per"), text, "name a column of the file")


def _key_of(mapping: EvidenceMapping, name: str) -> str:
    """Return the column by which a lookup begins, through other lookups; a lookup's name if they go in a circle."""
    first = name
    for _ in mapping.lookups:
        lookup = mapping.lookups[name]
        name = lookup.by or lookup.key
        if name == first or name not in mapping.lookups:
            break
    return name


def _part_findings(entry: Entry, mapping: EvidenceMapping, path: Path, places: Places) -> Iterator[Finding]:
    """Yield what is wrong with the parts of a listing column, and lookups by parts that the entry does not have."""
    own = {entry.for_each.name} if entry.for_each else set()
    if entry.for_each is not None and not entry.for_each.separator:
        text = "nothing stands between the parts"
        yield form_codes.WRONG_VALUE.at(places.of(*path, "for_each", "separator"), text, "write what separates them")
    for name in sorted(set(_columns(entry)) & set(mapping.lookups)):
        key = _key_of(mapping, name)
        if key in _parts(mapping) - own:
            text = f"the lookup {name} is by {key}, which is a part that this entry does not have"
            yield form_codes.WRONG_VALUE.at(places.of(*path), text, "write for_each in this entry too")


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
            elif types[name] == "int" and not _is_count(constant):
                text = f"{constant!r} is no number of events"
                yield codes.WRONG_WORD.at(places.of(*at), text, "write a whole number, none or more, or a column")
        if isinstance(term, Moment) and term.plus is not None and not _is_duration(term.plus.constant):
            text = f"{term.plus.constant!r} is not a duration"
            yield codes.WRONG_WORD.at(places.of(*path, name, "plus"), text, "write it like 15m, 4h or {minute}m")


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


def _is_count(text: str) -> bool:
    number = exact_number(text)
    return number.denominator == 1 and 0 <= number <= LARGEST_COUNT


def _is_duration(text: str | None) -> bool:
    """Tell whether a text that is the same for every row is a duration; what depends on the row shows there."""
    try:
        return text is None or bool(Duration.parse(text))
    except ValueError:
        return False
