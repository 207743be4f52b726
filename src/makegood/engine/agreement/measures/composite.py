"""Composite as a measure: how much of a service was usable, read from the tree of what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, clause
from makegood.engine.agreement.measures.availability import DEGRADED, UNKNOWN, Unknown, Usable
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EXCLUDED,
    ExclusionClause,
    Measure,
    Sentence,
    exclusions_in_words,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, Unit, choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite(Measure):
    """The share of agreed time in which a service was usable, by the tree of what it is made of."""

    kind: ClassVar[str] = "composite"
    title: ClassVar[str] = "the share of agreed time in which a service was usable, by the tree of its parts"
    size_unit: ClassVar[Unit] = Unit.TIME

    of: str = clause(SLUG, "The service at the top of the tree; its parts may be services with parts of their own.")
    on: str = clause(SLUG, "The calendar of agreed service time; `always` is every second.", default="always")
    degraded: Usable = clause(choice(Usable), "What a degraded part counts as.", default=Usable.UP)
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    unknown: Unknown = clause(Form(Unknown), "What time without evidence about a part means.", default=Unknown())

    @property
    def upside_down(self) -> str:
        return "a composite {} would be met by being down"

    @property
    def what(self) -> str:
        return self.of

    @property
    def subject(self) -> str:
        return self.of

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    def described(self, titles: Mapping[str, str]) -> str:
        title = titles.get(self.of)
        what = f"{title} ({self.of})" if title else self.of
        return (
            f"Its value is the share of agreed time in which {what} was usable: at each moment as far as the parts that"
            " it needs were, and those that they need."
        )

    def sentences(self) -> Iterator[Sentence]:
        calendar = "every hour of every day" if self.on == ALWAYS else f"that of the calendar {self.on}"
        yield ("on",), f"Agreed time is {calendar}."
        yield ("degraded",), DEGRADED[self.degraded]
        yield ("unknown.as",), UNKNOWN[self.unknown.as_]
        after = self.unknown.after
        held = f"for {after.words} at most" if after is not None else "until the next report"
        yield ("unknown.after",), f"A reported state holds {held}."
        coverage = self.unknown.minimum_coverage
        enough = "There is a verdict however little of the agreed time is known."
        if coverage:
            enough = f"If less than {coverage.percent()} of the agreed time is known, there is no verdict."
        yield ("unknown.minimum_coverage",), enough
        yield from exclusions_in_words(self.excluded)
