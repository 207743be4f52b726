"""The account: credits period after period, each knowing those before it."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.context import Past
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.money.finality import Standing, as_final


def account_credits(
    agreement: Agreement,
    judgements: Sequence[Judgement],
    standing: Standing = Standing(),  # noqa: B008  # a value
) -> tuple[PeriodCredits, ...]:
    """Return the credits of several periods.

    Unit: amounts in the agreement's currency; one entry a judgement, in the order given.
    Rule: periods are settled in order of time; each sees the verdicts and credits of those before it, after all of
        their remedies. So whoever gives all periods from the first on gets what the agreement owes.
        What the book has as final stays, and is what later periods see.
    Source: docs/explanation/money/order-of-remedies.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge_periods
    >>> agreement = read(GOOD).agreement
    >>> judgements = judge_periods(agreement, periods_of(agreement)[:2], Evidence.of([]))
    >>> [str(credits.total) for credits in account_credits(agreement, judgements)]
    ['0.00 EUR', '0.00 EUR']
    """
    past = Past()
    for judgement in judgements:
        past = past.with_(judgement, as_final(agreement, period_credits(agreement, judgement, past), standing))
    return past.credits
