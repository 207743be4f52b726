"""What quantile and average share: which samples of a gauge count, and how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, clause
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
from makegood.engine.agreement.shapes import SHARE, SLUG, TIME, Unit, choice, whole
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio


class Weight(StrEnum):
    """What a sample stands for."""

    SAMPLES = "samples"
    TIME = "time"


class Subjects(StrEnum):
    """What several subjects make."""

    POOLED = "pooled"
    WORST = "worst"


WEIGHT = {
    Weight.SAMPLES: "Every sample counts once.",
    Weight.TIME: "A sample counts by the time for which it holds.",
}
SUBJECTS = {
    Subjects.POOLED: "The samples of all subjects are taken together.",
    Subjects.WORST: "Each subject has a value of its own, and the worst of them counts.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeMeasure(Measure):
    """A figure of the samples of a gauge."""

    better: ClassVar[Better] = Better.EITHER
    has_events: ClassVar[bool] = False

    of: str = clause(SLUG, "The gauge, by the name that its samples carry.")
    in_: Unit = clause(choice(Unit), "What a sample is: a `share`, a `number` or a `time`.", key="unit")
    about: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True),
        "Only samples of these subjects count; without it all.",
        key="subject",
        default=(),
    )
    subjects: Subjects = clause(
        choice(Subjects),
        "Several subjects are `pooled`, or each has a value and the `worst` of them counts.",
        default=Subjects.POOLED,
    )
    weight: Weight = clause(
        choice(Weight),
        "Whether each of the `samples` counts once, or by the `time` until the next of its source and subject.",
        default=Weight.SAMPLES,
    )
    after: Duration | None = clause(
        TIME,
        "With `weight: time`: a sample holds at most this long without a new one; without this term until the next.",
        default=None,
    )
    minimum_coverage: Ratio = clause(
        SHARE,
        "With `weight: time`: below this share of agreed time with a sample there is no verdict.",
        default=Ratio(0),
    )
    minimum_samples: int = clause(whole(1, 10**9), "With fewer samples there is no verdict.", default=1)
    on: str = clause(SLUG, "The calendar in whose hours samples count; `always` is every second.", default="always")
    excluded: dict[str, ExclusionClause] = clause(EXCLUDED, "Causes whose time does not count, by name.", factory=dict)
    empty: WhenEmpty = clause(
        choice(WhenEmpty), "The ruling when there is no sample at all.", default=WhenEmpty.UNDECIDED
    )

    @property
    def unit(self) -> Unit:
        return self.in_

    @property
    def lowest(self) -> Ratio | None:
        return None if self.in_ is Unit.NUMBER else Ratio(0)

    @property
    def highest(self) -> Ratio | None:
        return None

    @property
    def what(self) -> str:
        return f"samples of {self.of}"

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def exclusions(self) -> Mapping[str, ExclusionClause]:
        return self.excluded

    @property
    def calendars(self) -> tuple[tuple[str, Path], ...]:
        return ((self.on, ("on",)),)

    def sentences(self) -> Iterator[Sentence]:
        which = f"Only samples of {any_of(self.about)} count." if self.about else "Samples of all subjects count."
        yield ("subject",), which
        yield ("subjects",), SUBJECTS[self.subjects]
        yield ("weight",), WEIGHT[self.weight]
        held = f"for {self.after.words} at most" if self.after is not None else "until the next one"
        yield ("after",), f"Where time counts, a sample holds {held}."
        yield ("minimum_coverage",), _covered(self.minimum_coverage)
        few = f"fewer than {self.minimum_samples:,} samples" if self.minimum_samples > 1 else "no sample"
        yield ("minimum_samples",), f"With {few} there is no value."
        hours = "at any hour" if self.on == ALWAYS else f"in the hours of the calendar {self.on}"
        yield ("on",), f"Samples count {hours}."
        yield ("empty",), f"If there is no sample at all, {EMPTY[self.empty]}"
        yield from exclusions_in_words(self.excluded)


def _covered(minimum: Ratio) -> str:
    if minimum:
        return f"If samples hold for less than {minimum.percent()} of the agreed time, there is no verdict."
    return "There is a verdict for however little of the agreed time samples hold."
