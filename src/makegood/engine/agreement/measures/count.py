"""Count as a measure: how many events happened, or how many people or units they touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.measures.parts import (
    EMPTY,
    EXCLUDED,
    Better,
    ExclusionClause,
    Measure,
    Sentence,
    WhenEmpty,
    any_of,
    exclusions_in_words,
)
from makegood.engine.agreement.shapes import SLUG, Unit, choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOf(Measure):
    """How many events happened, or how many people or units they touched."""

    kind: ClassVar[str] = "count"
    title: ClassVar[str] = "how many events happened, or how much they touched"
    better: ClassVar[Better] = Better.LOWER

    of: str = clause(SLUG, "The events or units, by the name that their evidence carries.")
    counting: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "The result, or results, that are counted; without it all.", default=()
    )
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(
        choice(WhenEmpty), "The ruling when there is no evidence at all.", default=WhenEmpty.UNDECIDED
    )
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")

    @property
    def unit(self) -> Unit:
        return Unit.NUMBER

    @property
    def upside_down(self) -> str:
        return "a count {} is met by more of what is counted"

    @property
    def what(self) -> str:
        return self.of

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def meaning(self) -> str:
        which = f" that were {any_of(self.counting)}" if self.counting else ""
        return f"Its value is the number of {self.of}{which}."

    def sentences(self) -> Iterator[Sentence]:
        counted = f"Only {any_of(self.counting)} are counted." if self.counting else "All results are counted."
        yield ("counting",), counted
        yield ("empty",), f"If there is no evidence at all, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)
