"""Saying which cases people are paged for."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.on_call.models import Policy
from makegood.platform.evidence.service_desk.models import Alarm
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, said
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer


@operation("make alarm", about="policy")
def make_alarm(
    *,
    policy: Policy,
    percent: int,
    by: Viewer,
    now: datetime,
    customer: Organisation | None = None,
    priority: str = "",
) -> Alarm:
    """Page people by a policy when so much of a limit of a case is used up, of a customer and a priority or of all.

    :raises UnableToServe: if ``by`` may not, the policy has ended, or it is no part of a limit
    """
    _keeper(by)
    if policy.ended_at is not None:
        raise UnableToServe(_("This policy has ended; page by another one."))
    if customer is not None and not organisations(viewer=by).filter(pk=customer.pk, is_house=False).exists():
        raise UnableToServe(_("There is no such customer."))
    if not 1 <= percent <= 100:
        raise UnableToServe(_("Say from which part of a limit on, from 1 to 100 percent."))
    made = Alarm.objects.create(
        policy=policy,
        customer=customer,
        priority=said(priority, longest=60),
        percent=percent,
        created_at=now,
    )
    about = customer.pk if customer is not None else None
    record(by=by, did="make alarm", about=policy.name, now=now, organisation=about, alarm=made.pk, percent=percent)
    return made


@operation("end alarm", about="alarm")
def end_alarm(*, alarm: Alarm, by: Viewer, now: datetime) -> None:
    """Page nobody by an alarm any more."""
    _keeper(by)
    if not Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(ended_at=now):
        raise UnableToServe(_("This alarm has ended."))
    record(by=by, did="end alarm", about=alarm.policy.name, now=now, organisation=alarm.customer_id, alarm=alarm.pk)


def _keeper(by: Viewer) -> None:
    if by.site is not Site.CONSOLE or by.limited is not None or not by.has(Role.OWNER, Role.SERVICE_MANAGER):
        raise UnableToServe(_("Alarms are kept by owners and service managers who see all customers."))
