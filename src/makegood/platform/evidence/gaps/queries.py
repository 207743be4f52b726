"""Gaps, for those who may see the evidence."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.gaps.models import Gap
from makegood.platform.tenancy.viewer import Viewer


def gaps(*, viewer: Viewer) -> QuerySet[Gap]:
    """Return what was missing when it was noted last, of all agreements, that for which nothing came longest first."""
    if viewer.scopes is not None and "evidence:read" not in viewer.scopes:
        return Gap.objects.none()
    return Gap.objects.filter(contract__in=contracts(viewer=viewer)).select_related("contract")
