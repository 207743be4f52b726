"""A mapping document: as it was written, as it was understood, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.places import Path, Places
from makegood.engine.agreement.reader import read_document
from makegood.engine.evidence import codes
from makegood.engine.evidence.condition import exact_number
from makegood.engine.evidence.kinds import said_of
from makegood.engine.evidence.mapping import (
    LANGUAGE,
    Entry,
    EvidenceMapping,
    GaugeEntry,
    Moment,
    Number,
    ProbeEntry,
    RecordEntry,
    Text,
    When,
)
from makegood.engine.evidence.probes import in_millionths
from makegood.engine.evidence.records import LARGEST_COUNT, Status
from makegood.engine.evidence.template import Template
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio


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
    if isinstance(entry, RecordEntry):
        yield from entry.id.columns
    yield from entry.missing
    yield from (column for each in entry.when for column in each)
    if entry.for_each is not None:
        yield entry.for_each.column
    for _, term in entry.terms():
        yield from _columns_of_term(term)


def _columns_of_term(term: Text | Moment | Number | Mapping[str, Text]) -> Iterator[str]:
    match term:
        case Template():
            yield from term.columns
        case Number():
            yield from term.number.columns
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
        yield from _identity_findings(entry, mapping.records[:number], path, places)
        yield from _wrong_words(entry, path, places)
        yield from _wrong_moments(entry, path, places)
        yield from _part_findings(entry, mapping, path, places)
        if isinstance(entry, ProbeEntry) and entry.of is None and (entry.value is not None or entry.unit is not None):
            yield form_codes.MISSING_KEY.at(places.of(*path), "of is missing", "say what the value is of")


def _identity_findings(entry: Entry, before: Sequence[Entry], path: Path, places: Places) -> Iterator[Finding]:
    """Yield that an entry makes the same of every row, or the same as one before it."""
    at = places.of(*path, entry.told_apart_by[-1])
    is_same = all(map(_is_constant, entry.identity))
    is_known = any((each.identity, each.when) == (entry.identity, entry.when) for each in before)
    if isinstance(entry, RecordEntry) and is_same:
        text = f"the id {entry.id.constant} is the same for every row"
        yield codes.NO_IDENTITY.at(at, text, "name the column that numbers the rows, as in {number}")
    elif is_same:
        text = "check, subject and time are the same for every row"
        yield codes.NO_IDENTITY.at(at, text, "name the column that has the time, as in {time}")
    elif is_known and isinstance(entry, RecordEntry):
        text = "another entry gives its records the same id"
        yield codes.NO_IDENTITY.at(at, text, "add a word to the id, as in {number}/resolved")
    elif is_known:
        text = "another entry gives its probes the same check, subject and time"
        yield codes.NO_IDENTITY.at(at, text, "name the check of each, as in check: dns")


def _is_constant(term: Text | Moment | None) -> bool:
    """Tell whether a term says the same of every row."""
    if isinstance(term, Moment):
        return _is_constant(term.time) and _is_constant(term.plus)
    return term is None or (isinstance(term, Template) and term.constant is not None)


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
    said = said_of(entry.form)
    for name, term in entry.terms():
        for at, template in _texts(term, (*path, name)):
            constant = template.constant
            wrong = _wrong(entry, str(said[name].type), constant) if constant is not None else None
            if wrong is not None:
                yield codes.WRONG_WORD.at(places.of(*at), *wrong)


def _wrong(entry: Entry, form: str, word: str) -> tuple[str, str] | None:
    """Return what is wrong with a word as the value of a field, and what to write instead."""
    if form == "Status" and word not in set(Status):
        return f"{word!r} is not a status", f"use one of {', '.join(Status)}"
    if form not in ("int", "Ratio", "Ratio | None"):
        return None
    if not _is_number(word):
        return f"{word!r} is not a number", "write one, or a column"
    if form == "int" and isinstance(entry, GaugeEntry) and not _is_count(word, least=1):
        return f"{word!r} is no number of samples", "write a whole number, one or more, or a column"
    if form == "int" and not _is_count(word, least=0):
        return f"{word!r} is no number of events", "write a whole number, none or more, or a column"
    if form == "Ratio | None" and not _is_measured(word):
        return f"{word!r} has more than six decimals", "write fewer, or a column"
    return None


def _wrong_moments(entry: Entry, path: Path, places: Places) -> Iterator[Finding]:
    """Yield times that may be unknown where a time is needed, and what is added to a time and is no duration."""
    said = said_of(entry.form)
    for name, term in entry.terms():
        if not isinstance(term, Moment):
            continue
        if term.optional and str(said[name].type) == "datetime":
            text = f"a {entry.form.kind} has no empty {name}"
            hint = "leave it out; missing: says what becomes of rows without the time"
            yield form_codes.WRONG_VALUE.at(places.of(*path, name, "optional"), text, hint)
        if term.plus is not None and not _is_duration(term.plus.constant):
            text = f"{term.plus.constant!r} is not a duration"
            yield codes.WRONG_WORD.at(places.of(*path, name, "plus"), text, "write it like 15m, 4h or {minute}m")


def _texts(term: object, path: Path) -> Iterator[tuple[Path, Template]]:
    if isinstance(term, Template):
        yield path, term
    elif isinstance(term, Number):
        yield (*path, "number"), term.number
    elif isinstance(term, tuple):
        yield from (((*path, number, "is"), case.is_) for number, case in enumerate(term))


def _is_number(text: str) -> bool:
    try:
        exact_number(text)
    except ValueError:
        return False
    return True


def _is_count(text: str, *, least: int) -> bool:
    number = exact_number(text)
    return number.denominator == 1 and least <= number <= LARGEST_COUNT


def _is_measured(text: str) -> bool:
    try:
        in_millionths(Ratio(exact_number(text)))
    except ValueError:
        return False
    return True


def _is_duration(text: str | None) -> bool:
    """Tell whether a text that is the same for every row is a duration; what depends on the row shows there."""
    try:
        return text is None or bool(Duration.parse(text))
    except ValueError:
        return False
