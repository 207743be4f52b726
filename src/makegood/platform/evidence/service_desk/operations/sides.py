"""Who may do what with a case, and what everything that is done to one has in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.trail.operations import Unable, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

WORKERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.AFFILIATE)
"""Who works on cases."""
CUSTOMERS: Final = (Role.SPONSOR, Role.MANAGER, Role.USER)
"""Who has cases."""
LONGEST: Final = 20_000
"""No text about a case is longer, in characters."""


class UnableToServe(Unable):
    """Nothing was done to a case."""


def working_on(case: Case, by: Viewer, *roles: Role) -> Case:
    """Return a case, to be changed by somebody who works on it and by nobody else meanwhile.

    :raises UnableToServe: if it is not theirs to change
    """
    locked = _locked(case, by)
    side = by.house if by.site is Site.CONSOLE else locked.provider_id
    if locked.provider_id != side or by.author is None or not by.has(*(roles or WORKERS), organisation=side):
        raise not_yours(locked)
    return locked


def asking_for(case: Case, by: Viewer, *roles: Role) -> Case:
    """Return a case, to be changed by somebody of its customer: of the house, if it was referred to an affiliate.

    :raises UnableToServe: if it is not theirs to change
    """
    locked = _locked(case, by)
    of_house = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER) if locked.customer_id == by.house else ()
    allowed = of_house or roles or CUSTOMERS
    if by.author is None or not by.has(*allowed, organisation=locked.customer_id):
        raise not_yours(locked)
    return locked


def not_yours(case: Case) -> UnableToServe:
    """Return the refusal of somebody whose role does not include something."""
    refusal = UnableToServe(_("Your role does not include this; ask somebody of your organisation who may."))
    refusal.organisation = case.customer_id
    return refusal


def person_of(by: Viewer) -> int:
    """Return who answers for what is done.

    :raises UnableToServe: if nobody does
    """
    if by.author is None:
        raise UnableToServe(_("A program cannot do this; it takes a person."))
    return by.author


def said(text: str, otherwise: str = "", *, longest: int = LONGEST) -> str:
    """Return a text without space around it.

    :raises UnableToServe: if it is too long, or empty where ``otherwise`` asks for one
    """
    found = text.replace("\x00", "").strip()
    if not found and otherwise:
        raise UnableToServe(otherwise)
    if len(found) > longest:
        raise UnableToServe(_("This text is too long; %d characters are the most.") % longest)
    return found


def told(did: str, case: Case, by: Viewer, now: datetime, **details: Any) -> None:
    """Keep in the trail what was done to a case."""
    record(by=by, did=did, about=str(case), now=now, organisation=case.customer_id, case=case.pk, **details)


def _locked(case: Case, by: Viewer) -> Case:
    seen = cases(viewer=by).filter(pk=case.pk).order_by().select_related(None).values("pk")
    found = Case.objects.select_for_update(of=("self",)).select_related("version", "contract", "customer", "provider")
    locked = found.filter(pk__in=seen).first()
    if locked is None:
        raise UnableToServe(_("There is no such case."))
    return locked
