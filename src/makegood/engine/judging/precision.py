"""Precision: the value that is compared where the parties agreed to round it first."""

from __future__ import annotations

from dataclasses import replace

from makegood.engine.agreement.precision import Precision
from makegood.engine.agreement.terms import Outcome
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import counted, shown
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.rounding import rounded


def to_precision(value: Ratio, precision: Precision, step: Ratio) -> Ratio:
    """Return the value that the parties compare.

    Unit: that of the value.
    Rule: the nearest multiple of the step, by the agreed rounding; a value that is one stays what it is.
    Source: docs/explanation/judging/precision.md

    >>> to_precision(Ratio(9_994_996, 10_000_000), Precision(decimals=2), Ratio(1, 10_000)).percent()
    '99.95 %'
    """
    return Ratio(rounded((value / step).fraction, precision.rounding)) * step


def precise(outcome: Outcome, measurement: Measurement) -> Measurement:
    """Return a measurement with the value that is compared, and a step that says how it was rounded.

    Unit: that of the measurement.
    Rule: without `precision` nothing is rounded. With it the rounded value is the value: the target, the tiers and
        whatever else looks at the value see that one.
    Source: docs/explanation/judging/precision.md

    >>> from makegood.engine.agreement.measures.ratio import RatioOf
    >>> from makegood.engine.agreement.shapes import TARGET, Unit
    >>> outcome = Outcome(
    ...     promise="Orders are accepted.",
    ...     measure=RatioOf(of="orders", good=("ok",)),
    ...     target=TARGET.read(">= 99.95%"),
    ...     precision=Precision(decimals=1),
    ... )
    >>> precise(outcome, Measurement(Ratio(2, 3), Unit.SHARE, 2, 3, Reason("2 of 3"))).value
    Ratio(667, 1000)
    """
    precision, exact = outcome.precision, measurement.value
    if precision is None or exact is None:
        return measurement
    value = to_precision(exact, precision, precision.step(measurement.unit))
    how = f"rounded to {counted(precision.decimals, 'decimal')}, {precision.rounding.replace('_', ' ')}"
    step = Reason(f"{shown(exact, measurement.unit)} is {how}", shown(value, measurement.unit), rule="precision")
    reason = replace(measurement.reason, children=(*measurement.reason.children, step))
    return replace(measurement, value=value, reason=reason)
