"""The mapping language: how the rows of somebody else's file become records.

A mapping is a document of its own, read with the same grammar as agreements. Nothing in it is evaluated as code: it
names columns, words and bounds, and every form is total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, OneOf, ScalarOr, clause
from makegood.engine.agreement.shapes import FLAG, SLUG, TEXT, ZONE, choice, whole
from makegood.engine.evidence.condition import CONDITION, Condition
from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import (
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    Record,
    State,
    Statement,
    Tally,
    Transition,
)
from makegood.engine.evidence.template import ANY_TEXT, COLUMN, FILE_NAME, ISO, TEMPLATE, TIME_FORMAT, Template

LANGUAGE = "mapping/1"


class FileFormat(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Encoding(StrEnum):
    """How the characters of a text file are written."""

    UTF_8 = "utf-8"
    LATIN_1 = "latin-1"
    WINDOWS_1252 = "windows-1252"


class Delimiter(StrEnum):
    """What stands between the cells of a CSV file."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"
    BAR = "bar"


When = tuple[Mapping[str, tuple[Condition, ...]], ...]

_CONDITIONS = MapOf(COLUMN, ListOf(CONDITION, or_one=True), least=1)
_WHEN = ListOf(_CONDITIONS, or_one=True, least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a field says under a condition; the first case that applies counts."""

    is_: Template = clause(TEMPLATE, "What the field then says.", key="is")
    when: When = clause(_WHEN, "When it says so; without it, always.", default=())


Text = Template | tuple[Case, ...]

_TEXT = ScalarOr(TEMPLATE, ListOf(Form(Case), least=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time in a row."""

    time: Template = clause(TEMPLATE, "The text of the time.")
    format: str | None = clause(TIME_FORMAT, "How it is written, if not as `time_format` says.", default=None)
    plus: Template | None = clause(TEMPLATE, "A duration to add, as in `3h` or `{minute}m`.", default=None)
    optional: bool = clause(FLAG, "Whether the field stays empty when the time is unknown.", default=False)


_MOMENT = ScalarOr(TEMPLATE, Form(Moment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in a row."""

    number: Template = clause(TEMPLATE, "The text of the number.")
    decimals: int | None = clause(
        whole(0, 6), "To how many decimals it is rounded, half up; without it, not at all.", default=None
    )
    optional: bool = clause(FLAG, "Whether the field stays empty when the number is unknown.", default=False)


_NUMBER = ScalarOr(TEMPLATE, Form(Number))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach:
    """A column that lists several things: one record for each."""

    column: str = clause(COLUMN, "The column that lists them.")
    separator: str = clause(ANY_TEXT, "What stands between them.")
    name: str = clause(COLUMN, "The name by which the entry calls each part, as a column of its own.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry of `records` has; further keys are the fields of its kind of evidence."""

    form: ClassVar[type[Record | Probe]]
    told_apart_by: ClassVar[tuple[str, ...]]
    """The keys that together say which fact it is."""

    when: When = clause(
        _WHEN,
        "To which rows the entry applies: all conditions of a map must hold, and of several maps one. Rows to which it"
        " does not apply are counted.",
        default=(),
    )
    missing: Mapping[str, str] = clause(
        MapOf(COLUMN, TEXT),
        "Columns that may be unknown, and what to call it: such a row leaves no record of this entry, and is counted"
        " and named under these words.",
        factory=dict,
    )
    for_each: ForEach | None = clause(Form(ForEach), "Makes one record for each part of a column.", default=None)

    @property
    def identity(self) -> tuple[Text | Moment | None, ...]:
        """What tells its evidence apart."""
        return tuple(getattr(self, name) for name in self.told_apart_by)

    def terms(self) -> Iterator[tuple[str, Any]]:
        """Yield the fields of the evidence that the entry says something about, and what it says."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name not in ("id", "when", "missing", "for_each") and value not in (None, {}):
                yield entry.name, value


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry(Entry):
    """What every entry has that makes records."""

    form: ClassVar[type[Record]]
    told_apart_by: ClassVar[tuple[str, ...]] = ("id",)

    id: Template = clause(TEMPLATE, "The record's identifier in its source: the same fact always has the same one.")
    observed_at: Moment | None = clause(_MOMENT, "When it was observed.", default=None)


_LABELS = MapOf(SLUG, _TEXT)
_LABELS_DOC = "Names by which reports break figures down, and conditions can ask."


@dataclass(frozen=True, slots=True, kw_only=True)
class StateEntry(RecordEntry):
    """A subject is up, degraded, down or unknown."""

    form: ClassVar[type[Record]] = State

    subject: Text = clause(_TEXT, "What it is about.")
    status: Text = clause(_TEXT, "`up`, `degraded`, `down` or `unknown`.")
    start: Moment = clause(_MOMENT, "From when on.")
    end: Moment | None = clause(_MOMENT, "Until when; without it, until the subject's next state.", default=None)
    seen_until: Moment | None = clause(_MOMENT, "When a state without end was last seen to hold.", default=None)
    reported_at: Moment | None = clause(_MOMENT, "When the customer reported it.", default=None)
    incident: Text | None = clause(_TEXT, "The incident it belongs to.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeEntry(RecordEntry):
    """A number with its unit at an instant."""

    form: ClassVar[type[Record]] = Gauge

    subject: Text = clause(_TEXT, "What it is about.")
    of: Text = clause(_TEXT, "What was measured.")
    value: Text = clause(_TEXT, "The number.")
    unit: Text = clause(_TEXT, "Its unit.")
    at: Moment = clause(_MOMENT, "When.")
    count: Text | None = clause(_TEXT, "How many samples had this value; without it, one.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyEntry(RecordEntry):
    """So many events had the same result."""

    form: ClassVar[type[Record]] = Tally

    subject: Text = clause(_TEXT, "What it is about.")
    of: Text = clause(_TEXT, "What the events are.")
    result: Text = clause(_TEXT, "What became of them.")
    count: Text = clause(_TEXT, "How many there were.", default=Template("1", ()))
    start: Moment = clause(_MOMENT, "When, or when the stretch begins in which they were counted.")
    end: Moment | None = clause(_MOMENT, "When that stretch ends; without it, at its start.", default=None)
    incident: Text | None = clause(_TEXT, "The incident they belong to.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionEntry(RecordEntry):
    """A case enters a state."""

    form: ClassVar[type[Record]] = Transition

    case: Text = clause(_TEXT, "The identifier of the case.")
    of: Text = clause(_TEXT, "What kind of case it is, such as `incident`.")
    state: Text = clause(_TEXT, "The state that it enters.")
    at: Moment = clause(_MOMENT, "When.")
    priority: Text | None = clause(_TEXT, "The priority that it then has.", default=None)
    incident: Text | None = clause(_TEXT, "The incident it belongs to.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionEntry(RecordEntry):
    """A stretch, or a case, is not held against the provider."""

    form: ClassVar[type[Record]] = Exclusion

    cause: Text = clause(_TEXT, "The cause, as the agreement calls it.")
    start: Moment = clause(_MOMENT, "From when on.")
    end: Moment = clause(_MOMENT, "Until when.")
    subject: Text | None = clause(_TEXT, "What it concerns; without it, every subject.", default=None)
    case: Text | None = clause(_TEXT, "The case that it concerns alone.", default=None)
    announced_at: Moment | None = clause(_MOMENT, "When it was announced.", default=None)
    approved_by: Text | None = clause(_TEXT, "Who approved it.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionEntry(RecordEntry):
    """A party's share in the cause of an incident, or of what went wrong in a stretch."""

    form: ClassVar[type[Record]] = Attribution

    incident: Text | None = clause(_TEXT, "The incident; without it, whatever went wrong then.", default=None)
    party: Text = clause(_TEXT, "The party.")
    share: Text = clause(_TEXT, "Its share, as in `0.5` or `50%`.")
    by: Text | None = clause(_TEXT, "Who says so.", default=None)
    start: Moment | None = clause(_MOMENT, "From when on; without it, for all of the incident.", default=None)
    end: Moment | None = clause(_MOMENT, "Until when.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry(RecordEntry):
    """A value attested by a named person."""

    form: ClassVar[type[Record]] = Statement

    subject: Text = clause(_TEXT, "What it is about.")
    of: Text = clause(_TEXT, "What is stated.")
    value: Text = clause(_TEXT, "The number.")
    unit: Text = clause(_TEXT, "Its unit.")
    at: Moment = clause(_MOMENT, "For when it holds.")
    by: Text = clause(_TEXT, "The person who states it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEntry(RecordEntry):
    """A record no longer counts."""

    form: ClassVar[type[Record]] = Correction

    of: Text = clause(_TEXT, "The source of that record.")
    corrects: Text = clause(_TEXT, "Its identifier there.")
    reason: Text = clause(_TEXT, "Why.")
    by: Text | None = clause(_TEXT, "Who says so.", default=None)
    at: Moment | None = clause(_MOMENT, "When that was said.", default=None)
    agreed_by: Text | None = clause(_TEXT, "Who of the other side agreed to it.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeEntry(Entry):
    """One check of a subject, of which a file has very many; its check, its subject and its time tell it apart."""

    form: ClassVar[type[Probe]] = Probe
    told_apart_by: ClassVar[tuple[str, ...]] = ("source", "check", "subject", "at")

    source: Text | None = clause(_TEXT, "Its source, if not the mapping's.", default=None)
    check: Text | None = clause(_TEXT, "Which check of its source it is, if there are several.", default=None)
    subject: Text = clause(_TEXT, "What it is about.")
    status: Text = clause(_TEXT, "`up`, `degraded`, `down` or `unknown`.")
    at: Moment = clause(_MOMENT, "When.")
    of: Text | None = clause(_TEXT, "What was measured.", default=None)
    value: Number | None = clause(_NUMBER, "The number, with at most six decimals.", default=None)
    unit: Text | None = clause(_TEXT, "Its unit.", default=None)
    labels: Mapping[str, Text] = clause(_LABELS, _LABELS_DOC, factory=dict)


ENTRIES: dict[str, type[Entry]] = {
    entry.form.kind: entry
    for entry in (
        StateEntry,
        GaugeEntry,
        TallyEntry,
        TransitionEntry,
        ExclusionEntry,
        AttributionEntry,
        StatementEntry,
        CorrectionEntry,
        ProbeEntry,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Which rows count, of a file that repeats what it is about."""

    last_row_per: str = clause(COLUMN, "Only the last row with each value of this column counts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A second file that says more about a value, as a column of its own."""

    file: str = clause(FILE_NAME, "Its name; it lies beside the file that is imported.")
    key: str = clause(COLUMN, "The column by which it is looked up there.")
    value: str = clause(COLUMN, "The column that is wanted of it.")
    by: str | None = clause(COLUMN, "The column that has the key here, if it has another name.", default=None)
    otherwise: str | None = clause(ANY_TEXT, "What stands for a key that is unknown or not found.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceMapping:
    """A whole mapping document."""

    mapping: str = clause(SLUG, "Its identifier.")
    makegood: str = clause(TEXT, f"The language: `{LANGUAGE}`.")
    title: str = clause(TEXT, "What it is for, in a few words.", default="")
    source: str = clause(SLUG, "The name of the source that its records carry.")
    format: FileFormat | None = clause(
        choice(FileFormat), "What kind of file it is; without it, the file's ending says.", default=None
    )
    delimiter: Delimiter = clause(
        choice(Delimiter), "What stands between the cells of a CSV file.", default=Delimiter.COMMA
    )
    encoding: Encoding = clause(
        choice(Encoding), "How the characters of a text file are written.", default=Encoding.UTF_8
    )
    unknown: tuple[str, ...] = clause(
        ListOf(ANY_TEXT, or_one=True),
        "Cells that mean: not known. A cell that is not there at all always does.",
        default=("",),
    )
    timezone: str = clause(ZONE, "Where clocks showed the times that have no offset.", default="UTC")
    time_format: str = clause(
        TIME_FORMAT,
        "How times are written: `iso`, `unix` or `unix_ms` seconds since 1970, or a form such as `%d/%m/%Y %H:%M`.",
        default=ISO,
    )
    keep: Keep | None = clause(Form(Keep), "Which rows count; without it, all.", default=None)
    lookups: Mapping[str, Lookup] = clause(
        MapOf(COLUMN, Form(Lookup)), "Columns that come from a second file, by the name they get.", factory=dict
    )
    words: Mapping[str, Mapping[str, str]] = clause(
        MapOf(COLUMN, MapOf(ANY_TEXT, TEXT, least=1)),
        "Columns whose words are translated. A word that is not listed makes the row unreadable.",
        factory=dict,
    )
    records: tuple[Entry, ...] = clause(
        ListOf(OneOf("kind", {kind: Form(entry) for kind, entry in ENTRIES.items()}), least=1),
        "The records that a row leaves.",
    )
