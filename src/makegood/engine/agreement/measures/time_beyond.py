"""Time beyond as a measure: how long a gauge stood on the wrong side of a level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, clause
from makegood.engine.agreement.measures.availability import GRANULARITY, Granularity
from makegood.engine.agreement.measures.parts import (
    ALWAYS,
    EXCLUDED,
    Better,
    ExclusionClause,
    Measure,
    Sentence,
    exclusions_in_words,
)
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SHARE, SLUG, TARGET, TIME, Target, Unit, choice
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio


class BeyondAs(StrEnum):
    """What the value is."""

    TIME = "time"
    SHARE = "share"


class BeyondWhen(StrEnum):
    """How the subjects make the whole."""

    ANY = "any"
    ALL = "all"
    EACH = "each"


class Silence(StrEnum):
    """What time without a sample counts as."""

    BEYOND = "beyond"
    INSIDE = "inside"
    EXCLUDED = "excluded"


BEYOND_AS = {
    BeyondAs.TIME: "The value is a length of time.",
    BeyondAs.SHARE: "The value is a share of the agreed time.",
}
BEYOND_WHEN = {
    BeyondWhen.ANY: "Of several subjects it is enough that one is beyond.",
    BeyondWhen.ALL: "Of several subjects all have to be beyond at once.",
    BeyondWhen.EACH: "Each subject counts by itself, and their times are added up.",
}
SILENCE = {
    Silence.BEYOND: "Time without a sample counts as beyond.",
    Silence.INSIDE: "Time without a sample counts as inside.",
    Silence.EXCLUDED: "Time without a sample is taken out of the agreed time.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownGauge:
    """What silence means."""

    as_: Silence = clause(
        choice(Silence),
        "Time without a sample counts as `beyond`, as `inside`, or is `excluded` from the agreed time.",
        key="as",
        default=Silence.BEYOND,
    )
    after: Duration | None = clause(
        TIME, "A sample holds at most this long without a new one; without this term until the next.", default=None
    )
    minimum_coverage: Ratio = clause(
        SHARE, "Below this share of agreed time with a sample there is no verdict.", default=Ratio(0)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBeyond(Measure):
    """How long a gauge stood on the wrong side of a level."""

    kind: ClassVar[str] = "time_beyond"
    title: ClassVar[str] = "how long a gauge stood on the wrong side of a level"
    size_unit: ClassVar[Unit] = Unit.TIME
    better: ClassVar[Better] = Better.LOWER

    of: str = clause(SLUG, "The gauge, by the name that its samples carry.")
    beyond: Target = clause(TARGET, 'The wrong side, as in `"> 27"` or `"< 20%"`.')
    as_: BeyondAs = clause(
        choice(BeyondAs), "Whether the value is a `time`, or a `share` of the agreed time.", key="as"
    )
    about: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "The subjects; without it all that samples name.", key="subject", default=()
    )
    when: BeyondWhen = clause(
        choice(BeyondWhen),
        "Beyond when `any` subject is, when `all` are at once, or `each` counted by itself and added up.",
        default=BeyondWhen.ANY,
    )
    on: str = clause(SLUG, "The calendar of agreed time; `always` is every second.", default="always")
    granularity: Granularity = clause(
        choice(Granularity), "How the time is counted, as that of outages is.", default=Granularity.SECONDS
    )
    ignore_shorter_than: Duration | None = clause(TIME, "Shorter stretches do not count.", default=None)
    unknown: UnknownGauge = clause(Form(UnknownGauge), "What time without a sample means.", default=UnknownGauge())
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes that do not count, by name.", factory=dict)
    by: str = clause(SLUG, "A label by which the explanation is broken down; it changes no figure.", default="")

    @property
    def unit(self) -> Unit:
        return Unit.TIME if self.as_ is BeyondAs.TIME else Unit.SHARE

    @property
    def upside_down(self) -> str:
        return "a time beyond a level {} is met by more of it"

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
    def meaning(self) -> str:
        much = "the share of agreed time" if self.as_ is BeyondAs.SHARE else "the agreed time"
        return f"Its value is {much} in which {self.of} was {self.beyond}."

    def sentences(self) -> Iterator[Sentence]:
        which = (
            f"The subjects are {', '.join(self.about)}." if self.about else "The subjects are all that samples name."
        )
        yield ("subject",), which
        yield ("when",), BEYOND_WHEN[self.when]
        calendar = "every hour of every day" if self.on == ALWAYS else f"that of the calendar {self.on}"
        yield ("on",), f"Agreed time is {calendar}."
        yield ("granularity",), GRANULARITY[self.granularity].replace("Downtime", "Time beyond the level")
        shorter = self.ignore_shorter_than
        ignored = (
            "Stretches of any length count."
            if shorter is None
            else f"Stretches shorter than {shorter.words} do not count."
        )
        yield ("ignore_shorter_than",), ignored
        yield ("unknown.as",), SILENCE[self.unknown.as_]
        after = self.unknown.after
        held = f"for {after.words} at most" if after is not None else "until the next one"
        yield ("unknown.after",), f"A sample holds {held}."
        coverage = self.unknown.minimum_coverage
        if coverage:
            enough = f"If samples hold for less than {coverage.percent()} of the agreed time, there is no verdict."
        else:
            enough = "There is a verdict for however little of the agreed time samples hold."
        yield ("unknown.minimum_coverage",), enough
        yield from exclusions_in_words(self.excluded)
