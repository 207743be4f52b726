"""Credits: what a period's verdicts come to, step by step and to the cent."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Credit:
    """What one outcome credits to the customer for one period, after every rule of the agreement.

    ``raw`` is the amount by the outcome's own stake, before incident rule, caps and minimum.
    """

    outcome: str
    amount: Amount
    raw: Amount
    reason: Reason


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the customer that arose in a period, as from chronic failure, by which sequence and why.

    ``outcome`` is empty if it arose from several together.
    """

    gives: str
    sequence: str
    outcome: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PeriodCredits:
    """All credits of one period; ``reason`` tells the order of remedies as it was applied.

    ``rights`` are those that arose in the period; they pay nothing by themselves.
    """

    agreement: str
    period: Period
    fee: Amount
    at_risk: Amount
    credits: tuple[Credit, ...]
    total: Amount
    reason: Reason
    rights: tuple[Right, ...] = ()

    def __post_init__(self) -> None:
        lines = Amount.total((credit.amount for credit in self.credits), self.total.currency)
        if lines != self.total:
            raise ValueError(f"the credits of {self.period.label} add up to {lines}, not to {self.total}")
        if len({credit.outcome for credit in self.credits}) < len(self.credits):
            raise ValueError(f"an outcome is credited twice in {self.period.label}")
