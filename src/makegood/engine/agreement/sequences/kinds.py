"""The kinds of sequence: which word of the language stands for which form."""

from __future__ import annotations

from makegood.engine.agreement.grammar import Form, OneOf
from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction
from makegood.engine.agreement.sequences.misses import Chronic, CriticalLevel, ExpectedLevel, Persistent, Repeat
from makegood.engine.agreement.sequences.points import Points
from makegood.engine.agreement.sequences.ratchets import ContinuousImprovement, Ratchet

SEQUENCE = OneOf(
    "kind",
    {
        form.kind: Form(form)
        for form in (
            Repeat,
            Points,
            Persistent,
            Chronic,
            ExpectedLevel,
            CriticalLevel,
            EarnBack,
            EarnBackAverage,
            EarnBackFraction,
            Ratchet,
            ContinuousImprovement,
        )
    },
)
