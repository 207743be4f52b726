"""Contracts, for those who may see them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from makegood.platform.agreement.contracts.models import Contract, ContractState, Version, VersionState
from makegood.platform.tenancy.access.viewer import Site, Viewer

_SEEN = (VersionState.OFFERED, VersionState.ACTIVE)


def contracts(*, viewer: Viewer) -> QuerySet[Contract]:
    """Return the contracts that exist for a viewer at the site where they are.

    Staff sees all, or those of the customers that it is limited to. A customer sees what the house provides to it, an
    affiliate what it provides to the house, as soon as a text was offered.
    """
    every = Contract.objects.select_related("provider", "customer")
    mine = viewer.organisations(viewer.site) if viewer.site is not None else frozenset()
    if not mine:
        return every.none()
    if viewer.site is Site.CONSOLE:
        return every if viewer.limited is None else every.filter(customer__in=viewer.limited)
    if viewer.site is Site.PORTAL:
        found = every.filter(provider=viewer.house, customer__in=mine)
    else:
        found = every.filter(customer=viewer.house, provider__in=mine)
    return found.filter(~Q(state=ContractState.DRAFT) | Q(versions__state__in=_SEEN)).distinct()


def versions(*, viewer: Viewer, contract: Contract) -> QuerySet[Version]:
    """Return the versions of a contract that exist for a viewer: drafts only for the house."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return Version.objects.none()
    found = Version.objects.filter(contract=contract).prefetch_related("signatures__organisation")
    return found if viewer.site is Site.CONSOLE else found.filter(state__in=_SEEN)
