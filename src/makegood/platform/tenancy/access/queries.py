"""Who somebody is, and who is who in an organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from django.db.models import Q, QuerySet

from makegood.platform.tenancy.access.models import ACTING, Client, Invitation, Membership, Person, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.viewer import CUSTOMER, ROLES_OF, STAFF, Role, Site, Viewer

SEE_PEOPLE: Final = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
KEEP_KEYS: Final = {Site.CONSOLE: Role.OWNER, Site.PORTAL: Role.SPONSOR, Site.PARTNER: Role.AFFILIATE}
_READS: Final = {Site.CONSOLE: Role.AUDITOR, Site.PORTAL: Role.MANAGER, Site.PARTNER: Role.AFFILIATE}


def viewer_of(*, person: Person, address: str | None = None) -> Viewer:
    """Return what a person may see by the memberships that have not ended."""
    roles: dict[int, set[Role]] = defaultdict(set)
    house_id = house().pk
    found = list(Membership.objects.filter(person=person, ended_at=None).prefetch_related("customers"))
    for each in found:
        roles[each.organisation_id].add(Role(each.role))
    held = {organisation: frozenset(each) for organisation, each in roles.items()}
    return Viewer(person.name, house_id, person.pk, held, _limited(found, house_id), address=address)


def viewer_of_key(*, key: str, now: datetime, address: str | None = None) -> Viewer | None:
    """Return what a program sees that shows a key such as ``mg_12_…``, at the site of its organisation.

    It reads what may be read there, within its scopes. With a scope to act it also has the roles that its maker holds
    now; when they are taken away, it only reads. Nobody comes for a key that is wrong, ended or expired.
    """
    mark, _first, rest = key.partition("_")
    number, _second, secret = rest.partition("_")
    if mark != "mg" or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    found = (
        Client.objects.select_related("created_by").filter(pk=int(number), ended_at=None, expires_at__gt=now).first()
    )
    if found is None or not compare_digest(bytes(found.key), sha256(secret.encode()).digest()):
        return None
    site = Site(found.site)
    roles = {_READS[site]}
    if site is Site.CONSOLE and Scope.WRITE_EVIDENCE in found.scopes:
        roles.add(Role.ENGINEER)
    maker = viewer_of(person=found.created_by)
    held = maker.roles.get(found.organisation_id, frozenset()) & ROLES_OF[site]
    acts = bool(held and ACTING & set(found.scopes) and found.created_by.is_active)
    return Viewer(
        name=found.name,
        house=maker.house,
        roles={found.organisation_id: frozenset(roles | held if acts else roles)},
        limited=maker.limited if maker.organisations(Site.CONSOLE) else _once_limited(found.created_by, maker.house),
        site=site,
        scopes=frozenset(found.scopes),
        address=address,
        client=found.pk,
        maker=found.created_by_id if acts else None,
    )


def _limited(memberships: Iterable[Membership], house: int) -> frozenset[int] | None:
    """Return the customers that somebody with some roles of the house is limited to, if they are.

    Of several limits only what all of them allow is left: a role never takes on the reach of another.
    """
    staff = [each for each in memberships if each.organisation_id == house and each.role in STAFF]
    narrow = [limit for each in staff if (limit := frozenset(customer.pk for customer in each.customers.all()))]
    return frozenset.intersection(*narrow) if narrow else None


def _once_limited(person: Person, house: int) -> frozenset[int] | None:
    """Return how somebody was limited whose roles have ended: no key reaches further than its maker did."""
    return _limited(Membership.objects.filter(person=person).prefetch_related("customers"), house)


def roles_to_give(*, viewer: Viewer, organisation: Organisation) -> tuple[Role, ...]:
    """Return the roles in an organisation that are a viewer's to give and to take.

    The owner gives those of the house and of others; a sponsor those of its customer, an affiliate its own.
    """
    if not viewer.within(Scope.WRITE_PEOPLE) or not organisations(viewer=viewer).filter(pk=organisation.pk).exists():
        return ()
    given: frozenset[Role] = frozenset()
    if viewer.site is Site.CONSOLE and viewer.has(Role.OWNER):
        given = STAFF if organisation.is_house else CUSTOMER | ROLES_OF[Site.PARTNER]
    elif viewer.site is Site.PORTAL and viewer.has(Role.SPONSOR, organisation=organisation.pk):
        given = CUSTOMER
    elif viewer.site is Site.PARTNER and viewer.has(Role.AFFILIATE, organisation=organisation.pk):
        given = ROLES_OF[Site.PARTNER]
    return tuple(role for role in Role if role in given)


def memberships(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Membership]:
    """Return who has which role in an organisation now, for those who may know."""
    found = Membership.objects.filter(organisation=organisation, ended_at=None)
    if not _sees_people(viewer, organisation):
        return found.none()
    shown = found.select_related("person").prefetch_related("customers")
    return shown if viewer.site is Site.CONSOLE else shown.filter(role__in=ROLES_OF[viewer.site or Site.PORTAL])


def invitations(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Invitation]:
    """Return the invitations that are neither accepted nor withdrawn, for those who may give the role."""
    given = roles_to_give(viewer=viewer, organisation=organisation)
    open_ones = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    return open_ones.filter(role__in=given).select_related("invited_by")


def invitation_of(*, secret: str, now: datetime) -> Invitation | None:
    """Return the invitation that the secret of a link belongs to, while it can be accepted."""
    digest = sha256(secret.encode()).digest()
    found = Invitation.objects.filter(Q(secret=digest), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return found.select_related("organisation", "invited_by").first()


def person_of(*, email: str) -> Person | None:
    """Return who signs in with an address, if anybody does."""
    return Person.objects.filter(email=email.lower()).first()


def may_make_keys(*, viewer: Viewer, organisation: Organisation) -> bool:
    """Tell whether a viewer makes keys for an organisation: the owner for the house, others for their own.

    Programs make none, so that none outlives its own key.
    """
    return viewer.scopes is None and keeps_keys(viewer=viewer, organisation=organisation)


def keeps_keys(*, viewer: Viewer, organisation: Organisation) -> bool:
    """Tell whether the keys of an organisation are a viewer's to look after and to end."""
    if viewer.site is None or not viewer.within(Scope.READ_PEOPLE):
        return False
    if (viewer.site is Site.CONSOLE) != organisation.is_house:
        return False
    return viewer.has(KEEP_KEYS[viewer.site], organisation=organisation.pk)


