"""Money in prose: what each miss pays, what limits all credits, and when they are final."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement.measure_prose import agreed
from makegood.engine.agreement.places import dotted
from makegood.engine.agreement.relation_prose import finality_in_words
from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.terms import Agreement, BroughtForward, Cap, CapPer, Money, PartialPeriod, PerIncident
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.rounding import Rounding

PER_INCIDENT = {
    PerIncident.HIGHEST: "If one incident made several outcomes miss, only the highest of their credits is paid.",
    PerIncident.SUM: "If one incident made several outcomes miss, each of their credits is paid.",
    PerIncident.CUSTOMER_CHOICE: (
        "If one incident made several outcomes miss, the customer chooses which of their credits is paid; as long as"
        " nothing is chosen, the highest is."
    ),
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
STRETCHES = {
    CapPer.PERIOD: "one period",
    CapPer.TWELVE_MONTHS: "the last twelve months, the present period included,",
    CapPer.CONTRACT_YEAR: "one contract year",
    CapPer.CONTRACT: "the whole contract",
}
FEES = {
    Every.WEEK: "The fee of a week is, for each of its days, twelve monthly fees divided by the days of the year.",
    Every.MONTH: "The fee of a month is one monthly fee.",
    Every.QUARTER: "The fee of a quarter is three monthly fees.",
    Every.YEAR: "The fee of a year is twelve monthly fees.",
    Every.TERM: "The fee of the term is, for each of its days, the monthly fee divided by the days of its month.",
}
BASES = {
    Base.MONTHLY_FEE: "the fee of all services for the period",
    Base.SERVICE_FEE: "the fee of its service for the period",
    Base.AT_RISK: "the amount at risk",
    Base.FEES: "the fees charged in that stretch so far",
}


def money_in_words(agreement: Agreement) -> tuple[str, ...]:
    """Return what holds for all credits together, in the order in which it acts."""
    money, written = agreement.money, agreement.written
    paragraphs = ["A missed outcome pays what is said under its name. Met and undecided outcomes pay nothing."]
    paragraphs.append(f"{PER_INCIDENT[agreement.per_incident]} ({agreed('per_incident' in written)})")
    if money.at_risk is not None:
        pool = f", with weights of up to {money.at_risk.pool.percent()} together" if money.at_risk.pool > 1 else ""
        paragraphs.append(
            f"The amount at risk in a period is {money.at_risk.percent.percent()} of {BASES[money.at_risk.of]}; the"
            f" outcomes that are weighted share it{pool}, and together never pay more."
        )
    paragraphs += [sentence for cap in agreement.caps for sentence in _cap(cap)] or [
        "No cap limits the credits of a period."
    ]
    paragraphs.append(_minimum(agreement))
    paragraphs.append(
        f"Amounts are in {money.currency}, and rounded to {_smallest(money)} {ROUNDING[money.rounding]}"
        f" ({agreed('money.rounding' in written)})."
    )
    paragraphs += [FEES[agreement.term.period.every]] if agreement.term.period.every is not Every.MONTH else []
    paragraphs.append(
        f"The fee of a period that lies only partly in the term {PARTIAL[money.partial_period]}"
        f" ({agreed('money.partial_period' in written)})."
    )
    return tuple(paragraphs)


def sequences_in_words(agreement: Agreement) -> tuple[tuple[str, str, str], ...]:
    """Return what remembers earlier periods as a table: its name, what it says, and who said so."""
    written = agreement.written
    return tuple(
        (name, sentence, agreed(any(dotted(("sequences", name, term)) in written for term in terms)))
        for name, term_ in agreement.sequences.items()
        for terms, sentence in term_.sentences()
    )


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
        *finality_in_words(agreement),
    )


def _cap(cap: Cap) -> Iterator[str]:
    """Yield what a cap limits, and what counts towards it from before the term."""
    reduced = "beyond that, each is reduced in proportion."
    if cap.per is CapPer.PERIOD:
        yield f"All credits of one {cap.per} together are at most {_share_of(cap.at)}; {reduced}"
        return
    yield f"All credits of {STRETCHES[cap.per]} together are at most {_share_of(cap.at)}; {reduced}"
    yield "What was earned back makes no new room under that cap."
    before = cap.brought_forward or BroughtForward()
    sums = [(before.fees, "fees"), (before.credits, "credits")]
    listed = " and ".join(f"{amount} of {what}" for amount, what in sums if amount is not None)
    if listed:
        yield f"From before the term {listed} count as well, as long as the stretch reaches back that far."


def _smallest(money: Money) -> str:
    return (
        "its smallest unit" if money.decimals is None else f"its smallest unit, credits to {money.decimals} decimals,"
    )


def _minimum(agreement: Agreement) -> str:
    minimum = agreement.minimum_credit
    if minimum is None:
        return "Credits are paid however small they are."
    if minimum.more_than is not None:
        return f"The credits of a period are paid only if together they are more than {minimum.more_than}."
    return f"The credits of a period are paid only if together they are at least {minimum.at_least}."


def _share_of(share: ShareOf | Amount) -> str:
    return f"{share.share.percent()} of {BASES[share.base]}" if isinstance(share, ShareOf) else str(share)
