"""Mails out, for those who look after them."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Final

from django.db.models import QuerySet

from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_NUMBER: Final = re.compile(r"<makegood\.([0-9]{1,18})@[^<>\s]+>")


def messages(*, viewer: Viewer) -> QuerySet[Message]:
    """Return the mails that were written, newest first: for the owner, without what they say."""
    if not viewer.within("mails:read") or viewer.site is not Site.CONSOLE or not viewer.has(Role.OWNER):
        return Message.objects.none()
    return Message.objects.defer("text", "html", "attachment")


def number_of(*, message: Message) -> str:
    """Return the Message-ID of a mail, by which answers to it are known."""
    domain = parseaddr(message.sender)[1].rpartition("@")[2] or "makegood.invalid"
    return f"<makegood.{message.pk}@{domain}>"


def answered(*, number: str) -> int | None:
    """Return which of our mails has a Message-ID, if it is one of ours.

    >>> answered(number="<makegood.12@northwind.example>"), answered(number="<12@acme.example>")
    (12, None)
    """
    found = _NUMBER.fullmatch(number.strip())
    return int(found[1]) if found else None
