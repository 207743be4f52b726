"""Translating: a row of somebody else's file becomes records and probes, by a mapping that was compiled once.

A cell is a text, or None where the file has none; a row is its cells by column. What cannot be read makes the whole row
bad: a row whose half was taken would be evidence that nobody gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from makegood.engine.evidence.condition import Condition, Relation, exact_number
from makegood.engine.evidence.kinds import AnyEvidence, maker_of, said_of
from makegood.engine.evidence.mapping import (
    Entry,
    EvidenceMapping,
    Moment,
    Number,
    RecordEntry,
    TallyEntry,
    Text,
    When,
)
from makegood.engine.evidence.records import Status
from makegood.engine.evidence.template import Template, parse_time
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import rounded
from makegood.engine.vocabulary.times import local_instant, utc

REMEMBERED = 100_000
REMEMBERED_NUMBERS = 10_000

Row = Mapping[str, str | None]
Tables = Mapping[str, Mapping[str, str]]
Cell = Callable[[Row], str | None]


class BadRow(ValueError):
    """A row cannot become evidence; the sentence says what is wrong with which column."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a row came to: its evidence, what is ``named`` as missing, and the entries that did not apply."""

    evidence: tuple[AnyEvidence, ...]
    named: tuple[tuple[str, str], ...]
    not_applicable: int


class Translator:
    """Translates the rows of one file; ``tables`` are the contents of the mapping's lookups, by their name."""

    def __init__(self, mapping: EvidenceMapping, tables: Tables) -> None:
        self._columns = _Columns(mapping, tables)
        self._entries = [_CompiledEntry(entry, mapping, self._columns) for entry in mapping.records]

    def translate(self, row: Row) -> Translation:
        """Return what the row says.

        :raises BadRow: if a value that is needed is unknown, or not of its form
        """
        evidence: list[AnyEvidence] = []
        named: list[tuple[str, str]] = []
        not_applicable = 0
        for entry in self._entries:
            for part in entry.parts(row):
                if not entry.applies(part):
                    not_applicable += 1
                elif (words := entry.missing(part)) is not None:
                    named.append((words, entry.shown(part)))
                else:
                    evidence.append(entry.evidence(part))
        return Translation(tuple(evidence), tuple(named), not_applicable)


