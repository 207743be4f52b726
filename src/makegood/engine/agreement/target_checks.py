"""Checks of targets: they fit their measure, point the right way and can be met as well as missed."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import measure_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures import Availability, CountOf, Measure, RatioOf, Slices, Within
from makegood.engine.agreement.shapes import Comparison, Target, Unit
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio


def unit_of(measure: Measure) -> Unit:
    """Return the unit of a measure's value."""
    return Unit.NUMBER if isinstance(measure, CountOf) else Unit.SHARE


def units(draft: Draft) -> Iterator[Finding]:
    """A target has the unit of its measure."""
    for name, outcome in draft.outcomes.items():
        wanted = unit_of(outcome.measure)
        if outcome.target.level.unit is not wanted:
            text = f"the target {outcome.target} is a {outcome.target.level.unit}, the measure gives a {wanted}"
            hint = 'write it like ">= 99.9%"' if wanted is Unit.SHARE else 'write it like "<= 500"'
            yield codes.TARGET_UNIT.at(draft.at("outcomes", name, "target"), text, hint)


def directions(draft: Draft) -> Iterator[Finding]:
    """More availability is better, and less of what is counted; a ratio may be of good results or of bad ones."""
    for name, outcome in draft.outcomes.items():
        place, floor = draft.at("outcomes", name, "target"), outcome.target.comparison.higher_is_better
        upside_down = _upside_down(outcome.measure)
        if upside_down and not floor:
            text = upside_down.format(outcome.target)
            yield codes.TARGET_UPSIDE_DOWN.at(place, text, "write >= instead")
        if isinstance(outcome.measure, CountOf) and floor:
            text = f"a count {outcome.target} is met by more of what is counted"
            yield codes.COUNT_WITH_FLOOR.at(place, text, "check the sign")


def _upside_down(measure: Measure) -> str:
    """Return what a ceiling would mean for a measure of which more is always better; empty for others."""
    match measure:
        case Availability():
            return "availability {} would be met by being down"
        case Within():
            return "a share of cases within their limit {} would be met by being late"
        case RatioOf(slices=Slices()):
            return "a value of slices {} would be met by slices that are bad"
        case _:
            return ""


def reach(draft: Draft) -> Iterator[Finding]:
    """Some value meets a target, and some value misses it."""
    for name, outcome in draft.outcomes.items():
        wanted = unit_of(outcome.measure)
        if outcome.target.level.unit is not wanted:
            continue
        place = draft.at("outcomes", name, "target")
        if wanted is Unit.SHARE and outcome.target.level.value > 1:
            text = f"the target {outcome.target} lies beyond 100 %"
            yield codes.TARGET_OUT_OF_REACH.at(place, text, "correct the number")
        elif not _can(outcome.target, wanted, met=True):
            text = f"no value is {outcome.target}"
            yield codes.TARGET_OUT_OF_REACH.at(place, text, "correct the number or the sign")
        elif not _can(outcome.target, wanted, met=False):
            text = f"every value is {outcome.target}"
            yield codes.TARGET_ALWAYS_MET.at(place, text, "correct the number or the sign")


def _can(target: Target, unit: Unit, *, met: bool) -> bool:
    """Tell whether there is a value that meets, or misses, the target: one of its extremes would."""
    extremes = [Ratio(0), Ratio(1) if unit is Unit.SHARE else target.level.value + 1]
    return any(target.is_met_by(value) is met for value in extremes)


def applies_to_some_misses_only(target: Target, bound: Ratio) -> bool:
    """Tell whether there are misses that a tier with this bound does not reach."""
    if target.comparison.higher_is_better:
        return bound < target.level.value or (bound == target.level.value and target.comparison is Comparison.MORE_THAN)
    return bound > target.level.value or (bound == target.level.value and target.comparison is Comparison.LESS_THAN)
