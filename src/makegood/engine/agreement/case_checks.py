"""Checks of milestones, steps and cases: limits, refunds and priorities that fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from makegood.engine.agreement import case_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.hints import use_one_of
from makegood.engine.agreement.measures.kept import Kept
from makegood.engine.agreement.measures.milestone import Milestone
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.within import PriorityAt, Reopened, Within
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.stakes import StepBase
from makegood.engine.agreement.terms import Service
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

_RESPONSE = re.compile("respon|acknowledg|answer|reaction", re.IGNORECASE)


def milestones(draft: Draft) -> Iterator[Finding]:
    """A milestone is due in the term, and counts in the units of its long stop."""
    term = draft.agreement.term
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure")
        if not isinstance(measure, Milestone):
            continue
        if measure.long_stop_units is not None and measure.count_in is None:
            text = f"the delay is a time, and {measure.long_stop_units} units of it are nothing"
            yield codes.STOP_WITHOUT_UNITS.at(draft.at(*path, "long_stop_units"), text, "add count_in")
        day = measure.due.date() if isinstance(measure.due, datetime) else measure.due
        if not term.from_ <= day <= end_of_term(term):
            text = f"it is due {measure.due_in_words}, and the term runs from {term.from_} to {end_of_term(term)}"
            yield codes.DUE_OUTSIDE_THE_TERM.at(draft.at(*path, "due"), text, "correct the date")


def refunds(draft: Draft) -> Iterator[Finding]:
    """Refunds are for steps that were promised, and of fees that there are."""
    for name, outcome in draft.outcomes.items():
        term = outcome.stake.per_step if outcome.stake is not None else None
        if term is None:
            continue
        path = ("outcomes", name, "stake", "per_step")
        promised = outcome.measure.steps if isinstance(outcome.measure, Steps) else {}
        for step in term.refunds:
            if step not in promised:
                place = draft.places.key(*path, "refunds", step)
                yield codes.STEP_NOT_PROMISED.at(place, f"nobody promised a step {step}", use_one_of(step, [*promised]))
        shares = [rate for rate in term.refunds.values() if isinstance(rate, Share)]
        if term.of is StepBase.ITEM_FEE and shares and not any(map(_has_items, draft.agreement.services.values())):
            text = "no service says what its items cost"
            yield codes.ITEMS_WITHOUT_FEE.at(draft.at(*path), text, "add items or per_item to a fee")


def promises(draft: Draft) -> Iterator[Finding]:
    """What is kept are other promises, with weights that are the whole."""
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure")
        if not isinstance(measure, Kept):
            continue
        key = "weights" if measure.weights else "of"
        others = [other for other, each in draft.outcomes.items() if not isinstance(each.measure, Kept)]
        for promise in measure.shares:
            if promise not in others:
                text = f"{promise} is no outcome that this could be a score over"
                yield codes.UNKNOWN_PROMISE.at(draft.at(*path, key), text, use_one_of(promise, others))
        total = sum(measure.weights.values(), Ratio(0))
        if measure.weights and (total != 1 or not all(measure.weights.values())):
            text = f"the weights add up to {total.percent()}, and each has to be more than nothing"
            yield codes.WEIGHTS_OF_PROMISES.at(draft.at(*path, "weights"), text, "let them add up to 100 %")


def responses(draft: Draft) -> Iterator[Finding]:
    """A first response is given once."""
    for name, outcome in draft.outcomes.items():
        measure = outcome.measure
        if not isinstance(measure, Within) or measure.reopened is Reopened.IGNORE:
            continue
        if _RESPONSE.search(measure.clock.to):
            text = f"{measure.clock.to} stops the clock, and whatever follows starts it again"
            yield codes.RESPONSE_REOPENED.at(
                draft.at("outcomes", name, "measure", "clock", "to"), text, "write reopened: ignore"
            )


def rests(draft: Draft) -> Iterator[Finding]:
    """The rest has more time than most, and what is used up in parts is time."""
    for name, outcome in draft.outcomes.items():
        measure, path = outcome.measure, ("outcomes", name, "measure")
        if not isinstance(measure, Within):
            continue
        limits = measure.limits if measure.limit is None else {"": measure.limit}
        for priority, limit in limits.items():
            rest = measure.rest_limit(priority)
            if rest is not None and not _is_longer(rest, limit):
                text = f"the rest has {rest.words}, and most have {limit.words}"
                key = "rest_limits" if priority in measure.rest_limits else "rest_within"
                yield codes.REST_BEFORE_LIMIT.at(draft.at(*path, key), text, "write a longer limit")
            if measure.priority_at is PriorityAt.EACH_BY_ITS_TIME and isinstance(limit, Days):
                text = f"{limit.words} are no time of which a part could be used up"
                yield codes.SHARES_OF_DAYS.at(draft.at(*path, "priority_at"), text, "write hours")


def _has_items(service: Service) -> bool:
    return service.fee is not None and (bool(service.fee.items) or service.fee.per_item is not None)


def _is_longer(rest: Duration | Days, limit: Duration | Days) -> bool:
    """Tell whether the rest has longer than most; a time and a number of days are not compared."""
    if isinstance(rest, Duration) and isinstance(limit, Duration):
        return rest.seconds > limit.seconds
    if isinstance(rest, Days) and isinstance(limit, Days) and rest.business is limit.business:
        return rest.number > limit.number
    return True
