"""Work that the fee does not cover begins when the customer permits it, or the case is handed back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from makegood.platform.amounts import shown
from makegood.platform.evidence.service_desk.models import Case, Cause, Coverage, Permission, State
from makegood.platform.evidence.service_desk.operations.moving import close_handed_back
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    asking_for,
    person_of,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.operations.writing_to import (
    payers_of,
    write_to_customer,
    write_to_staff,
)
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Viewer

_MOST: Final = 10**12
_LETTERS: Final = 3


@operation("ask for permission", about="case")
def ask_permission(
    *, case: Case, text: str, by: Viewer, now: datetime, at_most: int | None = None, currency: str = ""
) -> Permission:
    """Ask the customer to pay for work on a case, for ``at_most`` so much in minor units; until then it waits.

    Work that was permitted already stays so, whatever the answer to something more.

    :raises UnableToServe: if the case is closed, the provider caused it, or the customer is asked already
    """
    mine = working_on(case, by)
    if mine.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    if mine.cause == Cause.PROVIDER:
        raise UnableToServe(_("What the provider caused is mended free of charge."))
    if Permission.objects.filter(case=mine, given=None).exists():
        raise UnableToServe(_("The customer is asked already; wait for the answer."))
    made = Permission.objects.create(
        case=mine,
        text=said(text, _("Say what is to be done, so that the customer knows what it pays for.")),
        asked_by_id=person_of(by),
        asked_at=now,
        **_price(at_most, currency),
    )
    if mine.coverage != Coverage.BILLABLE:
        mine.coverage = Coverage.NEEDS_PERMISSION
        mine.save(update_fields=["coverage"])
    write_to_customer("case_permission_asked", payers_of(mine), mine, now=now, asked=made, price=partial(_shown, made))
    told("ask for permission", mine, by, now, permission=made.pk, at_most=at_most, currency=made.currency)
    return made


@operation("decide permission", about="permission")
def decide_permission(*, permission: Permission, given: bool, by: Viewer, now: datetime) -> Permission:
    """Say for the customer of a case whether it pays for work; refused, the work does not begin.

    :raises UnableToServe: if ``by`` may not decide, or it was decided already
    """
    mine = asking_for(permission.case, by, Role.SPONSOR, Role.MANAGER)
    asked = Permission.objects.select_for_update().filter(pk=permission.pk, case=mine, given=None).first()
    if asked is None:
        raise UnableToServe(_("This was decided already."))
    asked.given, asked.decided_by_id, asked.decided_at = given, person_of(by), now
    asked.save(update_fields=["given", "decided_by", "decided_at"])
    if given:
        mine.coverage = Coverage.BILLABLE
        mine.save(update_fields=["coverage"])
    write_to_staff("case_permission_decided", [mine.owner], mine, now=now, asked=asked, who=by.name)
    told("decide permission", mine, by, now, permission=asked.pk, given=given)
    return asked


@operation("hand case back", about="case")
def hand_back(*, case: Case, why: str, by: Viewer, now: datetime) -> Case:
    """Give a case back to the customer that neither the fee covers nor the customer pays for; it is closed.

    :raises UnableToServe: if it is covered, or the customer pays for it
    """
    mine = working_on(case, by)
    if mine.state == State.CLOSED or mine.coverage not in (Coverage.NEEDS_PERMISSION, Coverage.OUT_OF_COVER):
        raise UnableToServe(_("Only an open case that nobody pays for is handed back."))
    text = said(why, _("Say why it is handed back, and who can help instead."))
    Permission.objects.filter(case=mine, given=None).update(given=False, decided_at=now)
    mine.coverage = Coverage.OUT_OF_COVER
    close_handed_back(mine, text, by, now)
    people = payers_of(mine) if mine.requester is None else [mine.requester]
    write_to_customer("case_handed_back", people, mine, now=now, why=text, who=by.name)
    return mine


def _price(at_most: int | None, currency: str) -> dict[str, object]:
    if at_most is None:
        return {"at_most": None, "currency": ""}
    known = len(currency) == _LETTERS and currency.isascii() and currency.isalpha() and currency.isupper()
    if not 0 <= at_most <= _MOST or not known:
        raise UnableToServe(_("Write what it costs at most as an amount with its currency."))
    return {"at_most": at_most, "currency": currency}


def _shown(asked: Permission) -> str:
    return shown(asked.at_most, asked.currency) if asked.at_most is not None else ""
