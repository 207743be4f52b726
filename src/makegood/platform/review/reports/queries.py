"""Reports and recommendations, for those who may see money."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.review.reports.models import Recommendation, Report
from makegood.platform.tenancy.viewer import Viewer


def reports(*, viewer: Viewer, contract: Contract | None = None) -> QuerySet[Report]:
    """Return the reports of one agreement or of all, the latest first; the files are left where they are."""
    shown = _shown(viewer, contract)
    return Report.objects.filter(period__contract__in=shown).select_related("period__contract").defer("pdf")


def recommendations(*, viewer: Viewer, contract: Contract) -> QuerySet[Recommendation]:
    """Return what was recommended for an agreement, the latest first."""
    return Recommendation.objects.filter(contract__in=_shown(viewer, contract)).order_by("-id")


def _shown(viewer: Viewer, contract: Contract | None) -> list[int]:
    seen = contracts(viewer=viewer)
    if contract is not None:
        seen = seen.filter(pk=contract.pk)
    return [each.pk for each in seen if sees_money(viewer=viewer, contract=each)]
