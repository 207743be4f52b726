"""Score as a measure: what the answers to a survey come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, clause
from makegood.engine.agreement.measures.parts import EMPTY, Better, Measure, Sentence, WhenEmpty, any_of
from makegood.engine.agreement.shapes import LEVEL, SLUG, Level, Unit, choice, whole
from makegood.engine.vocabulary.ratio import Ratio


class Figure(StrEnum):
    """What is made of the answers."""

    MEAN = "mean"
    TOP_BOX = "top_box"
    NET_PROMOTER = "net_promoter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The answers that can be given."""

    from_: Level = clause(LEVEL, "The lowest answer, as in `1`.", key="from")
    to: Level = clause(LEVEL, "The highest answer, as in `5`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Measure):
    """What the answers to a survey come to."""

    kind: ClassVar[str] = "score"
    title: ClassVar[str] = "what the answers to a survey come to"
    better: ClassVar[Better] = Better.EITHER
    has_events: ClassVar[bool] = False

    of: str = clause(SLUG, "The survey, by the name that the evidence of its answers carries.")
    as_: Figure = clause(
        choice(Figure),
        "`mean`: the mean answer; `top_box`: the share of answers from `top` on; `net_promoter`: the percentage of"
        " answers from `top` on less that of answers up to `bottom`.",
        key="as",
    )
    scale: Scale = clause(Form(Scale), "The answers that can be given; others are invalid.")
    top: Level | None = clause(LEVEL, "Answers from this on are good ones, as in `4` of 5.", default=None)
    bottom: Level | None = clause(LEVEL, "Answers up to this are bad ones, as in `6` of 10.", default=None)
    no_answer: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "Results that are no answer and are left out.", default=()
    )
    minimum_answers: int = clause(whole(1, 10**9), "With fewer answers there is no verdict.", default=1)
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when nobody answered.", default=WhenEmpty.UNDECIDED)

    @property
    def unit(self) -> Unit:
        return Unit.SHARE if self.as_ is Figure.TOP_BOX else Unit.NUMBER

    @property
    def lowest(self) -> Ratio | None:
        return {Figure.MEAN: self.scale.from_.value, Figure.TOP_BOX: Ratio(0), Figure.NET_PROMOTER: Ratio(-100)}[
            self.as_
        ]

    @property
    def highest(self) -> Ratio | None:
        return {Figure.MEAN: self.scale.to.value, Figure.TOP_BOX: Ratio(1), Figure.NET_PROMOTER: Ratio(100)}[self.as_]

    @property
    def what(self) -> str:
        return f"answers to {self.of}"

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def meaning(self) -> str:
        match self.as_:
            case Figure.MEAN:
                value = "the mean answer"
            case Figure.TOP_BOX:
                value = f"the share of answers of {self.top} or more"
            case _:
                value = (
                    f"the percentage of answers of {self.top} or more, less that of answers of {self.bottom} or less,"
                )
        return f"Its value is {value} to {self.of}, on a scale from {self.scale.from_} to {self.scale.to}."

    def sentences(self) -> Iterator[Sentence]:
        yield (
            ("top",),
            f"Answers of {self.top} or more are good ones." if self.top else "No answer is singled out as good.",
        )
        bad = f"Answers of {self.bottom} or less are bad ones." if self.bottom else "No answer is singled out as bad."
        yield ("bottom",), bad
        none = f"What is recorded as {any_of(self.no_answer)} is no answer and is left out."
        yield ("no_answer",), none if self.no_answer else "Everything that is recorded is an answer."
        few = f"fewer than {self.minimum_answers:,} answers" if self.minimum_answers > 1 else "no answer"
        yield ("minimum_answers",), f"With {few} there is no value."
        yield ("empty",), f"If nobody answered, {EMPTY[self.empty]}"
