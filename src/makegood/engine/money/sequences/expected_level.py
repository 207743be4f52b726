"""Expected level and minimum level: a miss now and then is forgiven, a bad one never."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.sequences.misses import ExpectedLevel, Occasions
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.history import Entry, concerned, history
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason


def occasions(entries: Sequence[Entry], term: ExpectedLevel, *, higher_is_better: bool) -> int | None:
    """Return the number of the last period's miss among those within the window, or None if it is below the minimum.

    Unit: a whole number of misses, the present one included.
    Rule: a miss that reaches the minimum level exactly is above it; a miss without a value is below it. Counted are
        the missed periods among the last ``within``, by ``counts`` only those above the minimum or every one.
    Source: docs/explanation/money/expected-level.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> from makegood.engine.judging.verdict import Ruling
    >>> from makegood.engine.vocabulary.ratio import Ratio
    >>> term = ExpectedLevel(minimum=LEVEL.read("95%"), pays_from=2)
    >>> months = [Entry("m", 0, Ruling.MISSED, Ratio(value, 100), Amount.zero("EUR")) for value in (97, 94, 96)]
    >>> occasions(months, term, higher_is_better=True)
    2
    """

    def above(entry: Entry) -> bool:
        if entry.value is None:
            return False
        return entry.value >= term.minimum.value if higher_is_better else entry.value <= term.minimum.value

    if not above(entries[-1]):
        return None
    looked_at = entries[-term.within :]
    return sum(entry.missed and (term.counts is Occasions.EVERY_MISS or above(entry)) for entry in looked_at)


def forgiven(name: str, term: ExpectedLevel, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines, those of misses that are forgiven with nothing.

    Unit: lines; a credit is kept whole, or becomes zero.
    Rule: a miss below the minimum level pays; another one pays if it is at least number ``pays_from`` of those within
        the window. Outcomes are counted one by one.
    Source: docs/explanation/money/expected-level.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> ExpectedLevel(minimum=LEVEL.read("95%"), pays_from=2).within
    12
    """
    outcomes = concerned(context.agreement, term.of, staked=True)
    found, reasons = [], []
    for line in lines:
        if line.outcome not in outcomes or context.judgement.of(line.outcome).ruling is not Ruling.MISSED:
            found.append(line)
            continue
        higher = outcomes[line.outcome].target.higher_is_better
        number = occasions(history(context, line.outcome, lines), term, higher_is_better=higher)
        reason = _reason(term, number, line)
        reasons.append(Reason(f"{line.outcome}: {reason.text}", reason.value, rule=reason.rule))
        pays = number is None or number >= term.pays_from
        found.append(line if pays or not line.amount else line.becomes(Amount.zero(context.currency), reason))
    text = f"{name}: other misses than those below the minimum level pay from number {term.pays_from} on"
    return Remedied(tuple(found), Reason(text, children=tuple(reasons), rule="expected-level"))


def _reason(term: ExpectedLevel, number: int | None, line: Line) -> Reason:
    if number is None:
        return Reason(f"Below the minimum level {term.minimum}", str(line.amount), rule="expected-level")
    text = f"Miss of the expected level number {number} within {term.within} periods; they pay from {term.pays_from} on"
    paid = line.amount if number >= term.pays_from else Amount.zero(line.amount.currency)
    return Reason(text, str(paid), rule="expected-level")
