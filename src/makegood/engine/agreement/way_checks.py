"""Checks of how a miss is paid: in a way that its measure can be paid by."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import way_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.measures.parts import Better
from makegood.engine.agreement.rates import Prorated, pays_less
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.shapes import Share, Unit
from makegood.engine.agreement.stakes import Beyond, Stake
from makegood.engine.agreement.terms import Outcome
from makegood.engine.vocabulary.currencies import exponent
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio

_LONGEST_DAYS = {Every.WEEK: 7, Every.MONTH: 31, Every.QUARTER: 92, Every.YEAR: 366}


def _stakes(draft: Draft) -> Iterator[tuple[str, Outcome, Stake]]:
    for name, outcome in draft.outcomes.items():
        if outcome.stake is not None:
            yield name, outcome, outcome.stake


def proportions(draft: Draft) -> Iterator[Finding]:
    """What is paid in proportion is a share, or a time of one."""
    for name, outcome, stake in _stakes(draft):
        if stake.linear is not None and outcome.measure.unit is not Unit.SHARE:
            text = f"this measure is a {outcome.measure.unit}, and no share of it can be lost"
            place = draft.at("outcomes", name, "stake", "linear")
            yield codes.PROPORTION_OF_WHAT.at(place, text, "write per_unit instead")
        unit = stake.per_unit
        if unit is not None and isinstance(unit.credit, Prorated) and unit.unit.unit is not Unit.TIME:
            place = draft.at("outcomes", name, "stake", "per_unit", "credit")
            text = f"{unit.unit} is a {unit.unit.unit}, and the base has no part for it"
            yield codes.PROPORTION_OF_WHAT.at(place, text, "write the unit as a time, as in 1m")


def windows(draft: Draft) -> Iterator[Finding]:
    """Windows are those of a share of time, not too many, and refunded in every period that has a bad one."""
    for name, outcome, stake in _stakes(draft):
        term, measure = stake.windows, outcome.measure
        if term is None:
            continue
        path = ("outcomes", name, "stake", "windows")
        of_time = measure.unit is Unit.SHARE and measure.size_unit is Unit.TIME and measure.better is not Better.LOWER
        if not of_time or term.below.unit is not Unit.SHARE:
            text = "windows need an availability, and a percentage below which they are refunded"
            yield codes.WINDOWS_OF_WHAT.at(draft.at(*path), text, "write per_unit or per_event instead")
            continue
        seconds = 86_400 * _longest_days(draft)
        if term.every.seconds * codes.MOST_WINDOWS < seconds:
            text = f"windows of {term.every.words} are more than {codes.MOST_WINDOWS:,} in a period"
            yield codes.TOO_MANY_WINDOWS.at(draft.at(*path, "every"), text, "write longer windows")
        if outcome.target.level.value != 1:
            text = f"a period that is {outcome.target} is met, and its bad windows are charged"
            yield codes.WINDOWS_OF_MET_PERIOD.at(draft.at("outcomes", name, "target"), text, 'write ">= 100%"')
        for cause, exclusion in measure.exclusions.items():
            if exclusion.allowance is not None:
                text = f"of {cause}, {exclusion.allowance} are excluded, and a window is no period"
                place = draft.at("outcomes", name, "measure", "excluded", cause, "allowance")
                yield codes.ALLOWANCE_IN_WINDOWS.at(place, text, "leave it out")


def _longest_days(draft: Draft) -> int:
    """Return the most days that a period has: none is longer than the term."""
    term = draft.agreement.term
    days = max((end_of_term(term) - term.from_).days, 1)
    return min(_LONGEST_DAYS.get(term.period.every, days), days)


def items(draft: Draft) -> Iterator[Finding]:
    """Money is given back for items that the measure tells apart, each with a share of its own."""
    for name, outcome, stake in _stakes(draft):
        if stake.money_back is not None and (not outcome.measure.by or outcome.measure.unit is not Unit.SHARE):
            text = "the measure does not say which items there are, and how each of them did"
            place = draft.at("outcomes", name, "stake", "money_back")
            yield codes.NO_ITEMS.at(place, text, "add by to a measure that is a share")


def decimals(draft: Draft) -> Iterator[Finding]:
    """A credit is rounded to an amount that can be paid."""
    money = draft.agreement.money
    if money.decimals is not None and money.decimals > exponent(money.currency):
        text = f"{money.currency} has {exponent(money.currency)} decimals, not {money.decimals}"
        yield codes.DECIMALS_OF_CURRENCY.at(draft.at("money", "decimals"), text, "leave it out")


def _in_proportion(outcome: Outcome, stake: Stake) -> tuple[Share, ...]:
    """Return what a stake in proportion pays at its minimum level, as far as it has both."""
    if stake.linear is None or stake.minimum is None:
        return ()
    target, level = outcome.target, stake.minimum.level.value
    least = target.level.value if stake.linear.beyond is Beyond.TARGET else Ratio(int(target.higher_is_better))
    lost = least - level if target.higher_is_better else level - least
    return (Share(lost * stake.linear.times),)


def minimum(draft: Draft) -> Iterator[Finding]:
    """A minimum level is worse than the target, and so is what it costs."""
    for name, outcome, stake in _stakes(draft):
        term, target = stake.minimum, outcome.target
        if term is None:
            continue
        path = ("outcomes", name, "stake", "minimum")
        beyond = target.level.value - term.level.value
        worse = beyond > 0 if target.higher_is_better else beyond < 0
        if term.level.unit is not target.level.unit or not worse:
            text = f"{term.level} is not worse than the target {target}"
            yield codes.MINIMUM_IS_NONE.at(draft.at(*path, "level"), text, "write a worse level")
        dearer = next(
            (step for step in (*stake.rates, *_in_proportion(outcome, stake)) if pays_less(term.credit, step)), None
        )
        if dearer is not None and not term.added:
            text = f"the minimum pays {term.credit}, and a step of the stake {dearer}"
            yield codes.MINIMUM_PAYS_LESS.at(draft.at(*path, "credit"), text, "let it pay as much or more")
