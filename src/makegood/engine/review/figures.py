"""The figures of one period: how its verdicts went, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Rulings:
    """How many verdicts were met, missed and undecided."""

    met: int
    missed: int
    undecided: int

    @classmethod
    def of(cls, rulings: Iterable[Ruling]) -> Rulings:
        """Return the counts of these rulings.

        >>> Rulings.of([Ruling.MET, Ruling.MISSED, Ruling.MET])
        Rulings(met=2, missed=1, undecided=0)
        """
        given = list(rulings)
        return cls(*(given.count(ruling) for ruling in (Ruling.MET, Ruling.MISSED, Ruling.UNDECIDED)))

    @property
    def total(self) -> int:
        return self.met + self.missed + self.undecided


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One period: its judgement, its credits if there is money, and the sums of both."""

    judgement: Judgement
    credits: PeriodCredits | None
    rulings: Rulings
    fee: Amount
    at_risk: Amount
    credited: Amount

    @property
    def period(self) -> Period:
        return self.judgement.period

    @property
    def label(self) -> str:
        return self.judgement.period.label

    def credit_of(self, outcome: str) -> Amount:
        """Return what one outcome credits for this period; nothing if no money is on it."""
        given = self.credits.credits if self.credits else ()
        found = (credit.amount for credit in given if credit.outcome == outcome)
        return next(found, Amount.zero(self.credited.currency))

    @property
    def other_terms(self) -> Amount:
        """What the period credits by terms that are no outcome: sequences, bonuses, incentives; negative if charged."""
        judged = Amount.total(
            (self.credit_of(each.outcome) for each in self.judgement.verdicts), self.credited.currency
        )
        return self.credited - judged


def period_figures(judgement: Judgement, computed: PeriodCredits | None, currency: str) -> PeriodFigures:
    """Return the figures of one period.

    Unit: counts of verdicts; amounts in the agreement's currency.
    Rule: a period without credits has no fee and nothing at risk.
    """
    nothing = Amount.zero(currency)
    return PeriodFigures(
        judgement=judgement,
        credits=computed,
        rulings=Rulings.of(verdict.ruling for verdict in judgement.verdicts),
        fee=computed.fee if computed else nothing,
        at_risk=computed.at_risk if computed else nothing,
        credited=computed.total if computed else nothing,
    )
