"""Comparison: what two texts of an agreement come to on the same evidence, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.vocabulary.amount import Amount


@dataclass(frozen=True, slots=True)
class Compared:
    """One period under two texts: fee and credits of each, and the outcomes that were ruled differently."""

    label: str
    fees: tuple[Amount, Amount]
    credits: tuple[Amount, Amount]
    rulings: tuple[tuple[str, str, str], ...]

    @property
    def difference(self) -> Amount:
        """What the customer gets more under the second text; negative if it gets less."""
        return self.credits[1] - self.credits[0]


def compared(before: Agreement, after: Agreement, labels: Sequence[str], evidence: Evidence) -> tuple[Compared, ...]:
    """Return the periods with these labels under each of two texts, as if each had always been in force.

    Unit: amounts in the one currency of both.
    Rule: both texts are replayed from their first period on, on the same evidence; a period that only one of them has
        is left out.
    """
    both = [_replayed(replace(each, versions=()), labels, evidence) for each in (before, after)]
    return tuple(_compared(label, both[0][label], both[1][label]) for label in both[0] if label in both[1])


def _replayed(
    agreement: Agreement, labels: Sequence[str], evidence: Evidence
) -> dict[str, tuple[Judgement, PeriodCredits]]:
    """Return verdicts and credits of the periods up to the last that is wanted, by label."""
    periods = periods_of(agreement)
    last = max((number for number, each in enumerate(periods) if each.label in labels), default=-1)
    judgements = judge_periods(agreement, periods[: last + 1], evidence)
    found = zip(judgements, account_credits(agreement, judgements), strict=True)
    return {each.period.label: (each, credits) for each, credits in found if each.period.label in labels}


def _compared(label: str, before: tuple[Judgement, PeriodCredits], after: tuple[Judgement, PeriodCredits]) -> Compared:
    rulings = [{verdict.outcome: verdict.ruling.value for verdict in each.verdicts} for each, _ in (before, after)]
    changed = (
        (name, rulings[0].get(name, "not promised"), rulings[1].get(name, "not promised"))
        for name in dict.fromkeys((*rulings[0], *rulings[1]))
    )
    return Compared(
        label=label,
        fees=(before[1].fee, after[1].fee),
        credits=(before[1].total, after[1].total),
        rulings=tuple((name, was, is_) for name, was, is_ in changed if was != is_),
    )
