"""The measures of the language: what is counted, and every reading that may change the count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, OneOf, at_most_one, clause, exactly_one
from makegood.engine.agreement.shapes import (
    ALLOWANCE,
    SHARE,
    SLUG,
    SPAN,
    TARGET,
    TIME,
    Allowance,
    Target,
    choice,
)
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio


class Effect(StrEnum):
    """What an exclusion does to the count."""

    SHRINK = "shrink"
    UP = "up"


class Granularity(StrEnum):
    """How downtime is counted."""

    SECONDS = "seconds"
    TOUCHED_MINUTES = "touched_minutes"
    FULL_MINUTES = "full_minutes"
    ELAPSED_MINUTES = "elapsed_minutes"


class CountFrom(StrEnum):
    """From when an outage counts."""

    OUTAGE_START = "outage_start"
    REPORTED = "reported"


class UnknownAs(StrEnum):
    """What time without evidence counts as."""

    UP = "up"
    DOWN = "down"
    EXCLUDED = "excluded"


class Usable(StrEnum):
    """What degraded service counts as."""

    UP = "up"
    DOWN = "down"


class WhenEmpty(StrEnum):
    """The ruling when there was nothing to measure."""

    UNDECIDED = "undecided"
    MET = "met"
    MISSED = "missed"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionClause:
    """A cause that does not count against the provider, and under which conditions."""

    effect: Effect = clause(
        choice(Effect),
        "`shrink` takes the time or the events out of the count; `up` leaves them in and counts them as good.",
        default=Effect.SHRINK,
    )
    notice: Duration | Days | None = clause(
        SPAN, "How long before its start it must have been announced to count.", default=None
    )
    allowance: Allowance | None = clause(
        ALLOWANCE, "At most so much of it counts in each period, the earliest first.", default=None
    )


EXCLUDED = MapOf(SLUG, Form(ExclusionClause))


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How outages are counted."""

    rules: ClassVar = (at_most_one("ignore_shorter_than", "ignore_up_to"),)

    granularity: Granularity = clause(
        choice(Granularity),
        "`seconds` counts every second; `touched_minutes` every clock minute with a second of outage; `full_minutes`"
        " only clock minutes that were down from end to end; `elapsed_minutes` the full minutes of each outage.",
        default=Granularity.SECONDS,
    )
    ignore_shorter_than: Duration | None = clause(TIME, "Outages shorter than this do not count.", default=None)
    ignore_up_to: Duration | None = clause(TIME, "Outages of this length or shorter do not count.", default=None)
    from_: CountFrom = clause(
        choice(CountFrom),
        "`outage_start` counts from the start of the outage, `reported` from its report if that came later.",
        key="from",
        default=CountFrom.OUTAGE_START,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What silence means."""

    as_: UnknownAs = clause(
        choice(UnknownAs),
        "Time without evidence counts as `up`, as `down`, or is `excluded` from the agreed time.",
        key="as",
        default=UnknownAs.DOWN,
    )
    after: Duration | None = clause(
        TIME,
        "A reported state holds at most this long without a new report; without this term until the next one.",
        default=None,
    )
    minimum_coverage: Ratio = clause(
        SHARE, "Below this share of agreed time with known state there is no verdict.", default=Ratio(0)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The share of agreed time in which a service was usable."""

    of: str = clause(SLUG, "The service, or a single component, whose time is judged.")
    on: str = clause(SLUG, "The calendar of agreed service time; `always` is every second.", default="always")
    count: Count = clause(Form(Count), "How outages are counted.", default=Count())
    degraded: Usable = clause(choice(Usable), "What degraded service counts as.", default=Usable.UP)
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    unknown: Unknown = clause(Form(Unknown), "What time without evidence means.", default=Unknown())
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")


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
class RatioOf:
    """The share of events that went well."""

    of: str = clause(SLUG, "The events, by the name that their evidence carries.")
    good: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True, least=1),
        "The result, or results, that count as good; if the target is a ceiling, those that it limits.",
    )
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when no event took place.", default=WhenEmpty.UNDECIDED)
    slices: Slices | None = clause(Form(Slices), "Judge slices of the period instead of its sum.", default=None)
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When the clock of a case runs."""

    from_: str = clause(SLUG, "The state that starts the clock.", key="from", default="opened")
    to: str = clause(SLUG, "The state that stops the clock.", default="resolved")
    on: str = clause(SLUG, "The calendar on which it runs; `always` is every second.", default="always")
    pause: tuple[str, ...] = clause(ListOf(SLUG, or_one=True), "States in which the clock stands still.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The share of cases that were done inside their limit."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOf:
    """How many events happened, or how many people or units they touched."""

    of: str = clause(SLUG, "The events or units, by the name that their evidence carries.")
    counting: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "The result, or results, that are counted; without it all.", default=()
    )
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(
        choice(WhenEmpty), "The ruling when there is no evidence at all.", default=WhenEmpty.UNDECIDED
    )
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")


Measure = Availability | RatioOf | Within | CountOf

MEASURE = OneOf(
    "kind",
    {
        "availability": Form(Availability),
        "ratio": Form(RatioOf),
        "within": Form(Within),
        "count": Form(CountOf),
    },
)
