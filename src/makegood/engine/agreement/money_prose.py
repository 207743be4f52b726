"""Money in prose: what each miss pays, what limits all credits, and when they are final."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.measures.parts import Measure, WhenEmpty
from makegood.engine.agreement.shapes import Base, Level, Share, ShareOf, Unit
from makegood.engine.agreement.stakes import Counted, Events, PerUnit, Stake, Tier
from makegood.engine.agreement.terms import Agreement, Outcome, PartialPeriod, PerIncident
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding

COUNTED = {
    Counted.STARTED: "each started {}",
    Counted.COMPLETED: "each completed {}",
    Counted.EXACT: "each {}, parts counted exactly,",
}
EVENTS = {
    Events.ALL: "every event that went wrong, those within the target included",
    Events.BEYOND_TARGET: "every event that went wrong beyond what the target allows",
}
PER_INCIDENT = {
    PerIncident.HIGHEST: "If one incident made several outcomes miss, only the highest of their credits is paid.",
    PerIncident.SUM: "If one incident made several outcomes miss, each of their credits is paid.",
}
ROUNDING = {
    Rounding.HALF_UP: "to the nearest, halves away from zero",
    Rounding.HALF_EVEN: "to the nearest, halves to the even neighbour",
    Rounding.UP: "up",
    Rounding.DOWN: "down",
}
PARTIAL = {
    PartialPeriod.ACTUAL_DAYS: "is reduced to the share of its days inside the term",
    PartialPeriod.ACTUAL_SECONDS: "is reduced to the share of its seconds inside the term",
    PartialPeriod.THIRTY: "is a thirtieth of a monthly fee for each of its days inside the term, at most the whole fee",
    PartialPeriod.FULL: "is charged in full",
}
FEES = {
    Every.WEEK: "The fee of a week is, for each of its days, twelve monthly fees divided by the days of the year.",
    Every.MONTH: "The fee of a month is one monthly fee.",
    Every.QUARTER: "The fee of a quarter is three monthly fees.",
    Every.YEAR: "The fee of a year is twelve monthly fees.",
}
BASES = {
    Base.MONTHLY_FEE: "the fee of all services for the period",
    Base.SERVICE_FEE: "the fee of its service for the period",
    Base.AT_RISK: "the amount at risk",
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
    paragraphs.append(_rate(stake))
    paragraphs += _without_value(outcome.measure, stake)
    if stake.at_most is not None:
        paragraphs.append(f"In one period this outcome pays {_credit(stake.at_most)} at most.")
    return tuple(paragraphs)


def tiers_in_words(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """Return the tiers as a table: what a value lies between, and what it pays."""
    if outcome.stake is None or not outcome.stake.tiers:
        return ()
    tiers = outcome.stake.tiers
    rows = [
        (_between(tier, tiers[number + 1] if number + 1 < len(tiers) else None), _credit(tier.credit))
        for number, tier in enumerate(tiers)
    ]
    return (("If the value is", "the credit is"), *rows)


def money_in_words(agreement: Agreement) -> tuple[str, ...]:
    """Return what holds for all credits together, in the order in which it acts."""
    money, written = agreement.money, agreement.written
    paragraphs = ["A missed outcome pays what is said under its name. Met and undecided outcomes pay nothing."]
    paragraphs.append(f"{PER_INCIDENT[agreement.per_incident]} ({agreed('per_incident' in written)})")
    if money.at_risk is not None:
        paragraphs.append(
            f"The amount at risk in a period is {money.at_risk.percent.percent()} of {BASES[money.at_risk.of]}; the"
            " outcomes that are weighted share it, and together never pay more."
        )
    paragraphs += [
        f"All credits of one {cap.per} together are at most {_share_of(cap.at)}; beyond that, each is reduced in"
        " proportion."
        for cap in agreement.caps
    ] or ["No cap limits the credits of a period."]
    paragraphs.append(_minimum(agreement))
    paragraphs.append(
        f"Amounts are in {money.currency}, and rounded to its smallest unit {ROUNDING[money.rounding]}"
        f" ({agreed('money.rounding' in written)})."
    )
    paragraphs += [FEES[agreement.term.period.every]] if agreement.term.period.every is not Every.MONTH else []
    paragraphs.append(
        f"The fee of a period that lies only partly in the term {PARTIAL[money.partial_period]}"
        f" ({agreed('money.partial_period' in written)})."
    )
    return tuple(paragraphs)


def closing_in_words(agreement: Agreement) -> tuple[str, ...]:
    """Return when a period is closed, and what comes after."""
    closing, written = agreement.closing, agreement.written
    days = f"the calendar {closing.calendar}" if closing.calendar else "Monday to Friday"
    return (
        f"A period is closed {closing.after.words} after its end ({agreed('closing.after' in written)}).",
        f"Business days are those of {days} ({agreed('closing.calendar' in written)}).",
        (
            "Evidence that arrives after closing restates the period: what should have been credited, less what was, is"
            f" booked as an adjusting line in the open period ({agreed('closing.late_evidence' in written)})."
        ),
        (
            f"A verdict can be disputed within {closing.dispute_within.words} after closing"
            f" ({agreed('closing.dispute_within' in written)})."
        ),
    )


def _rate(stake: Stake) -> str:
    if stake.tiers:
        return "A miss pays by the worst tier that its value is in, and nothing if it is in none."
    if stake.per_unit is not None:
        return _per_unit(stake.per_unit)
    if stake.per_event is not None:
        return f"A miss pays {_credit(stake.per_event.credit)} for {EVENTS[stake.per_event.events]}."
    return "A miss pays the whole base."


def _per_unit(term: PerUnit) -> str:
    what = {Unit.SHARE: _points(term.unit), Unit.NUMBER: str(term.unit), Unit.TIME: f"{term.unit} of outage"}
    unit = COUNTED[term.counted].format(what[term.unit.unit])
    free = str(term.allowance) if term.allowance is not None else "what the target allows"
    return f"A miss pays {_credit(term.credit)} for {unit} by which it goes beyond {free}."


def _points(level: Level) -> str:
    """Return a difference between percentages, which is no percentage of anything."""
    return (
        f"{level.value.percent().removesuffix(' %')} percentage {'point' if level.value == Ratio(1, 100) else 'points'}"
    )


def _without_value(measure: Measure, stake: Stake) -> Iterator[str]:
    """Yield what a miss pays that has no value, where the parties agreed that there can be one."""
    if measure.when_empty is WhenEmpty.MISSED:
        pays = "by the mildest tier" if stake.tiers else "nothing" if stake.per_unit or stake.per_event else "the base"
        yield f"A miss because there was nothing to measure pays {pays}."


def _between(tier: Tier, worse: Tier | None) -> str:
    """Return the values of a tier; the next one takes over where it begins."""
    side, other = ("below", "but at least") if tier.below is not None else ("above", "but at most")
    end = f", {other} {worse.bound}" if worse is not None else ""
    return f"{side} {tier.bound}{end}"


def _minimum(agreement: Agreement) -> str:
    minimum = agreement.minimum_credit
    if minimum is None:
        return "Credits are paid however small they are."
    if minimum.more_than is not None:
        return f"The credits of a period are paid only if together they are more than {minimum.more_than}."
    return f"The credits of a period are paid only if together they are at least {minimum.at_least}."


def _credit(credit: Share | Amount) -> str:
    return f"{credit} of the base" if isinstance(credit, Share) else str(credit)


def _base(of: ShareOf | Amount, service: str) -> str:
    """Return the base of a stake; an outcome that names no service belongs to all of them."""
    if isinstance(of, ShareOf) and of.base is Base.SERVICE_FEE and not service:
        return _share_of(ShareOf(of.share, Base.MONTHLY_FEE))
    return _share_of(of)


def _share_of(share: ShareOf | Amount) -> str:
    return f"{share.share.percent()} of {BASES[share.base]}" if isinstance(share, ShareOf) else str(share)
