"""Caps with memory: what is left of a limit on twelve months, a contract year or the whole contract."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.schedule import contract_year
from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.terms import Cap, CapPer
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.cap import capped
from makegood.engine.money.context import Context
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.line import Line, Remedied
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.reason import Reason

PERIODS_OF_TWELVE_MONTHS = {Every.WEEK: 52, Every.MONTH: 12, Every.QUARTER: 4, Every.YEAR: 1, Every.TERM: 1}

STRETCHES = {
    CapPer.TWELVE_MONTHS: "the last twelve months",
    CapPer.CONTRACT_YEAR: "the contract year",
    CapPer.CONTRACT: "the contract",
}


def left_of(limit: Amount, credited: Amount) -> Amount:
    """Return what may still be credited under a limit.

    Unit: amount in the agreement's currency.
    Rule: the limit less what was credited in its stretch before, and never less than nothing.
    Source: docs/explanation/money/caps.md

    >>> print(left_of(Amount(100000, "EUR"), Amount(99000, "EUR")), left_of(Amount(100, "EUR"), Amount(300, "EUR")))
    10.00 EUR 0.00 EUR
    """
    return max(limit - credited, Amount.zero(limit.currency))


def within_stretches(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    r"""Return the lines after the limits that remember earlier periods.

    Unit: lines; they add up to the lowest of what is left exactly if it was exceeded.
    Rule: credits that were booked count, after all remedies; what was earned back makes no new room, and what an
        incentive gave back takes none. Of several caps the one counts that leaves the least.
    Source: docs/explanation/money/caps.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge
    >>> from makegood.engine.money.sums import Sums
    >>> agreement = read("caps: [{per: 12 months, at: 10% of fees}]\n" + GOOD).agreement
    >>> january = periods_of(agreement)[0]
    >>> context = Context(agreement, judge(agreement, january, Evidence.of([])), Sums.of(agreement, january))
    >>> line = Line("open", Amount(15000, "EUR"), Amount(15000, "EUR"), ())
    >>> print(within_stretches(context, (line,)).lines[0].amount)
    100.00 EUR
    """
    caps = [cap for cap in context.agreement.caps if cap.per is not CapPer.PERIOD]
    if not caps:
        return None
    limits = [(*_left(cap, context), cap) for cap in caps]
    left, why, cap = min(limits, key=lambda each: each[0])
    return capped(lines, left, name=f"what is left of the cap of {STRETCHES[cap.per]},", rule="caps", why=(why,))


def _left(cap: Cap, context: Context) -> tuple[Amount, Reason]:
    currency = context.currency
    earlier, opening = _stretch(cap, context)
    before = cap.brought_forward if opening else None
    credited = Amount.total((amount for each in earlier for amount in _credited(each, context)), currency)
    fees = Amount.total((*(each.fee for each in earlier), context.sums.fee), currency)
    if before is not None:
        credited += before.credits or Amount.zero(currency)
        fees += before.fees or Amount.zero(currency)
    if isinstance(cap.at, ShareOf) and cap.at.base is Base.FEES:
        value, base = fees.value * cap.at.share, Reason("The fees of the stretch", str(fees), rule="fee")
    else:
        value, base = context.sums.share(cap.at)
    limit = Amount.of(value, currency, context.agreement.money.rounding)
    left = left_of(limit, credited)
    text = f"Over {STRETCHES[cap.per]} {limit} may be credited, and {credited} was credited before"
    return left, Reason(text, str(left), (base,), rule="caps")


def _credited(earlier: PeriodCredits, context: Context) -> Iterator[Amount]:
    """Yield what an earlier period credited; what an incentive gave back is no credit."""
    incentives = version_for(context.agreement, earlier.period).incentives
    for credit in earlier.credits:
        if credit.amount.minor > 0 and credit.outcome not in incentives:
            yield credit.amount


def _stretch(cap: Cap, context: Context) -> tuple[tuple[PeriodCredits, ...], bool]:
    """Return the earlier periods that a cap looks at, and whether what was before the first of the term counts."""
    earlier, term = context.past.credits, context.agreement.term
    if cap.per is CapPer.CONTRACT:
        return earlier, True
    if cap.per is CapPer.CONTRACT_YEAR:
        year = contract_year(term, context.judgement.period.first_day)
        return tuple(each for each in earlier if contract_year(term, each.period.first_day) == year), year == 0
    number = PERIODS_OF_TWELVE_MONTHS[term.period.every]
    starts = {each.period.whole.start for each in earlier} | {context.judgement.period.whole.start}
    first = sorted(starts)[-number:][0]
    return tuple(each for each in earlier if each.period.whole.start >= first), len(starts) < number
