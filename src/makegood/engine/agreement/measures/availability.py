"""Availability as a measure: the share of agreed time in which a service was usable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, at_most_one, clause
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EXCLUDED,
    ExclusionClause,
    Measure,
    Sentence,
    exclusions_in_words,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SHARE, SLUG, TIME, Unit, choice, whole
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio


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


class Together(StrEnum):
    """How many users records of the same moment touch."""

    SUM = "sum"
    HIGHEST = "highest"


TOGETHER = {
    Together.SUM: "Records of the same moment touch different users, and never more than there are.",
    Together.HIGHEST: "Records of the same moment touch the same users: the largest number counts.",
}
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
class Users:
    """How many people use the service, so that an outage weighs as much as it touches."""

    total: int = clause(whole(1, 10**9), "How many users there are.")
    label: str = clause(
        SLUG, "The label of an outage that says how many it touched; without it all were.", default="users"
    )
    together: Together = clause(
        choice(Together), "Whether records of the same moment add up or touch the same users.", default=Together.SUM
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability(Measure):
    """The share of agreed time in which a service was usable."""

    kind: ClassVar[str] = "availability"
    title: ClassVar[str] = "the share of agreed time in which the service was usable"
    size_unit: ClassVar[Unit] = Unit.TIME

    of: str = clause(SLUG, "The service, or a single component, whose time is judged.")
    on: str = clause(SLUG, "The calendar of agreed service time; `always` is every second.", default="always")
    count: Count = clause(Form(Count), "How outages are counted.", default=Count())
    degraded: Usable = clause(choice(Usable), "What degraded service counts as.", default=Usable.UP)
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    unknown: Unknown = clause(Form(Unknown), "What time without evidence means.", default=Unknown())
    users: Users | None = clause(
        Form(Users), "Weigh outages by the users they touch; without it time counts, whoever it touched.", default=None
    )
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")

    @property
    def upside_down(self) -> str:
        return "availability {} would be met by being down"

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
        if self.users is not None:
            return f"Its value is the share of agreed time, user by user, in which {what} was usable."
        return f"Its value is the share of agreed time in which {what} was usable."

    def sentences(self) -> Iterator[Sentence]:
        calendar = "every hour of every day" if self.on == ALWAYS else f"that of the calendar {self.on}"
        yield ("on",), f"Agreed time is {calendar}."
        yield ("count.granularity",), GRANULARITY[self.count.granularity]
        yield ("count.ignore_shorter_than", "count.ignore_up_to"), _ignored(self.count)
        yield ("count.from",), COUNT_FROM[self.count.from_]
        yield ("degraded",), DEGRADED[self.degraded]
        yield ("unknown.as",), UNKNOWN[self.unknown.as_]
        after = self.unknown.after
        held = f"for {after.words} at most" if after is not None else "until the next report"
        yield ("unknown.after",), f"A reported state holds {held}."
        coverage = self.unknown.minimum_coverage
        if coverage:
            enough = f"If less than {coverage.percent()} of the agreed time is known, there is no verdict."
        else:
            enough = "There is a verdict however little of the agreed time is known."
        yield ("unknown.minimum_coverage",), enough
        yield from _users(self.users)
        yield from exclusions_in_words(self.excluded)


def _users(users: Users | None) -> Iterator[Sentence]:
    if users is None:
        yield ("users",), "An outage counts alike, however many users it touches."
        return
    yield ("users.total",), f"The service has {users.total:,} users; each has the whole agreed time."
    yield ("users.label",), f"The label {users.label} of an outage says how many it touched; without it, all of them."
    yield ("users.together",), TOGETHER[users.together]


def _ignored(count: Count) -> str:
    if count.ignore_shorter_than is not None:
        return f"Outages shorter than {count.ignore_shorter_than.words} do not count."
    if count.ignore_up_to is not None:
        return f"Outages of {count.ignore_up_to.words} or less do not count."
    return "Outages of any length count."
