"""Mails out, for those who look after them."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role, Site, Viewer


def messages(*, viewer: Viewer) -> QuerySet[Message]:
    """Return the mails that were written, newest first: for the owner, without what they say."""
    if not viewer.within("mails:read") or viewer.site is not Site.CONSOLE or not viewer.has(Role.OWNER):
        return Message.objects.none()
    return Message.objects.defer("text", "html", "attachment")
