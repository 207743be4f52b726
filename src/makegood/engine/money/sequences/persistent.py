"""Persistent failure: so many misses in a stretch pay a share of the annual fee."""

from __future__ import annotations

from makegood.engine.agreement.schedule import contract_year
from makegood.engine.agreement.sequences.misses import Persistent
from makegood.engine.agreement.sequences.parts import Stretch
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.rounded import credit_of
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def completed(failures: int, every: int) -> int:
    """Return how many times a number of failures is complete.

    Unit: whole times.
    Rule: what is begun does not count.
    Source: docs/explanation/money/persistent-failure.md

    >>> completed(7, 3)
    2
    """
    return failures // every


def annual_fee(agreement: Agreement) -> Ratio:
    """Return the fee of twelve months.

    Unit: major units of the currency, exactly.
    Rule: twelve times the monthly fees of all services.
    Source: docs/explanation/money/persistent-failure.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> str(annual_fee(read(GOOD).agreement))
    '12000'
    """
    return sum((service.fee.monthly * 12 for service in agreement.services.values() if service.fee), Ratio(0))


def failing_persistently(name: str, term: Persistent, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines with one of the sequence itself: what the failures that are now complete pay.

    Unit: amount in the agreement's currency, rounded once.
    Rule: each missed outcome in each period is one failure, also of an outcome that the agreement does not have any
        more. A period pays for the multiples that it completes; those completed before have been paid. What is left
        over at the end of the stretch lapses.
    Source: docs/explanation/money/persistent-failure.md

    >>> Persistent(every=3, pays=Share(Ratio(1, 100))).within.value
    'contract_year'
    """
    before = sum(_failures(term, judgement) for judgement in _remembered(term, context))
    now = before + _failures(term, context.judgement)
    times = completed(now, term.every) - completed(before, term.every)
    pays = annual_fee(context.agreement) * term.pays.of_base if isinstance(term.pays, Share) else term.pays.value
    amount = credit_of(pays * times, context.agreement.money)
    what = f"{term.pays} of the annual fee" if isinstance(term.pays, Share) else str(term.pays)
    text = f"{name}: {now} failures, {before} of them earlier; each {term.every} pay {what}"
    reason = Reason(text, str(amount), rule="persistent-failure")
    return Remedied((*lines, Line(name, amount, amount, (reason,))), reason)


def _failures(term: Persistent, judgement: Judgement) -> int:
    return sum(each.ruling is Ruling.MISSED for each in judgement.verdicts if not term.of or each.outcome in term.of)


def _remembered(term: Persistent, context: Context) -> tuple[Judgement, ...]:
    """Return the verdicts of the earlier periods of the stretch."""
    if term.within is Stretch.TERM:
        return context.past.judgements
    agreed = context.agreement.term
    year = contract_year(agreed, context.judgement.period.first_day)
    return tuple(each for each in context.past.judgements if contract_year(agreed, each.period.first_day) == year)