class _Columns:
    """The cells of a row by the names that templates use, and what is made of them."""

    def __init__(self, mapping: EvidenceMapping, tables: Tables) -> None:
        self._mapping = mapping
        self._tables = tables
        self._unknown = frozenset(mapping.unknown)
        self._instant = lru_cache(REMEMBERED)(self._read_instant)
        self._duration = lru_cache(REMEMBERED)(Duration.parse)
        self._number = lru_cache(REMEMBERED_NUMBERS)(_rounded)

    def cell(self, column: str) -> Cell:
        """Return what reads a column: None if it is unknown, else its text, or the mapping's word for it."""
        unknown = self._unknown
        words = self._mapping.words.get(column)
        if column in self._mapping.lookups:
            return self._lookup(column)
        if words is None:
            return lambda row: None if (text := row[column]) in unknown else text

        def translated(row: Row) -> str | None:
            text = row[column]
            if text is None or text in unknown:
                return None
            if text not in words:
                raise BadRow(f"{column} is {text!r}, for which the mapping has no word")
            return words[text]

        return translated

    def _lookup(self, name: str) -> Cell:
        lookup, table = self._mapping.lookups[name], self._tables[name]
        key = self.cell(lookup.by or lookup.key)
        return lambda row: table.get(key(row) or "", lookup.otherwise)

    def text(self, template: Template, unknown: str | None = None) -> Callable[[Row], str]:
        """Return what fills a template; a column that is unknown makes the row bad, or shows as ``unknown``."""
        constant = template.constant
        if constant is not None:
            return lambda _row: constant
        cells = [self.cell(column) for column in template.columns]
        pattern, columns = template.pattern, template.columns
        if pattern == "{}" and unknown is None:
            return _needed(columns[0], cells[0])

        def filled(row: Row) -> str:
            values = [cell(row) for cell in cells]
            if None in values:
                if unknown is None:
                    raise BadRow(f"{columns[values.index(None)]} is unknown")
                values = [unknown if value is None else value for value in values]
            return pattern.format(*values)

        return filled

    def known(self, template: Template, *, optional: bool) -> Callable[[Row], str | None]:
        """Return what fills a template; a column that is unknown makes the row bad unless that is ``optional``."""
        text = self.text(template)
        if not optional:
            return text
        cells = [self.cell(column) for column in template.columns]
        return lambda row: None if any(cell(row) is None for cell in cells) else text(row)

    def words(self, text: Text, unknown: str | None = None) -> Callable[[Row], str]:
        """Return what finds the text of a field: a template, or the first case that applies."""
        if isinstance(text, Template):
            return self.text(text, unknown)
        cases = [(self.condition(case.when), self.text(case.is_, unknown)) for case in text]

        def first(row: Row) -> str:
            for applies, found in cases:
                if applies(row):
                    return found(row)
            raise BadRow("no case applies")

        return first

    def moment(self, moment: Moment) -> Callable[[Row], datetime | None]:
        """Return what reads a time as an instant."""
        text = self.known(moment.time, optional=moment.optional)
        plus = self.text(moment.plus) if moment.plus is not None else None
        form = moment.format or self._mapping.time_format

        def instant(row: Row) -> datetime | None:
            written = text(row)
            if written is None:
                return None
            found = self._instant(written, form)
            try:
                return found if plus is None else found + timedelta(seconds=self._duration(plus(row)).seconds)
            except OverflowError:
                raise BadRow("so much later there is no time any more") from None

        return instant

    def _read_instant(self, text: str, form: str) -> datetime:
        try:
            moment = parse_time(text, form)
            if moment.tzinfo is None:
                return local_instant(moment, self._mapping.timezone)
            return utc(moment)
        except (ValueError, OverflowError):
            raise BadRow(f"{text!r} is not a time written as {form}") from None

    def number(self, number: Number) -> Callable[[Row], Ratio | None]:
        """Return what reads a number."""
        text = self.known(number.number, optional=number.optional)

        def found(row: Row) -> Ratio | None:
            written = text(row)
            return None if written is None else self._number(written, number.decimals)

        return found

    def named(self, entry: Entry) -> Callable[[Row], str]:
        """Return what tells apart the evidence of a row in words; what is unknown shows as a question mark."""
        terms = [term.time if isinstance(term, Moment) else term for term in entry.identity if term is not None]
        texts = [self.words(term, unknown="?") for term in terms]
        return lambda row: " ".join(text(row) for text in texts)

    def condition(self, when: When) -> Callable[[Row], bool]:
        """Return what tells whether one of the maps holds whole; without any, everything does."""
        maps = [[self._cell_test(column, conditions) for column, conditions in each.items()] for each in when]
        if len(maps) == 1 and len(maps[0]) == 1:
            return maps[0][0]
        return lambda row: not maps or any(all(test(row) for test in tests) for tests in maps)

    def _cell_test(self, column: str, conditions: tuple[Condition, ...]) -> Callable[[Row], bool]:
        cell = self.cell(column)
        # What needs no number is looked up; None stands for a cell that is unknown.
        words: set[str | None] = {each.text for each in conditions if each.relation is Relation.IS}
        if any(each.relation is Relation.UNKNOWN for each in conditions):
            words.add(None)
        others = tuple(each for each in conditions if each.relation not in (Relation.IS, Relation.UNKNOWN))

        def holds(row: Row) -> bool:
            value = cell(row)
            if value in words or not others:
                return value in words
            try:
                return any(condition.holds(value) for condition in others)
            except ValueError as error:
                raise BadRow(f"{column}: {error}") from None

        return holds


