"""Repeat: a miss in consecutive periods costs more from period to period."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.engine.agreement.sequences.misses import Repeat
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.rounded import credit_of
from makegood.engine.money.sequences.history import concerned, history, run_of_misses
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def step_of_run(steps: Sequence[Ratio], run: int) -> Ratio:
    """Return the step for a run of misses.

    Unit: a factor or a share, as the steps are.
    Rule: the first step for the first miss of a run; a run that is longer than the steps takes the last one.
    Source: docs/explanation/money/repeat.md

    >>> [str(step_of_run((Ratio(1), Ratio(3, 2), Ratio(2)), run)) for run in (1, 2, 3, 4)]
    ['1', '1.5', '2', '2']
    """
    return steps[min(run, len(steps)) - 1]


def repeated(name: str, term: Repeat, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines after consecutive misses have been made dearer.

    Unit: lines; each amount is rounded once more, as every credit is.
    Rule: the credit is multiplied by the step of the run, or replaced by that share of the base of its stake. A miss
        that owes nothing is not made dearer. What counts is that the outcome was missed, not that it was paid for.
    Source: docs/explanation/money/repeat.md

    >>> str(Repeat(multiplies=(Ratio(1), Ratio(2))).undecided)
    'passed_over'
    """
    names = concerned(context.agreement, term.of, staked=True)
    found, reasons = [], []
    for line in lines:
        if line.outcome not in names or not line.amount:
            found.append(line)
            continue
        run = run_of_misses(history(context, line.outcome, lines), term.undecided)
        amount, reason = _dearer(term, run, line, context)
        found.append(line.becomes(amount, reason))
        reasons.append(Reason(f"{line.outcome}: {reason.text}", reason.value, rule="repeat"))
    text = f"{name}: {len(reasons) or 'none'} of the misses pay by the length of their run"
    return Remedied(tuple(found), Reason(text, children=tuple(reasons), rule="repeat"))


def _dearer(term: Repeat, run: int, line: Line, context: Context) -> tuple[Amount, Reason]:
    money = context.agreement.money
    text = f"Missed in {run} consecutive period{'' if run == 1 else 's'}"
    if term.multiplies:
        factor = step_of_run(term.multiplies, run)
        amount = credit_of(line.amount.value * factor, money)
        return amount, Reason(f"{text}: {line.amount} times {factor}", str(amount), rule="repeat")
    share = step_of_run(term.pays, run)
    amount = credit_of(line.base * share, money)
    return amount, Reason(f"{text}: {share.percent()} of the base", str(amount), rule="repeat")
