"""What the report says: plain texts in the order of reading, the same for the page and for the PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from makegood.drawing.typesetting import typeset


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
