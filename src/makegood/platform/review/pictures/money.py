"""Charts of money: what was booked and what it looks like now, with the figures behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from makegood.drawing.charts import Option
from makegood.drawing.palette import STACK, Token
from makegood.drawing.stacks import Layer, stacked_chart
from makegood.engine.vocabulary.currencies import EXPONENTS, exponent
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.amounts import shown
from makegood.platform.judging.periods.models import PeriodState
from makegood.platform.judging.periods.queries import credits_by_month, periods
from makegood.platform.money.ledger.models import Kind
from makegood.platform.money.ledger.queries import booked_by_period
from makegood.platform.review.pictures.picture import MOST, Picture, marks
from makegood.platform.tenancy.viewer import Viewer

_YEAR: Final = timedelta(days=365)
_CREDIT: Final = STACK[1]
_KINDS: Final = {
    Kind.CREDITS: _CREDIT,
    Kind.REFUNDS: STACK[4],
    Kind.EARNED_BACK: STACK[2],
    Kind.BONUSES: STACK[0],
    Kind.OTHER: STACK[5],
}
"""What is drawn, and in which colour; what affiliates owe is on a page of its own."""


@dataclass(slots=True)
class _Money:
    """Amounts in one currency by a sort, with one for each of the labels; ``pale`` are those that are not booked."""

    unit: str
    labels: list[str]
    sorts: list[tuple[str, Sequence[int], Token, bool]] = field(default_factory=list)

    def add(self, name: str, amounts: Sequence[int], colour: Token, *, pale: bool = False) -> None:
        """Add a sort, unless there is nothing of it."""
        if any(amounts):
            self.sorts.append((name, amounts, colour, pale))

    def picture(self, name: str, label: str, first: str, height: int = 250) -> Picture:
        """Return the chart of it."""
        heads = (first, *(each for each, *_ in self.sorts))
        rows = (
            (period, *(shown(amounts[at], self.unit) for _, amounts, *_ in self.sorts))
            for at, period in enumerate(self.labels)
        )
        return Picture(name, label, self._option, heads, tuple(rows), height)

    def _option(self, narrow: bool) -> Option:
        layers = [
            Layer(each, tuple(_position(amount, self.unit) for amount in amounts), colour, pale=pale)
            for each, amounts, colour, pale in self.sorts
        ]
        rows = zip(*(amounts for _name, amounts, *_ in self.sorts), strict=True)
        tops = [sum(max(amount, 0) for amount in row) for row in rows]
        sums = [(_position(top, self.unit), _short(top, self.unit) if top else "") for top in tops]
        return stacked_chart(marks(self.labels), layers, sums, narrow=narrow)


def money_picture(*, viewer: Viewer, contract: Contract) -> Picture | None:
    """Return what was booked in each period, by kind, and what the open ones credit as it looks now."""
    begun = periods(viewer=viewer, contract=contract).filter(ends_at__isnull=False).select_related(None)
    every = sorted(begun.order_by("-starts_at")[:MOST], key=lambda each: each.starts_at)
    if not every:
        return None
    unit = every[-1].currency
    sums: dict[tuple[str, Kind], int] = defaultdict(int)
    for each in booked_by_period(viewer=viewer, contract=contract):
        if each.unit == unit:
            sums[each.period, each.kind] += each.amount
    found = _Money(unit, [each.label for each in every])
    for kind, colour in _KINDS.items():
        found.add(str(kind.label), [sums[label, kind] for label in found.labels], colour)
    open_ = [each.credit if each.state == PeriodState.OPEN else 0 for each in every]
    found.add(_("as it looks now"), open_, _CREDIT, pale=True)
    if not found.sorts:
        return None
    words = {"unit": unit, "kinds": ", ".join(name for name, *_ in found.sorts)}
    return found.picture(f"{contract.slug}-money", _("Money by period in %(unit)s: %(kinds)s") % words, _("Period"))


def booked_picture(*, unit: str, trend: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return the credits of the last periods as a report has them."""
    found = _Money(unit, [each["period"] for each in trend])
    found.add(str(Kind.CREDITS.label), [each["credit"] for each in trend], _CREDIT)
    return found.picture("credits", _("Credits by period in %s") % unit, _("Period")) if found.sorts else None


def months_pictures(*, viewer: Viewer, now: datetime) -> list[Picture]:
    """Return for each currency what the house credits by month: booked, and as it looks now."""
    by_currency = defaultdict(list)
    for each in credits_by_month(viewer=viewer, since=now - _YEAR, until=now):
        by_currency[each.currency].append(each)
    pictures = []
    for unit, months in sorted(by_currency.items()):
        found = _Money(unit, [f"{each.first_day:%Y-%m}" for each in months])
        found.add(_("closed"), [0 if each.is_open else each.credit for each in months], _CREDIT)
        found.add(_("as it looks now"), [each.credit if each.is_open else 0 for each in months], _CREDIT, pale=True)
        label = _("Credits to customers by month in %s; pale is what is not closed yet") % unit
        if found.sorts:
            pictures.append(found.picture(unit, label, _("Month"), 220))
    return pictures


def _position(minor: int, unit: str) -> float:
    """Return where an amount stands on an axis; it decides nothing."""
    return float(Decimal(minor).scaleb(-(exponent(unit) if unit in EXPONENTS else 0)))


def _short(minor: int, unit: str) -> str:
    """Return an amount without its currency, which the caption names; whole sums without decimals."""
    number = shown(minor, unit).removesuffix(f" {unit}")
    decimals = exponent(unit) if unit in EXPONENTS else 0
    return number[: -decimals - 1] if decimals and not minor % 10**decimals else number
