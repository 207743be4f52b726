"""Persistent failure: so many misses in a stretch pay a share of the annual fee."""

from __future__ import annotations

from makegood.engine.agreement.sequences.misses import Persistent
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.history import concerned, history, remembered
from makegood.engine.vocabulary.amount import Amount
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
    Rule: each missed outcome in each period is one failure. A period pays for the multiples that it completes; those
        completed before have been paid. What is left over at the end of the stretch lapses.
    Source: docs/explanation/money/persistent-failure.md

    >>> Persistent(every=3, pays=Share(Ratio(1, 100))).within.value
    'contract_year'
    """
    now = before = 0
    for outcome in concerned(context.agreement, term.of, staked=False):
        entries = remembered(history(context, outcome, lines), term.within)
        now += sum(entry.missed for entry in entries)
        before += sum(entry.missed for entry in entries[:-1])
    times = completed(now, term.every) - completed(before, term.every)
    pays = annual_fee(context.agreement) * term.pays.of_base if isinstance(term.pays, Share) else term.pays.value
    amount = Amount.of(pays * times, context.currency, context.agreement.money.rounding)
    what = f"{term.pays} of the annual fee" if isinstance(term.pays, Share) else str(term.pays)
    text = f"{name}: {now} failures, {before} of them earlier; each {term.every} pay {what}"
    reason = Reason(text, str(amount), rule="persistent-failure")
    return Remedied((*lines, Line(name, amount, amount, (reason,))), reason)
