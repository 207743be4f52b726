"""Checks of how cases are handled: priorities, updates, escalation, and what is covered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from makegood.engine.agreement import desk_codes as codes
from makegood.engine.agreement import hours_codes, reference_codes
from makegood.engine.agreement.desk import EARLIER_STATES, KINDS, Desk, Level
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.measures.parts import is_something
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import Reopened, Within
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.schedule import ALWAYS
from makegood.engine.vocabulary.finding import Finding


def matrix(draft: Draft) -> Iterator[Finding]:
    """Each impact and urgency has a priority."""
    desk = draft.agreement.desk
    if desk is None or not desk.priorities:
        return
    for impact in Level:
        row = desk.priorities.get(impact, {})
        lacking = [urgency for urgency in Level if urgency not in row]
        if lacking:
            path = ("desk", "priorities", impact) if row else ("desk", "priorities")
            text = f"nothing is said of impact {impact} with urgency {', '.join(lacking)}"
            yield codes.MATRIX_WITH_GAPS.at(draft.at(*path), text, "write the priorities of all nine")


def priorities(draft: Draft) -> Iterator[Finding]:
    """Limits of cases and the priorities that cases get are the same."""
    desk = draft.agreement.desk
    if desk is None:
        return
    given = desk.given
    for name, measure in _about_cases(draft, desk):
        path: Path = ("outcomes", name, "measure")
        for priority, place in _named(measure):
            if priority not in given:
                text = f"no case gets the priority {priority}"
                yield codes.PRIORITY_NOT_GIVEN.at(draft.at(*path, *place), text, use_one_of(priority, given))
        if isinstance(measure, Within) and measure.limits and not measure.priority:
            lacking = ", ".join(each for each in given if each not in measure.limits)
            if lacking:
                text = f"cases of priority {lacking} have no limit"
                yield codes.PRIORITY_WITHOUT_PROMISE.at(draft.at(*path, "limits"), text, "add limits, or priority")


def _named(measure: Within | Steps) -> Iterator[tuple[str, Path]]:
    """Yield the priorities that a measure names, each with where in the measure it does."""
    limits = {**measure.limits} if isinstance(measure, Within) else {}
    yield from ((each, ("limits", each)) for each in limits)
    if isinstance(measure, Within):
        yield from ((each, ("rest_limits", each)) for each in measure.rest_limits if each not in limits)
    yield from ((each, ("priority",)) for each in measure.priority if each not in limits)


def updates(draft: Draft) -> Iterator[Finding]:
    """Updates are for priorities that cases get, on a calendar that there is, and not without end."""
    desk = draft.agreement.desk
    if desk is None:
        return
    for priority, span in desk.updates.items():
        place = draft.at("desk", "updates", priority)
        if priority not in desk.given:
            text = f"no case gets the priority {priority}"
            yield codes.UPDATES_FOR_NOTHING.at(place, text, use_one_of(priority, desk.given))
        if not is_something(span):
            yield hours_codes.NO_TIME.at(place, "an update without end is none", "write how often")
    calendar = desk.updates_on
    if calendar != ALWAYS and not draft.is_written("calendars", calendar):
        hint = use_one_of(calendar, [ALWAYS, *draft.agreement.calendars])
        place = draft.at("desk", "updates_on")
        yield reference_codes.UNKNOWN_CALENDAR.at(place, f"there is no calendar {calendar}", hint)


def escalation(draft: Draft) -> Iterator[Finding]:
    """Levels of escalation rise, up to the whole limit."""
    desk = draft.agreement.desk
    if desk is None or not desk.escalation:
        return
    path = ("desk", "escalation")
    for number, (before, each) in enumerate(pairwise(desk.escalation), start=1):
        if each.at <= before.at:
            text = f"this level begins at {each.at.percent()}, the one before it at {before.at.percent()}"
            yield codes.LEVELS_OUT_OF_ORDER.at(draft.at(*path, number, "at"), text, "order the levels")
    for number, each in enumerate(desk.escalation):
        if each.at > 1:
            text = f"{each.at.percent()} of a limit are more than there is"
            yield codes.LEVEL_BEYOND_LIMIT.at(draft.at(*path, number, "at"), text, "write at most 100%")
    if all(each.at < 1 for each in desk.escalation):
        text = f"the last level begins at {max(each.at for each in desk.escalation).percent()}"
        yield codes.NO_LEVEL_AT_LIMIT.at(draft.at(*path), text, "add a level at 100%")


def cover(draft: Draft) -> Iterator[Finding]:
    """Work is charged or handed back, not both; and nothing is promised about what is handed back."""
    desk = draft.agreement.desk
    if desk is None:
        return
    for number, kind in enumerate(desk.out_of_cover):
        if kind in desk.billable:
            place = draft.at("desk", "out_of_cover", number)
            yield codes.CHARGED_AND_REFUSED.at(place, f"{kind} is billable as well", "delete one of the two")
    for name, outcome in draft.outcomes.items():
        kind = getattr(outcome.measure, "cases", "")
        if kind in desk.out_of_cover:
            place = draft.at("outcomes", name, "measure", "cases")
            text = f"{kind} is out of cover"
            yield codes.PROMISE_OUT_OF_COVER.at(place, text, "delete it from out_of_cover, or the outcome")


def stops(draft: Draft) -> Iterator[Finding]:
    """A clock that stops before the resolution stops for good."""
    desk = draft.agreement.desk
    for name, measure in _about_cases(draft, desk) if desk is not None else ():
        if not isinstance(measure, Within) or measure.reopened is Reopened.IGNORE:
            continue
        if measure.clock.to in EARLIER_STATES:
            text = f"{measure.clock.to} stops the clock, and whatever follows starts it again"
            place = draft.at("outcomes", name, "measure", "clock", "to")
            yield codes.STOPS_BEFORE_RESOLUTION.at(place, text, "write reopened: ignore")


def _about_cases(draft: Draft, desk: Desk) -> Iterator[tuple[str, Within | Steps]]:
    """Yield the outcomes about times of cases that the service desk handles."""
    for name, outcome in draft.outcomes.items():
        if isinstance(outcome.measure, Within | Steps) and outcome.measure.cases in (*KINDS, *desk.billable):
            yield name, outcome.measure
