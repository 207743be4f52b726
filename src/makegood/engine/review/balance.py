"""The balance of stick and carrot: what can be lost in a period against what can be gained."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.review.trial import Trial
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Balance:
    """What a period costs at the worst, and what it earns at the best beyond its fee.

    ``owed`` is what the stakes come to at the worst before anything limits them together.
    """

    fee: Amount
    owed: Amount
    at_risk: Amount
    to_gain: Amount

    @property
    def absorbed(self) -> Amount:
        """What the rules for all credits together take off at the worst."""
        return self.owed - self.at_risk

    @property
    def stick(self) -> Ratio | None:
        """The share of everything at stake that can be lost: 1 is all stick, 0 all carrot; None if nothing is."""
        whole = self.at_risk + self.to_gain
        return self.at_risk.value / whole.value if whole else None


def balance_of(trial: Trial) -> Balance:
    """Return the balance of an agreement in one period.

    Unit: amounts of one period, without the past that some terms remember.
    Rule: at the worst every outcome has its worst value, each from a cause of its own; at the best each is as good as
        can be. What is credited is lost, and what is charged on top of the fee is gained.
    """
    worst = trial.credits({name: scale.worst for name, scale in trial.scales.items()})
    best = trial.credits({})
    nothing = Amount.zero(worst.total.currency)
    return Balance(
        fee=worst.fee,
        owed=Amount.total((credit.raw for credit in worst.credits), nothing.currency),
        at_risk=max(worst.total, nothing),
        to_gain=max(-best.total, nothing),
    )
