"""Earn-back: good periods give a provider back what a bad one cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, at_most_one, clause, exactly_one
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.parts import (
    OUTCOMES,
    OUTCOMES_DOC,
    UNDECIDED,
    WITHIN,
    Sequence,
    Stretch,
    Undecided,
    listed,
)
from makegood.engine.agreement.shapes import LEVEL, SHARE, Level, choice, whole
from makegood.engine.vocabulary.ratio import Ratio


class Mean(StrEnum):
    """How the values of several periods become one."""

    OF_PERIODS = "of_periods"
    POOLED = "pooled"


MEAN = {
    Mean.OF_PERIODS: "The average is the mean of the values of the periods, each counting alike.",
    Mean.POOLED: "The average is the share of all events, cases or seconds of the year together.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnBackStep:
    """What is returned after so many good periods."""

    after: int = clause(whole(1, 600), "So many good periods in a row.")
    returns: Ratio = clause(SHARE, "The share of the credit that is returned then.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnBack(Sequence):
    """After so many good periods in a row a share of the latest credit is charged back."""

    rules: ClassVar = (at_most_one("above", "at_or_above"),)
    kind: ClassVar[str] = "earn_back"
    title: ClassVar[str] = "what good periods in a row return"
    books: ClassVar[bool] = True

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    steps: tuple[EarnBackStep, ...] = clause(
        ListOf(Form(EarnBackStep), least=1), "What is returned, from step to step."
    )
    above: Level | None = clause(
        LEVEL, "Only periods count whose value is better than this; without it every met period.", default=None
    )
    at_or_above: Level | None = clause(LEVEL, "Or: whose value is this or better.", default=None)
    within: Stretch = clause(
        choice(Stretch),
        "How long a credit can be earned back; what is open then lapses.",
        default=Stretch.CONTRACT_YEAR,
    )
    undecided: Undecided = clause(
        choice(Undecided), "What an undecided period does to the run.", default=Undecided.PASSED_OVER
    )

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        found = ((self.above, ("above",)), (self.at_or_above, ("at_or_above",)))
        return tuple((level, path) for level, path in found if level is not None)

    def sentences(self) -> Iterator[Sentence]:
        steps = ", ".join(f"{step.returns.percent()} after {step.after}" for step in self.steps)
        yield (
            ("steps", "of"),
            f"Good periods in a row return a part of the latest credit of {listed(self.of)}: {steps}.",
        )
        level = next((f"whose value is better than {level}" for level in (self.above,) if level), "that is met")
        level = f"whose value is {self.at_or_above} or better" if self.at_or_above is not None else level
        yield ("above", "at_or_above"), f"Good is a period {level}; any other period starts the run anew."
        yield (
            ("within",),
            f"A new miss ends what is open. Credits are earned back {WITHIN[self.within]}; nothing is banked.",
        )
        yield ("undecided",), UNDECIDED[self.undecided]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnBackAverage(Sequence):
    """If the average of a contract year reaches the expected level, a share of its credits is charged back."""

    kind: ClassVar[str] = "earn_back_average"
    title: ClassVar[str] = "what a good year returns"
    books: ClassVar[bool] = True

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    reaches: Level = clause(LEVEL, "The level that the average of the contract year has to reach; exactly will do.")
    returns: Ratio = clause(SHARE, "The share of the credits of the contract year that is returned.", default=Ratio(1))
    mean: Mean = clause(
        choice(Mean),
        "Whether periods count alike (`of_periods`), or everything in them (`pooled`).",
        default=Mean.OF_PERIODS,
    )

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        return ((self.reaches, ("reaches",)),)

    def sentences(self) -> Iterator[Sentence]:
        share = f"{self.returns.percent()} of its credits are charged back with its last period"
        yield ("reaches", "returns"), f"If the average of a contract year reaches {self.reaches}, {share}."
        yield (
            ("of",),
            f"This holds for {listed(self.of)}; a year with a period without a value earns nothing.",
        )
        yield ("mean",), MEAN[self.mean]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnBackFraction(Sequence):
    """Each good period returns a fraction of every earlier credit, until all of it is returned."""

    rules: ClassVar = (exactly_one("above", "at_or_above"),)
    kind: ClassVar[str] = "earn_back_fraction"
    title: ClassVar[str] = "what each good period returns"
    books: ClassVar[bool] = True

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    above: Level | None = clause(LEVEL, "Good is a period whose value is better than this.", default=None)
    at_or_above: Level | None = clause(LEVEL, "Or: whose value is this or better.", default=None)
    returns: Ratio = clause(SHARE, "The fraction of each earlier credit that one good period returns.")
    within: Stretch = clause(choice(Stretch), "How long a credit can be earned back.", default=Stretch.CONTRACT_YEAR)

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        found = ((self.above, ("above",)), (self.at_or_above, ("at_or_above",)))
        return tuple((level, path) for level, path in found if level is not None)

    def sentences(self) -> Iterator[Sentence]:
        level = f"better than {self.above}" if self.above is not None else f"{self.at_or_above} or better"
        yield ("above", "at_or_above", "of"), f"A period is good for {listed(self.of)} if the value is {level}."
        what = f"{self.returns.percent()} of each earlier credit, until the credit is returned"
        yield ("returns",), f"Each good period returns {what}."
        yield ("within",), f"Credits are earned back {WITHIN[self.within]}."
