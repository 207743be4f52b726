"""Who answers for a case."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import Case, State, Transfer
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, said, told, working_on
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Viewer

_OWNERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.AFFILIATE)


@operation("transfer case", about="case")
def transfer(*, case: Case, to: Person, reason: str, by: Viewer, now: datetime, why: str = "") -> Case:
    """Give a case to another owner; for more skill or rights, and when a limit comes near, say why.

    :raises UnableToServe: if the case is closed, the person does not work on such cases, or owns it already
    """
    mine = working_on(case, by)
    if mine.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    if reason not in Transfer.Reason.values or reason == Transfer.Reason.OPENED:
        raise UnableToServe(_("Say why the case goes to somebody else."))
    text = said(why)
    if not text and reason in (Transfer.Reason.TECHNICAL, Transfer.Reason.ADMINISTRATIVE):
        raise UnableToServe(_("Say what is needed that the owner does not have."))
    if to.pk == mine.owner_id:
        raise UnableToServe(_("%s owns this case already.") % to.name)
    if not may_own(mine, to):
        raise UnableToServe(_("%s does not work on cases of this organisation.") % to.name)
    Transfer.objects.create(
        case=mine, before_id=mine.owner_id, after=to, reason=reason, why=text, by=by.name[:200], at=now
    )
    mine.owner = to
    mine.save(update_fields=["owner"])
    told("transfer case", mine, by, now, to=to.pk, reason=reason)
    return mine


def may_own(case: Case, person: Person) -> bool:
    """Tell whether somebody may own a case: they work for its provider, or referred it, and see its customer."""
    side = {case.provider_id, case.customer_id} if case.refers_id is not None else {case.provider_id}
    held = Membership.objects.filter(person=person, organisation__in=side, role__in=_OWNERS, ended_at=None)
    customer = case.refers.customer_id if case.refers is not None else case.customer_id
    return person.is_active and any(
        not (limits := set(each.customers.values_list("pk", flat=True))) or customer in limits for each in held
    )
