"""The ways in which a miss becomes money: by tiers, rows, units, in proportion, by events, windows or items."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.rates import Rate, in_words
from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.agreement.stakes import (
    Counted,
    Linear,
    Minimum,
    MoneyBack,
    PerEvent,
    PerStep,
    PerUnit,
    Stake,
    Tier,
    WindowRefund,
)
from makegood.engine.agreement.tables import Table
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import counted, shown
from makegood.engine.money.item_fees import ItemFees
from makegood.engine.money.linear import share_lost
from makegood.engine.money.money_back import items_refunded
from makegood.engine.money.per_event import events_credited
from makegood.engine.money.per_step import ItemRefund, items_refunds
from makegood.engine.money.per_unit import shortfall, units_short
from makegood.engine.money.rate import rate_value
from makegood.engine.money.rows import matching_row
from makegood.engine.money.tiers import matching_tier
from makegood.engine.vocabulary.ratio import Ratio

NO_TIER = "no-tier"


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed outcome with everything that its money depends on."""

    measure: Measure
    target: Target
    measurement: Measurement
    base: Ratio
    days: int
    items: ItemFees = ItemFees()  # noqa: RUF009  # a value

    @property
    def shown(self) -> str:
        """The value in a sentence."""
        value = self.measurement.value
        if value is None:
            return "no value"
        return shown(value, self.measurement.unit)

    def once(self, rate: Rate) -> Ratio:
        """Return what a rate pays that is paid at once."""
        return rate_value(rate, base=self.base, days=self.days)


@dataclass(frozen=True, slots=True)
class Way:
    """What a miss pays, exactly, and why; ``rule`` is the stable name of what decided."""

    exact: Ratio
    because: str
    rule: str


def way(stake: Stake, missed: Missed) -> Way:
    """Return what a miss pays in the way that its stake has, before the minimum level and the most of an outcome.

    Unit: exact value in major units of the agreement's currency.
    Rule: each stake has one way; without any, a miss pays the whole base.
    Source: docs/explanation/money/stake.md

    >>> from makegood.engine.agreement.measures.availability import Availability
    >>> from makegood.engine.agreement.shapes import TARGET
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> down = Measurement(value=Ratio(99, 100), unit=Unit.SHARE, good=99, total=100, reason=Reason("99 of 100 s"))
    >>> way(Stake(), Missed(Availability(of="erp"), TARGET.read(">= 99.9%"), down, base=Ratio(1250), days=31)).because
    'A miss pays the whole base'
    """
    if stake.tiers:
        return _by_tier(stake.tiers, missed)
    ways = (stake.table, stake.per_unit, stake.linear, stake.per_event, stake.windows, stake.money_back, stake.per_step)
    match next((term for term in ways if term is not None), None):
        case Table() as term:
            return _by_row(term, missed)
        case PerUnit() as term:
            return _by_unit(term, missed)
        case Linear() as term:
            return _in_proportion(term, missed)
        case PerEvent() as term:
            return _by_event(term, missed)
        case WindowRefund() as term:
            return _by_window(term, missed)
        case MoneyBack() as term:
            return _by_item(term, missed)
        case PerStep() as term:
            return _by_step(term, missed)
        case _:
            return Way(missed.base, "A miss pays the whole base", "stake")


def is_worse(minimum: Minimum, missed: Missed) -> bool:
    """Tell whether a miss is one of the minimum level too.

    Unit: yes or no.
    Rule: the value is worse than the level, compared exactly; exactly the level is not, nor is a miss without a value.
    Source: docs/explanation/money/minimum-level.md

    >>> from makegood.engine.agreement.measures.availability import Availability
    >>> from makegood.engine.agreement.rates import RATE
    >>> from makegood.engine.agreement.shapes import LEVEL, TARGET
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> down = Measurement(value=Ratio(99, 100), unit=Unit.SHARE, good=99, total=100, reason=Reason("99 of 100 s"))
    >>> missed = Missed(Availability(of="erp"), TARGET.read(">= 99.9%"), down, base=Ratio(1250), days=31)
    >>> [is_worse(Minimum(level=LEVEL.read(level), credit=RATE.read("50%")), missed) for level in ("99%", "99.5%")]
    [False, True]
    """
    value = missed.measurement.value
    if value is None:
        return False
    if missed.target.higher_is_better:
        return value < minimum.level.value
    return value > minimum.level.value


