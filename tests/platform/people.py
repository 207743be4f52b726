"""People of a small world: a house, two customers and two affiliates, and somebody for every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from makegood.platform.clock import unshifted
from makegood.platform.tenancy.access.models import Membership, Person, Role
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import Site, Viewer

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def days_to(moment: datetime) -> float:
    """Return by how many days the clock of the house is set off, so that it shows the minute after ``moment``."""
    return (moment + timedelta(minutes=1) - unshifted()) / timedelta(days=1)


def organisation(slug: str, name: str = "", *, is_house: bool = False) -> Organisation:
    """Return an organisation, made if it is not there."""
    found, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": name or slug.title(), "is_house": is_house, "created_at": NOW}
    )
    return found


def house() -> Organisation:
    return organisation("northwind-it", "Northwind IT", is_house=True)


def person(name: str, organisation: Organisation, *roles: Role) -> Person:
    """Return somebody with these roles; the password is that of all of them."""
    email = f"{name.lower().replace(' ', '.')}@{organisation.slug}.example"
    found, new = Person.objects.get_or_create(email=email, defaults={"name": name, "created_at": NOW})
    if new:
        found.set_password(PASSWORD)
        found.save()
    for role in roles:
        Membership.objects.get_or_create(person=found, organisation=organisation, role=role, defaults={"since": NOW})
    return found


def viewer(person: Person, site: Site) -> Viewer:
    return viewer_of(person=person, address="192.0.2.1").at(site)


PASSWORD = "correct horse battery"  # noqa: S105  # of people who do not exist
