"""Closing: the periods whose time has come are settled one after another; closed ones are only adjusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits, Right
from makegood.engine.money.finality import Standing
from makegood.engine.money.settlement import Posting, settle
from makegood.engine.vocabulary.period import Period

AFTER_THE_TERM = "after the term"


@dataclass(frozen=True, slots=True)
class Closing:
    """One statement: the postings booked in ``in_period``, which ``closes`` if it had been open until then.

    ``rights`` are those that arose in the period that closes.
    """

    in_period: str
    closes: bool
    postings: tuple[Posting, ...]
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An agreement seen from one snapshot: verdicts and credits of every period that is or may now be closed."""

    judgements: tuple[Judgement, ...]
    credits: tuple[PeriodCredits, ...]


def due_periods(agreement: Agreement, now: datetime) -> tuple[Period, ...]:
    """Return the periods whose closing time has come.

    Unit: periods in order of time.
    Rule: a period may be closed from ``closing.after`` after its end on; an instant that is exactly then counts;
        but never before the period before it.
    Source: docs/explanation/money/settlement.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.vocabulary.times import parse_instant
    >>> [period.label for period in due_periods(read(GOOD).agreement, parse_instant("2026-03-10T00:00:00Z"))]
    ['2026-01', '2026-02']
    """
    return tuple(takewhile(lambda period: closes_at(agreement, period) <= now, periods_of(agreement)))


def account(
    *,
    agreement: Agreement,
    periods: Sequence[Period],
    evidence: Evidence,
    standing: Standing = Standing(),  # noqa: B008  # a value
) -> Account:
    """Return verdicts and credits of the periods.

    Unit: one entry a period, in the order given; amounts in the agreement's currency.
    Rule: all periods are judged from the same evidence, and each is settled with what the ones before it came to; what
        the book has as final stays.
    Source: docs/explanation/money/settlement.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> agreement = read(GOOD).agreement
    >>> seen = account(agreement=agreement, periods=periods_of(agreement)[:2], evidence=Evidence())
    >>> [str(credits.total) for credits in seen.credits]
    ['0.00 EUR', '0.00 EUR']
    """
    judgements = judge_periods(agreement, periods, evidence)
    return Account(judgements, account_credits(agreement, judgements, standing))


def close_periods(
    *, agreement: Agreement, seen: Account, booked: Sequence[Posting], closed: Sequence[str], snapshot: int
) -> tuple[Closing, ...]:
    """Return the statements to book now: one for each period that closes, or one of adjustments, or none.

    Unit: postings in minor units of the agreement's currency.
    Rule: periods close in order of time. What earlier periods turn out to owe is booked in the first statement that
        is still open; when no period closes, in the statement of the open period; when the term is over, in a
        statement after the term. Nothing that was booked is changed.
    Source: docs/explanation/money/settlement.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> agreement = read(GOOD).agreement
    >>> seen = account(agreement=agreement, periods=periods_of(agreement)[:2], evidence=Evidence())
    >>> statements = close_periods(agreement=agreement, seen=seen, booked=(), closed=("2026-01",), snapshot=0)
    >>> [(each.in_period, [posting.id for posting in each.postings]) for each in statements]
    [('2026-02', ['2026-01/open', '2026-02/open'])]
    """
    opening = [each for each in seen.credits if each.period.label not in closed]
    earlier = [each for each in seen.credits if each.period.label in closed]
    postings = list(booked)
    closings = []
    for each in opening:
        added = settle(computed=[*earlier, each], booked=postings, in_period=each.period.label, snapshot=snapshot)
        closings.append(Closing(each.period.label, closes=True, postings=added, rights=each.rights))
        postings.extend(added)
        earlier.append(each)
    if not closings:
        label = open_period(agreement, closed)
        added = settle(computed=earlier, booked=postings, in_period=label, snapshot=snapshot)
        if added:
            closings.append(Closing(label, closes=False, postings=added))
    return tuple(closings)


def open_period(agreement: Agreement, closed: Sequence[str]) -> str:
    """Return the label of the first period that is not closed.

    Unit: a period label, or ``after the term`` when all are closed.
    Rule: adjustments are booked there.
    Source: docs/explanation/money/settlement.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> open_period(read(GOOD).agreement, ("2026-01", "2026-02"))
    '2026-03'
    """
    return next((each.label for each in periods_of(agreement) if each.label not in closed), AFTER_THE_TERM)
