"""Organisations, for other apps and for those who may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.tenancy.parties.models import Contact, Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.tenancy.viewer import Role, Site, Viewer


class NotSetUp(Exception):
    """There is no house yet."""

    def __init__(self) -> None:
        super().__init__("nobody has set this installation up yet; run: makegood admin create-owner")


def house() -> Organisation:
    """Return the provider whose installation this is.

    :raises NotSetUp: if there is none yet
    """
    found = Organisation.objects.filter(is_house=True).first()
    if found is None:
        raise NotSetUp
    return found


def organisations(*, viewer: Viewer) -> QuerySet[Organisation]:
    """Return the organisations that exist for a viewer: for staff all or its customers, for others their own."""
    every = Organisation.objects.all()
    if viewer.site is None:
        return every.none()
    if viewer.site is not Site.CONSOLE:
        return every.filter(pk__in=viewer.organisations(viewer.site))
    if not viewer.has(*Role):
        return every.none()
    return every if viewer.limited is None else every.filter(pk__in=viewer.limited | {viewer.house})


def sites(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Place]:
    """Return the sites of an organisation that exists for a viewer."""
    return Place.objects.filter(organisation=organisation, organisation__in=organisations(viewer=viewer))


def contacts(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Contact]:
    """Return whom to reach in an organisation that exists for a viewer, in the order in which they are asked."""
    return Contact.objects.filter(organisation=organisation, organisation__in=organisations(viewer=viewer))


def may_change(*, viewer: Viewer, organisation: Organisation) -> bool:
    """Tell whether a viewer keeps the data of an organisation: the owner of all, a service manager of customers."""
    if viewer.site is not Site.CONSOLE or not viewer.within("organisations:write"):
        return False
    if not organisations(viewer=viewer).filter(pk=organisation.pk).exists():
        return False
    return viewer.has(Role.OWNER) or (viewer.has(Role.SERVICE_MANAGER) and not organisation.is_house)
