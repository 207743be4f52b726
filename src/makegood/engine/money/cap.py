"""Caps: a limit on what several outcomes credit together."""

from __future__ import annotations

from makegood.engine.money.apportionment import apportioned
from makegood.engine.money.line import Line, Remedied, total
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason


def capped(
    lines: tuple[Line, ...],
    limit: Amount,
    *,
    name: str,
    rule: str,
    why: tuple[Reason, ...] = (),
    only_weighted: bool = False,
) -> Remedied:
    """Return the lines after a limit on their sum.

    Unit: lines; they add up to the limit exactly if it was exceeded.
    Rule: a sum up to the limit stays; a greater one is reduced to the limit, each line in proportion and by largest
        remainder. With ``only_weighted`` it concerns the lines whose base is a part of the amount at risk. ``why``
        tells how the limit came about.
    Source: docs/explanation/money/caps.md

    >>> def line(outcome, cents):
    ...     return Line(outcome, Amount(cents, "EUR"), Amount(cents, "EUR"), ())
    >>> lines = line("availability", 16667), line("restore", 33333), line("patches", 26667)
    >>> [str(line.amount) for line in capped(lines, Amount(50000, "EUR"), name="the cap", rule="caps").lines]
    ['108.70 EUR', '217.39 EUR', '173.91 EUR']
    """
    concerned = {line.outcome: line.amount.minor for line in lines if line.weighted or not only_weighted}
    sum_ = total((line for line in lines if line.outcome in concerned), limit.currency)
    if sum_ <= limit:
        return Remedied(lines, Reason(f"{sum_} is within {name} of {limit}", str(sum_), why, rule=rule))
    parts = apportioned(limit, concerned)
    text = f"{sum_} is more than {name} of {limit}; each credit is reduced in proportion"
    reduced = tuple(
        line.becomes(
            part, Reason(f"{line.amount} of {sum_} becomes its part of {name} of {limit}", str(part), rule=rule)
        )
        if (part := parts.get(line.outcome, line.amount)) != line.amount
        else line
        for line in lines
    )
    return Remedied(reduced, Reason(text, str(limit), why, rule=rule))
