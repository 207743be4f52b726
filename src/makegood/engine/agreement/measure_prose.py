"""Measures in prose: what is counted, and each reading as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.measures import (
    Availability,
    Bound,
    Count,
    CountFrom,
    CountOf,
    Effect,
    EmptySlice,
    ExclusionClause,
    Granularity,
    Measure,
    MissingStop,
    Population,
    PriorityAt,
    RatioOf,
    Reopened,
    SliceMethod,
    Slices,
    SliceWeight,
    UnknownAs,
    Usable,
    WhenEmpty,
    Within,
)
from makegood.engine.agreement.places import dotted
from makegood.engine.agreement.schedule import ALWAYS
from makegood.engine.agreement.terms import Agreement

# The terms that a sentence speaks of, and the sentence.
Sentence = tuple[tuple[str, ...], str]

GRANULARITY = {
    Granularity.SECONDS: "Downtime is counted to the second.",
    Granularity.TOUCHED_MINUTES: "Every clock minute with a second of outage in it counts as a whole minute.",
    Granularity.FULL_MINUTES: "Only clock minutes that were down from end to end count.",
    Granularity.ELAPSED_MINUTES: "Of each outage its full minutes count, from its own start.",
}
COUNT_FROM = {
    CountFrom.OUTAGE_START: "An outage counts from its start.",
    CountFrom.REPORTED: "An outage counts from its report, if that came after its start.",
}
DEGRADED = {
    Usable.UP: "Degraded service counts as up.",
    Usable.DOWN: "Degraded service counts as down.",
}
UNKNOWN = {
    UnknownAs.UP: "Time without evidence counts as up.",
    UnknownAs.DOWN: "Time without evidence counts as down.",
    UnknownAs.EXCLUDED: "Time without evidence is taken out of the agreed time.",
}
EMPTY = {
    WhenEmpty.UNDECIDED: "the outcome is undecided.",
    WhenEmpty.MET: "the outcome is met.",
    WhenEmpty.MISSED: "the outcome is missed.",
}
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
EFFECT = {
    Effect.SHRINK: "is taken out of the count",
    Effect.UP: "stays in the count and counts as good",
}


def agreed(written: bool) -> str:
    """Return who said so: the parties, or the house."""
    return "as agreed" if written else "house default"


def measured(measure: Measure, agreement: Agreement) -> str:
    """Return in one sentence what the value of a measure is."""
    match measure:
        case Availability():
            service = agreement.services.get(measure.of)
            what = f"{service.title} ({measure.of})" if service else measure.of
            return f"Its value is the share of agreed time in which {what} was usable."
        case RatioOf():
            return f"Its value is the share of {measure.of} that were {_any_of(measure.good)}."
        case CountOf():
            which = f" that were {_any_of(measure.counting)}" if measure.counting else ""
            return f"Its value is the number of {measure.of}{which}."
        case _:
            limits = "; ".join(f"{priority}: {limit.words}" for priority, limit in measure.limits.items())
            within = measure.limit.words if measure.limit is not None else f"the limit of its priority ({limits})"
            way = f"from {measure.clock.from_} to {measure.clock.to}"
            return f"Its value is the share of cases ({measure.cases}) that went {way} within {within}."


def readings_in_words(agreement: Agreement, outcome: str) -> Iterator[tuple[str, bool]]:
    """Yield each reading of an outcome's measure as a sentence, and whether the parties wrote it."""
    measure = dotted(("outcomes", outcome, "measure"))
    for terms, sentence in sentences(agreement.outcomes[outcome].measure):
        paths = {f"{measure}.{term}" for term in terms}
        yield sentence, bool(paths & agreement.written)


def sentences(measure: Measure) -> Iterator[Sentence]:
    """Yield every reading of a measure as a sentence, with the terms that it speaks of."""
    match measure:
        case Availability():
            yield from _availability(measure)
        case RatioOf():
            yield ("empty",), f"If there were none, {EMPTY[measure.empty]}"
            yield from _slices(measure.slices)
        case Within():
            yield from _within(measure)
        case _:
            counted = (
                f"Only {_any_of(measure.counting)} are counted." if measure.counting else "All results are counted."
            )
            yield ("counting",), counted
            yield ("empty",), f"If there is no evidence at all, {EMPTY[measure.empty]}"
    yield from _excluded(measure.excluded)


