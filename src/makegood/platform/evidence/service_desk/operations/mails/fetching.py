"""Fetching mails: what came is taken one by one, and marked at the server only when it was kept."""

from __future__ import annotations

from datetime import datetime

from makegood.platform.evidence.service_desk.events import MAILBOX_DUE
from makegood.platform.evidence.service_desk.mail.imap import Folder, NotFetched, Server, folder_of
from makegood.platform.evidence.service_desk.models import Mailbox
from makegood.platform.evidence.service_desk.operations.mails.taking import take_mail
from makegood.platform.jobs import enqueue
from makegood.platform.sealing import Unopenable, opened


def fetch_mailbox(*, mailbox: Mailbox, now: datetime) -> int:
    """Take what came into the folder of a mailbox, and return how many mails were looked at.

    Each is kept in a transaction of its own before the server hears of it: whoever dies on the way comes again, and
    what was taken is not taken twice. What is wrong stays with the mailbox as its trouble.
    """
    number, trouble = 0, ""
    try:
        with folder_of(_server(mailbox)) as folder:
            _begin(mailbox, folder)
            for uid in folder.new(mailbox.last_uid):
                number += _fetch(mailbox, folder, uid, now)
    except (NotFetched, Unopenable) as error:
        trouble = str(error)
    Mailbox.objects.filter(pk=mailbox.pk).update(fetched_at=now, trouble=trouble)
    return number


def fetch_soon(*, mailbox: Mailbox) -> None:
    """Have a mailbox fetched in the background, once however often it is asked for, and once at a time."""
    name = f"{MAILBOX_DUE}: {mailbox.pk}"
    enqueue(MAILBOX_DUE, once=name, lock=name, mailbox=mailbox.pk)


def _fetch(mailbox: Mailbox, folder: Folder, uid: int, now: datetime) -> int:
    found = folder.mail(uid)
    if found is None:
        return 0
    raw, size = found
    take_mail(mailbox=mailbox, raw=raw, now=now, uid=uid, size=size)
    folder.mark(uid)
    return 1


def _begin(mailbox: Mailbox, folder: Folder) -> None:
    """Know how the server counts; what lies in a folder already and was read is left alone."""
    if mailbox.uid_validity != folder.validity:
        mailbox.uid_validity, mailbox.last_uid = folder.validity, folder.next - 1
        mailbox.save(update_fields=["uid_validity", "last_uid"])


def _server(mailbox: Mailbox) -> Server:
    return Server(
        host=mailbox.host,
        port=mailbox.port or 0,
        security=mailbox.security,
        user=mailbox.user,
        password=opened(mailbox.password or b""),
        folder=mailbox.folder,
    )