def clients(*, viewer: Viewer, organisation: Organisation) -> QuerySet[Client]:
    """Return the programs of an organisation, for those who keep its keys; ended ones too."""
    found = Client.objects.filter(organisation=organisation).select_related("created_by")
    if not viewer.within(Scope.READ_PEOPLE):
        return found.none()
    if viewer.site is Site.CONSOLE and viewer.has(Role.OWNER, Role.AUDITOR):
        return found if organisations(viewer=viewer).filter(pk=organisation.pk).exists() else found.none()
    if keeps_keys(viewer=viewer, organisation=organisation):
        return found.filter(site=viewer.site)
    return found.none()


def _sees_people(viewer: Viewer, organisation: Organisation) -> bool:
    if viewer.site is None or not viewer.within(Scope.READ_PEOPLE):
        return False
    if not organisations(viewer=viewer).filter(pk=organisation.pk).exists():
        return False
    of = None if viewer.site is Site.CONSOLE else organisation.pk
    return viewer.has(*SEE_PEOPLE[viewer.site], organisation=of)


def people_with(*, organisation: Organisation, roles: Collection[Role]) -> list[Person]:
    """Return the people who have one of some roles in an organisation now, each once, by name; for writing to them."""
    held = Membership.objects.filter(organisation=organisation, role__in=roles, ended_at=None, person__is_active=True)
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("name"))
