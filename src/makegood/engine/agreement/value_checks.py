"""Checks of the measures of values: their bounds fit, and what depends on events has some."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import measure_codes, stake_codes
from makegood.engine.agreement import value_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.coverage import Coverage, Seen
from makegood.engine.agreement.measures.gauges import GaugeMeasure, Weight
from makegood.engine.agreement.measures.milestone import Milestone
from makegood.engine.agreement.measures.parts import Effect, Measure
from makegood.engine.agreement.measures.quantile import Method, Quantile
from makegood.engine.agreement.measures.recovery import Recovery, RecoveryFigure
from makegood.engine.agreement.measures.score import Figure, Score
from makegood.engine.agreement.measures.stated import Stated
from makegood.engine.agreement.measures.time_beyond import Silence, TimeBeyond
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import Level, Unit
from makegood.engine.vocabulary.finding import Finding


def bounds(draft: Draft) -> Iterator[Finding]:
    """What limits values has their unit, and leaves some of them."""
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure")
        for key, bound, unit in _bounds(measure):
            if bound.unit is not unit:
                text = f"{bound} is a {bound.unit}, and the values are a {unit}"
                place = draft.at(*path, *key)
                yield codes.BOUND_IN_ANOTHER_UNIT.at(place, text, "write both in the same unit")
        lowest, highest = measure.lowest, measure.highest
        if isinstance(measure, Stated) and lowest is not None and highest is not None and lowest > highest:
            key = ("maximum" if measure.maximum is not None else "minimum",)
            text = f"no value is at least {Level(lowest, measure.unit)} and at most {Level(highest, measure.unit)}"
            yield codes.NO_VALUE_BETWEEN.at(draft.at(*path, *key), text, "exchange the two")
        if isinstance(measure, Score) and measure.scale.from_.value >= measure.scale.to.value:
            text = f"no answers lie between {measure.scale.from_} and {measure.scale.to}"
            yield codes.NO_VALUE_BETWEEN.at(draft.at(*path, "scale", "to"), text, "exchange the two")


def _bounds(measure: Measure) -> Iterator[tuple[Path, Level, Unit]]:
    """Yield every level in a measure that is compared with values, where it stands, and the unit of the values."""
    if isinstance(measure, Stated):
        yield from _written(measure.unit, minimum=measure.minimum, maximum=measure.maximum)
    elif isinstance(measure, Score):
        yield ("scale", "from"), measure.scale.from_, Unit.NUMBER
        yield ("scale", "to"), measure.scale.to, Unit.NUMBER
        yield from _written(Unit.NUMBER, top=measure.top, bottom=measure.bottom)
    elif isinstance(measure, Quantile) and measure.slices is not None:
        yield ("slices", "good_when"), measure.slices.good_when.level, measure.in_


def _written(unit: Unit, **levels: Level | None) -> Iterator[tuple[Path, Level, Unit]]:
    for key, level in levels.items():
        if level is not None:
            yield (key,), level, unit


def events(draft: Draft) -> Iterator[Finding]:
    """A credit per event is paid for something that happened."""
    for name, outcome in draft.outcomes.items():
        stake, measure = outcome.stake, outcome.measure
        by_time = isinstance(measure, Coverage) and measure.seen is Seen.THROUGHOUT
        if stake is not None and stake.per_event is not None and (by_time or not measure.has_events):
            text = f"a measure of the kind {measure.kind} has one value here, and no events"
            place = draft.at("outcomes", name, "stake", "per_event")
            yield codes.NO_EVENTS.at(place, text, "pay by tiers or per_unit")


def allowances(draft: Draft) -> Iterator[Finding]:
    """A share that is free is one of agreed time, where the value is a time of it."""
    for name, outcome in draft.outcomes.items():
        measure, rate = outcome.measure, outcome.stake.per_unit if outcome.stake is not None else None
        if rate is None or rate.allowance is None or not isinstance(measure, Recovery | GaugeMeasure | Stated):
            continue
        if rate.unit.unit is Unit.TIME and rate.allowance.unit is Unit.SHARE:
            text = f"{rate.allowance} would be free of an agreed time that this measure does not have"
            place = draft.at("outcomes", name, "stake", "per_unit", "allowance")
            yield stake_codes.UNIT_OF_SHORTFALL.at(place, text, "write it as a time")


def precision(draft: Draft) -> Iterator[Finding]:
    """A value is not rounded so far that it cannot be its target any more."""
    for name, outcome in draft.outcomes.items():
        level = outcome.target.level
        if outcome.precision is None or (level.value / outcome.precision.step(level.unit)).denominator == 1:
            continue
        text = f"a value of {outcome.precision.decimals} decimals is never exactly {level}"
        place = draft.at("outcomes", name, "precision", "decimals")
        yield codes.COARSE_PRECISION.at(place, text, "keep more decimals")


def scores(draft: Draft) -> Iterator[Finding]:
    """Good and bad answers are told apart where they have to be, and lie on the scale."""
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if not isinstance(measure, Score):
            continue
        low, high = measure.scale.from_.value, measure.scale.to.value
        wanted = {Figure.MEAN: (), Figure.TOP_BOX: ("top",), Figure.NET_PROMOTER: ("top", "bottom")}[measure.as_]
        found = {"top": measure.top, "bottom": measure.bottom}
        place = draft.at("outcomes", name, "measure", "as")
        for key, level in found.items():
            if level is None and key in wanted:
                text = f"{measure.as_} does not say which answers are {'good' if key == 'top' else 'bad'} ones"
                yield codes.ANSWERS_NOT_TOLD_APART.at(place, text, f"add {key}")
            elif level is not None and not low <= level.value <= high:
                text = f"{level} is no answer on a scale from {measure.scale.from_} to {measure.scale.to}"
                at = draft.at("outcomes", name, "measure", key)
                yield codes.ANSWERS_NOT_TOLD_APART.at(at, text, "write an answer of the scale")
        if measure.top is not None and measure.bottom is not None and measure.bottom.value >= measure.top.value:
            text = f"an answer of {measure.top} is good and bad"
            at = draft.at("outcomes", name, "measure", "bottom")
            yield codes.ANSWERS_NOT_TOLD_APART.at(at, text, "write a bottom below the top")


def exclusions(draft: Draft) -> Iterator[Finding]:
    """What is excluded of values is left out, and of a milestone it moves the day."""
    for name, outcome in draft.outcomes.items():
        if not isinstance(outcome.measure, GaugeMeasure | Recovery | Milestone):
            continue
        for cause, exclusion in outcome.measure.exclusions.items():
            if exclusion.effect is Effect.UP:
                place = draft.at("outcomes", name, "measure", "excluded", cause, "effect")
                text = f"nobody can say which good value {cause} would have had"
                yield codes.GOOD_OF_A_VALUE.at(place, text, "write shrink")


def gauges(draft: Draft) -> Iterator[Finding]:
    """Terms of a gauge fit the way in which its samples count."""
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure")
        if not isinstance(measure, GaugeMeasure):
            continue
        if measure.weight is Weight.SAMPLES and (measure.after is not None or measure.minimum_coverage):
            key = "after" if measure.after is not None else "minimum_coverage"
            text = f"every sample counts once, so {key} changes nothing"
            yield codes.TIME_WITHOUT_WEIGHT.at(draft.at(*path, key), text, "delete it, or write weight: time")
        if measure.minimum_coverage > 1:
            yield _never_enough(draft, (*path, "minimum_coverage"))
        if isinstance(measure, Quantile):
            if measure.method is Method.LINEAR and measure.weight is Weight.TIME:
                text = "between two stretches of time there is no straight line"
                yield codes.LINE_THROUGH_TIME.at(draft.at(*path, "method"), text, "write nearest_rank")
            if measure.quantile > 1:
                text = f"{measure.quantile.percent()} are more than all"
                yield codes.MORE_THAN_ALL.at(draft.at(*path, "quantile"), text, "write at most 100%")


def silence(draft: Draft) -> Iterator[Finding]:
    """Too little coverage of a gauge can be reached, and does not contradict what silence means."""
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure", "unknown", "minimum_coverage")
        if not isinstance(measure, TimeBeyond) or not measure.unknown.minimum_coverage:
            continue
        if measure.unknown.minimum_coverage > 1:
            yield _never_enough(draft, path)
        elif measure.unknown.as_ is Silence.INSIDE:
            share = measure.unknown.minimum_coverage.percent()
            text = f"silence counts as inside, yet below {share} known time there is no verdict"
            hint = "let silence count as beyond, or exclude it"
            yield measure_codes.COVERAGE_OF_WHAT_IS_UP.at(draft.at(*path), text, hint)


def _never_enough(draft: Draft, path: Path) -> Finding:
    text = "more coverage than all of the time cannot be reached"
    return measure_codes.NEVER_ENOUGH_COVERAGE.at(draft.at(*path), text, "write at most 100%")


def recoveries(draft: Draft) -> Iterator[Finding]:
    """A recovery point looks at backups, and times to restore have a ceiling."""
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if not isinstance(measure, Recovery):
            continue
        point = measure.as_ is RecoveryFigure.RECOVERY_POINT
        if point is (measure.backups is None):
            key = "as" if point else "backups"
            text = "the recovery point needs backups" if point else f"{measure.as_} does not look at backups"
            hint = "add backups" if point else "delete it"
            yield codes.BACKUPS_MISPLACED.at(draft.at("outcomes", name, "measure", key), text, hint)
        if not measure.is_between and outcome.target.higher_is_better:
            text = f"a {measure.as_.replace('_', ' ')} {outcome.target} is met by recovering later"
            yield measure_codes.COUNT_WITH_FLOOR.at(draft.at("outcomes", name, "target"), text, "check the sign")
