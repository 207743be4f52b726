"""What the report says: plain texts in the order of reading, the same for the page and for the PDF."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final

# Control characters have no place in a report, and those that turn the direction of text could make it lie.
_UNSEEN: Final = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
_UNIT: Final = re.compile(r"(?<=[0-9]) (?=%|[A-Z]{3}(?![A-Za-z]))|(?<=[≥≤<>]) (?=[0-9])")
_MINUS: Final = re.compile(r"(?:^|(?<= ))-(?=[0-9][0-9,]*\.[0-9])")


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: numbers stand to the right, and ``wide`` columns share the room that is left."""

    text: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table: its text, a smaller line below, a ruling if it is one, and where it leads."""

    text: str
    below: str = ""
    ruling: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, its columns, and rows whose first cell names them; the last row may be a sum."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_sum: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by the name of its drawing, in words for those who do not see it, and its legend."""

    name: str
    label: str
    caption: str
    legend: tuple[tuple[str, str], ...]
    height: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation; what is too long to print is counted."""

    text: str
    value: str
    rule: str
    evidence: tuple[str, ...]
    more_evidence: int
    steps: tuple[Step, ...]
    more_steps: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures at the top."""

    name: str
    value: str
    below: str


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """The part of the report on one outcome."""

    anchor: str
    name: str
    promise: str
    facts: tuple[tuple[str, str], ...]
    chart: Chart
    table: Table
    parts_chart: Chart | None
    parts: Table | None
    causes: Table | None
    readings: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class VerdictPart:
    """One verdict: what was ruled, the measurement, the readings used and the steps that led to it."""

    outcome: str
    ruling: str
    value: str
    target: str
    detail: str
    credit: str
    readings: Table
    reason: Step


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """The part of the report on one period."""

    anchor: str
    name: str
    line: str
    dates: str
    verdicts: tuple[VerdictPart, ...]
    remedies: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    title: str
    agreement: str
    provider: str
    customer: str
    stretch: str
    generated: str
    seal: str
    origin: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    summary: tuple[str, ...]
    overview: Table
    trend: Table | None
    outcomes: tuple[OutcomePart, ...]
    credits_chart: Chart | None
    credits: Table | None
    rights: Table | None
    periods: tuple[PeriodPart, ...]
    settlement: Table | None
    evidence: Table | None
    coverage: Table | None
    verification: tuple[tuple[str, str], ...]
    glossary: tuple[tuple[str, str], ...]


def plain(report: Report) -> dict[str, Any]:
    """Return the report as JSON-ready data with its texts set; both templates are filled from it."""
    return {key: typeset(value) for key, value in asdict(report).items()}


def typeset(value: object) -> object:
    """Return texts, wherever they are in the value, as they are printed.

    A number stays on one line with its unit and has a true minus; a character that cannot be seen gives way to a mark.
    """
    match value:
        case str():
            return _UNIT.sub("\u00a0", _MINUS.sub("\u2212", _UNSEEN.sub("\ufffd", value)))
        case dict():
            return {key: typeset(each) for key, each in value.items()}
        case list() | tuple():
            return [typeset(each) for each in value]
        case _:
            return value
