"""Stakes in prose: what a miss of an outcome pays."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.measures.parts import Measure, WhenEmpty
from makegood.engine.agreement.money_prose import BASES
from makegood.engine.agreement.rates import in_words
from makegood.engine.agreement.shapes import Base, Level, ShareOf, Unit
from makegood.engine.agreement.stakes import (
    Beyond,
    Counted,
    Events,
    Linear,
    Minimum,
    MoneyBack,
    PerEvent,
    PerStep,
    PerUnit,
    Scope,
    Stake,
    StepBase,
    Tier,
    Together,
    WindowRefund,
)
from makegood.engine.agreement.tables import Table
from makegood.engine.agreement.terms import Outcome
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

COUNTED = {
    Counted.STARTED: "each started {}",
    Counted.COMPLETED: "each completed {}",
    Counted.EXACT: "each {}, parts counted exactly,",
}
EVENTS = {
    Events.ALL: "every event that went wrong, those within the target included",
    Events.BEYOND_TARGET: "every event that went wrong beyond what the target allows",
}
STEP_BASE = {
    StepBase.ITEM_FEE: "the fee of the item that the event is about, for the period",
    StepBase.BASE: "the base",
}
TOGETHER = {
    Together.SUM: "The steps of one event add up.",
    Together.HIGHEST: "Of the steps of one event only the highest pays.",
}
BEYOND = {
    Beyond.NOTHING: "all of it, also what the target allows",
    Beyond.TARGET: "only what goes beyond the target",
}
SCOPE = {
    Scope.AFFECTED: "of each item",
    Scope.ALL: "of all items, as soon as there is one",
}


def stake_in_words(outcome: Outcome) -> tuple[str, ...]:
    """Return what a miss of an outcome pays, but for its tiers."""
    stake = outcome.stake
    if stake is None:
        return ("No money depends on this outcome.",)
    paragraphs = []
    if stake.weight is not None:
        paragraphs.append(f"The base is {stake.weight.percent()} of the amount at risk.")
    if stake.of is not None:
        paragraphs.append(f"The base is {_base(stake.of, outcome.service)}.")
    paragraphs.append(_way(stake))
    paragraphs += _without_value(outcome.measure, stake)
    if stake.minimum is not None:
        paragraphs.append(_minimum(stake.minimum))
    if stake.at_most is not None:
        paragraphs.append(f"In one period this outcome pays {in_words(stake.at_most)} at most.")
    return tuple(paragraphs)


def tiers_in_words(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """Return the tiers, or the rows of a published table: what a value lies between, and what it pays."""
    stake = outcome.stake
    if stake is None:
        return ()
    rows = [(str(row), in_words(row.credit)) for row in stake.table.rows] if stake.table is not None else []
    rows += [
        (_between(tier, stake.tiers[number] if number < len(stake.tiers) else None), in_words(tier.credit))
        for number, tier in enumerate(stake.tiers, start=1)
    ]
    return (("If the value is", "the credit is"), *rows) if rows else ()


def _way(stake: Stake) -> str:
    """Return in which way a miss becomes money."""
    if stake.tiers:
        return "A miss pays by the worst tier that its value is in, and nothing if it is in none."
    ways = (stake.table, stake.per_unit, stake.linear, stake.per_event, stake.windows, stake.money_back, stake.per_step)
    match next((term for term in ways if term is not None), None):
        case Table():
            return (
                "A miss pays by the first row of the table that covers its value, read literally, and nothing if no row"
                " does."
            )
        case PerUnit() as term:
            return _per_unit(term)
        case Linear() as term:
            return _linear(term)
        case PerEvent() as term:
            return f"A miss pays {in_words(term.credit)} for {EVENTS[term.events]}."
        case WindowRefund() as term:
            return _windows(term)
        case MoneyBack() as term:
            return _money_back(term)
        case PerStep() as term:
            return _per_step(term)
        case _:
            return "A miss pays the whole base."


def _per_unit(term: PerUnit) -> str:
    what = {Unit.SHARE: _points(term.unit), Unit.NUMBER: str(term.unit), Unit.TIME: f"{term.unit} of outage"}
    unit = COUNTED[term.counted].format(what[term.unit.unit])
    free = str(term.allowance) if term.allowance is not None else "what the target allows"
    return f"A miss pays {in_words(term.credit)} for {unit} by which it goes beyond {free}."


def _per_step(term: PerStep) -> str:
    refunds = ", ".join(f"{rate} for {step}" for step, rate in term.refunds.items())
    return (
        f"Each step that was not kept is refunded: {refunds}. Percentages are of {STEP_BASE[term.of]}."
        f" {TOGETHER[term.together]} An item gets back at most {term.at_most} of that in a period."
    )


def _linear(term: Linear) -> str:
    times = "" if term.times == 1 else f"{term.times} times "
    return f"A miss pays the base times {times}the share that was lost: {BEYOND[term.beyond]}."


def _windows(term: WindowRefund) -> str:
    return (
        f"A missed period is cut into windows of {term.every.words} from its beginning on. For each window whose own"
        f" value is below {term.below}, its price of {term.price} is given back; only the sum is rounded."
    )


def _money_back(term: MoneyBack) -> str:
    level = "misses the target on its own" if term.worse_than is None else f"is worse than {term.worse_than}"
    netted = (
        "Credits of other outcomes for the same incidents are taken off it."
        if term.nets
        else ("Credits of other outcomes for the same incidents are paid besides.")
    )
    return f"A miss gives back the price of {term.price} {SCOPE[term.scope]} that {level}. {netted}"


def _minimum(term: Minimum) -> str:
    how = "besides" if term.added else "instead"
    return f"A value worse than the minimum level of {term.level} pays {in_words(term.credit)} {how}."


def _points(level: Level) -> str:
    """Return a difference between percentages, which is no percentage of anything."""
    return (
        f"{level.value.percent().removesuffix(' %')} percentage {'point' if level.value == Ratio(1, 100) else 'points'}"
    )


def _without_value(measure: Measure, stake: Stake) -> Iterator[str]:
    """Yield what a miss pays that has no value, where the parties agreed that there can be one."""
    if measure.when_empty is WhenEmpty.MISSED:
        pays = "nothing" if stake.by_size else "the base"
        pays = "by the mildest tier" if stake.tiers or stake.table else pays
        yield f"A miss because there was nothing to measure pays {pays}."


def _between(tier: Tier, worse: Tier | None) -> str:
    """Return the values of a tier; the next one takes over where it begins."""
    side, other = ("below", "but at least") if tier.below is not None else ("above", "but at most")
    end = f", {other} {worse.bound}" if worse is not None else ""
    return f"{side} {tier.bound}{end}"


def _base(of: ShareOf | Amount, service: str) -> str:
    """Return the base of a stake; an outcome that names no service belongs to all of them."""
    if isinstance(of, Amount):
        return str(of)
    base = Base.MONTHLY_FEE if of.base is Base.SERVICE_FEE and not service else of.base
    return f"{of.share.percent()} of {BASES[base]}"
