"""Incentives: money for the provider, for results that are better than promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, OneOf, clause, exactly_one
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.rates import RATE, Rate, in_words
from makegood.engine.agreement.shapes import (
    AMOUNT,
    CREDIT,
    DECIMAL,
    FLAG,
    LEVEL,
    SHARE,
    SHARE_OF,
    SLUG,
    Level,
    Share,
    ShareOf,
    choice,
    whole,
)
from makegood.engine.agreement.stakes import Counted
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

NAMES = ListOf(SLUG, or_one=True, least=1)
GATES_DOC = "It is paid only for periods in which all of these outcomes are met."
BASE_DOC = "What percentages are of; without it the fee of the outcome's service, or of all services."
MOST_DOC = "The most that is paid for a period."

COUNTED = {
    Counted.STARTED: "each {} begun",
    Counted.COMPLETED: "each full {}",
    Counted.EXACT: "each {}, parts counted exactly,",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusTier:
    """One step of a bonus; the best step that applies decides."""

    rules: ClassVar = (exactly_one("at_least", "at_most"),)

    at_least: Level | None = clause(LEVEL, "Applies from this value on (where more is better).", default=None)
    at_most: Level | None = clause(LEVEL, "Applies up to this value (where less is better).", default=None)
    pays: Rate = clause(RATE, "What it pays the provider: a percentage of the bonus's base, or an amount.")

    @property
    def bound(self) -> Level:
        """The one bound that is written (the parser sees to it)."""
        for level in (self.at_least, self.at_most):
            if level is not None:
                return level
        raise ValueError("a step without a bound")

    def covers(self, value: Ratio) -> bool:
        """Tell whether a value reaches the bound; exactly the bound does."""
        return value >= self.bound.value if self.at_least is not None else value <= self.bound.value


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusUnit:
    """A bonus for each unit by which a value is better."""

    unit: Level = clause(LEVEL, "The unit: points of a percentage (`1%`), a number, or a time.")
    pays: Rate = clause(RATE, "What each unit pays the provider.")
    counted: Counted = clause(
        choice(Counted), "Whether a unit pays once `started`, when `completed`, or in `exact` parts."
    )
    beyond: Level | None = clause(LEVEL, "From where on units count; without it from the target on.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """Money for the provider in a period whose value is better than promised."""

    rules: ClassVar = (exactly_one("tiers", "per_unit"),)

    of: ShareOf | Amount | None = clause(SHARE_OF, BASE_DOC, default=None)
    tiers: tuple[BonusTier, ...] = clause(ListOf(Form(BonusTier), least=1), "A bonus that grows in steps.", default=())
    per_unit: BonusUnit | None = clause(Form(BonusUnit), "A bonus for each unit above the target.", default=None)
    only_if: tuple[str, ...] = clause(NAMES, GATES_DOC, default=())
    at_most: Share | Amount | None = clause(CREDIT, MOST_DOC, default=None)

    def sentences(self) -> Iterator[str]:
        """Yield in sentences what it pays."""
        for tier in self.tiers:
            word = "at least" if tier.at_least is not None else "at most"
            yield f"In a period whose value is {word} {tier.bound}, the provider earns {in_words(tier.pays)}."
        if self.tiers:
            yield "Of these the best step alone counts."
        if self.per_unit is not None:
            unit = COUNTED[self.per_unit.counted].format(self.per_unit.unit)
            start = self.per_unit.beyond or "the target"
            earns = in_words(self.per_unit.pays)
            yield f"The provider earns {earns} for {unit} by which a value is better than {start}."
        yield from gates_in_words(self.only_if)
        if self.at_most is not None:
            yield f"A period pays {in_words(self.at_most)} at most."


def gates_in_words(only_if: tuple[str, ...]) -> Iterator[str]:
    """Yield which outcomes have to be met as well."""
    if only_if:
        yield f"It is paid only in periods in which all of these are met: {', '.join(only_if)}."


class Incentive:
    """What the rest of the law asks of any incentive; each kind is a form of the language that answers it.

    ``concerned`` are the outcomes that it needs, and ``levels`` those that have the unit of its first outcome.
    """

    __slots__ = ()

    kind: ClassVar[str]
    title: ClassVar[str]

    only_if: tuple[str, ...]

    @property
    def concerned(self) -> tuple[tuple[str, str], ...]:
        """The outcomes that it looks at, each with the key that names it."""
        raise NotImplementedError

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        """The levels that have the unit of its first outcome."""
        return ()

    def sentences(self) -> Iterator[Sentence]:
        """Yield the rule and every reading as a sentence, with the terms that it speaks of."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement(Incentive):
    """A bonus for each unit by which an outcome is better than it used to be."""

    rules: ClassVar = (exactly_one("baseline", "mean_of_first", "year_before"),)
    kind: ClassVar[str] = "improvement"
    title: ClassVar[str] = "what getting better earns"

    of: str = clause(SLUG, "The outcome that is to improve.")
    baseline: Level | None = clause(LEVEL, "What it was before.", default=None)
    mean_of_first: int | None = clause(
        whole(1, 60), "Or: the mean of so many first periods of the term, which earn nothing themselves.", default=None
    )
    year_before: bool | None = clause(FLAG, "Or `true`: the same period of the year before.", default=None)
    unit: Level = clause(LEVEL, "The unit of improvement: points of a percentage (`1%`), a number, or a time.")
    pays: Amount = clause(AMOUNT, "What each unit pays the provider.")
    counted: Counted = clause(
        choice(Counted),
        "Whether a unit pays once `started`, when `completed`, or in `exact` parts.",
        default=Counted.COMPLETED,
    )
    most: Level | None = clause(LEVEL, "The most improvement that one period is paid for.", default=None)
    carry_over: Level | None = clause(
        LEVEL, "How much of what goes beyond `most` is kept for later periods; without it nothing.", default=None
    )
    rises: bool = clause(
        FLAG, "Whether an improvement becomes the new baseline, so that it is paid once.", default=True
    )
    only_if: tuple[str, ...] = clause(NAMES, GATES_DOC, default=())

    @property
    def concerned(self) -> tuple[tuple[str, str], ...]:
        return (("of", self.of), *(("only_if", name) for name in self.only_if))

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        keys = ("baseline", "unit", "most", "carry_over")
        return tuple((level, (key,)) for key in keys if (level := getattr(self, key)) is not None)

    def sentences(self) -> Iterator[Sentence]:
        unit = COUNTED[self.counted].format(self.unit)
        yield (
            ("of", "unit", "pays", "counted"),
            (f"The provider earns {self.pays} for {unit} by which {self.of} is better than its baseline."),
        )
        base = f"{self.baseline}" if self.baseline is not None else "its value in the same period of the year before"
        if self.mean_of_first is not None:
            base = f"the mean of the first {self.mean_of_first} periods, which earn nothing themselves"
        yield ("baseline", "mean_of_first", "year_before"), f"The baseline is {base}."
        yield (
            ("rises",),
            "What was improved becomes the new baseline, so that it is paid once."
            if self.rises
            else "The baseline stays, so that an improvement is paid in every period in which it lasts.",
        )
        most = f"One period is paid for {self.most} at most." if self.most else "One period is paid for all of it."
        kept = (
            f"Of more, {self.carry_over} are kept for later periods."
            if self.carry_over
            else "Nothing is kept for later."
        )
        yield ("most", "carry_over"), f"{most} {kept}"
        for sentence in gates_in_words(self.only_if):
            yield ("only_if",), sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class GainShare(Incentive):
    """A share of what was saved or gained, as an outcome measures it."""

    kind: ClassVar[str] = "gain_share"
    title: ClassVar[str] = "a share of what was gained"

    of: str = clause(SLUG, "The outcome whose value is compared: costs that are stated, or a number of events.")
    baseline: Level = clause(LEVEL, "What the value of a period would have been.")
    worth: Ratio = clause(
        DECIMAL, "What one unit of the value is worth, in the agreement's currency.", default=Ratio(1)
    )
    unit: Level | None = clause(LEVEL, "The unit that has this worth; without it 1.", default=None)
    share: Ratio = clause(SHARE, "The provider's share of the gain.")
    loss_share: Ratio = clause(
        SHARE, "The provider's share of a loss; without it the provider bears none.", default=Ratio(0)
    )
    loss_at_most: Amount | None = clause(
        AMOUNT, "The most that the provider bears of a loss in a period.", default=None
    )
    only_if: tuple[str, ...] = clause(NAMES, GATES_DOC, default=())
    at_most: Amount | None = clause(AMOUNT, MOST_DOC, default=None)

    @property
    def concerned(self) -> tuple[tuple[str, str], ...]:
        return (("of", self.of), *(("only_if", name) for name in self.only_if))

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        unit = ((self.unit, ("unit",)),) if self.unit is not None else ()
        return ((self.baseline, ("baseline",)), *unit)

    def sentences(self) -> Iterator[Sentence]:
        unit = f"each {self.unit}" if self.unit is not None else "each 1"
        yield (
            ("of", "baseline", "worth", "unit", "share"),
            (
                f"By what {self.of} is better than {self.baseline}, {unit} counted as {self.worth}, the provider earns"
                f" {self.share.percent()}."
            ),
        )
        loss = f"{self.loss_share.percent()} of a loss" if self.loss_share else "nothing of a loss"
        limit = f", at most {self.loss_at_most} a period" if self.loss_at_most is not None else ""
        yield ("loss_share", "loss_at_most"), f"The provider bears {loss}{limit}."
        for sentence in gates_in_words(self.only_if):
            yield ("only_if",), sentence
        most = f"It pays {self.at_most} a period at most." if self.at_most is not None else "No cap limits it."
        yield ("at_most",), most


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """What an outcome fee gives back if the result does not last."""

    periods: int = clause(whole(1, 600), "For so many periods after it was paid the outcomes have to stay met.")
    refund: Ratio = clause(SHARE, "The share of the fee that is given back for the first miss.", default=Ratio(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFee(Incentive):
    """A fixed fee that is paid when outcomes are met."""

    kind: ClassVar[str] = "outcome_fee"
    title: ClassVar[str] = "a fee for a result"

    fee: Amount = clause(AMOUNT, "The fee.")
    paid_when: tuple[str, ...] = clause(NAMES, "It is paid when all of these outcomes are met.")
    once: bool = clause(
        FLAG, "Whether it is paid once, in the first period in which they are; or in every one.", default=True
    )
    guarantee: Guarantee | None = clause(
        Form(Guarantee), "What is given back if the result does not last.", default=None
    )
    only_if: tuple[str, ...] = clause(NAMES, GATES_DOC, default=())

    @property
    def concerned(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, name) for key in ("paid_when", "only_if") for name in getattr(self, key))

    def sentences(self) -> Iterator[Sentence]:
        when = "once, in the first period" if self.once else "in every period"
        yield (
            ("fee", "paid_when", "once"),
            (f"{self.fee} are paid {when} in which all of these are met: {', '.join(self.paid_when)}."),
        )
        for sentence in gates_in_words(self.only_if):
            yield ("only_if",), sentence
        if self.guarantee is None:
            yield ("guarantee",), "What was paid is not given back."
        else:
            yield (
                ("guarantee", "guarantee.periods", "guarantee.refund"),
                (
                    f"If one of them is missed within {self.guarantee.periods} periods after that,"
                    f" {self.guarantee.refund.percent()} of the fee is given back, once."
                ),
            )


INCENTIVE = OneOf("kind", {form.kind: Form(form) for form in (Improvement, GainShare, OutcomeFee)})
