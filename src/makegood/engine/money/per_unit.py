"""Per unit: a credit for each unit by which a promise was missed."""

from __future__ import annotations

from makegood.engine.agreement.shapes import Level, Target, Unit
from makegood.engine.agreement.stakes import Counted, PerUnit
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.ratio import Ratio


def shortfall(term: PerUnit, target: Target, measurement: Measurement) -> Ratio:
    """Return by how much a measurement is short of what was promised.

    Unit: exact; seconds if the term's unit is a time, a share if it is a percentage, else a number.
    Rule: what went wrong, less the allowance, and never below zero; the allowance is what the target allows unless the
        term writes its own. A unit of time counts seconds of outage; a percentage counts points, from 100 % down where
        more is better and from 0 % up where less is; a number counts from the target down or from 0 up. A miss without
        a value has no shortfall.
    Source: docs/explanation/money/per-unit.md

    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET, Share
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> an_hour = PerUnit(unit=LEVEL.read("1h"), credit=Share(Ratio(1, 20)), counted=Counted.COMPLETED)
    >>> down = Measurement(Ratio(93, 96), Unit.SHARE, good=2_511_000, total=2_592_000, reason=Reason("22.5 h down"))
    >>> shortfall(an_hour, TARGET.read(">= 99.5%"), down)
    Ratio(68040)
    """
    if measurement.value is None:
        return Ratio(0)
    wrong, allowed = _wrong_and_allowed(term.unit.unit, target, measurement, measurement.value)
    if term.allowance is not None:
        allowed = _written(term.allowance, term.unit.unit, measurement)
    return max(Ratio(0), wrong - allowed)


def units_short(term: PerUnit, short: Ratio) -> Ratio:
    """Return how many units of its term a shortfall makes.

    Unit: number of units; whole unless they are counted ``exact``.
    Rule: the shortfall divided by the unit; ``started`` rounds up to whole units, ``completed`` down.
    Source: docs/explanation/money/per-unit.md

    >>> from makegood.engine.agreement.shapes import LEVEL, Share
    >>> a_point = PerUnit(unit=LEVEL.read("1%"), credit=Share(Ratio(1, 100)), counted=Counted.STARTED)
    >>> units_short(a_point, Ratio(14141, 1000000))
    Ratio(2)
    """
    units = short / term.unit.value
    if term.counted is Counted.EXACT:
        return units
    return Ratio(units.ceil() if term.counted is Counted.STARTED else units.floor())


def _wrong_and_allowed(unit: Unit, target: Target, measurement: Measurement, value: Ratio) -> tuple[Ratio, Ratio]:
    """Return how much went wrong, and how much of that the target allows, both in the measure of ``unit``."""
    level = target.level.value
    if target.is_exact and unit is measurement.unit:
        return abs(value - level), Ratio(0)
    if unit is Unit.TIME and measurement.unit is not Unit.TIME:
        allowed = 1 - level if target.higher_is_better else level
        return Ratio(measurement.total - measurement.good), allowed * measurement.total
    if not target.higher_is_better:
        return value, level
    if unit is Unit.SHARE:
        return 1 - value, 1 - level
    return level - value, Ratio(0)


def _written(allowance: Level, unit: Unit, measurement: Measurement) -> Ratio:
    """Return the allowance that the term writes; a percentage beside a unit of time is one of the agreed time."""
    if unit is Unit.TIME and allowance.unit is Unit.SHARE:
        return allowance.value * measurement.total
    return allowance.value
