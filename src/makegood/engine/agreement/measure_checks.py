"""Checks of measures: readings that contradict one another or do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import measure_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.availability import Availability, UnknownAs
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.milestone import Milestone
from makegood.engine.agreement.measures.ratio import RatioOf, SliceMethod
from makegood.engine.agreement.measures.recovery import Recovery
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.stakes import Stake
from makegood.engine.vocabulary.finding import Finding


def silence(draft: Draft) -> Iterator[Finding]:
    """Too little coverage can be reached, and does not contradict what silence means."""
    for name, outcome in draft.outcomes.items():
        if not isinstance(outcome.measure, Availability | Composite):
            continue
        unknown = outcome.measure.unknown
        place = draft.at("outcomes", name, "measure", "unknown", "minimum_coverage")
        if unknown.minimum_coverage > 1:
            text = f"coverage of {unknown.minimum_coverage.percent()} cannot be reached"
            yield codes.NEVER_ENOUGH_COVERAGE.at(place, text, "write at most 100%")
        elif unknown.minimum_coverage and unknown.as_ is UnknownAs.UP:
            text = (
                f"silence counts as up, yet below {unknown.minimum_coverage.percent()} known time there is no verdict"
            )
            yield codes.COVERAGE_OF_WHAT_IS_UP.at(place, text, "let silence count as down, or exclude it")


def slices(draft: Draft) -> Iterator[Finding]:
    """A slice is bad from an error rate on, if bad slices are counted."""
    for name, outcome in draft.outcomes.items():
        if not isinstance(outcome.measure, RatioOf) or outcome.measure.slices is None:
            continue
        slices, path = outcome.measure.slices, ("outcomes", name, "measure", "slices")
        counted = slices.method is SliceMethod.SHARE_OF_BAD_SLICES
        bad_when = slices.bad_when
        if bad_when is None:
            if counted:
                text = "no error rate makes a slice bad"
                yield codes.SLICE_WITHOUT_LIMIT.at(draft.at(*path), text, 'add bad_when, as in "> 5%"')
        elif not counted:
            text = "the mean error rate does not look at bad_when"
            yield codes.LIMIT_WITHOUT_SLICE.at(draft.at(*path, "bad_when"), text, "delete it")
        elif bad_when.level.unit is not Unit.SHARE or not bad_when.comparison.higher_is_better:
            text = f"a slice with an error rate {bad_when} would be bad"
            yield codes.GOOD_SLICES_ARE_BAD.at(draft.at(*path, "bad_when"), text, 'write it like "> 5%"')


def clocks(draft: Draft) -> Iterator[Finding]:
    """The states that start, stop and pause a clock differ."""
    for name, outcome in draft.outcomes.items():
        if not isinstance(outcome.measure, Within):
            continue
        clock, path = outcome.measure.clock, ("outcomes", name, "measure", "clock")
        if clock.from_ == clock.to:
            text = f"{clock.to} both starts and stops the clock"
            yield codes.STATE_IN_TWO_ROLES.at(draft.at(*path, "to"), text, "name two states")
        for state in clock.pause:
            if state in (clock.from_, clock.to):
                text = f"{state} pauses the clock that it {'starts' if state == clock.from_ else 'stops'}"
                yield codes.STATE_IN_TWO_ROLES.at(draft.at(*path, "pause"), text, "name another state")


def low_volume(draft: Draft) -> Iterator[Finding]:
    """Only shares of events or cases can have too few of them."""
    for name, outcome in draft.outcomes.items():
        if outcome.low_volume is not None and not outcome.measure.has_cases:
            place = draft.at("outcomes", name, "low_volume")
            yield codes.LOW_VOLUME_OF_TIME.at(place, "this measure has no number of cases", "delete low_volume")


def allowances(draft: Draft) -> Iterator[Finding]:
    """An exclusion excludes something, and so much in each period only where time of a period counts."""
    for name, outcome in draft.outcomes.items():
        whole = isinstance(outcome.measure, Within | Steps | Milestone | Recovery)
        for cause, exclusion in outcome.measure.exclusions.items():
            if exclusion.allowance is None:
                continue
            place = draft.at("outcomes", name, "measure", "excluded", cause, "allowance")
            if whole:
                text = f"what is excluded because of {cause} is no time of one period"
                yield codes.ALLOWANCE_OF_CASES.at(place, text, "delete it")
            elif exclusion.allowance.time.seconds == 0:
                text = f"with no time allowed {cause} excludes nothing"
                yield codes.EXCLUSION_WITHOUT_EFFECT.at(place, text, "write the time, or delete the cause")


def zeros(draft: Draft) -> Iterator[Finding]:
    """Slices, limits and units are more than nothing."""
    for name, outcome in draft.outcomes.items():
        for path in (*(("measure", *path) for path in outcome.measure.zeros), *_zeros_of_stake(outcome.stake)):
            place = draft.at("outcomes", name, *path)
            yield codes.NOTHING_AT_ALL.at(place, f"{path[-1]} is zero", "write what is meant")


def _zeros_of_stake(stake: Stake | None) -> Iterator[Path]:
    if stake is not None and stake.per_unit is not None and stake.per_unit.unit.value <= 0:
        yield "stake", "per_unit", "unit"
