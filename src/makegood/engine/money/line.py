"""A line: the credit of one outcome on its way through the remedies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from makegood.engine.money.credit import Right
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

_NO_BASE = Ratio(0)


@dataclass(frozen=True, slots=True)
class Line:
    """What one outcome credits after the remedies so far; ``raw`` is what its own stake owes.

    ``incidents`` are those that its misses belong to; ``weighted`` says whether its base is a part of the amount at
    risk. ``base`` is what percentages of its stake are of, in major units; the line of a sequence has none.
    """

    outcome: str
    raw: Amount
    amount: Amount
    reasons: tuple[Reason, ...]
    incidents: frozenset[str] = frozenset()
    weighted: bool = False
    base: Ratio = _NO_BASE

    def becomes(self, amount: Amount, reason: Reason) -> Line:
        """Return the line after a remedy that changed it."""
        return replace(self, amount=amount, reasons=(*self.reasons, reason))


@dataclass(frozen=True, slots=True)
class Remedied:
    """The lines that a remedy leaves, what it did to the period as a whole, and the rights that arose."""

    lines: tuple[Line, ...]
    reason: Reason
    rights: tuple[Right, ...] = ()


def total(lines: Iterable[Line], currency: str) -> Amount:
    """Return the sum of the lines.

    Unit: amount in the currency of the agreement.
    Rule: what the lines credit after the remedies so far; no lines come to zero.
    Source: docs/explanation/money/order-of-remedies.md

    >>> print(total([Line("orders", Amount(500, "EUR"), Amount(300, "EUR"), ())], "EUR"))
    3.00 EUR
    """
    return Amount.total((line.amount for line in lines), currency)
