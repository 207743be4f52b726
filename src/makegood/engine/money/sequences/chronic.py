"""Chronic failure: so many misses of one outcome give the customer a right."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.sequences.misses import Chronic
from makegood.engine.agreement.sequences.parts import Run, Undecided
from makegood.engine.money.context import Context
from makegood.engine.money.credit import Right
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.history import Entry, concerned, history, run_of_misses
from makegood.engine.vocabulary.reason import Reason


def is_chronic(entries: Sequence[Entry], run: Run, undecided: Undecided) -> bool:
    """Tell whether the last period makes the misses of an outcome chronic.

    Unit: none.
    Rule: the last period is missed, and with it so many in a row, or so many of the last periods, are.
    Source: docs/explanation/money/chronic-failure.md

    >>> from makegood.engine.judging.verdict import Ruling
    >>> from makegood.engine.vocabulary.amount import Amount
    >>> months = [Entry("m", 0, Ruling(ruling), None, Amount.zero("EUR")) for ruling in ("MISSED", "MET", "MISSED")]
    >>> is_chronic(months, Run(2, of=3), Undecided.PASSED_OVER), is_chronic(months, Run(2), Undecided.PASSED_OVER)
    (True, False)
    """
    if not entries or not entries[-1].missed:
        return False
    if run.of is None:
        return run_of_misses(entries, undecided) >= run.misses
    return sum(entry.missed for entry in entries[-run.of :]) >= run.misses


def failing_chronically(name: str, term: Chronic, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines as they are, with the rights that arise in the period.

    Unit: rights; they pay nothing by themselves.
    Rule: each outcome by itself. A right arises in the period in which the misses become chronic, and not again as long
        as every further period leaves them so.
    Source: docs/explanation/money/chronic-failure.md

    >>> Chronic(missed=Run(3), gives="termination right").gives
    'termination right'
    """
    rights = []
    for outcome in concerned(context.agreement, term.of, staked=False):
        entries = history(context, outcome, lines)
        arises = is_chronic(entries, term.missed, term.undecided)
        if arises and not is_chronic(entries[:-1], term.missed, term.undecided):
            missed = ", ".join(entry.label for entry in entries[-(term.missed.of or len(entries)) :] if entry.missed)
            because = Reason(f"{outcome} was missed in {missed}: {term.missed}", term.gives, rule="chronic-failure")
            rights.append(Right(term.gives, name, outcome, because))
    text = f"{name}: {term.missed} missed give this right: {term.gives}"
    reasons = tuple(right.reason for right in rights)
    told = Reason(text, "arises" if rights else "does not arise", reasons, rule="chronic-failure")
    return Remedied(lines, told, tuple(rights))
