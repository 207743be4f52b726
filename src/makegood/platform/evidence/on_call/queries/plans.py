"""Rotas for those who may see them, and their plans as the schedule reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from makegood.engine.vocabulary.interval import Interval
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.on_call.hours import week_of
from makegood.platform.evidence.on_call.models import Cover, Layer, Leave, Override, Rota
from makegood.platform.evidence.on_call.schedule import Plan, Swap, Turns, calendar, holes_in, on_call_at
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import ROLES_OF, STAFF, Role, Site, Viewer

KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
"""Who plans."""
AHEAD: Final = timedelta(weeks=5)
"""So far ahead it is looked for holes."""
_FOR_GOOD: Final = datetime(2199, 1, 1, tzinfo=UTC)


def is_staff(*, viewer: Viewer) -> bool:
    """Tell whether somebody is staff; a program needs a scope to read who is on call, or to plan it."""
    scoped = viewer.within("on_call:read") or viewer.within("on_call:write")
    return viewer.site is Site.CONSOLE and scoped and viewer.has(*STAFF)


def rotas(*, viewer: Viewer) -> QuerySet[Rota]:
    """Return the rotas that staff sees: all of them, or those that somebody who is limited takes part in."""
    found = Rota.objects.select_related("organisation")
    if not is_staff(viewer=viewer):
        return found.none()
    if viewer.limited is None:
        return found
    mine = Q(layers__turns__person=viewer.author) | Q(overrides__person=viewer.author, overrides__withdrawn_at=None)
    return found.filter(pk__in=Rota.objects.filter(mine).values("pk")) if viewer.author else found.none()


def may_keep(*, viewer: Viewer) -> bool:
    """Tell whether somebody plans rotas and policies."""
    at_home = viewer.site is Site.CONSOLE and viewer.limited is None
    return at_home and viewer.within("on_call:write") and viewer.has(*KEEPERS)


def colleagues(*, organisation: Organisation) -> list[Person]:
    """Return who can be on call for an organisation: those who have a role in it, by name."""
    roles = STAFF if organisation.is_house else ROLES_OF[Site.PARTNER]
    return people_with(organisation=organisation, roles=roles)


def leaves(*, viewer: Viewer, now: datetime) -> QuerySet[Leave]:
    """Return who is on leave now or later, for staff; somebody who is limited sees their own."""
    found = Leave.objects.filter(withdrawn_at=None, ends_at__gt=now).select_related("person")
    if not is_staff(viewer=viewer):
        return found.none()
    return found if viewer.limited is None else found.filter(person=viewer.author)


def layers_of(*, viewer: Viewer, rota: Rota, now: datetime) -> QuerySet[Layer]:
    """Return who takes turns in a rota now or later."""
    found = Layer.objects.filter(rota=rota, rota__in=rotas(viewer=viewer)).prefetch_related("turns__person")
    return found.filter(Q(until=None) | Q(until__gt=now)).exclude(until=F("since"))


def overrides_of(*, viewer: Viewer, rota: Rota, now: datetime) -> QuerySet[Override]:
    """Return who takes over in a rota now or later."""
    found = Override.objects.filter(rota=rota, rota__in=rotas(viewer=viewer), withdrawn_at=None, ends_at__gt=now)
    return found.select_related("person", "instead_of").order_by("starts_at", "id")


def covers_of(*, viewer: Viewer, rota: Rota) -> QuerySet[Cover]:
    """Return the agreements that a rota staffs, of those that somebody sees."""
    found = Cover.objects.filter(rota=rota, rota__in=rotas(viewer=viewer), released_at=None)
    return found.filter(contract__in=contracts(viewer=viewer)).select_related("contract")


def plan_of(*, rota: Rota, now: datetime) -> Plan:
    """Return how a rota is planned; whoever has no role in its organisation any more is away from now on."""
    layers = list(rota.layers.prefetch_related("turns"))
    overrides = list(rota.overrides.filter(withdrawn_at=None))
    planned = {each.person_id for layer in layers for each in layer.turns.all()} | {
        each.person_id for each in overrides
    }
    always = calendar(rota.timezone, week_of(rota.covers))
    return Plan(
        always,
        tuple(_turns(each, rota) for each in layers),
        tuple(Swap(each.person_id, Interval(each.starts_at, each.ends_at), each.instead_of_id) for each in overrides),
        _away(rota, planned, now),
    )


def on_call_now(*, rota: Rota, now: datetime) -> Person | None:
    """Return who is on call, if anybody is, for work that nobody looks at; of a rota that has ended nobody is."""
    if rota.ended_at is not None and rota.ended_at <= now:
        return None
    found = on_call_at(plan_of(rota=rota, now=now), now)
    return None if found is None else Person.objects.get(pk=found)


def holes_ahead(*, rota: Rota, now: datetime) -> tuple[Interval, ...]:
    """Return when nobody is on call in the weeks to come, also outside the hours of the rota."""
    ahead = Interval(now, now + AHEAD)
    return (ahead,) if rota.ended_at is not None else holes_in(plan_of(rota=rota, now=now), ahead)


def rotas_of(*, contract: Contract) -> list[Rota]:
    """Return the rotas that staff an agreement, for work that nobody looks at."""
    return [each.rota for each in Cover.objects.filter(contract=contract, released_at=None).select_related("rota")]


def _turns(layer: Layer, rota: Rota) -> Turns:
    return Turns(
        people=tuple(each.person_id for each in layer.turns.all()),
        starts=datetime.combine(layer.starts_on, layer.hand_over),
        days=layer.days,
        covers=calendar(rota.timezone, week_of(layer.covers)),
        since=layer.since,
        until=layer.until,
    )


def _away(rota: Rota, people: Collection[int], now: datetime) -> dict[int, tuple[Interval, ...]]:
    away: dict[int, list[Interval]] = defaultdict(list)
    for each in Leave.objects.filter(person__in=people, withdrawn_at=None):
        away[each.person_id].append(Interval(each.starts_at, each.ends_at))
    there = {each.pk for each in colleagues(organisation=rota.organisation)}
    for gone in {*people} - there:
        away[gone].append(Interval(now, _FOR_GOOD))
    return {person: tuple(spans) for person, spans in away.items()}
