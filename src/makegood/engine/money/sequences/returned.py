"""Earn-back as a remedy: one line of its own, named after the sequence, in the provider's favour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction, Mean
from makegood.engine.agreement.sequences.parts import Stretch
from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.earn_back import (
    average,
    earned_by_average,
    earned_by_fraction,
    earned_by_run,
    is_good,
)
from makegood.engine.money.sequences.history import Entry, concerned, history, is_last_of_year, remembered
from makegood.engine.money.sequences.in_turn import EarningBack, left_to_return
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason

Earned = Callable[..., Amount]


def returned_by_run(name: str, term: EarnBack, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines with the earn-back of good periods in a row.

    Unit: a line with a negative amount, or zero.
    Rule: credit first, charge back later: earlier statements stay as they are, and this one carries the return.
    Source: docs/explanation/money/earn-back.md

    >>> EarnBack(steps=()).within.value
    'contract_year'
    """
    return _returned(name, term, context, lines, partial(earned_by_run, term=term))


def returned_by_average(name: str, term: EarnBackAverage, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines with the earn-back of a good contract year.

    Unit: a line with a negative amount, or zero.
    Rule: only the last period of a contract year, or of the term, returns anything.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> EarnBackAverage(reaches=LEVEL.read("99%")).mean.value
    'of_periods'
    """
    agreement = context.agreement
    if not is_last_of_year(agreement, context.judgement.period, periods_of(agreement)[-1]):
        return _returned(name, term, context, lines, _nothing)
    return _returned(name, term, context, lines, partial(earned_by_average, term=term), term.mean)


def returned_by_fraction(name: str, term: EarnBackFraction, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines with the earn-back of each good period.

    Unit: a line with a negative amount, or zero.
    Rule: credit first, charge back later, and never more than the credits.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.vocabulary.ratio import Ratio
    >>> EarnBackFraction(returns=Ratio(1, 2)).within.value
    'contract_year'
    """
    return _returned(name, term, context, lines, partial(earned_by_fraction, term=term))


def _nothing(entries: Sequence[Entry], **_: Any) -> Amount:
    return Amount.zero(entries[-1].credit.currency)


def _returned(
    name: str,
    term: EarningBack,
    context: Context,
    lines: tuple[Line, ...],
    earned: Earned,
    mean: Mean | None = None,
) -> Remedied:
    """Return the lines with that of an earn-back, the sum of what each outcome earns."""
    rounding = context.agreement.money.rounding
    reasons = []
    sum_ = Amount.zero(context.currency)
    for outcome, terms in concerned(context.agreement, term.of, staked=True).items():
        higher = terms.target.higher_is_better
        entries = history(context, outcome, lines)
        amount = earned(entries, higher_is_better=higher, rounding=rounding)
        if amount and context.agreement.versions:
            amount = min(amount, left_to_return(term, context, outcome, entries))
        steps: tuple[Reason, ...] = (_average(entries, mean, terms.target),) if mean is not None else ()
        if amount:
            steps += _ground(entries, term, higher_is_better=higher)
        reasons.append(Reason(f"{outcome} earns back", str(amount), steps, rule="earn-back"))
        sum_ += amount
    reason = Reason(f"{name}: earned back, and charged", str(sum_), tuple(reasons), rule="earn-back")
    return Remedied((*lines, Line(name, -sum_, -sum_, (reason,))), reason)


def _average(entries: Sequence[Entry], mean: Mean, target: Target) -> Reason:
    """Return the average of the contract year as a step of the explanation."""
    year = remembered(entries, Stretch.CONTRACT_YEAR)
    found = average(year, mean, higher_is_better=target.higher_is_better)
    shown = "none" if found is None else found.percent() if target.level.unit is Unit.SHARE else found.grouped
    return Reason("The average of the contract year", shown, rule="earn-back")


def _ground(entries: Sequence[Entry], term: EarningBack, *, higher_is_better: bool) -> tuple[Reason, ...]:
    """Return the periods that an amount was earned by: what was credited in them, or that they were good."""
    if isinstance(term, EarnBackAverage):
        year = remembered(entries, Stretch.CONTRACT_YEAR)
        return tuple(_credited(entry) for entry in year if entry.credit)
    seen = remembered(entries, term.within)
    if isinstance(term, EarnBack):
        seen = seen[max(number for number, entry in enumerate(seen) if entry.missed) :]
    return tuple(
        _credited(entry) if entry.credit else Reason(f"{entry.label} was good", rule="earn-back")
        for entry in seen
        if entry.credit or is_good(entry, term, higher_is_better=higher_is_better)
    )


def _credited(entry: Entry) -> Reason:
    return Reason(f"{entry.label} was credited", str(entry.credit), rule="earn-back")
