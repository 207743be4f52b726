"""Milestone as a measure: how late something was that was due once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, at_most_one, clause
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EXCLUDED,
    Better,
    ExclusionClause,
    Measure,
    Sentence,
    any_of,
    exclusions_in_words,
    is_something,
)
from makegood.engine.agreement.moments import MOMENT
from makegood.engine.agreement.places import Path, dotted
from makegood.engine.agreement.shapes import SLUG, SPAN, Unit, choice, whole
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.times import show_instant


class Parts(StrEnum):
    """Which units of delay count."""

    STARTED = "started"
    COMPLETED = "completed"


class Unrecorded(StrEnum):
    """What a milestone is of which nobody recorded that it was reached."""

    LATE = "late"
    UNDECIDED = "undecided"


PARTS = {
    Parts.STARTED: "A unit counts as soon as it has begun.",
    Parts.COMPLETED: "A unit counts once it is complete.",
}
UNRECORDED = {
    Unrecorded.LATE: "As long as nobody recorded that it was reached, it was not.",
    Unrecorded.UNDECIDED: "As long as nothing at all was recorded of it, there is no verdict.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Measure):
    """How late something was that was due once; each period judges the delay up to its end."""

    kind: ClassVar[str] = "milestone"
    title: ClassVar[str] = "how late something was that was due once"
    better: ClassVar[Better] = Better.LOWER
    has_events: ClassVar[bool] = False

    rules: ClassVar = (at_most_one("long_stop", "long_stop_units"),)

    of: str = clause(SLUG, "The milestone: the identifier of its case.")
    cases: str = clause(SLUG, "The kind of case that its evidence carries.", default="milestone")
    due: date = clause(MOMENT, "When it is due: an instant, or a day, at whose end it is.")
    reached: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True, least=1), "The state, or states, in which it is reached.", default=("reached",)
    )
    undone: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "States after which it is not reached any more, as after a refusal.", default=()
    )
    count_in: Duration | Days | None = clause(
        SPAN,
        "Count the delay in units of this length, as in `24h`, `1 day` or `1 business day`; without it the delay is a"
        " time.",
        default=None,
    )
    parts: Parts = clause(
        choice(Parts), "Whether a unit counts once it has `started` or when it is `completed`.", default=Parts.STARTED
    )
    on: str = clause(SLUG, "The calendar on which the delay runs; `always` is every second.", default="always")
    excluded: dict[str, ExclusionClause] = clause(
        EXCLUDED, "Causes whose time moves the day on which it is due, by name.", factory=dict
    )
    unrecorded: Unrecorded = clause(
        choice(Unrecorded), "What it is without any record: `late`, or `undecided`.", default=Unrecorded.LATE
    )
    long_stop: Duration | Days | None = clause(
        SPAN, "If it is later than this, the customer may terminate.", default=None
    )
    long_stop_units: int | None = clause(
        whole(0, 10**6), "Or if the delay is more than so many units, the customer may.", default=None
    )

    @property
    def unit(self) -> Unit:
        return Unit.TIME if self.count_in is None else Unit.NUMBER

    @property
    def upside_down(self) -> str:
        return "a delay {} is met by being late"

    @property
    def what(self) -> str:
        return self.of

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    @property
    def zeros(self) -> tuple[Path, ...]:
        return () if self.count_in is None or is_something(self.count_in) else (("count_in",),)

    @property
    def due_in_words(self) -> str:
        """When it is due, in words."""
        if isinstance(self.due, datetime):
            return f"at {show_instant(self.due)}"
        return f"at the end of {self.due.isoformat()}"

    @property
    def meaning(self) -> str:
        how = f"in units of {self.count_in.words}" if self.count_in is not None else "as a time"
        return f"Its value is the delay of {self.of}, {how}; it is due {self.due_in_words}."

    def sentences(self) -> Iterator[Sentence]:
        yield ("cases", "reached"), f"It is reached when its case ({self.cases}) becomes {any_of(self.reached)}."
        undone = f"It is not reached any more when its case then becomes {any_of(self.undone)}."
        yield ("undone",), undone if self.undone else "Once reached it stays so."
        delay = f"counted in units of {self.count_in.words}" if self.count_in is not None else "counted to the second"
        yield ("count_in",), f"Its delay is {delay}."
        yield ("parts",), PARTS[self.parts] if self.count_in is not None else "Its delay is not rounded."
        runs = "every hour of every day" if self.on == ALWAYS else f"in the hours of the calendar {self.on}"
        yield ("on",), f"The delay runs {runs}."
        yield ("unrecorded",), UNRECORDED[self.unrecorded]
        stop = "No delay by itself lets the customer terminate."
        if self.long_stop is not None:
            stop = f"If it is more than {self.long_stop.words} late, the customer may terminate."
        elif self.long_stop_units is not None:
            stop = f"If it is more than {self.long_stop_units} units late, the customer may terminate."
        yield ("long_stop", "long_stop_units"), stop
        causes = {dotted(("excluded", cause, "effect")): cause for cause in self.excluded}
        for terms, sentence in exclusions_in_words(self.excluded):
            moved = f"What is recorded as {causes.get(terms[0])} for it moves the day on which it is due."
            yield terms, moved if terms[0] in causes else sentence
