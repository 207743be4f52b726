"""Policies and pages, for those who may see them, and the links by which pages are acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch, Q, QuerySet

from makegood.platform.evidence.on_call.models import Notification, Page, Policy, Step
from makegood.platform.evidence.on_call.queries.plans import is_staff
from makegood.platform.tenancy.viewer import Viewer

_SALT: Final = "on_call.notification"


def policies(*, viewer: Viewer) -> QuerySet[Policy]:
    """Return the policies by which staff is paged; whoever is limited sees none."""
    steps = Prefetch("steps", Step.objects.select_related("rota", "person"))
    found = Policy.objects.select_related("organisation").prefetch_related(steps)
    return found if is_staff(viewer=viewer) and viewer.limited is None else found.none()


def pages(*, viewer: Viewer) -> QuerySet[Page]:
    """Return what was paged, the latest first; whoever is limited sees what is about their customers, or was theirs."""
    found = Page.objects.select_related("policy", "about").prefetch_related("acknowledgements")
    if not is_staff(viewer=viewer):
        return found.none()
    if viewer.limited is None:
        return found
    mine = Notification.objects.filter(person=viewer.author).values("page") if viewer.author else []
    return found.filter(Q(about__in=viewer.limited) | Q(pk__in=mine))


def notifications(*, viewer: Viewer, page: Page) -> QuerySet[Notification]:
    """Return what was sent for a page, to whom and how, in order."""
    found = Notification.objects.filter(page=page, page__in=pages(viewer=viewer))
    return found.select_related("person", "message")


def page_of(*, key: str) -> Page | None:
    """Return what was asked for by a key, for work that nobody looks at."""
    return Page.objects.filter(key=key).first()


def waiting(*, now: datetime) -> list[int]:
    """Return the pages that go on now, those first that wait longest."""
    return list(Page.objects.filter(next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True))


def token_of(*, notification: Notification) -> str:
    """Return what stands in the link by which a notification is acknowledged."""
    return Signer(salt=_SALT).sign(str(notification.pk))


def notification_of(*, token: str) -> Notification | None:
    """Return the notification that a link was made for, if the link is ours."""
    try:
        number = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    return Notification.objects.select_related("page__policy", "person").filter(pk=int(number)).first()
