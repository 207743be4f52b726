"""Contracts, for those who may see them."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.models import Contract, ContractState, Source, Version, VersionState
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_SEEN = (VersionState.OFFERED, VersionState.ACTIVE)
_OPEN = (VersionState.DRAFT, VersionState.OFFERED)


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
    seen = Version.objects.filter(state__in=_SEEN).values("contract")
    return found.filter(Q(state=ContractState.ACTIVE) | Q(pk__in=seen))


def newest_first(*, viewer: Viewer) -> QuerySet[Contract]:
    """Return the contracts that exist for a viewer with versions and signatures, those that were begun last first."""
    seen = Version.objects.prefetch_related("signatures").order_by("-pk")
    return contracts(viewer=viewer).order_by("-created_at", "-pk").prefetch_related(Prefetch("versions", queryset=seen))


def versions(*, viewer: Viewer, contract: Contract) -> QuerySet[Version]:
    """Return the versions of a contract that exist for a viewer: drafts and withdrawn ones only for the house."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return Version.objects.none()
    found = Version.objects.filter(contract=contract).select_related("contract__provider", "contract__customer")
    found = found.prefetch_related("signatures__organisation")
    return found if viewer.site is Site.CONSOLE else found.filter(state__in=_SEEN)


def sources(*, viewer: Viewer, contract: Contract) -> QuerySet[Source]:
    """Return where the evidence of a contract is to come from, for everybody who sees the contract."""
    return Source.objects.filter(contract__in=contracts(viewer=viewer).filter(pk=contract.pk))


def active_contracts() -> QuerySet[Contract]:
    """Return the contracts that are judged and settled now, for work that nobody looks at."""
    return Contract.objects.filter(state=ContractState.ACTIVE).select_related("provider", "customer")


def ever_active_contracts() -> QuerySet[Contract]:
    """Return the contracts that are active or were until they ended, for work that nobody looks at."""
    found = Version.objects.filter(state=VersionState.ACTIVE).values("contract")
    return Contract.objects.filter(pk__in=found).select_related("provider", "customer")


def signatory(*, viewer: Viewer, contract: Contract) -> Organisation | None:
    """Return the party for which a viewer can sign at this site, if there is one."""
    house_signs = viewer.site is Site.CONSOLE and viewer.has(Role.OWNER, Role.SERVICE_MANAGER)
    for party in (contract.provider, contract.customer):
        if party.is_house and house_signs:
            return party
        if party.is_house or viewer.site is Site.CONSOLE:
            continue
        if viewer.has(Role.SPONSOR, Role.AFFILIATE, organisation=party.pk):
            return party
    return None


def next_step(*, viewer: Viewer, contract: Contract) -> str:
    """Return in a sentence what is to be done next to have an agreement in force; of one that is, nothing.

    Of drafts only the house hears.
    """
    if contract.state == ContractState.ENDED:
        return ""
    at_home = viewer.site is Site.CONSOLE
    states = [each for each in _OPEN if at_home or each != VersionState.DRAFT]
    open_ = next((each for each in contract.versions.all() if each.state in states), None)
    if open_ is None and not at_home:
        return ""
    if open_ is None:
        return "" if contract.state == ContractState.ACTIVE else _("Write a new first version, or end the agreement.")
    if open_.state == VersionState.DRAFT:
        return _("Finish the draft and offer it.")
    signed = {each.organisation_id for each in open_.signatures.all()}
    missing = [each.name for each in (contract.provider, contract.customer) if each.pk not in signed]
    if missing:
        return _("Waiting for the signature of %s.") % _(" and ").join(missing)
    return _("Signed by both sides: activate it.")
