"""A mailbox of the world that every door is tried in, and a mail that is held."""

from __future__ import annotations

from typing import Any, Final

from makegood.platform.evidence.service_desk.models import Mail, Mailbox
from makegood.platform.evidence.service_desk.operations import make_mailbox, take_mail
from tests.platform.agreements import owner
from tests.platform.mailing import mail
from tests.platform.people import NOW

MAILBOX: Final[dict[str, Any]] = {"name": "Help", "kind": "incident"}
_ADDRESS: Final = "help@northwind-it.example"


def mailed() -> dict[str, object]:
    """Return a mailbox that is posted to, with a mail of a stranger; the same for every contract."""
    box = Mailbox.objects.filter(address=_ADDRESS).first()
    if box is None:
        box, _secret = make_mailbox(name="Help", address=_ADDRESS, signing="BEARER", by=owner(), now=NOW)
        take_mail(mailbox=box, raw=mail(sender="nora@elsewhere.example").as_bytes(), now=NOW)
    return {"mailbox": box.pk, "mail": Mail.objects.get(mailbox=box).pk}
