"""Choosing which mails one wants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.review.notices.models import Kind, MailChoice
from makegood.platform.review.notices.queries import KINDS_AT, MUST
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Viewer


class UnableToChoose(Unable):
    """The choice was not kept."""


@operation("choose mails", about="wanted")
def choose_mails(*, wanted: Collection[Kind], by: Viewer, now: datetime) -> MailChoice:
    """Keep which mails somebody wants, of those that they get at this site; some are always sent.

    :raises UnableToChoose: if it is a program
    """
    if by.person is None or by.site is None:
        raise UnableToChoose(_("A program gets no mails."))
    kept, _new = MailChoice.objects.select_for_update().get_or_create(person_id=by.person)
    here = set(KINDS_AT[by.site])
    without = {each for each in kept.without if each not in here}
    without |= {each.value for each in here - set(wanted) - MUST}
    kept.without = sorted(without)
    kept.save(update_fields=["without"])
    record(by=by, did="choose mails", about=by.name, now=now, without=kept.without)
    return kept
