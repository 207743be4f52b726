"""What exists for a viewer."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from makegood.platform.evidence.service_desk.models import (
    Case,
    Clock,
    Escalation,
    Message,
    Permission,
    Reclassification,
    Step,
    TimeEntry,
    Transfer,
)
from makegood.platform.tenancy.viewer import Role, Site, Viewer


def cases(*, viewer: Viewer) -> QuerySet[Case]:
    """Return the cases that exist for a viewer at the site where they are, the newest first.

    Staff sees all, or those of the customers that it is limited to, with what was referred for their sake. A customer's
    sponsors and managers see those of their organisation, its users those that they reported; an affiliate sees what
    was referred to it.
    """
    found = Case.objects.select_related("customer", "provider", "owner", "contract")
    mine = viewer.organisations(viewer.site) if viewer.site is not None else frozenset()
    if not mine or not viewer.within("cases:read"):
        return found.none()
    if viewer.site is Site.CONSOLE:
        if viewer.limited is None:
            return found
        return found.filter(Q(customer__in=viewer.limited) | Q(refers__customer__in=viewer.limited))
    if viewer.site is Site.PARTNER:
        return found.filter(provider__in=mine, customer=viewer.house)
    whole = {each for each in mine if viewer.has(Role.SPONSOR, Role.MANAGER, organisation=each)}
    own = Q(customer__in=mine - whole, requester=viewer.author) if viewer.author is not None else Q(pk=None)
    return found.filter(Q(customer__in=whole) | own, provider=viewer.house)


def is_inside(*, viewer: Viewer, case: Case) -> bool:
    """Tell whether a viewer stands on the side that works on a case."""
    if viewer.site is Site.CONSOLE:
        return case.provider_id == viewer.house
    return viewer.site is Site.PARTNER and case.provider_id in viewer.organisations(Site.PARTNER)


def steps(*, viewer: Viewer, case: Case) -> QuerySet[Step]:
    """Return the steps of a case that count, in order."""
    found = Step.objects.filter(case__in=_seen(viewer, case), number__gt=F("case__steps_replaced"))
    return found.select_related("person")


def reclassifications(*, viewer: Viewer, case: Case) -> QuerySet[Reclassification]:
    """Return what a case was taken for before, in order."""
    return Reclassification.objects.filter(case__in=_seen(viewer, case))


def clocks(*, viewer: Viewer, case: Case) -> QuerySet[Clock]:
    """Return the limits of a case as they stood at its last step; what is due first comes first."""
    return Clock.objects.filter(case__in=_seen(viewer, case))


def messages(*, viewer: Viewer, case: Case) -> QuerySet[Message]:
    """Return what was said about a case; notes only for those who work on it."""
    found = Message.objects.filter(case__in=_seen(viewer, case)).prefetch_related("attachments")
    return found if is_inside(viewer=viewer, case=case) else found.filter(public=True)


def transfers(*, viewer: Viewer, case: Case) -> QuerySet[Transfer]:
    """Return through whose hands a case went, for those who work on it."""
    found = Transfer.objects.filter(case__in=_seen(viewer, case)).select_related("before", "after")
    return found if is_inside(viewer=viewer, case=case) else found.none()


def escalations(*, viewer: Viewer, case: Case) -> QuerySet[Escalation]:
    """Return who was told as the limits of a case came near, for those who work on it."""
    found = Escalation.objects.filter(case__in=_seen(viewer, case))
    return found if is_inside(viewer=viewer, case=case) else found.none()


def permissions(*, viewer: Viewer, case: Case) -> QuerySet[Permission]:
    """Return what the customer was asked to pay for, the latest first."""
    return Permission.objects.filter(case__in=_seen(viewer, case)).select_related("asked_by", "decided_by")


def times(*, viewer: Viewer, case: Case) -> QuerySet[TimeEntry]:
    """Return the time that was worked on a case, for those who work on it."""
    found = TimeEntry.objects.filter(case__in=_seen(viewer, case)).select_related("person")
    return found if is_inside(viewer=viewer, case=case) else found.none()


def referrals(*, viewer: Viewer, case: Case) -> QuerySet[Case]:
    """Return the cases that were opened at affiliates for the sake of one, for staff."""
    found = cases(viewer=viewer).filter(refers=case)
    return found if viewer.site is Site.CONSOLE else found.none()


def _seen(viewer: Viewer, case: Case) -> QuerySet[Case]:
    return cases(viewer=viewer).filter(pk=case.pk).order_by().select_related(None)
