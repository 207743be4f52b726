"""How sequences become remedies: one after the other, in the order of the agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from makegood.engine.agreement.sequences.parts import Sequence
from makegood.engine.money.context import Context, Remedy
from makegood.engine.money.credit import Right
from makegood.engine.money.line import Line, Remedied
from makegood.engine.vocabulary.reason import Reason

_Form = TypeVar("_Form", bound=Sequence)

Rule = Callable[[str, _Form, Context, tuple[Line, ...]], Remedied]


def each(form: type[_Form], rule: Rule[_Form]) -> Remedy:
    """Return the remedy of all sequences of one kind.

    Unit: a remedy.
    Rule: the sequences of the kind act one after the other, in the order of the agreement; without any there is no
        remedy.
    Source: docs/explanation/money/sequences.md

    >>> from makegood.engine.agreement.sequences.misses import Repeat
    >>> remedy = each(Repeat, lambda name, term, context, lines: Remedied(lines, Reason(name)))
    >>> callable(remedy)
    True
    """

    def remedy(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
        reasons: list[Reason] = []
        rights: tuple[Right, ...] = ()
        for name, term in context.agreement.sequences.items():
            if isinstance(term, form):
                found = rule(name, term, context, lines)
                lines = found.lines
                reasons.append(found.reason)
                rights += found.rights
        if not reasons:
            return None
        if len(reasons) == 1:
            return Remedied(lines, reasons[0], rights)
        return Remedied(lines, Reason(form.title, children=tuple(reasons), rule="sequences"), rights)

    return remedy
