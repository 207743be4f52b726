"""Sequences of misses: what a further miss pays, counts or gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, clause, exactly_one
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.parts import (
    OUTCOMES,
    OUTCOMES_DOC,
    RUN,
    UNDECIDED,
    WITHIN,
    Run,
    Sequence,
    Stretch,
    Undecided,
    listed,
)
from makegood.engine.agreement.shapes import (
    CREDIT,
    DATE,
    DECIMAL,
    LEVEL,
    SHARE,
    SPAN,
    TITLE,
    Level,
    Share,
    choice,
    whole,
)
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio


class Occasions(StrEnum):
    """Which misses count towards those that pay."""

    ABOVE_MINIMUM = "above_minimum"
    EVERY_MISS = "every_miss"


class Standing(StrEnum):
    """Whether money depends on an outcome."""

    CRITICAL = "critical"
    MEASUREMENT = "measurement"


OCCASIONS = {
    Occasions.ABOVE_MINIMUM: "Only misses that reach the minimum level count towards them.",
    Occasions.EVERY_MISS: "Misses below the minimum level count towards them too.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Sequence):
    """A miss in consecutive periods costs more from period to period; a met period starts anew."""

    rules: ClassVar = (exactly_one("multiplies", "pays"),)
    kind: ClassVar[str] = "repeat"
    title: ClassVar[str] = "what consecutive misses cost"

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    multiplies: tuple[Ratio, ...] = clause(
        ListOf(DECIMAL, least=1),
        "Factors of the credit, as in `[1, 1.5, 2]`: the first for a first miss; the last repeats.",
        default=(),
    )
    pays: tuple[Ratio, ...] = clause(
        ListOf(SHARE, least=1),
        "Or shares of the stake's base that are paid instead of what the stake says, as in `[12.5%, 25%, 50%]`.",
        default=(),
    )
    undecided: Undecided = clause(
        choice(Undecided), "What an undecided period does to the run.", default=Undecided.PASSED_OVER
    )

    def sentences(self) -> Iterator[Sentence]:
        factors, shares = (
            ", then ".join(map(str, self.multiplies)),
            ", then ".join(each.percent() for each in self.pays),
        )
        pays = f"its credit is multiplied by {factors}" if factors else f"it pays {shares} of the base of its stake"
        yield ("multiplies", "pays"), f"If {listed(self.of)} is missed in consecutive periods, {pays}."
        yield ("of",), "Outcomes are counted one by one; the last step repeats, and a met period starts anew."
        yield ("undecided",), UNDECIDED[self.undecided]


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistent(Sequence):
    """So many failures pay a share of the annual fee, again and again."""

    kind: ClassVar[str] = "persistent"
    title: ClassVar[str] = "what persistent failure costs"
    books: ClassVar[bool] = True
    needs_stake: ClassVar[bool] = False

    of: tuple[str, ...] = clause(
        OUTCOMES, "The outcomes whose misses are counted together; without it all.", default=()
    )
    every: int = clause(whole(1, 10_000), "So many failures pay once; a missed outcome in a period is one failure.")
    pays: Share | Amount = clause(CREDIT, "What they pay: a share of the fee of twelve months, or an amount.")
    within: Stretch = clause(choice(Stretch), "How long failures are counted.", default=Stretch.CONTRACT_YEAR)

    def sentences(self) -> Iterator[Sentence]:
        pays = f"{self.pays} of the annual fee" if isinstance(self.pays, Share) else str(self.pays)
        which = ", ".join(self.of) if self.of else "all outcomes"
        yield ("every", "pays"), f"Every {self.every} failures pay {pays}, as soon as they are complete."
        yield ("of",), f"Counted are the misses of {which}; each outcome in each period is one."
        yield ("within",), f"They are counted {WITHIN[self.within]}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronic(Sequence):
    """So many misses of one outcome give the customer a right, and pay nothing by themselves."""

    kind: ClassVar[str] = "chronic"
    title: ClassVar[str] = "what chronic failure gives"
    needs_stake: ClassVar[bool] = False

    of: tuple[str, ...] = clause(
        OUTCOMES, "The outcome, or outcomes, that it concerns, each by itself; without it all.", default=()
    )
    missed: Run = clause(RUN, "How often one outcome is missed: `3 consecutive`, or `3 of 6 months`.")
    gives: str = clause(TITLE, "The right that arises then, as in `termination right`.")
    undecided: Undecided = clause(
        choice(Undecided), "What an undecided period does to a run.", default=Undecided.PASSED_OVER
    )

    @property
    def units(self) -> tuple[tuple[Every, Path], ...]:
        return ((self.missed.unit, ("missed",)),) if self.missed.unit is not None else ()

    def sentences(self) -> Iterator[Sentence]:
        which = f"one of {', '.join(self.of)}" if self.of else "one outcome"
        yield ("missed", "gives"), f"If {which} is missed in {self.missed}, the customer has this right: {self.gives}."
        yield ("of",), "Outcomes are counted one by one; the right arises in the first period in which this is so."
        yield ("undecided",), UNDECIDED[self.undecided]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedLevel(Sequence):
    """The target is an expected level: now and then it may be missed, as long as a minimum level is reached."""

    kind: ClassVar[str] = "expected_level"
    title: ClassVar[str] = "when a miss of the expected level pays"

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    minimum: Level = clause(LEVEL, "The minimum level: a value that is worse always pays.")
    pays_from: int = clause(whole(1, 1000), "Other misses pay from this one on, as in `2`: the second.")
    within: int = clause(whole(1, 600), "So many periods are looked at, the present one included.", default=12)
    counts: Occasions = clause(
        choice(Occasions), "Which misses count towards those that pay.", default=Occasions.ABOVE_MINIMUM
    )

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        return ((self.minimum, ("minimum",)),)

    def sentences(self) -> Iterator[Sentence]:
        yield ("minimum",), f"If {listed(self.of)} is worse than the minimum level {self.minimum}, the miss pays."
        often = f"if it is at least number {self.pays_from} within {self.within} periods, the present one included"
        yield ("pays_from", "within"), f"Any other miss of the target pays only {often}."
        yield ("of",), "Outcomes are counted one by one."
        yield ("counts",), OCCASIONS[self.counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfStanding:
    """A notice by which an outcome is promoted to a critical level, or demoted to a measurement."""

    to: Standing = clause(choice(Standing), "What the outcome becomes.")
    notified: date = clause(DATE, "The day of the notice.")
    after: Duration | Days = clause(
        SPAN, "How long after the notice it takes effect.", default=Days(90, business=False)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalLevel(Sequence):
    """Whether money depends on an outcome: critical levels pay, measurements are only reported."""

    kind: ClassVar[str] = "critical_level"
    title: ClassVar[str] = "when an outcome carries money"

    of: tuple[str, ...] = clause(OUTCOMES, OUTCOMES_DOC, default=())
    starts_as: Standing = clause(choice(Standing), "What it is at first.", default=Standing.CRITICAL)
    changes: tuple[ChangeOfStanding, ...] = clause(
        ListOf(Form(ChangeOfStanding)), "Promotions and demotions, in order of their notices.", default=()
    )

    def sentences(self) -> Iterator[Sentence]:
        paid = "pays when missed" if self.starts_as is Standing.CRITICAL else "is reported and pays nothing"
        yield ("starts_as", "of"), f"At first {listed(self.of)} is a {_STANDING[self.starts_as]}: it {paid}."
        if not self.changes:
            yield ("changes",), "No change of that has been notified."
        for change in self.changes:
            when = f"from the first period that begins {change.after.words} or more after the notice of"
            yield ("changes",), f"It is a {_STANDING[change.to]} {when} {change.notified.isoformat()}."


_STANDING = {Standing.CRITICAL: "critical level", Standing.MEASUREMENT: "measurement"}
