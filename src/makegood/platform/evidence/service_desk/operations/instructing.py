"""What those who work on the cases of a customer have to know."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Instruction
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, person_of, said
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer


@operation("keep instruction", about="customer")
def keep_instruction(*, customer: Organisation, text: str, by: Viewer, now: datetime, service: str = "") -> Instruction:
    """Write what is to be known about a customer, or one of its services; without a text nothing is any more.

    :raises UnableToServe: if ``by`` is neither owner nor service manager, or does not see the customer
    """
    seen = organisations(viewer=by).filter(pk=customer.pk, is_house=False).exists()
    if by.site is not Site.CONSOLE or not seen or not by.has(Role.OWNER, Role.SERVICE_MANAGER):
        raise UnableToServe(_("Instructions are written by owners and service managers."))
    made = Instruction.objects.create(
        customer=customer,
        service=said(service, longest=100),
        text=said(text),
        written_by_id=person_of(by),
        at=now,
    )
    record(by=by, did="keep instruction", about=customer.name, now=now, organisation=customer.pk, service=made.service)
    return made
