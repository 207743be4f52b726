"""The credits of a period: stakes first, then the remedies in their fixed order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.judging.verdict import Judgement, Ruling, Verdict
from makegood.engine.money.at_risk import weighted_bases
from makegood.engine.money.cap import capped
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.line import Line, Remedied, total
from makegood.engine.money.minimum import above_minimum
from makegood.engine.money.per_incident import one_credit_per_incident
from makegood.engine.money.stake import stake_credit
from makegood.engine.money.sums import Sums, shown_exactly
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

ORDER = "stake and weight → one credit per incident → amount at risk → period cap → minimum credit"

_NOTHING_OWED = {
    Ruling.MET: "Met: there is nothing to make good",
    Ruling.UNDECIDED: "Undecided: pays nothing until decided; later evidence is settled as an adjustment",
}

Remedy = Callable[[tuple[Line, ...]], Remedied]


def period_credits(agreement: Agreement, judgement: Judgement) -> PeriodCredits:
    """Return what the verdicts of a period come to, for each outcome with a stake.

    Unit: amounts in the agreement's currency; the lines add up to the total.
    Rule: a missed outcome owes what its stake says; a met or undecided one owes nothing. Then the remedies that concern
        several outcomes act in their fixed order: one credit per incident, the amount at risk as the limit of all
        weighted stakes, the lowest period cap, the minimum credit.
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
    sums = Sums.of(agreement, judgement.period)
    bases = _bases(agreement, sums)
    lines = tuple(
        _line(agreement, outcome, stake, judgement.of(name), bases[name])
        for name, outcome in agreement.outcomes.items()
        if (stake := outcome.stake) is not None
    )
    steps = [
        sums.at_risk_reason if agreement.money.at_risk else sums.fee_reason,
        _owed(lines, agreement.money.currency),
    ]
    for remedy in _remedies(agreement, sums):
        remedied = remedy(lines)
        lines = remedied.lines
        steps.append(remedied.reason)
    sum_ = total(lines, agreement.money.currency)
    heading = f"The credits of {judgement.period.label}, in this order: {ORDER}"
    return PeriodCredits(
        agreement=agreement.agreement,
        period=judgement.period,
        fee=sums.fee,
        at_risk=sums.at_risk,
        credits=tuple(_credit(line, judgement.of(line.outcome)) for line in lines),
        total=sum_,
        reason=Reason(heading, str(sum_), tuple(steps), rule="order-of-remedies"),
    )


def _remedies(agreement: Agreement, sums: Sums) -> tuple[Remedy, ...]:
    """Return the remedies that the agreement has, in the order in which they act."""
    found: list[Remedy] = [partial(one_credit_per_incident, rule=agreement.per_incident)]
    if agreement.money.at_risk is not None:
        weighted = partial(capped, limit=sums.at_risk, name="the amount at risk", rule="at-risk", only_weighted=True)
        found.append(weighted)
    if agreement.caps:
        limit, why = _lowest_cap(agreement, sums)
        found.append(partial(capped, limit=limit, name="the period cap", rule="caps", why=(why,)))
    if agreement.minimum_credit is not None:
        currency = agreement.money.currency
        found.append(partial(above_minimum, minimum=agreement.minimum_credit, currency=currency))
    return tuple(found)


def _lowest_cap(agreement: Agreement, sums: Sums) -> tuple[Amount, Reason]:
    money = agreement.money
    shares = [sums.share(cap.at) for cap in agreement.caps]
    caps = [(Amount.of(value, money.currency, money.rounding), reason) for value, reason in shares]
    return min(caps, key=lambda cap: cap[0])


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
        reason = Reason(_NOTHING_OWED[verdict.ruling], str(nothing), rule="stake")
        return Line(verdict.outcome, nothing, nothing, (reason,), weighted=stake.weight is not None)
    owed = stake_credit(stake, outcome.measure, outcome.target, verdict.measurement, base=value, money=agreement.money)
    incidents = frozenset(miss.incident for miss in verdict.measurement.misses if miss.incident)
    base_step = Reason("What is at stake", base_reason.value, (base_reason,), rule="stake")
    reasons = (base_step, *owed.reasons)
    return Line(verdict.outcome, owed.amount, owed.amount, reasons, incidents, weighted=stake.weight is not None)


def _owed(lines: tuple[Line, ...], currency: str) -> Reason:
    """Return the first step of the period: what each outcome owes by its own stake."""
    each = tuple(Reason(line.outcome, str(line.amount)) for line in lines)
    return Reason("Owed by the stakes of the outcomes", str(total(lines, currency)), each, rule="stake")


def _credit(line: Line, verdict: Verdict) -> Credit:
    """Return the line as a credit that explains itself, down to the evidence of its verdict."""
    text = f"{line.outcome} in {verdict.period.label}: {verdict.ruling}"
    reason = Reason(text, str(line.amount), (verdict.reason, *line.reasons), rule="order-of-remedies")
    return Credit(line.outcome, line.amount, line.raw, reason)
