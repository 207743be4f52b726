"""Web hooks, for those who look after them, and who is to be told of an event."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.tenancy.access.queries import may_make_keys
from makegood.platform.tenancy.hooks.models import Delivery, Event, Hook, HookState
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_SEES_AS = {Site.CONSOLE: Role.AUDITOR, Site.PORTAL: Role.SPONSOR, Site.PARTNER: Role.AFFILIATE}
_CLAIMS = frozenset({Event.CLAIM_MADE, Event.CLAIM_ANSWERED})


def events_at(site: Site) -> tuple[Event, ...]:
    """Return what a program can be told of at a site; customers hear of no claims."""
    return tuple(each for each in Event if site is not Site.PORTAL or each not in _CLAIMS)


def may_keep_hooks(*, viewer: Viewer, organisation: Organisation) -> bool:
    """Tell whether the web hooks of an organisation are a viewer's: they belong to whoever makes its keys."""
    return may_make_keys(viewer=viewer, organisation=organisation)


def hooks(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Hook]:
    """Return the web hooks of an organisation, for those who keep them and, in the console, for auditors."""
    found = Hook.objects.filter(organisation=organisation).select_related("organisation", "created_by")
    if viewer.site is None or viewer.scopes is not None:
        return found.none()
    if viewer.site is Site.CONSOLE and viewer.has(Role.OWNER, Role.AUDITOR):
        return found if organisations(viewer=viewer).filter(pk=organisation.pk).exists() else found.none()
    if may_keep_hooks(viewer=viewer, organisation=organisation):
        return found.filter(site=viewer.site)
    return found.none()


def deliveries(*, viewer: Viewer, hook: Hook) -> QuerySet[Delivery]:
    """Return what was sent to a web hook, the latest first."""
    seen = hooks(viewer=viewer, organisation=hook.organisation).filter(pk=hook.pk)
    return Delivery.objects.filter(hook__in=seen).select_related("hook")


def listeners(*, event: Event) -> list[Hook]:
    """Return the active web hooks that are to be told of an event, for work that nobody looks at."""
    found = Hook.objects.filter(state=HookState.ACTIVE, events__contains=event.value)
    return list(found.select_related("organisation"))


def viewer_of_hook(*, hook: Hook) -> Viewer:
    """Return what the organisation of a web hook may see at its site: all that is sent to it is read by this viewer."""
    site = Site(hook.site)
    roles = {hook.organisation_id: frozenset({_SEES_AS[site]})}
    return Viewer(name=hook.organisation.name, house=house().pk, roles=roles, site=site)