class _CompiledEntry:
    """One entry of a mapping, ready for rows."""

    def __init__(self, entry: Entry, mapping: EvidenceMapping, columns: _Columns) -> None:
        self.applies = columns.condition(entry.when)
        self.shown = columns.named(entry)
        self._missing = [(columns.cell(column), words) for column, words in entry.missing.items()]
        self._for_each = entry.for_each
        self._list = columns.cell(entry.for_each.column) if entry.for_each else None
        self._made = maker_of(entry.form)
        values = dict(_fields(entry, columns))
        self._fixed = {
            "source": mapping.source,
            **{name: value for name, value in values.items() if not callable(value)},
        }
        self._read = {name: value for name, value in values.items() if callable(value)}

    def parts(self, row: Row) -> Iterable[Row]:
        """Return the row, or for each part of the listing column the row with the part in it."""
        if self._for_each is None or self._list is None:
            return (row,)
        listed = self._list(row)
        if listed is None:
            return ({**row, self._for_each.name: None},)
        parts = [part.strip() for part in listed.split(self._for_each.separator)]
        return [{**row, self._for_each.name: part} for part in parts if part]

    def missing(self, row: Row) -> str | None:
        """Return what the mapping calls it that a column is unknown; None if none is."""
        for cell, words in self._missing:
            if cell(row) is None:
                return words
        return None

    def evidence(self, row: Row) -> AnyEvidence:
        """Return the record or the probe of a row.

        :raises BadRow: if a value that it needs is unknown, or not of its form
        """
        values: dict[str, Any] = self._fixed.copy()
        name = ""
        try:
            for name, read in self._read.items():
                values[name] = read(row)
        except ValueError as error:
            raise BadRow(f"{'id' if name == 'source_id' else name}: {error}") from None
        try:
            return self._made(**values)
        except ValueError as error:
            raise BadRow(str(error)) from None


def _needed(column: str, cell: Cell) -> Callable[[Row], str]:
    def found(row: Row) -> str:
        value = cell(row)
        if value is None:
            raise BadRow(f"{column} is unknown")
        return value

    return found


def _fields(entry: Entry, columns: _Columns) -> Iterator[tuple[str, Any]]:
    """Yield for each field its value, or what reads it; fields that are left out keep their default."""
    said = said_of(entry.form)
    if isinstance(entry, RecordEntry):
        yield "source_id", columns.text(entry.id)
    for name, term in entry.terms():
        yield name, _value(str(said[name].type), term, columns)
    if isinstance(entry, TallyEntry) and entry.end is None:
        yield "end", columns.moment(entry.start)


def _value(kind: str, term: Any, columns: _Columns) -> Any:
    """Return the value of a field of this type if it is the same for every row, else what reads it."""
    if kind == "Labels":
        labels = [(name, columns.words(text)) for name, text in sorted(term.items())]
        return lambda row: tuple((name, text(row)) for name, text in labels)
    if isinstance(term, Moment):
        return columns.moment(term)
    if isinstance(term, Number):
        return columns.number(term)
    read = _FORMS.get(kind, str)
    if isinstance(term, Template) and term.constant is not None:
        return read(term.constant)
    text = columns.words(term)
    return text if read is str else lambda row: read(text(row))


def _rounded(text: str, decimals: int | None) -> Ratio:
    number = exact_number(text)
    if decimals is not None and number.denominator > 1:
        number = Fraction(rounded(Fraction(number * 10**decimals)), 10**decimals)
    return Ratio(number)


def _status(text: str) -> Status:
    if text not in _STATUSES:
        raise BadRow(f"{text!r} is none of {', '.join(Status)}")
    return _STATUSES[text]


def _whole(text: str) -> int:
    number = exact_number(text)
    if number.denominator != 1:
        raise BadRow(f"{text!r} is not a whole number")
    return int(number)


_STATUSES = {status.value: status for status in Status}
_FORMS: dict[str, Callable[[str], Any]] = {
    "Status": _status,
    "int": _whole,
    "Ratio": lambda text: Ratio(exact_number(text)),
}
