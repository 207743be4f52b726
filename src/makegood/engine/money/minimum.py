"""The minimum credit: sums that are too small to be worth a credit note."""

from __future__ import annotations

from makegood.engine.agreement.terms import MinimumCredit
from makegood.engine.money.line import Line, Remedied, total
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason

BELOW_MINIMUM = "below-minimum-credit"


def above_minimum(lines: tuple[Line, ...], minimum: MinimumCredit, currency: str) -> Remedied:
    """Return the lines if together they are worth paying, else each with nothing.

    Unit: lines; all as they were, or all zero.
    Rule: the sum of the period must be greater than ``more_than`` and not less than ``at_least``, as far as written;
        so exactly ``more_than`` is not paid, and exactly ``at_least`` is.
    Source: docs/explanation/money/minimum-credit.md

    >>> one_euro = Amount(100, "EUR")
    >>> lines = (Line("orders", one_euro, one_euro, ()),)
    >>> print(above_minimum(lines, MinimumCredit(more_than=one_euro), "EUR").lines[0].amount)
    0.00 EUR
    """
    sum_ = total(lines, currency)
    failing = _failing(sum_, minimum)
    if not failing or not sum_:
        return Remedied(lines, Reason("The sum is not below the minimum credit", str(sum_), rule="minimum-credit"))
    nothing = Amount.zero(currency)
    reason = Reason(f"Nothing is paid: the sum of {sum_} is {failing}", str(nothing), rule=BELOW_MINIMUM)
    return Remedied(tuple(line.becomes(nothing, reason) if line.amount else line for line in lines), reason)


def _failing(sum_: Amount, minimum: MinimumCredit) -> str:
    """Return in words the minimum that the sum fails, or nothing."""
    if minimum.more_than is not None and sum_ <= minimum.more_than:
        return f"not greater than {minimum.more_than}"
    if minimum.at_least is not None and sum_ < minimum.at_least:
        return f"below {minimum.at_least}"
    return ""
