"""What several measures share: exclusions, emptiness, and the traits that every measure has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, MapOf, clause
from makegood.engine.agreement.places import Path, dotted
from makegood.engine.agreement.shapes import ALLOWANCE, SLUG, SPAN, Allowance, Unit, choice
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio

ALWAYS = "always"

# The terms that a sentence speaks of, and the sentence.
Sentence = tuple[tuple[str, ...], str]


class Better(StrEnum):
    """Which values are the good ones; of some measures the target alone says so."""

    HIGHER = "higher"
    LOWER = "lower"
    EITHER = "either"


class Effect(StrEnum):
    """What an exclusion does to the count."""

    SHRINK = "shrink"
    UP = "up"


class WhenEmpty(StrEnum):
    """The ruling when there was nothing to measure."""

    UNDECIDED = "undecided"
    MET = "met"
    MISSED = "missed"


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


class Measure:
    """What the rest of the law asks of any measure; each kind of measure is a form of the language that answers it.

    ``kind`` is its word in the language, and ``title`` says what it is in one line. ``size_unit`` is the unit of a
    single miss. ``has_cases`` tells whether its value is a share of whole things, of which there can be too few, and
    ``has_events`` whether single things go wrong that a credit can be paid for.
    """

    __slots__ = ()

    kind: ClassVar[str]
    title: ClassVar[str]
    size_unit: ClassVar[Unit] = Unit.NUMBER
    better: ClassVar[Better] = Better.HIGHER
    has_cases: ClassVar[bool] = False
    has_events: ClassVar[bool] = True

    @property
    def unit(self) -> Unit:
        """The unit of its value, and so of its target."""
        return Unit.SHARE

    @property
    def lowest(self) -> Ratio | None:
        """The lowest value that it can have; None if there is no lowest."""
        return Ratio(0)

    @property
    def highest(self) -> Ratio | None:
        """The highest value that it can have; None if there is no highest."""
        return Ratio(1) if self.unit is Unit.SHARE else None

    @property
    def upside_down(self) -> str:
        """The complaint about a target on the wrong side, with ``{}`` for the target."""
        return ""

    @property
    def by(self) -> str:
        """A label by which the explanation is broken down."""
        return ""

    @property
    def what(self) -> str:
        """The name of what is measured, as evidence names it."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """The service or component whose time it measures; empty if it measures something else."""
        return ""

    @property
    def when_empty(self) -> WhenEmpty:
        """The ruling where there was nothing to measure."""
        return WhenEmpty.UNDECIDED

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        """Causes that do not count, by name."""
        return {}

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        """The calendars that it names, each with where in the measure it does."""
        return ()

    @property
    def zeros(self) -> tuple[Path, ...]:
        """Where nothing at all is written that has to be something."""
        return ()

    @property
    def meaning(self) -> str:
        """In one sentence what its value is."""
        raise NotImplementedError

    def described(self, titles: Mapping[str, str]) -> str:  # noqa: ARG002  # for those that measure a service
        """Return what its value is, calling a service by its title; ``titles`` are those of the services."""
        return self.meaning

    def sentences(self) -> Iterator[Sentence]:
        """Yield every reading as a sentence, with the terms that it speaks of."""
        raise NotImplementedError


EXCLUDED = MapOf(SLUG, Form(ExclusionClause))

EMPTY = {
    WhenEmpty.UNDECIDED: "the outcome is undecided.",
    WhenEmpty.MET: "the outcome is met.",
    WhenEmpty.MISSED: "the outcome is missed.",
}
EFFECT = {
    Effect.SHRINK: "is taken out of the count",
    Effect.UP: "stays in the count and counts as good",
}


def any_of(words: tuple[str, ...]) -> str:
    """Return words as a choice."""
    return " or ".join(words)


def is_something(span: Duration | Days) -> bool:
    """Tell whether a limit is more than no time at all."""
    return bool(span.seconds if isinstance(span, Duration) else span.number)


def exclusions_in_words(excluded: Mapping[str, ExclusionClause]) -> Iterator[Sentence]:
    """Yield what is excluded, and under which conditions."""
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
