"""Prevention: whether the penalty for a miss is larger than what it costs to prevent it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Ruling, Verdict
from makegood.engine.money.account import account_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Prevention:
    """A measure that costs so much a period and lowers the chance of a miss; ``penalty`` is what one miss costs.

    ``loss`` is what a miss costs the customer, if that is known.
    """

    cost: Amount
    without: Ratio
    with_: Ratio
    penalty: Amount
    loss: Amount | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.with_ <= self.without <= 1:
            raise ValueError(
                f"prevention lowers a chance: from {self.without.percent()} to {self.with_.percent()} it does not"
            )

    @property
    def avoided(self) -> Ratio:
        """How many misses a period the prevention avoids."""
        return self.without - self.with_

    @property
    def benefit(self) -> Amount:
        """What it saves the provider in a period, rounded for showing.

        >>> euro = lambda number: Amount(number * 100, "EUR")
        >>> pump = Prevention(euro(1200), Ratio(12, 100), Ratio(2, 100), euro(690), loss=euro(8000))
        >>> str(pump.benefit), str(pump.required), pump.pays, pump.cover.percent(2), pump.worth_it
        ('69.00 EUR', '12,000.00 EUR', False, '8.63 %', False)
        """
        return self.penalty.times(self.avoided)

    @property
    def pays(self) -> bool:
        """Whether the provider is better off with it; compared exactly."""
        return self.penalty.minor * self.avoided >= self.cost.minor

    @property
    def required(self) -> Amount | None:
        """What a miss must cost for prevention to pay, rounded for showing; None if nothing is avoided."""
        return self.cost.times(1 / self.avoided) if self.avoided else None

    @property
    def cover(self) -> Ratio | None:
        """The share of the customer's loss that the penalty covers; None if the loss is not known, or nothing."""
        return Ratio(self.penalty.minor, self.loss.minor) if self.loss else None

    @property
    def worth_it(self) -> bool | None:
        """Whether the customer loses more without it than it costs; None if the loss is not known."""
        return None if self.loss is None else self.loss.minor * self.avoided >= self.cost.minor


def cost_of_misses(agreement: Agreement, judgements: Sequence[Judgement], outcome: str) -> Amount:
    """Return what the misses of an outcome cost in these periods, all rules considered.

    Unit: amount in the agreement's currency, of all the periods together.
    Rule: the credits as they are, less those that would be left if the outcome had always been met. One incident that
        spoils two promises is paid for anyway, and a cap may bind anyway: that much is no saving.
    """
    kept = [_kept(judgement, outcome) for judgement in judgements]
    currency = agreement.money.currency
    with_misses, without = (
        Amount.total((each.total for each in account_credits(agreement, seen)), currency) for seen in (judgements, kept)
    )
    return with_misses - without


def _kept(judgement: Judgement, outcome: str) -> Judgement:
    """Return a judgement in which an outcome that was missed was just met."""
    verdicts = tuple(_met(each) if each.outcome == outcome else each for each in judgement.verdicts)
    return replace(judgement, verdicts=verdicts)


def _met(verdict: Verdict) -> Verdict:
    if verdict.ruling is not Ruling.MISSED:
        return verdict
    measurement = replace(verdict.measurement, value=verdict.target.level.value, misses=())
    return replace(verdict, ruling=Ruling.MET, measurement=measurement)
