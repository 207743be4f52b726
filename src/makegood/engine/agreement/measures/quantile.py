"""Quantile as a measure: the value that so many of a gauge's samples do not exceed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, clause
from makegood.engine.agreement.measures.gauges import GaugeMeasure
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SHARE, TARGET, TIME, Target, Unit, choice, whole
from makegood.engine.vocabulary.digits import digits_in_words, error_in_words
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio


class Method(StrEnum):
    """Where between two samples a quantile lies."""

    NEAREST_RANK = "nearest_rank"
    LINEAR = "linear"


class SilentSlice(StrEnum):
    """What a slice without a sample counts as."""

    BAD = "bad"
    GOOD = "good"
    SKIPPED = "skipped"


METHOD = {
    Method.NEAREST_RANK: "The quantile is the smallest sample that so many do not exceed.",
    Method.LINEAR: "Between two samples the quantile is read off a straight line.",
}
SILENT_SLICE = {
    SilentSlice.BAD: "A slice without a sample counts as bad.",
    SilentSlice.GOOD: "A slice without a sample counts as good.",
    SilentSlice.SKIPPED: "A slice without a sample is left out.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileSlices:
    """Equal slices of the period, each with a quantile of its own."""

    every: Duration = clause(TIME, "The length of a slice, counted from the start of the period.")
    good_when: Target = clause(TARGET, 'The quantile that makes a slice good, as in "<= 300 ms".')
    empty: SilentSlice = clause(
        choice(SilentSlice), "What a slice without a sample counts as.", default=SilentSlice.BAD
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile(GaugeMeasure):
    """The value that so many of a gauge's samples do not exceed."""

    kind: ClassVar[str] = "quantile"
    title: ClassVar[str] = "the value that so many of a gauge's samples do not exceed"

    quantile: Ratio = clause(SHARE, "How many of the samples, as in `95%`; `50%` is the median.")
    method: Method = clause(
        choice(Method),
        "`nearest_rank`: the smallest sample that so many do not exceed; `linear`: between the two next to it.",
        default=Method.NEAREST_RANK,
    )
    significant_digits: int | None = clause(
        whole(1, 9),
        "Samples are rounded to so many digits before they are ranked, half away from zero; without it not at all.",
        default=None,
    )
    slices: QuantileSlices | None = clause(
        Form(QuantileSlices), "Judge slices of the period; the value is then the share of good ones.", default=None
    )

    @property
    def unit(self) -> Unit:
        return self.in_ if self.slices is None else Unit.SHARE

    @property
    def highest(self) -> Ratio | None:
        return None if self.slices is None else Ratio(1)

    @property
    def lowest(self) -> Ratio | None:
        return None if self.unit is Unit.NUMBER else Ratio(0)

    @property
    def zeros(self) -> tuple[Path, ...]:
        return (("slices", "every"),) if self.slices is not None and not self.slices.every.seconds else ()

    @property
    def meaning(self) -> str:
        digits = self.significant_digits
        samples = "samples" if digits is None else f"samples, rounded to {digits_in_words(digits)},"
        value = f"the value of {self.of} that {self.quantile.percent()} of its {samples} do not exceed"
        if self.slices is None:
            return f"Its value is {value}."
        return f"Its value is the share of slices in which {value} is {self.slices.good_when}."

    def sentences(self) -> Iterator[Sentence]:
        yield from GaugeMeasure.sentences(self)
        yield ("method",), METHOD[self.method]
        yield ("significant_digits",), self._rounding
        slices = self.slices
        if slices is None:
            yield ("slices",), "The period is judged as a whole."
            return
        text = f"The period is cut into slices of {slices.every.words}; a slice is good at {slices.good_when}."
        yield ("slices.every", "slices.good_when"), text
        yield ("slices.empty",), SILENT_SLICE[slices.empty]

    @property
    def _rounding(self) -> str:
        """How samples are rounded, and what is how far off at most.

        On a straight line from a sample below nothing to one above it, that is said of the samples only.
        """
        digits = self.significant_digits
        if digits is None:
            return "Samples are ranked as they were measured, to the last digit."
        either_sign = self.method is Method.LINEAR and self.in_ is Unit.NUMBER
        what = "each" if either_sign else "the value" if self.slices is None else "the quantile of a slice"
        return f"Samples are rounded to {digits_in_words(digits)}, so that {what} is {error_in_words(digits)}."
