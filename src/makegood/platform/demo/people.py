"""Who lives in the made-up world: organisations, and somebody for every role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from makegood.platform.running.owner import create_owner
from makegood.platform.tenancy.access.models import Person, Role
from makegood.platform.tenancy.access.operations import enrol_person
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.parties.models import ContactRole, Organisation
from makegood.platform.tenancy.parties.operations import keep_contact, keep_site, make_organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Site, Viewer

PASSWORD: Final = "correct horse battery"  # noqa: S105  # of people who do not exist
HOUSE, ACME, PORT_AUTHORITY, HOSTING = "northwind-it", "acme", "port-authority", "hosting-gmbh"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the made-up world, with the site where their role leads."""

    name: str
    organisation: str
    role: Role
    site: Site

    @property
    def email(self) -> str:
        domain = {HOUSE: "northwind", HOSTING: "hosting"}.get(self.organisation, self.organisation)
        return f"{self.name.partition(' ')[0].lower()}@{domain}.example"


OWNER: Final = Somebody("Olga Owens", HOUSE, Role.OWNER, Site.CONSOLE)
MANAGER: Final = Somebody("Sam Silva", HOUSE, Role.SERVICE_MANAGER, Site.CONSOLE)
ENGINEER: Final = Somebody("Eli Engel", HOUSE, Role.ENGINEER, Site.CONSOLE)
SPONSOR: Final = Somebody("Ada Adler", ACME, Role.SPONSOR, Site.PORTAL)
CUSTOMER: Final = Somebody("Max Meyer", ACME, Role.MANAGER, Site.PORTAL)
PORT_SPONSOR: Final = Somebody("Pia Park", PORT_AUTHORITY, Role.SPONSOR, Site.PORTAL)
AFFILIATE: Final = Somebody("Hugo Hoff", HOSTING, Role.AFFILIATE, Site.PARTNER)
EVERYBODY: Final = (
    OWNER,
    MANAGER,
    ENGINEER,
    Somebody("Bea Brand", HOUSE, Role.BILLING, Site.CONSOLE),
    Somebody("Aud Audley", HOUSE, Role.AUDITOR, Site.CONSOLE),
    SPONSOR,
    CUSTOMER,
    Somebody("Uma Ulrich", ACME, Role.USER, Site.PORTAL),
    PORT_SPONSOR,
    AFFILIATE,
)
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    HOUSE: ("Northwind IT", "DE"),
    ACME: ("Acme AG", "DE"),
    PORT_AUTHORITY: ("Port Authority", "US"),
    HOSTING: ("Hosting GmbH", "DE"),
}


def settle_people(now: datetime) -> None:
    """Make the organisations with sites and contacts, and everybody in them."""
    create_owner(
        email=OWNER.email, name=OWNER.name, password=PASSWORD, slug=HOUSE, organisation=_NAMES[HOUSE][0], now=now
    )
    by = viewer(OWNER)
    places = {HOUSE: house()}
    for slug in (ACME, PORT_AUTHORITY, HOSTING):
        name, country = _NAMES[slug]
        places[slug] = make_organisation(slug=slug, name=name, country=country, by=by, now=now)
    for each in EVERYBODY:
        if each is not OWNER:
            enrol_person(
                organisation=places[each.organisation],
                email=each.email, name=each.name, password=PASSWORD, role=each.role, by=by, now=now,
            )  # fmt: skip
    _sites(places[ACME], by, now)
    _contacts(places, by, now)


def viewer(somebody: Somebody) -> Viewer:
    """Return somebody at their site."""
    person = Person.objects.get(email=somebody.email)
    return viewer_of(person=person).at(somebody.site)


def _sites(acme: Organisation, by: Viewer, now: datetime) -> None:
    for name, address in (("Berlin", "Lindenweg 1\n10000 Berlin"), ("Leipzig", "Ringstraße 7\n04000 Leipzig")):
        keep_site(organisation=acme, name=name, address=address, timezone="Europe/Berlin", by=by, now=now)


def _contacts(places: Mapping[str, Organisation], by: Viewer, now: datetime) -> None:
    sponsors = (OWNER, SPONSOR, PORT_SPONSOR, AFFILIATE)
    called = [(each, ContactRole.SPONSOR, 3) for each in sponsors]
    called += [(MANAGER, ContactRole.MANAGER, 2), (CUSTOMER, ContactRole.MANAGER, 2)]
    called += [(ENGINEER, ContactRole.TECHNICAL, 1)]
    for each, role, escalation in called:
        keep_contact(
            organisation=places[each.organisation],
            name=each.name, email=each.email, phone="", role=role, escalation=escalation, by=by, now=now,
        )  # fmt: skip
