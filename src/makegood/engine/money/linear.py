"""Linear: a credit in proportion to the share that was lost."""

from __future__ import annotations

from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.stakes import Beyond, Linear
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.ratio import Ratio


def share_lost(term: Linear, target: Target, measurement: Measurement) -> Ratio:
    """Return the share of the agreed time, or of the events, that was lost.

    Unit: exact share, usually between 0 and 1.
    Rule: where more is better it is what the value lacks of 100 %, where less is better the value itself; beyond the
        ``target`` it is what the value lacks of the target, or has more than it. A miss without a value lost nothing
        that anybody could count.
    Source: docs/explanation/money/linear.md

    >>> from makegood.engine.agreement.shapes import TARGET, Unit
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> down = Measurement(Ratio(98, 100), Unit.SHARE, good=98, total=100, reason=Reason("98 of 100 s"))
    >>> [share_lost(Linear(beyond=beyond), TARGET.read(">= 99%"), down) for beyond in Beyond]
    [Ratio(1, 50), Ratio(1, 100)]
    """
    if measurement.value is None:
        return Ratio(0)
    level = target.level.value if term.beyond is Beyond.TARGET else None
    if target.higher_is_better:
        return max(Ratio(0), (Ratio(1) if level is None else level) - measurement.value)
    return max(Ratio(0), measurement.value - (level or 0))
