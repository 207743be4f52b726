"""The stake: what a missed outcome owes by its own terms, before the rules that concern several outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.shapes import Share, Target, Unit
from makegood.engine.agreement.stakes import Counted, PerUnit, Stake
from makegood.engine.agreement.terms import Money
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import counted
from makegood.engine.money.per_event import events_credited
from makegood.engine.money.per_unit import shortfall, units_short
from makegood.engine.money.sums import shown_exactly
from makegood.engine.money.tiers import matching_tier
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Owed:
    """What a miss owes by its own stake, and the steps that led to it."""

    amount: Amount
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Rate:
    """What a miss pays, how many times, and why."""

    credit: Share | Amount
    times: Ratio
    because: str
    rule: str


def stake_credit(
    stake: Stake, measure: Measure, target: Target, measurement: Measurement, *, base: Ratio, money: Money
) -> Owed:
    """Return what a miss owes by the stake of its outcome.

    Unit: amount in the agreement's currency, rounded once: after base, share and number have been multiplied.
    Rule: by tiers, or by units, or by events, whichever the stake has; with none of them a miss pays the whole base.
        A miss that no tier matches pays nothing. ``at_most`` limits the result.
    Source: docs/explanation/money/stake.md

    >>> from makegood.engine.agreement.measures.availability import Availability
    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET
    >>> from makegood.engine.agreement.stakes import Tier
    >>> stake = Stake(tiers=(Tier(below=LEVEL.read("99.9%"), credit=Share(Ratio(1, 10))),))
    >>> down = Measurement(value=Ratio(99, 100), unit=Unit.SHARE, good=99, total=100, reason=Reason("99 of 100 s"))
    >>> euro = Money(currency="EUR")
    >>> print(stake_credit(stake, Availability(of="erp"), TARGET.read(">= 99.9%"), down, base=Ratio(1250), money=euro)
    ...     .amount)
    125.00 EUR
    """
    rate = _rate(stake, measure, target, measurement)
    if rate is None:
        text = f"No tier applies to {_shown(measurement)}, so the miss pays nothing"
        return Owed(Amount.zero(money.currency), (Reason(text, rule="tiers"),))
    each = base * rate.credit.of_base if isinstance(rate.credit, Share) else rate.credit.value
    exact = each * rate.times
    amount = Amount.of(exact, money.currency, money.rounding)
    steps: tuple[Reason, ...] = ()
    if amount.value != exact:
        steps = (Reason(f"{shown_exactly(exact, money.currency)} is rounded {_words(money)}", str(amount)),)
    owed = Owed(amount, (Reason(rate.because, str(amount), steps, rule=rate.rule),))
    return _at_most(owed, stake, base, money)


def _rate(stake: Stake, measure: Measure, target: Target, measurement: Measurement) -> _Rate | None:
    """Return what the stake pays for this miss, or None if it has tiers and none applies."""
    if stake.tiers:
        return _tiered(stake, target, measurement)
    if stake.per_unit is not None:
        short = shortfall(stake.per_unit, target, measurement)
        return _Rate(
            stake.per_unit.credit, units_short(stake.per_unit, short), _per_unit(stake.per_unit, short), "per-unit"
        )
    if stake.per_event is not None:
        number = events_credited(stake.per_event.events, measure, target, measurement)
        which = stake.per_event.events.replace("_", " ")
        because = f"{counted(number, 'event')} ({which}), {_credit(stake.per_event.credit)} each"
        return _Rate(stake.per_event.credit, Ratio(number), because, "per-event")
    return _Rate(Share(Ratio(1)), Ratio(1), "A miss pays the whole base", "stake")


def _tiered(stake: Stake, target: Target, measurement: Measurement) -> _Rate | None:
    higher_is_better = target.comparison.higher_is_better
    tier = matching_tier(stake.tiers, measurement.value, higher_is_better=higher_is_better)
    if tier is None:
        return None
    side = "below" if tier.below is not None else "above"
    shown = f"{_shown(measurement)} is"
    if measurement.value is None:
        shown = "Nothing was measured, so the mildest tier applies,"
    return _Rate(tier.credit, Ratio(1), f"{shown} {side} {tier.bound}: {_credit(tier.credit)}", "tiers")


def _per_unit(term: PerUnit, short: Ratio) -> str:
    """Return in words how a shortfall makes units."""
    size = {Unit.SHARE: short.percent(), Unit.TIME: f"{short} s", Unit.NUMBER: short.grouped}[term.unit.unit]
    how = "exactly" if term.counted is Counted.EXACT else str(term.counted)
    units = units_short(term, short)
    return f"{size} short, in units of {term.unit} counted {how}: {units}, {_credit(term.credit)} each"


def _at_most(owed: Owed, stake: Stake, base: Ratio, money: Money) -> Owed:
    """Return what is owed, limited to the most that the outcome pays in a period."""
    if stake.at_most is None:
        return owed
    limit = stake.at_most
    if isinstance(limit, Share):
        limit = Amount.of(base * limit.of_base, money.currency, money.rounding)
    if owed.amount <= limit:
        return owed
    text = f"At most {_credit(stake.at_most)} for this outcome in a period"
    return Owed(limit, (*owed.reasons, Reason(text, str(limit), rule="stake")))


def _shown(measurement: Measurement) -> str:
    if measurement.value is None:
        return "no value"
    return measurement.value.percent() if measurement.unit is Unit.SHARE else measurement.value.grouped


def _credit(credit: Share | Amount) -> str:
    return f"{credit} of the base" if isinstance(credit, Share) else str(credit)


def _words(money: Money) -> str:
    return money.rounding.replace("_", " ")
