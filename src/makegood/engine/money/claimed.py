"""Claimed: what was not claimed in time is not paid."""

from __future__ import annotations

from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason


def only_claimed(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    """Return the lines, without what had to be claimed and was not.

    Unit: lines; what is forfeited becomes zero.
    Rule: it acts before everything that concerns several outcomes, so that what nobody claims uses up no cap. A claim
        that comes in later, and in time, is settled as an adjustment.
    Source: docs/explanation/money/claims.md

    >>> only_claimed.__name__
    'only_claimed'
    """
    if context.agreement.claims is None:
        return None
    nothing = Amount.zero(context.currency)
    refused = {claim.outcome: claim.reason for claim in context.judgement.claims if not claim.accepted}
    left = tuple(
        line.becomes(nothing, refused[line.outcome]) if line.amount and line.outcome in refused else line
        for line in lines
    )
    steps = tuple(claim.reason for claim in context.judgement.claims)
    return Remedied(
        left, Reason(f"Credits have to be claimed: {len(refused) or 'none'} forfeited", children=steps, rule="claims")
    )
