"""Steps as a measure: every event, and each step that was promised after it, with a limit of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EMPTY,
    EXCLUDED,
    ExclusionClause,
    Measure,
    Sentence,
    WhenEmpty,
    any_of,
    exclusions_in_words,
    is_something,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, SPAN, choice
from makegood.engine.vocabulary.duration import Days, Duration


class CountsFrom(StrEnum):
    """From when the limits of the steps run."""

    OCCURRED = "occurred"
    DETECTED = "detected"


COUNTS_FROM = {
    CountsFrom.OCCURRED: "Limits run from the start of the event; if nobody recorded it, from its detection.",
    CountsFrom.DETECTED: "Limits run from the detection of the event; if nobody recorded it, from its start.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the state that shows that it was done, its limit, and what has to be on record with it."""

    state: str = clause(SLUG, "The state of the case that shows that it was done.")
    within: Duration | Days = clause(SPAN, "How long after the event it has to be done; exactly that long is in time.")
    needs: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True),
        "Labels without which it is not done, as the number of a ticket; it is done when the last of them is there.",
        default=(),
    )

    @property
    def words(self) -> str:
        """The limit, the state and what is needed, in words."""
        needs = f" with {' and '.join(self.needs)} on record" if self.needs else ""
        return f"{self.within.words} (recorded as {self.state}{needs})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(Measure):
    """The share of promised steps that were done inside their limit, over every event."""

    kind: ClassVar[str] = "steps"
    title: ClassVar[str] = "the share of promised steps that were done inside their limit"
    has_cases: ClassVar[bool] = True

    cases: str = clause(SLUG, "The kind of case that the events are, as in `outage`.")
    where: dict[str, str] = clause(
        MapOf(SLUG, SLUG), "Only events with these labels count; without it all.", factory=dict
    )
    priority: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "Only events of these priorities count; without it all.", default=()
    )
    occurred: str = clause(SLUG, "The state that marks the start of an event.", default="occurred")
    detected: str = clause(SLUG, "The state that marks its detection.", default="detected")
    from_: CountsFrom = clause(
        choice(CountsFrom),
        "Whether limits run from when the event `occurred` or from when it was `detected`; the other is shown too.",
        key="from",
        default=CountsFrom.OCCURRED,
    )
    on: str = clause(SLUG, "The calendar on which limits run; `always` is every second.", default="always")
    steps: dict[str, Step] = clause(MapOf(SLUG, Form(Step), least=1), "The steps, by name.")
    item: str = clause(SLUG, "The label that names what an event is about, as a device.", default="item")
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes whose events do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when there was no event.", default=WhenEmpty.UNDECIDED)

    @property
    def upside_down(self) -> str:
        return "a share of steps {} would be met by leaving them out"

    @property
    def what(self) -> str:
        return self.cases

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    @property
    def zeros(self) -> tuple[Path, ...]:
        return tuple(("steps", name, "within") for name, step in self.steps.items() if not is_something(step.within))

    @property
    def meaning(self) -> str:
        steps = "; ".join(f"{name} within {step.words}" for name, step in self.steps.items())
        return (
            f"Its value is the share of steps done in time after each event ({self.cases}): {steps}. A step without a"
            " record was not done."
        )

    def sentences(self) -> Iterator[Sentence]:
        labels = " and ".join(f"{name} {value}" for name, value in self.where.items())
        yield ("where",), f"Events with {labels} count." if labels else "Events count whatever their labels."
        which = f"Events of priority {any_of(self.priority)} count." if self.priority else ""
        yield ("priority",), which or "Events of all priorities count."
        marks = f"The state {self.occurred} marks the start of an event, {self.detected} its detection."
        yield ("occurred", "detected"), marks
        yield ("from",), COUNTS_FROM[self.from_]
        runs = "every hour of every day" if self.on == ALWAYS else f"in the hours of the calendar {self.on}"
        yield ("on",), f"Limits run {runs}; an event belongs to the period in which the last of its limits ends."
        yield ("item",), f"What an event is about stands in its label {self.item}."
        yield ("empty",), f"If there was no event, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)
