"""Ratio as a measure: the share of events that went well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, clause
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
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, TARGET, TIME, Target, choice
from makegood.engine.vocabulary.duration import Duration


class SliceMethod(StrEnum):
    """How slices of the period become one value."""

    MEAN_ERROR_RATE = "mean_error_rate"
    SHARE_OF_BAD_SLICES = "share_of_bad_slices"


class EmptySlice(StrEnum):
    """What a slice in which nothing happened counts as."""

    GOOD = "good"
    SKIPPED = "skipped"


class SliceWeight(StrEnum):
    """How much a slice counts in the mean."""

    EQUAL = "equal"
    BY_EVENTS = "by_events"


SLICES = {
    SliceMethod.MEAN_ERROR_RATE: "the value is 100 % less their mean share of bad events",
    SliceMethod.SHARE_OF_BAD_SLICES: "the value is the share of slices that were not bad",
}
EMPTY_SLICE = {
    EmptySlice.GOOD: "A slice in which nothing happened counts as good.",
    EmptySlice.SKIPPED: "A slice in which nothing happened is left out.",
}
SLICE_WEIGHT = {
    SliceWeight.EQUAL: "Slices count alike, however much happened in them.",
    SliceWeight.BY_EVENTS: "Slices count by the number of their events.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Equal slices of the period that are judged one by one."""

    every: Duration = clause(TIME, "The length of a slice, counted from the start of the period.")
    method: SliceMethod = clause(
        choice(SliceMethod),
        "`mean_error_rate`: 100 % minus the mean share of bad events; `share_of_bad_slices`: the share of slices that"
        " were not bad.",
    )
    bad_when: Target | None = clause(
        TARGET, 'With `share_of_bad_slices`: the error rate that makes a slice bad, as in "> 5%".', default=None
    )
    empty: EmptySlice = clause(choice(EmptySlice), "What a slice without any event counts as.", default=EmptySlice.GOOD)
    weight: SliceWeight = clause(
        choice(SliceWeight), "Whether slices count alike or by their events.", default=SliceWeight.EQUAL
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioOf(Measure):
    """The share of events that went well."""

    kind: ClassVar[str] = "ratio"
    title: ClassVar[str] = "the share of events that went well"
    better: ClassVar[Better] = Better.EITHER
    has_cases: ClassVar[bool] = True

    of: str = clause(SLUG, "The events, by the name that their evidence carries.")
    good: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True, least=1),
        "The result, or results, that count as good; if the target is a ceiling, those that it limits.",
    )
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when no event took place.", default=WhenEmpty.UNDECIDED)
    slices: Slices | None = clause(Form(Slices), "Judge slices of the period instead of its sum.", default=None)
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")

    @property
    def upside_down(self) -> str:
        return "a value of slices {} would be met by slices that are bad" if self.slices is not None else ""

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
    def zeros(self) -> tuple[Path, ...]:
        return (("slices", "every"),) if self.slices is not None and not self.slices.every.seconds else ()

    @property
    def meaning(self) -> str:
        return f"Its value is the share of {self.of} that were {any_of(self.good)}."

    def sentences(self) -> Iterator[Sentence]:
        yield ("empty",), f"If there were none, {EMPTY[self.empty]}"
        yield from _slices(self.slices)
        yield from exclusions_in_words(self.excluded)


def _slices(slices: Slices | None) -> Iterator[Sentence]:
    if slices is None:
        yield ("slices",), "The period is judged as a whole."
        return
    terms = ("slices.every", "slices.method", "slices.bad_when")
    bad = f"; a slice is bad with an error rate {slices.bad_when}" if slices.bad_when is not None else ""
    yield terms, f"The period is cut into slices of {slices.every.words}; {SLICES[slices.method]}{bad}."
    yield ("slices.empty",), EMPTY_SLICE[slices.empty]
    yield ("slices.weight",), SLICE_WEIGHT[slices.weight]
