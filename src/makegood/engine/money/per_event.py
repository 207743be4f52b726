"""Per event: a fixed credit for each event that went wrong."""

from __future__ import annotations

from makegood.engine.agreement.measures.parts import Better, Measure
from makegood.engine.agreement.shapes import Comparison, Target, Unit
from makegood.engine.agreement.stakes import Events
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.ratio import Ratio


def events_credited(events: Events, measure: Measure, target: Target, measurement: Measurement) -> int:
    """Return how many events a fixed credit is paid for.

    Unit: whole number of events, cases or outages.
    Rule: ``all`` is every one that went wrong: each outage, each event or case that was not good, each of those
        counted. ``beyond_target`` leaves out the most that would still have met the target; outages are taken in the
        order of time, and those after which the target was no longer met are paid. Where a count should have been
        higher, it is the number that is lacking. A miss without a value has no events.
    Source: docs/explanation/money/per-event.md

    >>> from makegood.engine.agreement.measures.within import Within
    >>> from makegood.engine.agreement.shapes import TARGET, Unit
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> in_time = Measurement(value=Ratio(9, 10), unit=Unit.SHARE, good=27, total=30, reason=Reason("27 of 30 in time"))
    >>> events_credited(Events.BEYOND_TARGET, Within(cases="incident"), TARGET.read(">= 95%"), in_time)
    2
    """
    if measurement.value is None:
        return 0
    if measure.size_unit is Unit.TIME:
        return _outages(events, measure, target, measurement)
    higher_is_better = target.higher_is_better
    if measure.unit is Unit.NUMBER:
        if higher_is_better:
            return max(0, _fewest(target) - measurement.value.floor())
        wrong, allowed = measurement.value.floor(), _most(target, target.level.value)
    else:
        share = 1 - target.level.value if higher_is_better else target.level.value
        wrong, allowed = measurement.total - measurement.good, _most(target, share * measurement.total)
    return wrong if events is Events.ALL else max(0, wrong - allowed)


def _outages(events: Events, measure: Measure, target: Target, measurement: Measurement) -> int:
    """Return the number of outages, or of those after which the target was no longer met."""
    if events is Events.ALL:
        return len(measurement.misses)
    down = paid = 0
    for outage in measurement.misses:
        down += outage.size
        paid += not target.is_met_by(_value_after(down, measure, measurement))
    return paid


def _value_after(down: int, measure: Measure, measurement: Measurement) -> Ratio:
    """Return the value that a measure of time would have with so many seconds gone wrong."""
    if measure.unit is Unit.TIME:
        return Ratio(down)
    lost = Ratio(down, measurement.total)
    return lost if measure.better is Better.LOWER else 1 - lost


def _most(target: Target, bound: Ratio) -> int:
    """Return the most that may go wrong, given the exact bound that may not be passed."""
    strict = target.comparison in (Comparison.MORE_THAN, Comparison.LESS_THAN)
    return max(0, bound.ceil() - 1 if strict else bound.floor())


def _fewest(target: Target) -> int:
    """Return the smallest number that meets a target where more is better."""
    level = target.level.value
    return level.floor() + 1 if target.comparison is Comparison.MORE_THAN else level.ceil()
