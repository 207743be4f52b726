"""Templates, checklists and plans of communication, for those who work with them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from makegood.platform.evidence.service_desk.models import (
    Alarm,
    Case,
    CaseTemplate,
    ChecklistItem,
    CommunicationPlan,
)
from makegood.platform.evidence.service_desk.queries.seen import cases, is_inside
from makegood.platform.tenancy.viewer import STAFF, Site, Viewer


def templates(*, viewer: Viewer) -> QuerySet[CaseTemplate]:
    """Return the templates of cases, for staff: those for all, and those of the customers that it sees."""
    found = CaseTemplate.objects.filter(ended_at=None).select_related("customer", "owner")
    if viewer.site is not Site.CONSOLE or not viewer.has(*STAFF) or not viewer.within("cases:read"):
        return found.none()
    return found if viewer.limited is None else found.filter(Q(customer=None) | Q(customer__in=viewer.limited))


def checklist(*, viewer: Viewer, case: Case) -> QuerySet[ChecklistItem]:
    """Return what is to be done for a case, for those who work on it."""
    seen = cases(viewer=viewer).filter(pk=case.pk).order_by().select_related(None)
    found = ChecklistItem.objects.filter(case__in=seen).select_related("ticked_by")
    return found if is_inside(viewer=viewer, case=case) else found.none()


def communication(*, viewer: Viewer, case: Case) -> QuerySet[CommunicationPlan]:
    """Return who hears how often of a major incident, with what they were told, for those who work on it."""
    seen = cases(viewer=viewer).filter(pk=case.pk).order_by().select_related(None)
    found = CommunicationPlan.objects.filter(case__in=seen).prefetch_related("announcements__person")
    return found if is_inside(viewer=viewer, case=case) else found.none()


def alarms(*, viewer: Viewer) -> QuerySet[Alarm]:
    """Return for which cases people are paged, for staff that sees all customers."""
    found = Alarm.objects.filter(ended_at=None).select_related("policy", "customer")
    sees = viewer.site is Site.CONSOLE and viewer.has(*STAFF) and viewer.limited is None
    return found if sees else found.none()