def _by_tier(tiers: tuple[Tier, ...], missed: Missed) -> Way:
    higher_is_better = missed.target.higher_is_better
    tier = matching_tier(tiers, missed.measurement.value, higher_is_better=higher_is_better)
    if tier is None:
        return Way(Ratio(0), f"No tier applies to {missed.shown}, so the miss pays nothing", NO_TIER)
    side = "below" if tier.below is not None else "above"
    shown = f"{missed.shown} is"
    if missed.measurement.value is None:
        shown = "Nothing was measured, so the mildest tier applies,"
    return Way(missed.once(tier.credit), f"{shown} {side} {tier.bound}: {in_words(tier.credit)}", "tiers")


def _by_row(table: Table, missed: Missed) -> Way:
    row = matching_row(table, missed.target, missed.measurement.value)
    if row is None:
        return Way(Ratio(0), f"No row of the table covers {missed.shown}, so the miss pays nothing", NO_TIER)
    shown = f"{missed.shown} is"
    if missed.measurement.value is None:
        shown = "Nothing was measured, so the mildest row applies,"
    return Way(missed.once(row.credit), f"{shown} {row}: {in_words(row.credit)}", "tables")


def _by_unit(term: PerUnit, missed: Missed) -> Way:
    short = shortfall(term, missed.target, missed.measurement)
    units = units_short(term, short)
    agreed = max(1, missed.measurement.total)
    each = rate_value(term.credit, base=missed.base, days=missed.days, unit=term.unit.value, agreed=agreed)
    size = {Unit.SHARE: short.percent(), Unit.TIME: f"{short} s", Unit.NUMBER: short.grouped}[term.unit.unit]
    how = "exactly" if term.counted is Counted.EXACT else str(term.counted)
    because = f"{size} short, in units of {term.unit} counted {how}: {units}, {in_words(term.credit)} each"
    return Way(each * units, because, "per-unit")


def _in_proportion(term: Linear, missed: Missed) -> Way:
    lost = share_lost(term, missed.target, missed.measurement)
    beyond = f" beyond {missed.target.level}" if term.beyond.value == "target" else ""
    because = f"{lost.percent()} was lost{beyond}; {term.times} times that share of the base"
    return Way(missed.base * term.times * lost, because, "linear")


def _by_event(term: PerEvent, missed: Missed) -> Way:
    number = events_credited(term.events, missed.measure, missed.target, missed.measurement)
    because = f"{counted(number, 'event')} ({term.events.replace('_', ' ')}), {in_words(term.credit)} each"
    return Way(missed.once(term.credit) * number, because, "per-event")


def _by_window(term: WindowRefund, missed: Missed) -> Way:
    number = missed.measurement.bad_windows
    because = f"{counted(number, 'window')} of {term.every.words} below {term.below}, {term.price} each"
    return Way(term.price * number, because, "windows")


def _by_item(term: MoneyBack, missed: Missed) -> Way:
    items = items_refunded(term, missed.target, missed.measurement.parts)
    because = f"{counted(len(items), 'item')} ({', '.join(items) or 'none'}), {term.price} each"
    return Way(term.price * len(items), because, "money-back")


def _by_step(term: PerStep, missed: Missed) -> Way:
    refunds = items_refunds(term, missed.measurement.misses, base=missed.base, fees=missed.items)
    because = "; ".join(map(_refund, refunds)) or "No step that pays was left out"
    return Way(sum((each.paid for each in refunds), Ratio(0)), because, "per-step")


def _refund(refund: ItemRefund) -> str:
    item = refund.item or "an item without a name"
    if refund.fee is None:
        return f"{item}: {', '.join(refund.steps)}; no fee is agreed for it, so no percentage is paid"
    limited = f", of which at most {refund.paid} is paid" if refund.paid != refund.owed else ""
    return f"{item}: {', '.join(refund.steps)}, {refund.owed} in all{limited}"
