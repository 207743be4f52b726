"""Within as a measure: the share of cases that were done inside their limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause, exactly_one
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
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, TIME, choice
from makegood.engine.vocabulary.duration import Duration


class Population(StrEnum):
    """Which cases belong to a period."""

    OPENED_IN_PERIOD = "opened_in_period"
    RESOLVED_IN_PERIOD = "resolved_in_period"
    RESOLVED_PLUS_OPEN_OVERDUE = "resolved_plus_open_overdue"


class MissingStop(StrEnum):
    """What a closed case without a stop time counts as."""

    MISSED = "missed"
    LEFT_OUT = "left_out"


class Reopened(StrEnum):
    """What re-opening a case does to its clock."""

    RESUME = "resume"
    RESTART = "restart"
    IGNORE = "ignore"


class PriorityAt(StrEnum):
    """Which of a case's priorities decides its limit."""

    OPENING = "opening"
    END = "end"


class Bound(StrEnum):
    """Whether a case that takes exactly its limit is inside it."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


PRIORITY_AT = {
    PriorityAt.OPENING: "The priority that a case had at its opening decides.",
    PriorityAt.END: "The last priority of a case decides.",
}
POPULATION = {
    Population.OPENED_IN_PERIOD: "A period has the cases that were opened in it; those still open and not yet due are"
    " left out.",
    Population.RESOLVED_IN_PERIOD: "A period has the cases that were stopped in it.",
    Population.RESOLVED_PLUS_OPEN_OVERDUE: "A period has the cases that were stopped in it, and those open at its end"
    " beyond their limit.",
}
MISSING_STOP = {
    MissingStop.MISSED: "A case that was closed although nobody recorded its stop counts as missed.",
    MissingStop.LEFT_OUT: "A case that was closed although nobody recorded its stop is left out.",
}
REOPENED = {
    Reopened.RESUME: "The clock of a re-opened case goes on.",
    Reopened.RESTART: "The clock of a re-opened case begins anew.",
    Reopened.IGNORE: "Re-opening a case changes nothing.",
}
BOUND = {
    Bound.INCLUSIVE: "A case that takes exactly its limit is inside it.",
    Bound.EXCLUSIVE: "A case that takes exactly its limit is outside it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When the clock of a case runs."""

    from_: str = clause(SLUG, "The state that starts the clock.", key="from", default="opened")
    to: str = clause(SLUG, "The state that stops the clock.", default="resolved")
    on: str = clause(SLUG, "The calendar on which it runs; `always` is every second.", default="always")
    pause: tuple[str, ...] = clause(ListOf(SLUG, or_one=True), "States in which the clock stands still.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Measure):
    """The share of cases that were done inside their limit."""

    kind: ClassVar[str] = "within"
    title: ClassVar[str] = "the share of cases done inside their limit"
    has_cases: ClassVar[bool] = True

    rules: ClassVar = (exactly_one("limit", "limits"),)

    cases: str = clause(SLUG, "The kind of case, as in `incident`.")
    limit: Duration | None = clause(TIME, "One limit for all cases.", default=None)
    limits: dict[str, Duration] = clause(MapOf(SLUG, TIME, least=1), "A limit for each priority.", factory=dict)
    priority: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "Only cases of these priorities count; without it all.", default=()
    )
    priority_at: PriorityAt = clause(
        choice(PriorityAt), "Whether the first or the last priority of a case decides.", default=PriorityAt.END
    )
    clock: Clock = clause(Form(Clock), "When the clock runs.", default=Clock())
    population: Population = clause(
        choice(Population),
        "Which cases belong to a period. `opened_in_period`: opened in it, those still open and not yet due left"
        " out. `resolved_in_period`: stopped in it. `resolved_plus_open_overdue`: stopped in it, and those open at"
        " its end beyond their limit.",
        default=Population.RESOLVED_PLUS_OPEN_OVERDUE,
    )
    missing_stop: MissingStop = clause(
        choice(MissingStop),
        "What a case counts as that was closed although nobody recorded its stop.",
        default=MissingStop.MISSED,
    )
    closed: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "States that end a case even without a stop.", default=("closed",)
    )
    reopened: Reopened = clause(
        choice(Reopened),
        "Re-opening lets the clock go on (`resume`), begin anew (`restart`) or changes nothing (`ignore`).",
        default=Reopened.RESUME,
    )
    bound: Bound = clause(
        choice(Bound), "Whether a case that takes exactly its limit is inside it.", default=Bound.INCLUSIVE
    )
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when there was no case.", default=WhenEmpty.UNDECIDED)
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")

    @property
    def upside_down(self) -> str:
        return "a share of cases within their limit {} would be met by being late"

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
        return ((self.clock.on, ("clock", "on")),)

    @property
    def zeros(self) -> tuple[Path, ...]:
        found: list[Path] = [("limit",)] if self.limit is not None and not self.limit.seconds else []
        return (*found, *(("limits", name) for name, limit in self.limits.items() if not limit.seconds))

    def described(self, titles: Mapping[str, str]) -> str:  # noqa: ARG002  # cases are named as they are
        limits = "; ".join(f"{priority}: {limit.words}" for priority, limit in self.limits.items())
        within = self.limit.words if self.limit is not None else f"the limit of its priority ({limits})"
        way = f"from {self.clock.from_} to {self.clock.to}"
        return f"Its value is the share of cases ({self.cases}) that went {way} within {within}."

    def sentences(self) -> Iterator[Sentence]:
        which = (
            f"Cases of priority {any_of(self.priority)} count." if self.priority else "Cases of all priorities count."
        )
        yield ("priority",), which
        yield ("priority_at",), PRIORITY_AT[self.priority_at]
        clock = self.clock
        yield ("clock.from", "clock.to"), f"The clock of a case starts with {clock.from_} and stops with {clock.to}."
        runs = "every hour of every day" if clock.on == ALWAYS else f"in the hours of the calendar {clock.on}"
        yield ("clock.on",), f"The clock runs {runs}."
        stands = f"It stands still in the state {any_of(clock.pause)}." if clock.pause else "It never stands still."
        yield ("clock.pause",), stands
        yield ("population",), POPULATION[self.population]
        yield ("missing_stop",), MISSING_STOP[self.missing_stop]
        ends = f"The state {any_of(self.closed)} ends a case even without a stop."
        yield ("closed",), ends if self.closed else "Nothing but its stop ends a case."
        yield ("reopened",), REOPENED[self.reopened]
        yield ("bound",), BOUND[self.bound]
        yield ("empty",), f"If there was no case, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)
