"""In turn: what was earned back of an outcome period by period, each by the version that was in force then."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction
from makegood.engine.agreement.sequences.parts import Stretch
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.context import Context
from makegood.engine.money.sequences.earn_back import earned_by_average, earned_by_fraction, earned_by_run
from makegood.engine.money.sequences.history import Entry, concerned, is_last_of_year, remembered
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period

EarningBack = EarnBack | EarnBackAverage | EarnBackFraction


def left_to_return(term: EarningBack, context: Context, outcome: str, entries: Sequence[Entry]) -> Amount:
    """Return what is left of the credits that an earn-back returns, after what earlier periods have returned of them.

    Unit: amount, not negative.
    Rule: its credits are that of the latest missed period, or those of the contract year or term that it remembers.
        Earlier periods returned what the version in force in them says. So another version does not return a credit
        a second time.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge
    >>> from makegood.engine.money.sequences.history import history
    >>> from makegood.engine.money.sums import Sums
    >>> agreement = read(GOOD).agreement
    >>> january = periods_of(agreement)[0]
    >>> context = Context(agreement, judge(agreement, january, Evidence.of([])), Sums.of(agreement, january))
    >>> print(left_to_return(EarnBack(steps=()), context, "open", history(context, "open", ())))
    0.00 EUR
    """
    periods = [each.period for each in context.past.judgements if each.find(outcome) is not None]
    returned: list[Amount] = []
    for number, period in enumerate(periods, start=1):
        terms = version_for(context.agreement, period)
        earning = _earning(terms, outcome)
        if earning is None:
            returned.append(Amount.zero(context.currency))
            continue
        so_far = entries[:number]
        returned.append(min(_earned(earning, terms, period, outcome, so_far), _left(earning, so_far, returned)))
    return _left(term, entries, returned)


def _left(term: EarningBack, entries: Sequence[Entry], returned: Sequence[Amount]) -> Amount:
    nothing = Amount.zero(entries[-1].credit.currency)
    first = _first(term, entries)
    credits = Amount.total((each.credit for each in entries[first:]), nothing.currency)
    return max(credits - Amount.total(returned[first:], nothing.currency), nothing)


def _first(term: EarningBack, entries: Sequence[Entry]) -> int:
    """Return the place of the first period whose credit can be returned."""
    if isinstance(term, EarnBack):
        return max((place for place, each in enumerate(entries) if each.missed), default=0)
    within = term.within if isinstance(term, EarnBackFraction) else Stretch.CONTRACT_YEAR
    return len(entries) - len(remembered(entries, within))


def _earning(agreement: Agreement, outcome: str) -> EarningBack | None:
    """Return what earns back the credits of an outcome; the checker sees to it that it is only one."""
    for term in agreement.sequences.values():
        if isinstance(term, EarningBack) and outcome in concerned(agreement, term.of, staked=True):
            return term
    return None


def _earned(term: EarningBack, agreement: Agreement, period: Period, outcome: str, entries: Sequence[Entry]) -> Amount:
    higher, rounding = agreement.outcomes[outcome].target.higher_is_better, agreement.money.rounding
    match term:
        case EarnBack():
            return earned_by_run(entries, term, higher_is_better=higher, rounding=rounding)
        case EarnBackFraction():
            return earned_by_fraction(entries, term, higher_is_better=higher, rounding=rounding)
        case _ if is_last_of_year(agreement, period, periods_of(agreement)[-1]):
            return earned_by_average(entries, term, higher_is_better=higher, rounding=rounding)
        case _:
            return Amount.zero(entries[-1].credit.currency)
