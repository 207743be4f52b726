"""Pricing: what fee keeps a wanted margin when the promise is paid for, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from makegood.engine.agreement.terms import Agreement, Fee
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.fee import months_charged
from makegood.engine.review.replay import year_of
from makegood.engine.review.simulation import Draw, Progress, Risk, simulate
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

NO_LOAD = Ratio(0)

_HIGHEST = 2**24  # no fee is looked for above so many times the cost, or the agreed fee


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fee has to bear: a cost a month, a share of the fee as margin, and a part of the deviation as load."""

    cost: Amount
    margin: Ratio
    load: Ratio = NO_LOAD

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise ValueError(f"a margin lies between 0 % and 100 % of the fee, not at {self.margin.percent()}")
        if self.load < 0:
            raise ValueError(f"a load is a share of the standard deviation, not {self.load.percent()}")
        if self.cost.minor < 0:
            raise ValueError(f"a cost is not negative: {self.cost}")


@dataclass(frozen=True, slots=True)
class Priced:
    """A monthly fee, what it leaves over a year, and the risk at this fee.

    ``surplus`` is what is left of the fee of a year after credits, load, cost and margin, exactly and in minor units.
    """

    monthly: Amount
    risk: Risk
    cost: Amount
    surplus: Ratio

    def margin(self, credits: Amount) -> Ratio | None:
        """Return the share of the fee of a year that is left after these credits and the cost; None without a fee."""
        fee = self.risk.fee
        return (fee - credits - self.cost).value / fee.value if fee else None


def monthly_fee(agreement: Agreement) -> Amount:
    """Return the fees of all services for a month, each rounded as an invoice rounds it.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> print(monthly_fee(read(GOOD).agreement))
    1,000.00 EUR
    """
    money = agreement.money
    fees = (service.fee.monthly for service in agreement.services.values() if service.fee is not None)
    return Amount.total((Amount.of(fee, money.currency, money.rounding) for fee in fees), money.currency)


def at_fee(agreement: Agreement, monthly: Amount) -> Agreement:
    """Return the agreement at another monthly fee; several services keep their proportion.

    Unit: the fees of the services are exact and add up to the amount; the law rounds them.
    Rule: what falls on single items of a fee follows it. Nothing else changes; what is written as an amount stays, what
        is a share of a fee follows.
    """
    whole = sum((service.fee.monthly for service in agreement.services.values() if service.fee), Ratio(0))
    if not whole:
        raise ValueError("an agreement without a fee cannot be priced")
    factor = monthly.value / whole
    services = {
        name: replace(service, fee=_times(service.fee, factor)) if service.fee is not None else service
        for name, service in agreement.services.items()
    }
    return replace(agreement, services=services)


def _times(fee: Fee, factor: Ratio) -> Fee:
    """Return a fee with all that falls on its items, multiplied."""
    items = {name: each * factor for name, each in fee.items.items()}
    per_item = fee.per_item * factor if fee.per_item is not None else None
    return replace(fee, monthly=fee.monthly * factor, items=items, per_item=per_item)


def priced(
    agreement: Agreement,
    judgements: Sequence[Judgement],
    draw: Draw,
    wanted: Wanted,
    fee: Amount,
    progress: Progress | None = None,
) -> Priced:
    """Return what a monthly fee comes to over a year.

    Unit: amounts of a year, but for the monthly fee.
    Rule: surplus = fee × (1 - margin) - expected credits - load × standard deviation - cost, with the credits of the
        agreement at this fee, by the ordinary law on the same drawn years whatever the fee.
    """
    risk = simulate(at_fee(agreement, fee), judgements, draw, progress)
    cost = cost_of_a_year(agreement, wanted.cost)
    kept = risk.fee.minor * (1 - wanted.margin)
    surplus = kept - risk.year.mean - wanted.load * risk.year.deviation.minor - cost.minor
    return Priced(fee, risk, cost, surplus)


def cost_of_a_year(agreement: Agreement, monthly: Amount) -> Amount:
    """Return what a monthly cost comes to in a year of periods: as many months as the fee is charged for."""
    _, periods = year_of(agreement)
    every, partial_period = agreement.term.period.every, agreement.money.partial_period
    months = sum((months_charged(period, every, partial_period) for period in periods), Ratio(0))
    return monthly.times(months, agreement.money.rounding)


def fee_for(
    agreement: Agreement,
    judgements: Sequence[Judgement],
    draw: Draw,
    wanted: Wanted,
    progress: Progress | None = None,
) -> Priced | None:
    """Return the lowest monthly fee that leaves a surplus, to the minor unit; None if no fee does.

    Unit: money a month.
    Rule: searched by settling the drawn years again at each fee that is tried, between two fees of which the lower one
        falls short and the higher one does not, until they are neighbours. None if credits grow as fast as the fee.
    """

    def at(minor: int) -> Priced:
        return priced(agreement, judgements, draw, wanted, Amount(minor, wanted.cost.currency), progress)

    low = at(0)
    if low.surplus >= 0:
        return low
    first = max(monthly_fee(agreement).minor, (wanted.cost.minor / (1 - wanted.margin)).ceil())
    high = at(first)
    while high.surplus < 0:
        if high.monthly.minor > first * _HIGHEST:
            return None
        low, high = high, at(high.monthly.minor * 2)
    return _narrowed(low, high, at)


def _narrowed(low: Priced, high: Priced, at: Callable[[int], Priced]) -> Priced:
    """Return the upper one of two neighbouring fees, of which only the upper one leaves a surplus.

    Where the line between the two surpluses crosses zero is tried first, and one minor unit below it; every second
    step halves what is left, so that jumps of the credits cannot make the search long.
    """
    halve = False
    while (gap := high.monthly.minor - low.monthly.minor) > 1:
        step = gap // 2
        if not halve:
            step = (gap * -low.surplus / (high.surplus - low.surplus)).ceil()
        tried = at(low.monthly.minor + min(max(step, 1), gap - 1))
        if tried.surplus >= 0:
            high = tried
            below = at(tried.monthly.minor - 1) if not halve and tried.monthly.minor - 1 > low.monthly.minor else low
            low, high = (below, high) if below.surplus < 0 else (low, below)
        else:
            low = tried
        halve = not halve
    return high
