"""Incentives as remedies: lines of their own in the provider's favour, after everything that is credited."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.incentives import GainShare, Improvement, Incentive, OutcomeFee
from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.money.bonus import bonus_earned
from makegood.engine.money.context import Context
from makegood.engine.money.earned import Earned
from makegood.engine.money.fee import days_charged
from makegood.engine.money.gain_share import gain_shared
from makegood.engine.money.improvement import improvement_earned, values_of
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.outcome_fee import fee_earned
from makegood.engine.money.rounded import credit_of
from makegood.engine.money.sums import shown_exactly
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

_FEE = ShareOf(Ratio(1), Base.SERVICE_FEE)


def with_bonuses(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    """Return the lines with a further one for the bonus of each outcome that has one.

    Unit: lines; a bonus is negative, since credits are counted for the customer.
    Rule: it is called after its outcome, with ``.bonus`` behind; it acts after all caps and the minimum credit, so
        that it makes no room for credits.
    Source: docs/explanation/money/bonus.md

    >>> with_bonuses.__name__
    'with_bonuses'
    """
    return _with(context, lines, tuple(_bonuses(context)), "What doing better than promised earns", "bonus")


def with_incentives(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    """Return the lines with a further one for each incentive.

    Unit: lines; what the provider earns is negative, since credits are counted for the customer.
    Rule: each is called by its name in the agreement.
    Source: docs/explanation/money/order-of-remedies.md

    >>> with_incentives.__name__
    'with_incentives'
    """
    found = tuple((name, _earned(term, context)) for name, term in context.agreement.incentives.items())
    return _with(context, lines, found, "What incentives earn", "incentives")


def _bonuses(context: Context) -> Iterator[tuple[str, Earned]]:
    days = days_charged(context.judgement.period, context.agreement.money.partial_period)
    for name, outcome in context.agreement.outcomes.items():
        if outcome.bonus is not None:
            base, _ = context.sums.share(outcome.bonus.of or _FEE, outcome.service)
            yield f"{name}.bonus", bonus_earned(outcome.bonus, name, context.judgement, base=base, days=days)


def _earned(term: Incentive, context: Context) -> Earned:
    judgements = (*context.past.judgements, context.judgement)
    match term:
        case Improvement():
            higher = context.judgement.of(term.of).target.higher_is_better
            return improvement_earned(term, values_of(term, judgements), higher_is_better=higher)
        case GainShare():
            return gain_shared(term, context.judgement)
        case OutcomeFee():
            return fee_earned(term, judgements)
        case _:
            raise TypeError(f"no incentive: {term}")


def _with(
    context: Context, lines: tuple[Line, ...], found: tuple[tuple[str, Earned], ...], text: str, rule: str
) -> Remedied | None:
    """Return the lines with those that were found behind them; None if there are none."""
    if not found:
        return None
    added = []
    for name, earned in found:
        amount = -credit_of(earned.exact, context.agreement.money)
        steps: tuple[Reason, ...] = ()
        if -amount.value != earned.exact:
            exact = shown_exactly(earned.exact, context.currency)
            steps = (Reason(f"{exact} is rounded {context.agreement.money.rounding.replace('_', ' ')}", str(-amount)),)
        added.append(Line(name, amount, amount, (Reason(earned.because, str(-amount), steps, rule=earned.rule),)))
    reasons = tuple(Reason(line.outcome, str(-line.amount)) for line in added)
    return Remedied((*lines, *added), Reason(text, children=reasons, rule=rule))
