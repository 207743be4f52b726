"""What those who had cases think of the work, for those who may see it."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.evidence.service_desk.models import Case, Opinion
from makegood.platform.evidence.service_desk.queries.seen import cases
from makegood.platform.tenancy.viewer import Viewer


def opinions(*, viewer: Viewer) -> QuerySet[Opinion]:
    """Return the opinions on the cases that a viewer sees, the latest first; whose words may not be quoted, see below.

    The words of others who did not allow it are to be shown with ``words_for`` alone.
    """
    seen = cases(viewer=viewer).order_by().select_related(None)
    return Opinion.objects.filter(case__in=seen).select_related("case", "case__customer")


def words_for(*, viewer: Viewer, opinion: Opinion) -> str:
    """Return what somebody wrote with their opinion: to themselves, and to others if they may be quoted."""
    return opinion.words if opinion.may_quote or opinion.person_id == viewer.author else ""


def asked_of(*, viewer: Viewer, case: Case) -> Opinion | None:
    """Return that a viewer is asked how the work on a case was, and did not answer."""
    if viewer.author is None or case.requester_id != viewer.author:
        return None
    return opinions(viewer=viewer).filter(case=case, answered_at=None).first()
