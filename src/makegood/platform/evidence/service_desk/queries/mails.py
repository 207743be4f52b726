"""Mailboxes, and the mails that came into them, for those who look after them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from makegood.platform.evidence.service_desk.models import Mail, Mailbox
from makegood.platform.tenancy.viewer import Role, Site, Viewer

KEEPERS = (Role.OWNER,)
"""Who keeps mailboxes."""
DECIDERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
"""Who decides what becomes of mails that are held."""


def mailboxes(*, viewer: Viewer) -> QuerySet[Mailbox]:
    """Return the mailboxes with how many mails they hold, for owner, service managers and auditors."""
    found = Mailbox.objects.select_related("customer", "owner", "created_by")
    if not _is_at_home(viewer) or not viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR):
        return found.none()
    return found.annotate(held=Count("mails", filter=Q(mails__state=Mail.State.HELD)))


def mails(*, viewer: Viewer, mailbox: Mailbox) -> QuerySet[Mail]:
    """Return what came into a mailbox, newest first."""
    seen = mailboxes(viewer=viewer).filter(pk=mailbox.pk).values("pk")
    return Mail.objects.filter(mailbox__in=seen).defer("raw").select_related("case")


def held_mails(*, viewer: Viewer) -> QuerySet[Mail]:
    """Return the mails that wait for a decision, newest first, for staff that is limited to no customers."""
    found = Mail.objects.filter(state=Mail.State.HELD).select_related("mailbox", "mailbox__customer")
    return found if _is_at_home(viewer) and viewer.has(*DECIDERS, Role.AUDITOR) else found.none()


def mailbox_of(*, token: str) -> Mailbox | None:
    """Return the mailbox that a mail service posts to at an address."""
    return Mailbox.objects.filter(token=token, ended_at=None).first()


def _is_at_home(viewer: Viewer) -> bool:
    return viewer.site is Site.CONSOLE and viewer.limited is None
