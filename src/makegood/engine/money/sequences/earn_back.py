"""Earn-back: what good periods return of an earlier credit, as a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction, Mean
from makegood.engine.agreement.sequences.parts import Stretch, Undecided
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.sequences.history import Entry, remembered
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding


@dataclass(slots=True)
class _Open:
    """A credit that can be earned back: what is left of it, the run of good periods, and the steps still open."""

    credit: Amount
    left: Amount
    run: int = 0
    steps: set[int] = field(default_factory=set)


def is_good(entry: Entry, term: EarnBack | EarnBackFraction, *, higher_is_better: bool) -> bool:
    """Tell whether a period counts towards an earn-back.

    Unit: none.
    Rule: it is met, and its value is better than ``above``, or ``at_or_above`` or better, if one is written; a period
        that is met without a value is then none. Better is lower where less is better.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> month = Entry("m", 0, Ruling.MET, Ratio(999, 1000), Amount.zero("EUR"))
    >>> term = EarnBackFraction(above=LEVEL.read("99.9%"), returns=Ratio(1, 2))
    >>> is_good(month, term, higher_is_better=True)
    False
    """
    level = term.above or term.at_or_above
    if entry.ruling is not Ruling.MET or (level is not None and entry.value is None):
        return False
    if level is None or entry.value is None:
        return True
    margin = entry.value - level.value if higher_is_better else level.value - entry.value
    return margin > 0 or (margin == 0 and term.above is None)


def earned_by_run(
    entries: Sequence[Entry], term: EarnBack, *, higher_is_better: bool, rounding: Rounding = Rounding.HALF_UP
) -> Amount:
    """Return what the last period returns of the latest credit.

    Unit: amount, not negative; all steps together never return more than the credit.
    Rule: each step returns its share of the credit of the latest missed period once that many good periods follow one
        another; a period that is met and not good starts the run anew; a new miss ends every step that is open, and so
        does the end of the contract year. Each share is rounded, and limited to what is left.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.sequences.earn_back import EarnBackStep
    >>> credit, nothing = Amount(150000, "EUR"), Amount(0, "EUR")
    >>> months = [Entry("m", 0, Ruling.MISSED, None, credit), *[Entry("m", 0, Ruling.MET, None, nothing)] * 5]
    >>> term = EarnBack(steps=tuple(EarnBackStep(after=after, returns=Ratio(1, 2)) for after in (2, 4)))
    >>> [str(earned_by_run(months[: number + 1], term, higher_is_better=True)) for number in range(6)]
    ['0.00 EUR', '0.00 EUR', '750.00 EUR', '0.00 EUR', '750.00 EUR', '0.00 EUR']
    """
    nothing = Amount.zero(entries[-1].credit.currency)
    returned = nothing
    open_: _Open | None = None
    for entry in remembered(entries, term.within):
        returned = nothing
        if entry.missed:
            open_ = _Open(entry.credit, entry.credit, steps=set(range(len(term.steps))))
        elif open_ is not None and is_good(entry, term, higher_is_better=higher_is_better):
            open_.run += 1
            returned = _step(open_, term, rounding)
        elif open_ is not None and (entry.ruling is Ruling.MET or term.undecided is Undecided.ENDS_RUN):
            open_.run = 0
    return returned


def _step(open_: _Open, term: EarnBack, rounding: Rounding) -> Amount:
    """Take the steps that the run has come to, and return what they give back."""
    returned = Amount.zero(open_.credit.currency)
    for number, step in enumerate(term.steps):
        if number in open_.steps and open_.run >= step.after:
            open_.steps.remove(number)
            part = min(open_.credit.times(step.returns, rounding), open_.left)
            open_.left -= part
            returned += part
    return returned


def average(entries: Sequence[Entry], mean: Mean, *, higher_is_better: bool = True) -> Ratio | None:
    """Return the average of several periods.

    Unit: the unit of their values, exactly.
    Rule: the mean of the values, each period counting alike; or pooled, the share of everything in all of them: of what
        went well, or under a ceiling of what did not. None if a period has no value, or if there is nothing to pool.
    Source: docs/explanation/money/earn-back.md

    >>> months = [Entry("m", 0, Ruling.MET, Ratio(*of), Amount.zero("EUR"), *of) for of in ((9, 10), (100, 100))]
    >>> [str(average(months, mean)) for mean in Mean]
    ['0.95', '109/110']
    """
    values = [entry.value for entry in entries if entry.value is not None]
    if not values or len(values) < len(entries):
        return None
    if mean is Mean.OF_PERIODS:
        return sum(values, Ratio(0)) / len(values)
    total = sum(entry.total for entry in entries)
    if not total:
        return None
    share = Ratio(sum(entry.good for entry in entries), total)
    return share if higher_is_better else 1 - share


def earned_by_average(
    entries: Sequence[Entry], term: EarnBackAverage, *, higher_is_better: bool, rounding: Rounding = Rounding.HALF_UP
) -> Amount:
    """Return what a contract year returns with its last period.

    Unit: amount, not negative, rounded once.
    Rule: the share of all credits of the year, if its average reaches the level; exactly will do. A year without an
        average returns nothing.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> credit, nothing = Amount(100000, "EUR"), Amount(0, "EUR")
    >>> months = [Entry("m", 0, Ruling.MISSED, Ratio(98, 100), credit), Entry("m", 0, Ruling.MET, Ratio(1), nothing)]
    >>> str(earned_by_average(months, EarnBackAverage(reaches=LEVEL.read("99%")), higher_is_better=True))
    '1,000.00 EUR'
    """
    year = remembered(entries, Stretch.CONTRACT_YEAR)
    nothing = Amount.zero(entries[-1].credit.currency)
    found = average(year, term.mean, higher_is_better=higher_is_better)
    if found is None or (found < term.reaches.value if higher_is_better else found > term.reaches.value):
        return nothing
    return sum((entry.credit for entry in year), start=nothing).times(term.returns, rounding)


def earned_by_fraction(
    entries: Sequence[Entry], term: EarnBackFraction, *, higher_is_better: bool, rounding: Rounding = Rounding.HALF_UP
) -> Amount:
    """Return what a good period returns of all earlier credits.

    Unit: amount, not negative; of each credit never more than it was.
    Rule: each good period returns the fraction of every earlier credit that is still remembered, the last one what is
        left of it.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> good = Entry("m", 0, Ruling.MET, Ratio(1), Amount.zero("EUR"))
    >>> months = [Entry("m", 0, Ruling.MISSED, Ratio(0), Amount(27600, "EUR")), good, good, good]
    >>> term = EarnBackFraction(above=LEVEL.read("99%"), returns=Ratio(1, 2))
    >>> [str(earned_by_fraction(months[: number + 1], term, higher_is_better=True)) for number in range(4)]
    ['0.00 EUR', '138.00 EUR', '138.00 EUR', '0.00 EUR']
    """
    year = remembered(entries, term.within)
    returned = Amount.zero(entries[-1].credit.currency)
    good = [is_good(entry, term, higher_is_better=higher_is_better) for entry in year]
    if not good[-1]:
        return returned
    times = sum(good)
    for entry, was_good in zip(year, good, strict=True):
        times -= was_good
        if entry.credit.minor > 0:
            now, before = (min(term.returns * count, Ratio(1)) for count in (times, times - 1))
            returned += entry.credit.times(now, rounding) - entry.credit.times(before, rounding)
    return returned
