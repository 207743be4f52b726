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
    is_something,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, SPAN, choice
from makegood.engine.vocabulary.duration import Days, Duration


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
    HIGHEST = "highest"
    EACH_BY_ITS_TIME = "each_by_its_time"


class CarriedOver(StrEnum):
    """How often a case counts that is overdue at the end of several periods."""

    AGAIN = "again"
    ONCE = "once"


class Bound(StrEnum):
    """Whether a case that takes exactly its limit is inside it."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


PRIORITY_AT = {
    PriorityAt.OPENING: "The priority that a case had at its opening decides.",
    PriorityAt.END: "The last priority of a case decides.",
    PriorityAt.HIGHEST: "The highest priority that a case ever had decides: the one with the shortest limit.",
    PriorityAt.EACH_BY_ITS_TIME: "Each priority uses up its own limit for as long as a case has it; together they use"
    " up no more than all.",
}
CARRIED_OVER = {
    CarriedOver.AGAIN: "A case that is overdue at the end of several periods counts in each of them, and once more when"
    " it is stopped.",
    CarriedOver.ONCE: "A case that was overdue at the end of a period counts there, and in no later one.",
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
    on_priority: dict[str, str] = clause(
        MapOf(SLUG, SLUG), "Calendars of single priorities, where they differ from `on`.", factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Measure):
    """The share of cases that were done inside their limit."""

    kind: ClassVar[str] = "within"
    title: ClassVar[str] = "the share of cases done inside their limit"
    has_cases: ClassVar[bool] = True

    rules: ClassVar = (exactly_one("limit", "limits"),)

    cases: str = clause(SLUG, "The kind of case, as in `incident`.")
    limit: Duration | Days | None = clause(SPAN, "One limit for all cases.", default=None)
    limits: dict[str, Duration | Days] = clause(MapOf(SLUG, SPAN, least=1), "A limit for each priority.", factory=dict)
    rest_within: Duration | Days | None = clause(
        SPAN,
        "A second limit, which no case at all may exceed; the outcome is missed by the first that does.",
        default=None,
    )
    rest_limits: dict[str, Duration | Days] = clause(
        MapOf(SLUG, SPAN), "Such second limits of single priorities.", factory=dict
    )
    priority: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "Only cases of these priorities count; without it all.", default=()
    )
    priority_at: PriorityAt = clause(
        choice(PriorityAt),
        "Which priority of a case decides: the one at its `opening` or `end`, its `highest`, or each for as long as it"
        " had it.",
        default=PriorityAt.END,
    )
    clock: Clock = clause(Form(Clock), "When the clock runs.", default=Clock())
    population: Population = clause(
        choice(Population),
        "Which cases belong to a period. `opened_in_period`: opened in it, those still open and not yet due left"
        " out. `resolved_in_period`: stopped in it. `resolved_plus_open_overdue`: stopped in it, and those open at"
        " its end beyond their limit.",
        default=Population.RESOLVED_PLUS_OPEN_OVERDUE,
    )
    carried_over: CarriedOver = clause(
        choice(CarriedOver),
        "Whether a case that stays overdue counts `again` in each period, or only `once`.",
        default=CarriedOver.AGAIN,
    )
    leave_out: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True),
        "Labels that take a case out, as `parent` and `duplicate_of`: what is a part of another case is that case.",
        default=(),
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
        named = ((calendar, ("clock", "on_priority", name)) for name, calendar in self.clock.on_priority.items())
        return ((self.clock.on, ("clock", "on")), *named)

    @property
    def zeros(self) -> tuple[Path, ...]:
        found: list[Path] = [("limit",)] if self.limit is not None and not is_something(self.limit) else []
        return (*found, *(("limits", name) for name, limit in self.limits.items() if not is_something(limit)))

    def limit_of(self, priority: str) -> Duration | Days | None:
        """Return the limit of cases of a priority; None if they have none."""
        return self.limits.get(priority, self.limit)

    def rest_limit(self, priority: str) -> Duration | Days | None:
        """Return the limit that no case of a priority may exceed; None if there is none."""
        return self.rest_limits.get(priority, self.rest_within)

    @property
    def meaning(self) -> str:
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
        apart = ", ".join(f"{name}: {calendar}" for name, calendar in clock.on_priority.items())
        differ = f"Some priorities have calendars of their own: {apart}."
        yield ("clock.on_priority",), differ if apart else "It runs on the same calendar for all priorities."
        stands = f"It stands still in the state {any_of(clock.pause)}." if clock.pause else "It never stands still."
        yield ("clock.pause",), stands
        yield ("population",), POPULATION[self.population]
        yield ("carried_over",), CARRIED_OVER[self.carried_over]
        yield ("rest_within",), _rest(self.rest_within)
        rests = "; ".join(f"{name}: {limit.words}" for name, limit in self.rest_limits.items())
        yield ("rest_limits",), _rests(rests)
        labels = f"Cases with the label {any_of(self.leave_out)} are left out: they are a part of another."
        yield ("leave_out",), labels if self.leave_out else "Every case counts, duplicates and parts of others too."
        yield ("missing_stop",), MISSING_STOP[self.missing_stop]
        ends = f"The state {any_of(self.closed)} ends a case even without a stop."
        yield ("closed",), ends if self.closed else "Nothing but its stop ends a case."
        yield ("reopened",), REOPENED[self.reopened]
        yield ("bound",), BOUND[self.bound]
        yield ("empty",), f"If there was no case, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)


def _rest(limit: Duration | Days | None) -> str:
    if limit is None:
        return "However late a single case is, only the share counts."
    return f"Whatever the share, the outcome is missed if a case takes more than {limit.words}."


def _rests(limits: str) -> str:
    if not limits:
        return "No priority has a second limit of its own."
    return f"The outcome is missed too if a case takes more than the second limit of its priority ({limits})."
