"""Periods, for those who may see their contract."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

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


def due_contracts(*, now: datetime) -> list[Contract]:
    """Return the contracts that have a period whose closing time has come, for work that nobody looks at."""
    due = Period.objects.filter(state=PeriodState.OPEN, closes_at__lte=now).select_related("contract")
    return [each.contract for each in due.order_by("contract_id", "starts_at").distinct("contract_id")]
