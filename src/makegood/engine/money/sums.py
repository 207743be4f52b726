"""The sums of a period: the fees and the amount at risk, of which percentages are taken."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.shapes import Base, ShareOf
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.fee import fee_charged, months_charged
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Sums:
    """The fee of all services and of each, and the amount at risk; each is money and rounded to the minor unit.

    The fee of all is the sum of the fees of each, so that the lines of an invoice add up to it. Without an amount at
    risk in the agreement ``at_risk`` is zero.
    """

    fee: Amount
    services: dict[str, Amount]
    at_risk: Amount
    fee_reason: Reason
    at_risk_reason: Reason

    @classmethod
    def of(cls, agreement: Agreement, period: Period) -> Sums:
        """Return the sums of one period of an agreement."""
        money = agreement.money
        months = months_charged(period, agreement.term.period.every, money.partial_period)
        services = {
            name: fee_charged(service.fee.monthly, period, agreement.term.period.every, money)
            for name, service in agreement.services.items()
            if service.fee is not None
        }
        fee = Amount.total(services.values(), money.currency)
        fee_reason = _fee_reason(agreement, period, months, services)
        at_risk, at_risk_reason = _at_risk(agreement, fee, fee_reason)
        return cls(fee, services, at_risk, fee_reason, at_risk_reason)

    def share(self, of: ShareOf | Amount, service: str = "") -> tuple[Ratio, Reason]:
        """Return the exact value in major units of a share of a base, and how it came about.

        The service fee is that of ``service``, or the fee of all services if none is named.
        """
        if isinstance(of, Amount):
            return of.value, Reason("A fixed amount", str(of), rule="stake")
        if of.base is Base.AT_RISK:
            base, reason, name = self.at_risk, self.at_risk_reason, "the amount at risk"
        elif of.base is Base.SERVICE_FEE and service:
            base, name = self.services.get(service, Amount.zero(self.fee.currency)), f"the fee of {service}"
            reason = Reason(f"The fee of {service}", str(base), (self.fee_reason,), rule="fee")
        else:
            base, reason, name = self.fee, self.fee_reason, "the fee"
        if of.share == 1:
            return base.value, reason
        value = base.value * of.share
        shown = shown_exactly(value, base.currency)
        return value, Reason(f"{of.share.percent()} of {name}", shown, (reason,), rule="stake")


def _fee_reason(agreement: Agreement, period: Period, months: Ratio, services: dict[str, Amount]) -> Reason:
    """Return how the fee of a period came about, service by service."""
    currency = agreement.money.currency
    times = "" if months == 1 else f" × {months}"
    lines = tuple(
        Reason(f"{service.title}: {shown_exactly(service.fee.monthly, currency)} a month{times}", str(services[name]))
        for name, service in agreement.services.items()
        if service.fee is not None
    )
    cut = f", of which the term covers {period.days} of {period.whole_days} days" if period.partial else ""
    if period.cut_from is not None:
        cut = f", in which this version is in force on {period.days} of {period.cut_from.days} days"
    fee = Amount.total(services.values(), currency)
    return Reason(f"The fee of {period.label}{cut}", str(fee), lines, rule="fee")


def _at_risk(agreement: Agreement, fee: Amount, fee_reason: Reason) -> tuple[Amount, Reason]:
    """Return the amount that all weighted stakes share."""
    money = agreement.money
    if money.at_risk is None:
        return Amount.zero(money.currency), Reason("No amount at risk is agreed", rule="at-risk")
    amount = fee.times(money.at_risk.percent, money.rounding)
    text = f"The amount at risk is {money.at_risk.percent.percent()} of the fee"
    return amount, Reason(text, str(amount), (fee_reason,), rule="at-risk")


def shown_exactly(value: Ratio, currency: str) -> str:
    """Return an unrounded sum of money for people.

    Unit: major units of the currency; text.
    Rule: as an amount if it is a whole number of minor units, else with all its decimals, or as a fraction if they
        never end; nothing is rounded here.
    Source: docs/explanation/money/stake.md

    >>> shown_exactly(Ratio(1200), "EUR"), shown_exactly(Ratio(49383, 8), "EUR"), shown_exactly(Ratio(10, 3), "EUR")
    ('1,200.00 EUR', '6172.875 EUR', '10/3 EUR')
    """
    amount = Amount.of(value, currency)
    return str(amount) if amount.value == value else f"{value} {currency}"
