"""Item fees: what of a fee falls on a single item, as on a device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from makegood.engine.agreement.terms import Agreement, Fee
from makegood.engine.money.fee import months_charged
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class ItemFees:
    """The fees of items for one period, exactly: those of the named ones, and of each other; None if there is none."""

    named: Mapping[str, Ratio] = field(default_factory=dict)
    each: Ratio | None = None

    def of(self, item: str) -> Ratio | None:
        """Return the fee of an item; None if nothing says what it costs."""
        return self.named.get(item, self.each)


def item_fees(agreement: Agreement, period: Period, service: str) -> ItemFees:
    """Return the fees of the items of a service, or of all services if none is named.

    Unit: exact value in major units of the agreement's currency, for the period.
    Rule: a fee for a month, times the months that the period costs; of two services that name one item the first
        counts.
    Source: docs/explanation/money/per-step.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> text = GOOD.replace("monthly: 1000.00", "monthly: 1000.00, items: {fw-1: 25.00}, per_item: 10.00")
    >>> shop = read(text).agreement
    >>> fees = item_fees(shop, periods_of(shop)[0], "shop")
    >>> fees.of("fw-1"), fees.of("fw-2")
    (Ratio(25), Ratio(10))
    """
    months = months_charged(period, agreement.term.period.every, agreement.money.partial_period)
    fees: list[Fee] = [
        each.fee for name, each in agreement.services.items() if each.fee is not None and service in ("", name)
    ]
    named = {item: fee * months for each in reversed(fees) for item, fee in each.items.items()}
    others = next((each.per_item for each in fees if each.per_item is not None), None)
    return ItemFees(named, others * months if others is not None else None)
