"""Which kind of sequence is which remedy, and in which order they act."""

from __future__ import annotations

from makegood.engine.agreement.sequences.earn_back import EarnBack, EarnBackAverage, EarnBackFraction
from makegood.engine.agreement.sequences.misses import Chronic, CriticalLevel, ExpectedLevel, Persistent, Repeat
from makegood.engine.agreement.sequences.points import Points
from makegood.engine.money.context import Remedy
from makegood.engine.money.sequences.apply import each
from makegood.engine.money.sequences.chronic import failing_chronically
from makegood.engine.money.sequences.expected_level import forgiven
from makegood.engine.money.sequences.persistent import failing_persistently
from makegood.engine.money.sequences.points import pointed
from makegood.engine.money.sequences.repeat import repeated
from makegood.engine.money.sequences.returned import returned_by_average, returned_by_fraction, returned_by_run
from makegood.engine.money.sequences.standing import only_critical

# What acts between the stakes and the rules that concern several outcomes, and what acts after all limits.
BEFORE_LIMITS: tuple[tuple[str, Remedy], ...] = (
    ("critical levels", each(CriticalLevel, only_critical)),
    ("expected level", each(ExpectedLevel, forgiven)),
    ("repeat", each(Repeat, repeated)),
    ("points", each(Points, pointed)),
    ("persistent failure", each(Persistent, failing_persistently)),
    ("chronic failure", each(Chronic, failing_chronically)),
)
AFTER_LIMITS: tuple[tuple[str, Remedy], ...] = (
    ("earn-back", each(EarnBack, returned_by_run)),
    ("earn-back", each(EarnBackAverage, returned_by_average)),
    ("earn-back", each(EarnBackFraction, returned_by_fraction)),
)
