"""Advice on promises: thin periods, fine targets, and what was left to the house."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.advice import codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.availability import Availability, Count, Granularity
from makegood.engine.agreement.readings import readings_of, readings_of_money
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.agreement.terms import LowVolume
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio

FEW_MINUTES = 5
# The shortest that each can be; a term is as long as it is.
_DAYS = {Every.WEEK: 7, Every.MONTH: 28, Every.QUARTER: 90, Every.YEAR: 365}
_BY_MINUTES = (Granularity.TOUCHED_MINUTES, Granularity.FULL_MINUTES, Granularity.ELAPSED_MINUTES)


def thin_periods(draft: Draft) -> Iterator[Finding]:
    """The rule for thin periods and the percentage agree where they meet."""
    for name, outcome in draft.outcomes.items():
        target, rule = outcome.target, outcome.low_volume
        floor = target.higher_is_better and target.level.unit is Unit.SHARE
        if not outcome.measure.has_cases or not floor:
            continue
        if rule is None:
            if 0 < target.level.value < 1 and outcome.stake is not None:
                place = draft.at("outcomes", name, "target")
                text = f"below {_cases_for_a_miss(target)} cases one miss is a missed period"
                yield codes.NO_THIN_PERIODS.at(place, text, "add low_volume")
        elif rule.allowed_misses is not None:
            yield from _thin(draft, name, target, rule, rule.allowed_misses)


def _thin(draft: Draft, name: str, target: Target, rule: LowVolume, allowed: int) -> Iterator[Finding]:
    place = draft.at("outcomes", name, "low_volume", "allowed_misses")
    below, last = rule.below, rule.below - 1
    if allowed < last and not target.is_met_by(Ratio(below - allowed, below)):
        text = f"{allowed} of {last} may go wrong, but not {allowed} of {below}"
        yield codes.THIN_IS_KINDER.at(place, text, f"at {below} cases {target} allows {_allowed(target, below)}")
    elif allowed + 1 < last and target.is_met_by(Ratio(last - allowed - 1, last)):
        text = f"{allowed + 1} of {last} may not go wrong, though that would be {target}"
        yield codes.THIN_IS_HARDER.at(place, text, f"at {last} cases {target} allows {_allowed(target, last)}")
    first = _cases_for_a_miss(target)
    if below < first and target.level.value < 1:
        text = f"from {below} to {first - 1} cases not one may go wrong"
        hint = f"take percentages from {first} cases on"
        yield codes.NOT_ONE_MISS.at(draft.at("outcomes", name, "low_volume", "below"), text, hint)


def _allowed(target: Target, cases: int) -> int:
    """Return how many of so many cases may go wrong."""
    most = ((1 - target.level.value) * cases).floor()
    return most if most and target.is_met_by(Ratio(cases - most, cases)) else max(0, most - 1)


def _cases_for_a_miss(target: Target) -> int:
    """Return the fewest cases of which one may go wrong."""
    fewest = (1 / (1 - target.level.value)).ceil() if target.level.value < 1 else 1
    return fewest if target.is_met_by(Ratio(fewest - 1, fewest)) else fewest + 1


def resolution(draft: Draft) -> Iterator[Finding]:
    """What a target allows can be seen in what is counted."""
    for name, outcome in draft.outcomes.items():
        measure, target = outcome.measure, outcome.target
        if not isinstance(measure, Availability) or not target.higher_is_better:
            continue
        if measure.on != "always" or target.level.unit is not Unit.SHARE or target.level.value >= 1:
            continue
        term = draft.agreement.term
        days = _DAYS.get(term.period.every) or (end_of_term(term) - term.from_).days
        allowed = Duration(((1 - target.level.value) * days * 86_400).floor())
        why = _coarse(measure.count, allowed)
        if why:
            text = f"{target} allows {allowed.words} in {days} days, {why}"
            yield codes.COARSER_THAN_PROMISED.at(
                draft.at("outcomes", name, "target"), text, "count finer, or promise less"
            )


def _coarse(count: Count, allowed: Duration) -> str:
    """Say why a count is too coarse for what is allowed; nothing if it is not."""
    shortest = count.ignore_shorter_than or count.ignore_up_to
    if shortest is not None and shortest.seconds > allowed.seconds:
        return f"less than the shortest outage that counts, {shortest.words}"
    if count.granularity in _BY_MINUTES and allowed.seconds < FEW_MINUTES * 60:
        return f"and whole minutes are counted ({count.granularity})"
    return ""


def business(draft: Draft) -> Iterator[Finding]:
    """Promises are about what the business feels, and about what it called critical."""
    headlines = {name: outcome for name, outcome in draft.outcomes.items() if outcome.headline}
    if draft.agreement.kind == "underpinning":
        return
    if headlines and all(isinstance(outcome.measure, Availability) for outcome in headlines.values()):
        place = draft.places.key("outcomes", next(iter(headlines)))
        text = "all headline outcomes are about components that are up"
        yield codes.NOTHING_OF_THE_BUSINESS.at(place, text, "put first what the customer's customers feel")
    about = {id(draft.service_of(outcome)) for outcome in headlines.values()}
    for name, service in draft.agreement.services.items():
        if service.critical and id(service) not in about:
            place = draft.places.key("services", name)
            yield codes.CRITICAL_WITHOUT_PROMISE.at(place, f"nothing is promised about {name}", "promise something")


def money_where_it_matters(draft: Draft) -> Iterator[Finding]:
    """What is critical costs something when it is missed, if anything does."""
    if not any(outcome.stake for outcome in draft.outcomes.values()):
        return
    for name, outcome in draft.outcomes.items():
        service = draft.service_of(outcome)
        critical = outcome.critical if outcome.critical is not None else service is not None and service.critical
        if critical and outcome.headline and outcome.stake is None:
            place = draft.places.key("outcomes", name)
            yield codes.CRITICAL_WITHOUT_MONEY.at(place, f"a miss of {name} costs nothing", "add a stake")


def silence(draft: Draft) -> Iterator[Finding]:
    """List every reading that nobody wrote and money depends on."""
    agreement = draft.agreement
    for name, outcome in agreement.outcomes.items():
        if outcome.stake is not None:
            left = [f"{term} = {value}" for term, value, written in readings_of(agreement, name) if not written]
            yield from _left(draft, ("outcomes", name, "measure"), left)
    left = [f"{term} = {value}" for term, value, written in readings_of_money(agreement) if not written]
    yield from _left(draft, ("money",), left)


def _left(draft: Draft, path: tuple[str, ...], left: list[str]) -> Iterator[Finding]:
    if left:
        number = f"{len(left)} readings are" if len(left) > 1 else "1 reading is"
        text = f"{number} not written: {'; '.join(left)}"
        yield codes.SILENT_READINGS.at(draft.places.key(*path), text, "write those that matter")
