"""Who is written to about an agreement, and which mails they want."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.review.notices.models import Kind, MailChoice
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with, viewer_of
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Role, Site, Viewer

MUST: Final = frozenset({Kind.DISPUTE_RAISED, Kind.EXCLUSION_PROPOSED, Kind.CHANGE_PROPOSED, Kind.CLAIM_MADE})
"""Mails with which a time begins to run, or which wait for a decision: nobody does without them."""

SPEAKERS: Final = {
    Site.CONSOLE: (Role.SERVICE_MANAGER,),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_BOTH = (
    Kind.DISPUTE_RAISED,
    Kind.DISPUTE_REMARK,
    Kind.DISPUTE_DECIDED,
    Kind.DISPUTE_DUE,
    Kind.EXCLUSION_PROPOSED,
    Kind.EXCLUSION_DECIDED,
    Kind.CHANGE_PROPOSED,
    Kind.CHANGE_DECIDED,
    Kind.MEETING_CALLED,
    Kind.MINUTES_WRITTEN,
    Kind.AGREED_OVERDUE,
    Kind.DUTY_OVERDUE,
)
KINDS_AT: Final = {
    Site.CONSOLE: (
        *_BOTH,
        Kind.DUTY_DUE,
        Kind.CLAIM_ANSWERED,
        Kind.CLAIM_DUE,
        Kind.ACTION_LACKING,
        Kind.RUNNING_OUT,
    ),
    Site.PORTAL: (*_BOTH, Kind.DUTY_DUE),
    Site.PARTNER: (*_BOTH, Kind.CLAIM_MADE),
}
"""The kinds of mails that people at a site get."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is written to about an agreement, and the site where they read of it."""

    person: Person
    organisation: Organisation
    site: Site


def readers(*, contract: Contract, organisation: Organisation, roles: Collection[Role] | None = None) -> list[Reader]:
    """Return who of a party of a contract is written to: those who speak for it, or have one of some ``roles``.

    Nobody is who does not see the contract. Where the house has nobody else, it is the owners.
    """
    site = _site(contract, organisation)
    found = _seeing(contract, organisation, site, roles or SPEAKERS[site])
    if not found and site is Site.CONSOLE:
        found = _seeing(contract, organisation, site, [Role.OWNER])
    return found


def keepers() -> list[Reader]:
    """Return who of the house is written to about what it keeps of itself: those who are limited to no customers.

    Where there is no such service manager, it is the owners.
    """
    ours = house()
    for roles in (SPEAKERS[Site.CONSOLE], [Role.OWNER]):
        found = people_with(organisation=ours, roles=roles)
        unlimited = [each for each in found if viewer_of(person=each).limited is None]
        if unlimited:
            return [Reader(each, ours, Site.CONSOLE) for each in unlimited]
    return []


def unwanted(*, person: Person | int) -> frozenset[str]:
    """Return the kinds of mails that a person does without."""
    found = MailChoice.objects.filter(person=person).values_list("without", flat=True).first()
    return frozenset(found or ()) - MUST


def other_party(contract: Contract, party: Organisation) -> Organisation:
    """Return the party of a contract that a party has to do with."""
    return contract.customer if contract.provider_id == party.pk else contract.provider


def everything() -> Viewer:
    """Return the house itself, which sees all of its agreements, for work that nobody looks at."""
    ours = house()
    return Viewer(name=ours.name, house=ours.pk, roles={ours.pk: frozenset({Role.OWNER})}, site=Site.CONSOLE)


def _site(contract: Contract, organisation: Organisation) -> Site:
    if organisation.is_house:
        return Site.CONSOLE
    return Site.PORTAL if contract.customer_id == organisation.pk else Site.PARTNER


def _seeing(contract: Contract, organisation: Organisation, site: Site, roles: Collection[Role]) -> list[Reader]:
    found = []
    for person in people_with(organisation=organisation, roles=roles):
        viewer = viewer_of(person=person).at(site)
        if contracts(viewer=viewer).filter(pk=contract.pk).exists():
            found.append(Reader(person, organisation, site))
    return found
