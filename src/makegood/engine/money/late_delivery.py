"""Late delivery: each period pays what the delay has grown by in it, and a long stop gives a right."""

from __future__ import annotations

from makegood.engine.money.context import Context
from makegood.engine.money.credit import Right
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.stake import Owed
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason

TERMINATION = "termination right"


def beyond_earlier(owed: Owed, earlier: Owed) -> Owed:
    """Return what a delay owes in a period, given what it owed at the end of the period before.

    Unit: amount in the agreement's currency.
    Rule: the delay is taken whole, as it stood at the end of the period; what it had come to by the period before is
        taken off, so that all periods together pay for the whole delay once, and never more than its limit. A period
        never takes back what an earlier one paid; a restatement of that one does.
    Source: docs/explanation/money/late-delivery.md

    >>> print(beyond_earlier(Owed(Amount(6300, "EUR"), ()), Owed(Amount(2100, "EUR"), ())).amount)
    42.00 EUR
    """
    amount = max(owed.amount - earlier.amount, Amount.zero(owed.amount.currency))
    step = Reason(f"Earlier periods have paid {earlier.amount} of {owed.amount}", str(amount), rule="late-delivery")
    return Owed(amount, (*owed.reasons, step))


def long_stopped(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    """Return the lines as they are, with the rights that arose because something is too late.

    Unit: lines; no money.
    Rule: the right arises in the period in which the delay passes the long stop, and once.
    Source: docs/explanation/money/late-delivery.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge
    >>> from makegood.engine.money.sums import Sums
    >>> shop = read(GOOD).agreement
    >>> january = periods_of(shop)[0]
    >>> long_stopped(Context(shop, judge(shop, january, Evidence.of([])), Sums.of(shop, january)), ()) is None
    True
    """
    found = [each for each in context.judgement.verdicts if each.measurement.right]
    if not found:
        return None
    rights = tuple(
        Right(TERMINATION, "long stop", each.outcome, Reason(each.measurement.right, rule="late-delivery"))
        for each in found
    )
    return Remedied(lines, Reason("Rights that arose", TERMINATION, tuple(each.reason for each in rights)), rights)
