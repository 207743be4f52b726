"""The stake: what a missed outcome owes by its own terms, before the rules that concern several outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.rates import in_words
from makegood.engine.agreement.shapes import Share, Target
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Money
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.item_fees import ItemFees
from makegood.engine.money.rounded import credit_of
from makegood.engine.money.sums import shown_exactly
from makegood.engine.money.ways import Missed, Way, is_worse, way
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

COVERS_MET_VALUE = "tier-covers-met-value"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a miss owes by its own stake, and the steps that led to it."""

    amount: Amount
    reasons: tuple[Reason, ...]


def stake_credit(
    stake: Stake,
    measure: Measure,
    target: Target,
    measurement: Measurement,
    *,
    base: Ratio,
    days: int,
    money: Money,
    items: ItemFees = ItemFees(),  # noqa: B008  # a value
) -> Owed:
    """Return what a miss owes by the stake of its outcome.

    Unit: amount in the agreement's currency, rounded once: after base, share and number have been multiplied.
    Rule: by tiers, or by units, or by events, or however the stake says; with no way of its own a miss pays the whole
        base. A miss that no tier matches pays nothing. A miss of the minimum level pays what that says, instead or
        besides. ``at_most`` limits the result. ``days`` are those that the base is paid for, and ``items`` what single
        items cost.
    Source: docs/explanation/money/stake.md

    >>> from makegood.engine.agreement.measures.availability import Availability
    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET, Unit
    >>> from makegood.engine.agreement.stakes import Tier
    >>> stake = Stake(tiers=(Tier(below=LEVEL.read("99.9%"), credit=Share(Ratio(1, 10))),))
    >>> down = Measurement(value=Ratio(99, 100), unit=Unit.SHARE, good=99, total=100, reason=Reason("99 of 100 s"))
    >>> promised, euro = TARGET.read(">= 99.9%"), Money(currency="EUR")
    >>> print(stake_credit(stake, Availability(of="erp"), promised, down, base=Ratio(1250), days=31, money=euro).amount)
    125.00 EUR
    """
    missed = Missed(measure, target, measurement, base, days, items)
    ways = _with_minimum(stake, missed, way(stake, missed))
    exact = sum((each.exact for each in ways), Ratio(0))
    amount = credit_of(exact, money)
    steps: tuple[Reason, ...] = ()
    if amount.value != exact:
        steps = (Reason(f"{shown_exactly(exact, money.currency)} is rounded {_words(money)}", str(amount)),)
    *before, last = ways
    reasons = tuple(Reason(each.because, shown_exactly(each.exact, money.currency), rule=each.rule) for each in before)
    owed = Owed(amount, (*reasons, Reason(last.because, str(amount), steps, rule=last.rule)))
    return _at_most(owed, stake, base, money)


def row_of_met_value(stake: Stake, target: Target, measurement: Measurement) -> Reason | None:
    """Return what a tier or row would pay for a value that met its target, if one covers it.

    Unit: a step of an explanation.
    Rule: a met outcome pays nothing, even if its tiers or its published table cover the value; that is said.
    Source: docs/explanation/money/tables.md

    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET, Unit
    >>> from makegood.engine.agreement.stakes import Tier
    >>> stake = Stake(tiers=(Tier(below=LEVEL.read("99.95%"), credit=Share(Ratio(1, 10))),))
    >>> good = Measurement(value=Ratio.parse("99.9%"), unit=Unit.SHARE, good=999, total=1000, reason=Reason("999"))
    >>> row_of_met_value(stake, TARGET.read(">= 99.9%"), good).rule
    'tier-covers-met-value'
    """
    if measurement.value is None or not (stake.tiers or stake.table):
        return None
    value = measurement.value
    covered = stake.table is not None and stake.table.first(value) is not None
    covered = covered or any(tier.covers(value) for tier in stake.tiers)
    text = f"{target} is met, and a tier covers the value all the same; met values pay nothing"
    return Reason(text, rule=COVERS_MET_VALUE) if covered else None


def _with_minimum(stake: Stake, missed: Missed, found: Way) -> tuple[Way, ...]:
    """Return the way of the target, or of the minimum level, or both."""
    minimum = stake.minimum
    if minimum is None or not is_worse(minimum, missed):
        return (found,)
    because = f"{missed.shown} misses the minimum level of {minimum.level}: {in_words(minimum.credit)}"
    below = Way(missed.once(minimum.credit), because, "minimum-level")
    return (found, below) if minimum.added else (below,)


def _at_most(owed: Owed, stake: Stake, base: Ratio, money: Money) -> Owed:
    """Return what is owed, limited to the most that the outcome pays in a period."""
    if stake.at_most is None:
        return owed
    limit = stake.at_most
    if isinstance(limit, Share):
        limit = credit_of(base * limit.of_base, money)
    if owed.amount <= limit:
        return owed
    text = f"At most {in_words(stake.at_most)} for this outcome in a period"
    return Owed(limit, (*owed.reasons, Reason(text, str(limit), rule="stake")))


def _words(money: Money) -> str:
    return money.rounding.replace("_", " ")
