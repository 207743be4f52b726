"""Recovery as a measure: how long failures last, how far they lie apart, and how much they lose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, clause, exactly_one
from makegood.engine.agreement.measures.availability import DEGRADED, Usable
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
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
from makegood.engine.agreement.shapes import SLUG, TIME, Unit, choice
from makegood.engine.vocabulary.duration import Duration


class RecoveryFigure(StrEnum):
    """What is made of the failures."""

    MEAN_TIME_TO_RESTORE = "mean_time_to_restore"
    LONGEST_TIME_TO_RESTORE = "longest_time_to_restore"
    MEAN_TIME_BETWEEN_FAILURES = "mean_time_between_failures"
    MEAN_TIME_BETWEEN_INCIDENTS = "mean_time_between_incidents"
    RECOVERY_POINT = "recovery_point"


class FailuresOf(StrEnum):
    """Which failures belong to a period."""

    RESTORED = "restored_in_period"
    FAILED = "failed_in_period"


class StillFailed(StrEnum):
    """What a failure does that is not restored at the end of the period."""

    COUNTED = "counted"
    LEFT_OUT = "left_out"


RECOVERY_FIGURE = {
    RecoveryFigure.MEAN_TIME_TO_RESTORE: "the mean time from a failure to its restoration",
    RecoveryFigure.LONGEST_TIME_TO_RESTORE: "the longest time from a failure to its restoration",
    RecoveryFigure.MEAN_TIME_BETWEEN_FAILURES: "the time in which nothing had failed, divided by the failures",
    RecoveryFigure.MEAN_TIME_BETWEEN_INCIDENTS: "the agreed time, divided by the failures",
    RecoveryFigure.RECOVERY_POINT: "the longest time from the last good backup to a failure",
}
FAILURES_OF = {
    FailuresOf.RESTORED: "Times to restore are those of failures that were restored in the period.",
    FailuresOf.FAILED: "Times to restore are those of failures that began in the period, however late they ended.",
}
STILL_FAILED = {
    StillFailed.COUNTED: "What is not restored at the end of the period counts with the time up to then.",
    StillFailed.LEFT_OUT: "What is not restored at the end of the period is left out.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Where the last good backup is found."""

    cases: str = clause(SLUG, "The kind of case that backups are.")
    done: str = clause(SLUG, "The state of a backup from which one can restore.", default="done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery(Measure):
    """How long failures last, how far they lie apart, or how much they lose."""

    kind: ClassVar[str] = "recovery"
    title: ClassVar[str] = "how long failures last, how far they lie apart, or how much they lose"
    size_unit: ClassVar[Unit] = Unit.TIME
    better: ClassVar[Better] = Better.EITHER
    has_events: ClassVar[bool] = False

    rules: ClassVar = (exactly_one("of", "cases"),)

    as_: RecoveryFigure = clause(
        choice(RecoveryFigure),
        "The mean or the longest time to restore; the mean time between failures (of working time) or between incidents"
        " (from one beginning to the next); or the recovery point: the age of the last good backup at a failure.",
        key="as",
    )
    of: str = clause(SLUG, "The service or component whose outages are the failures.", default="")
    cases: str = clause(SLUG, "Or the kind of case that the failures are.", default="")
    failed: str = clause(SLUG, "With `cases`: the state in which a failure begins.", default="opened")
    restored: str = clause(SLUG, "With `cases`: the state in which it is restored.", default="resolved")
    priority: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "With `cases`: only those that began with these priorities.", default=()
    )
    degraded: Usable = clause(choice(Usable), "With `of`: what degraded service counts as.", default=Usable.UP)
    ignore_shorter_than: Duration | None = clause(TIME, "Shorter failures do not count.", default=None)
    failures: FailuresOf = clause(
        choice(FailuresOf),
        "Whether the failures `restored_in_period` count, or those that began in it (`failed_in_period`).",
        default=FailuresOf.RESTORED,
    )
    still_failed: StillFailed = clause(
        choice(StillFailed),
        "Whether what is not restored at the end of the period is `counted` up to then or `left_out`.",
        default=StillFailed.COUNTED,
    )
    backups: Backups | None = clause(Form(Backups), "For the recovery point: the backups.", default=None)
    on: str = clause(SLUG, "The calendar whose hours count; `always` is every second.", default="always")
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when nothing failed.", default=WhenEmpty.UNDECIDED)

    @property
    def unit(self) -> Unit:
        return Unit.TIME

    @property
    def upside_down(self) -> str:
        return "a time between failures {} is met by failing more often" if self.is_between else ""

    @property
    def is_between(self) -> bool:
        """Whether it tells how far failures lie apart, so that more is better."""
        return self.as_ in (RecoveryFigure.MEAN_TIME_BETWEEN_FAILURES, RecoveryFigure.MEAN_TIME_BETWEEN_INCIDENTS)

    @property
    def what(self) -> str:
        return f"failures of {self.of}" if self.of else f"failures ({self.cases})"

    @property
    def subject(self) -> str:
        return self.of

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    def described(self, titles: Mapping[str, str]) -> str:
        title = titles.get(self.of)
        of = f" of {title} ({self.of})" if title else f" of {self.of}" if self.of else f" ({self.cases})"
        return f"Its value is {RECOVERY_FIGURE[self.as_]}{of}."

    def sentences(self) -> Iterator[Sentence]:
        what = f"outages of {self.of}" if self.of else f"cases ({self.cases})"
        yield ("of", "cases"), f"The failures are the {what}."
        ends = (
            f"A case that is a failure begins with {self.failed} and is restored with {self.restored}, the last time."
        )
        yield ("failed", "restored"), ends
        which = (
            f"Of cases, those of priority {any_of(self.priority)} count." if self.priority else "Of cases, all count."
        )
        yield ("priority",), which
        yield ("degraded",), DEGRADED[self.degraded]
        short = self.ignore_shorter_than
        ignored = (
            "Failures of any length count." if short is None else f"Failures shorter than {short.words} do not count."
        )
        yield ("ignore_shorter_than",), ignored
        yield ("failures",), FAILURES_OF[self.failures]
        yield ("still_failed",), STILL_FAILED[self.still_failed]
        yield from _backups(self.backups)
        hours = (
            "Every hour of every day counts."
            if self.on == ALWAYS
            else f"Only the hours of the calendar {self.on} count."
        )
        yield ("on",), hours
        yield ("empty",), f"If nothing failed, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)


def _backups(backups: Backups | None) -> Iterator[Sentence]:
    if backups is None:
        yield ("backups",), "Backups play no part."
    else:
        text = f"The last good backup is the last case ({backups.cases}) that became {backups.done}."
        yield ("backups.cases", "backups.done"), text
