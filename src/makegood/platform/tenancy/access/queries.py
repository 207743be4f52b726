"""Who somebody is."""

from __future__ import annotations

from collections import defaultdict

from makegood.platform.tenancy.access.models import STAFF, Membership, Person, Role
from makegood.platform.tenancy.access.viewer import Viewer
from makegood.platform.tenancy.parties.queries import house


def viewer_of(*, person: Person, address: str | None = None) -> Viewer:
    """Return what a person may see by the memberships that have not ended."""
    roles: dict[int, set[Role]] = defaultdict(set)
    limits: list[set[int]] = []
    house_id = house().pk
    found = Membership.objects.filter(person=person, ended_at=None).prefetch_related("customers")
    for each in found:
        roles[each.organisation_id].add(Role(each.role))
        if each.organisation_id == house_id and each.role in STAFF:
            limits.append({customer.pk for customer in each.customers.all()})
    limited = frozenset[int]().union(*limits) if limits and all(limits) else None
    held = {organisation: frozenset(each) for organisation, each in roles.items()}
    return Viewer(person.name, house_id, person.pk, held, limited, address=address)
