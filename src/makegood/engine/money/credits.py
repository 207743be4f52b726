"""The credits of a period: stakes first, then the remedies in their fixed order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Agreement, CapPer, Outcome
from makegood.engine.agreement.versions import version_for
from makegood.engine.judging.verdict import Judgement, Measurement, Ruling, Verdict
from makegood.engine.money.at_risk import weighted_bases
from makegood.engine.money.cap import capped
from makegood.engine.money.claimed import only_claimed
from makegood.engine.money.context import Context, Past, Remedy
from makegood.engine.money.credit import Credit, PeriodCredits, Right
from makegood.engine.money.fee import days_charged
from makegood.engine.money.incentives import with_bonuses, with_incentives
from makegood.engine.money.item_fees import item_fees
from makegood.engine.money.late_delivery import beyond_earlier, long_stopped
from makegood.engine.money.line import Line, Remedied, total
from makegood.engine.money.minimum import above_minimum
from makegood.engine.money.netted import net_of_credits
from makegood.engine.money.per_incident import one_credit_per_incident
from makegood.engine.money.sequences.remedies import AFTER_LIMITS, BEFORE_LIMITS
from makegood.engine.money.sequences.stretch_caps import within_stretches
from makegood.engine.money.stake import Owed, row_of_met_value, stake_credit
from makegood.engine.money.sums import Sums, shown_exactly
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

_NOTHING_OWED = {
    Ruling.MET: "Met: there is nothing to make good",
    Ruling.UNDECIDED: "Undecided: pays nothing until decided; later evidence is settled as an adjustment",
}


def period_credits(agreement: Agreement, judgement: Judgement, past: Past = Past()) -> PeriodCredits:  # noqa: B008  # a value
    """Return what the verdicts of a period come to, for each outcome with a stake.

    Unit: amounts in the agreement's currency; the lines add up to the total.
    Rule: a missed outcome owes what its stake says; a met or undecided one owes nothing. Then the remedies that concern
        several outcomes act in their fixed order, which ``ORDER`` names; all by the version in force in the period.
        ``past`` is what those look at that remember earlier periods.
    Source: docs/explanation/money/order-of-remedies.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.agreement.shapes import Unit
    >>> from makegood.engine.judging.verdict import Measurement
    >>> shop = read(GOOD).agreement
    >>> january, target = periods_of(shop)[0], shop.outcomes["open"].target
    >>> down = Measurement(Ratio(98, 100), Unit.SHARE, good=98, total=100, reason=Reason("98 of 100 s"))
    >>> missed = Verdict("open", january, Ruling.MISSED, target, down, (), Reason("98 % misses >= 99.9 %"))
    >>> print(period_credits(shop, Judgement("acme-web-shop", january, 1, (missed,))).total)
    50.00 EUR
    """
    agreement = version_for(agreement, judgement.period)
    sums = Sums.of(agreement, judgement.period)
    context = Context(agreement, judgement, sums, past)
    lines = _staked(context)
    steps = [
        sums.at_risk_reason if agreement.money.at_risk else sums.fee_reason,
        _owed(lines, agreement.money.currency),
    ]
    rights: tuple[Right, ...] = ()
    for _, remedy in _REMEDIES:
        remedied = remedy(context, lines)
        if remedied is not None:
            lines = remedied.lines
            rights += remedied.rights
            steps.append(remedied.reason)
    sum_ = total(lines, agreement.money.currency)
    heading = f"The credits of {judgement.period.label}, in this order: {ORDER}"
    return PeriodCredits(
        agreement=agreement.agreement,
        period=judgement.period,
        fee=sums.fee,
        at_risk=sums.at_risk,
        credits=tuple(_credit(line, judgement) for line in lines),
        total=sum_,
        reason=Reason(heading, str(sum_), tuple(steps), rule="order-of-remedies"),
        rights=rights,
    )


def _once_per_incident(context: Context, lines: tuple[Line, ...]) -> Remedied:
    return one_credit_per_incident(lines, context.agreement.per_incident, context.judgement.choices)


def _within_at_risk(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    if context.agreement.money.at_risk is None:
        return None
    return capped(lines, context.sums.at_risk, name="the amount at risk", rule="at-risk", only_weighted=True)


def _within_caps(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    money = context.agreement.money
    shares = [context.sums.share(cap.at) for cap in context.agreement.caps if cap.per is CapPer.PERIOD]
    if not shares:
        return None
    caps = [(Amount.of(value, money.currency, money.rounding), reason) for value, reason in shares]
    limit, why = min(caps, key=lambda cap: cap[0])
    return capped(lines, limit, name="the period cap", rule="caps", why=(why,))


def _if_worth_paying(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    minimum = context.agreement.minimum_credit
    return above_minimum(lines, minimum, context.currency) if minimum is not None else None


# What acts on the credits of a period after the stakes, in this order.
_REMEDIES: tuple[tuple[str, Remedy], ...] = (
    ("long stop", long_stopped),
    ("claims", only_claimed),
    *BEFORE_LIMITS,
    ("one credit per incident", _once_per_incident),
    ("money back", net_of_credits),
    ("amount at risk", _within_at_risk),
    ("period cap", _within_caps),
    ("caps with memory", within_stretches),
    ("minimum credit", _if_worth_paying),
    *AFTER_LIMITS,
    ("bonus", with_bonuses),
    ("incentives", with_incentives),
)
ORDER = " → ".join(dict.fromkeys(("stake and weight", *(name for name, _ in _REMEDIES))))


def _staked(context: Context) -> tuple[Line, ...]:
    """Return the line of each outcome with a stake, before any remedy."""
    agreement, bases = context.agreement, _bases(context.agreement, context.sums)
    return tuple(
        _line(agreement, outcome, stake, context.judgement.of(name), bases[name])
        for name, outcome in agreement.outcomes.items()
        if (stake := outcome.stake) is not None
    )


def _bases(agreement: Agreement, sums: Sums) -> dict[str, tuple[Ratio, Reason]]:
    """Return the base of each stake: its part of the amount at risk, what it writes, or the fee of its service."""
    stakes = {name: (outcome.service, outcome.stake) for name, outcome in agreement.outcomes.items() if outcome.stake}
    weights = {name: stake.weight for name, (_, stake) in stakes.items() if stake.weight is not None}
    weighted = weighted_bases(sums.at_risk, weights)
    fee = ShareOf(Ratio(1), Base.SERVICE_FEE)
    found = {name: sums.share(stake.of or fee, service) for name, (service, stake) in stakes.items()}
    return found | {name: _weighted(base, weights[name], sums) for name, base in weighted.items()}


def _weighted(base: Ratio, weight: Ratio, sums: Sums) -> tuple[Ratio, Reason]:
    shown = shown_exactly(base, sums.at_risk.currency)
    return base, Reason(f"{weight.percent()} of the amount at risk", shown, (sums.at_risk_reason,), rule="at-risk")


def _line(agreement: Agreement, outcome: Outcome, stake: Stake, verdict: Verdict, base: tuple[Ratio, Reason]) -> Line:
    """Return what the outcome owes by its own stake."""
    value, base_reason = base
    if verdict.ruling is not Ruling.MISSED:
        nothing = Amount.zero(agreement.money.currency)
        covered = row_of_met_value(stake, verdict.target, verdict.measurement)
        met = (covered,) if covered is not None and verdict.ruling is Ruling.MET else ()
        reason = Reason(_NOTHING_OWED[verdict.ruling], str(nothing), met, rule="stake")
        return Line(verdict.outcome, nothing, nothing, (reason,), weighted=stake.weight is not None)
    owed = _owed_by(agreement, outcome, stake, verdict, value)
    incidents = frozenset(miss.incident for miss in verdict.measurement.misses if miss.incident)
    base_step = Reason("What is at stake", base_reason.value, (base_reason,), rule="stake")
    reasons = (base_step, *owed.reasons)
    return Line(verdict.outcome, owed.amount, owed.amount, reasons, incidents, stake.weight is not None, value)


def _owed_by(agreement: Agreement, outcome: Outcome, stake: Stake, verdict: Verdict, base: Ratio) -> Owed:
    """Return what a miss owes, less what earlier periods have paid for it."""
    measured, earlier = _paid_for(verdict), verdict.measurement.earlier
    owed_for = partial(
        stake_credit,
        stake,
        outcome.measure,
        verdict.target,
        base=base,
        days=days_charged(verdict.period, agreement.money.partial_period),
        money=agreement.money,
        items=item_fees(agreement, verdict.period, outcome.service),
    )
    if earlier is None or verdict.target.is_met_by(earlier):
        return owed_for(measured)
    return beyond_earlier(owed_for(measured), owed_for(replace(measured, value=earlier)))


def _paid_for(verdict: Verdict) -> Measurement:
    """Return what a miss is paid by: a late report of what was met has no value, and so the mildest tier."""
    measured = verdict.measurement
    if (
        (verdict.late_report or measured.breached)
        and measured.value is not None
        and verdict.target.is_met_by(measured.value)
    ):
        return replace(measured, value=None)
    return measured


def _owed(lines: tuple[Line, ...], currency: str) -> Reason:
    """Return the first step of the period: what each outcome owes by its own stake."""
    each = tuple(Reason(line.outcome, str(line.amount)) for line in lines)
    return Reason("Owed by the stakes of the outcomes", str(total(lines, currency)), each, rule="stake")


def _credit(line: Line, judgement: Judgement) -> Credit:
    """Return the line as a credit that explains itself, down to the evidence of its verdict if it has one."""
    verdict = judgement.find(line.outcome)
    text, steps = f"{line.outcome} in {judgement.period.label}", line.reasons
    if verdict is not None:
        text, steps = f"{text}: {verdict.ruling}", (verdict.reason, *steps)
    return Credit(line.outcome, line.amount, line.raw, Reason(text, str(line.amount), steps, rule="order-of-remedies"))