def _availability(measure: Availability) -> Iterator[Sentence]:
    calendar = "every hour of every day" if measure.on == ALWAYS else f"that of the calendar {measure.on}"
    yield ("on",), f"Agreed time is {calendar}."
    yield ("count.granularity",), GRANULARITY[measure.count.granularity]
    yield ("count.ignore_shorter_than", "count.ignore_up_to"), _ignored(measure.count)
    yield ("count.from",), COUNT_FROM[measure.count.from_]
    yield ("degraded",), DEGRADED[measure.degraded]
    yield ("unknown.as",), UNKNOWN[measure.unknown.as_]
    after = measure.unknown.after
    held = f"for {after.words} at most" if after is not None else "until the next report"
    yield ("unknown.after",), f"A reported state holds {held}."
    coverage = measure.unknown.minimum_coverage
    if coverage:
        enough = f"If less than {coverage.percent()} of the agreed time is known, there is no verdict."
    else:
        enough = "There is a verdict however little of the agreed time is known."
    yield ("unknown.minimum_coverage",), enough


def _ignored(count: Count) -> str:
    if count.ignore_shorter_than is not None:
        return f"Outages shorter than {count.ignore_shorter_than.words} do not count."
    if count.ignore_up_to is not None:
        return f"Outages of {count.ignore_up_to.words} or less do not count."
    return "Outages of any length count."


def _slices(slices: Slices | None) -> Iterator[Sentence]:
    if slices is None:
        yield ("slices",), "The period is judged as a whole."
        return
    terms = ("slices.every", "slices.method", "slices.bad_when")
    bad = f"; a slice is bad with an error rate {slices.bad_when}" if slices.bad_when is not None else ""
    yield terms, f"The period is cut into slices of {slices.every.words}; {SLICES[slices.method]}{bad}."
    yield ("slices.empty",), EMPTY_SLICE[slices.empty]
    yield ("slices.weight",), SLICE_WEIGHT[slices.weight]


def _within(measure: Within) -> Iterator[Sentence]:
    which = (
        f"Cases of priority {_any_of(measure.priority)} count."
        if measure.priority
        else "Cases of all priorities count."
    )
    yield ("priority",), which
    yield ("priority_at",), PRIORITY_AT[measure.priority_at]
    clock = measure.clock
    yield ("clock.from", "clock.to"), f"The clock of a case starts with {clock.from_} and stops with {clock.to}."
    runs = "every hour of every day" if clock.on == ALWAYS else f"in the hours of the calendar {clock.on}"
    yield ("clock.on",), f"The clock runs {runs}."
    stands = f"It stands still in the state {_any_of(clock.pause)}." if clock.pause else "It never stands still."
    yield ("clock.pause",), stands
    yield ("population",), POPULATION[measure.population]
    yield ("missing_stop",), MISSING_STOP[measure.missing_stop]
    ends = f"The state {_any_of(measure.closed)} ends a case even without a stop."
    yield ("closed",), ends if measure.closed else "Nothing but its stop ends a case."
    yield ("reopened",), REOPENED[measure.reopened]
    yield ("bound",), BOUND[measure.bound]
    yield ("empty",), f"If there was no case, {EMPTY[measure.empty]}"


def _excluded(excluded: dict[str, ExclusionClause]) -> Iterator[Sentence]:
    if not excluded:
        yield ("excluded",), "Nothing is excluded."
    for cause, exclusion in excluded.items():
        at, what = dotted(("excluded", cause)), f"hat is recorded as {cause}"
        yield (f"{at}.effect",), f"W{what} {EFFECT[exclusion.effect]}."
        notice = exclusion.notice.words if exclusion.notice is not None else ""
        early = f"only if it was announced {notice} before its start" if notice else "whether or not it was announced"
        yield (f"{at}.notice",), f"W{what} is excluded {early}."
        much = f"Of w{what}, at most {exclusion.allowance} are excluded, the earliest first."
        yield (f"{at}.allowance",), much if exclusion.allowance else f"W{what} is excluded without limit."


def _any_of(words: tuple[str, ...]) -> str:
    return " or ".join(words)
