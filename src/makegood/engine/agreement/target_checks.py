"""Checks of targets: they fit their measure, point the right way and can be met as well as missed."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import measure_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.parts import Better, Measure
from makegood.engine.agreement.shapes import Comparison, Target, Unit
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

_EXAMPLES = {Unit.SHARE: '">= 99.9%"', Unit.NUMBER: '"<= 500"', Unit.TIME: '"<= 4h"'}


def units(draft: Draft) -> Iterator[Finding]:
    """A target has the unit of its measure."""
    for name, outcome in draft.outcomes.items():
        wanted = outcome.measure.unit
        if outcome.target.level.unit is not wanted:
            text = f"the target {outcome.target} is a {outcome.target.level.unit}, the measure gives a {wanted}"
            hint = f"write it like {_EXAMPLES[wanted]}"
            yield codes.TARGET_UNIT.at(draft.at("outcomes", name, "target"), text, hint)


def directions(draft: Draft) -> Iterator[Finding]:
    """More availability is better, and less of what is counted; of some measures the target alone says so."""
    for name, outcome in draft.outcomes.items():
        place, floor = draft.at("outcomes", name, "target"), outcome.target.higher_is_better
        text = outcome.measure.upside_down.format(outcome.target)
        if text and outcome.measure.better is not Better.LOWER and not floor:
            yield codes.TARGET_UPSIDE_DOWN.at(place, text, "write >= instead")
        if outcome.measure.better is Better.LOWER and floor:
            yield codes.COUNT_WITH_FLOOR.at(place, text, "check the sign")


def reach(draft: Draft) -> Iterator[Finding]:
    """Some value meets a target, and some value misses it."""
    for name, outcome in draft.outcomes.items():
        wanted = outcome.measure.unit
        if outcome.target.level.unit is not wanted or not _has_values(outcome.measure):
            continue
        place = draft.at("outcomes", name, "target")
        highest = outcome.measure.highest
        if wanted is Unit.SHARE and highest == 1 and outcome.target.level.value > 1:
            text = f"the target {outcome.target} lies beyond 100 %"
            yield codes.TARGET_OUT_OF_REACH.at(place, text, "correct the number")
        elif not _can(outcome.target, outcome.measure, met=True):
            text = f"no value is {outcome.target}"
            yield codes.TARGET_OUT_OF_REACH.at(place, text, "correct the number or the sign")
        elif not _can(outcome.target, outcome.measure, met=False):
            text = f"every value is {outcome.target}"
            yield codes.TARGET_ALWAYS_MET.at(place, text, "correct the number or the sign")


def _has_values(measure: Measure) -> bool:
    return measure.lowest is None or measure.highest is None or measure.lowest <= measure.highest


def _can(target: Target, measure: Measure, *, met: bool) -> bool:
    """Tell whether a value that the measure can have meets, or misses, the target: an extreme or the level would."""
    level, lowest, highest = target.level.value, measure.lowest, measure.highest
    least = level - 1 if lowest is None else lowest
    most = max(level, least) + 1 if highest is None else highest
    return any(target.is_met_by(value) is met for value in (least, most, level) if least <= value <= most)


def applies_to_some_misses_only(target: Target, bound: Ratio) -> bool:
    """Tell whether there are misses that a tier with this bound does not reach."""
    if target.higher_is_better:
        return bound < target.level.value or (bound == target.level.value and target.comparison is Comparison.MORE_THAN)
    return bound > target.level.value or (bound == target.level.value and target.comparison is Comparison.LESS_THAN)
