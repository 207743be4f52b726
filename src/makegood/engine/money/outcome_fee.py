"""The outcome fee: a fixed sum for a result, and what of it is given back if the result does not last."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.incentives import OutcomeFee
from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.earned import Earned, unmet
from makegood.engine.vocabulary.ratio import Ratio

MISSED = Ruling.MISSED


def fee_earned(term: OutcomeFee, judgements: Sequence[Judgement]) -> Earned:
    """Return what the last of several periods earns of an outcome fee, or gives back.

    Unit: exact value in major units of the agreement's currency; negative is given back.
    Rule: the fee is due in the first period in which all its outcomes are met, or in every one if it is not paid
        ``once``. With a guarantee, the first period within its length after a paid one in which one of the outcomes is
        missed gives back the agreed share, once; an undecided period gives nothing back.
    Source: docs/explanation/money/outcome-fee.md

    >>> from makegood.engine.vocabulary.amount import Amount
    >>> fee_earned(OutcomeFee(fee=Amount(100000, "EUR"), paid_when=("live",)), ()).exact
    Ratio(0)
    """
    paid_at: int | None = None
    given_back = False
    earned = Earned(Ratio(0), "Nothing is due yet", "outcome-fee")
    for number, judgement in enumerate(judgements):
        earned = Earned(Ratio(0), "Nothing is due in this period", "outcome-fee")
        lacking = unmet((*term.paid_when, *term.only_if), judgement)
        missed = [
            each.outcome for each in judgement.verdicts if each.outcome in term.paid_when and each.ruling is MISSED
        ]
        if not lacking and (paid_at is None or not term.once):
            paid_at, given_back = number, False
            earned = Earned(term.fee.value, f"{', '.join(term.paid_when)} met: the fee is due", "outcome-fee")
        elif missed and term.guarantee is not None and paid_at is not None and not given_back:
            after = number - paid_at
            if after <= term.guarantee.periods:
                given_back = True
                text = f"{', '.join(missed)} missed, {after} periods after the fee was paid: the guarantee applies"
                earned = Earned(-term.fee.value * term.guarantee.refund, text, "outcome-fee")
    return earned
