"""Statements and corrective actions, for those who may see money."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.models import Latest, Verdict
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.money.settlement.models import CorrectiveAction, Statement
from makegood.platform.tenancy.viewer import Viewer


def statements(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Statement]:
    """Return the statements of a contract, or of all whose money somebody may see, in order."""
    seen = contracts(viewer=viewer)
    if contract is not None:
        seen = seen.filter(pk=contract.pk)
    shown = [each.pk for each in seen if sees_money(viewer=viewer, contract=each)]
    return Statement.objects.filter(contract__in=shown).select_related(
        "contract__provider", "contract__customer", "period"
    )


def corrective_actions(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[CorrectiveAction]:
    """Return what is done so that misses do not happen again, for everybody who sees the verdicts."""
    seen = contracts(viewer=viewer)
    if viewer.scopes is not None and "verdicts:read" not in viewer.scopes:
        seen = seen.none()
    found = CorrectiveAction.objects.filter(
        period__contract__in=seen if contract is None else seen.filter(pk=contract.pk)
    )
    return found.select_related("period__contract", "written_by")


def lacking_actions(*, contract: Contract, now: datetime) -> list[Verdict]:
    """Return the verdicts that credit something and have no corrective action, of periods that are over and open."""
    found = Latest.objects.filter(
        period__contract=contract, period__state="OPEN", period__ends_at__lte=now, verdict__credit__gt=0
    )
    acted = set(CorrectiveAction.objects.filter(period__contract=contract).values_list("period", "outcome"))
    found = found.select_related("verdict__period").order_by("period__starts_at", "outcome")
    return [each.verdict for each in found if (each.period_id, each.outcome) not in acted]
