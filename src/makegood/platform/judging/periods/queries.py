"""Periods, for those who may see their contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.tenancy.viewer import Viewer


def periods(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Period]:
    """Return the periods that have begun, of one contract or of all, in order of time."""
    seen = contracts(viewer=viewer)
    if viewer.scopes is not None and "verdicts:read" not in viewer.scopes:
        seen = seen.none()
    found = Period.objects.filter(contract__in=seen if contract is None else seen.filter(pk=contract.pk))
    return found.select_related("contract__provider", "contract__customer")


def open_periods(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Period]:
    """Return the periods that are not closed."""
    return periods(viewer=viewer, contract=contract).filter(state=PeriodState.OPEN)


@dataclass(frozen=True, slots=True)
class Month:
    """What the periods that end in a month credit, in minor units; ``is_open`` if one of them is not closed."""

    first_day: date
    currency: str
    credit: int
    is_open: bool


def credits_by_month(*, viewer: Viewer, since: datetime, until: datetime) -> list[Month]:
    """Return what the house credits to its customers by month, of periods that end after ``since`` and have begun."""
    found = periods(viewer=viewer).filter(contract__provider=viewer.house, ends_at__gt=since, starts_at__lte=until)
    last_day = ExpressionWrapper(F("ends_at") - timedelta(days=1), output_field=DateTimeField())
    months = found.order_by().annotate(month=TruncMonth(last_day)).values_list("month", "currency")
    sums = months.annotate(credits=Sum("credit"), is_open=BoolOr(Q(state=PeriodState.OPEN))).order_by(
        "month", "currency"
    )
    return [Month(month.date(), currency, credit, is_open) for month, currency, credit, is_open in sums]


def closed_labels(*, contract: Contract) -> tuple[str, ...]:
    """Return the labels of the closed periods of a contract, into which no text reaches back unless it says so."""
    closed = Period.objects.filter(contract=contract, state=PeriodState.CLOSED)
    return tuple(closed.values_list("label", flat=True))


def due_contracts(*, now: datetime) -> list[Contract]:
    """Return the contracts that have a period whose closing time has come, for work that nobody looks at."""
    due = Period.objects.filter(state=PeriodState.OPEN, closes_at__lte=now).select_related("contract")
    return [each.contract for each in due.order_by("contract_id", "starts_at").distinct("contract_id")]
