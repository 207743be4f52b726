from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.tenancy.access.models import Membership, Role
from makegood.platform.tenancy.parties.models import Contact, Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.tenancy.parties.operations import (
    UnableToChange,
    change_organisation,
    keep_contact,
    keep_site,
    make_organisation,
)
from makegood.platform.tenancy.parties.queries import contacts, organisations, sites
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def staff(name: str, role: Role, *, only: Organisation | None = None) -> Viewer:
    someone = person(name, house(), role)
    if only is not None:
        Membership.objects.get(person=someone).customers.set([only])
    return viewer(someone, Site.CONSOLE)


def manager(*, only: Organisation | None = None) -> Viewer:
    return staff("Sam", Role.SERVICE_MANAGER, only=only)


class TestAnOrganisation:
    def test_is_made_by_a_service_manager(self) -> None:
        made = make_organisation(slug="acme", name="Acme", country="de", by=manager(), now=NOW)
        assert (made.slug, made.name, made.country, made.is_house) == ("acme", "Acme", "DE", False)
        [entry] = Entry.objects.all()
        assert (entry.who, entry.did, entry.about, entry.organisation_id) == (
            "Sam",
            "make organisation",
            "acme",
            made.pk,
        )

    @pytest.mark.parametrize(
        ("slug", "sentence"),
        [("acme", "already exists"), ("Acme Inc", "lower-case letters"), ("", "cannot be blank")],
    )
    def test_has_an_identifier_of_its_own(self, slug: str, sentence: str) -> None:
        organisation("acme")
        with pytest.raises(UnableToChange, match=sentence):
            make_organisation(slug=slug, name="Another", by=manager(), now=NOW)
        assert set(Organisation.objects.values_list("slug", flat=True)) == {"acme", "northwind-it"}

    @pytest.mark.parametrize("role", [Role.ENGINEER, Role.BILLING, Role.AUDITOR])
    def test_is_not_made_by_other_staff(self, role: Role) -> None:
        with pytest.raises(UnableToChange, match="Only the owner"):
            make_organisation(slug="acme", name="Acme", by=staff("Emil", role), now=NOW)

    def test_is_not_made_or_seen_by_staff_of_other_customers(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        limited = manager(only=acme)
        with pytest.raises(UnableToChange, match="of all customers"):
            make_organisation(slug="new", name="New", by=limited, now=NOW)
        with pytest.raises(UnableToChange, match="Only the owner changes"):
            change_organisation(organisation=globex, name="G", country="", shows_affiliates=True, by=limited, now=NOW)
        assert set(organisations(viewer=limited)) == {acme, house()}

    def test_that_is_the_house_is_changed_by_the_owner_alone(self) -> None:
        change = {"name": "North", "country": "", "shows_affiliates": True}
        with pytest.raises(UnableToChange):
            change_organisation(organisation=house(), by=manager(), now=NOW, **change)  # type: ignore[arg-type]
        owner = staff("Olga", Role.OWNER)
        changed = change_organisation(organisation=house(), by=owner, now=NOW, **change)  # type: ignore[arg-type]
        assert (changed.name, changed.shows_affiliates) == ("North", False)

    def test_sees_itself_alone(self) -> None:
        house()
        acme, globex = organisation("acme"), organisation("globex")
        ada = viewer(person("Ada", acme, Role.SPONSOR), Site.PORTAL)
        by = manager()
        keep_site(organisation=globex, name="Ulm", address="", timezone="Europe/Berlin", by=by, now=NOW)
        assert list(organisations(viewer=ada)) == [acme]
        assert not sites(viewer=ada, organisation=globex).exists()
        assert not contacts(viewer=ada, organisation=globex).exists()
        assert not organisations(viewer=ada.at(Site.CONSOLE)).exists()
        assert not organisations(viewer=ada.at(Site.PARTNER)).exists()


class TestASite:
    def test_is_in_a_time_zone_that_exists(self) -> None:
        acme = organisation("acme")
        with pytest.raises(UnableToChange, match="There is no time zone “Mars/Base”"):
            keep_site(organisation=acme, name="Ulm", address="", timezone="Mars/Base", by=manager(), now=NOW)
        kept = keep_site(organisation=acme, name="Ulm", address="", timezone="Europe/Berlin", by=manager(), now=NOW)
        assert list(Place.objects.all()) == [kept]

    def test_of_another_organisation_is_not_taken_over(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        kept = keep_site(organisation=acme, name="Ulm", address="", timezone="UTC", by=manager(), now=NOW)
        with pytest.raises(UnableToChange, match="belongs to another"):
            keep_site(organisation=globex, name="X", address="", timezone="UTC", site=kept, by=manager(), now=NOW)


class TestContacts:
    def test_are_asked_in_their_order(self) -> None:
        acme = organisation("acme")
        for name, order in (("Second", 2), ("First", 1)):
            keep_contact(
                organisation=acme, name=name, email=f"{name}@acme.example", phone="", role="SPONSOR", escalation=order,
                by=manager(), now=NOW,
            )  # fmt: skip
        assert [each.name for each in contacts(viewer=manager(), organisation=acme)] == ["First", "Second"]
        assert Contact.objects.get(name="First").email == "first@acme.example"

    def test_leave_no_name_in_the_trail(self) -> None:
        keep_contact(
            organisation=organisation("acme"), name="Secret Person", email="s@acme.example", phone="1", role="BILLING",
            escalation=1, by=manager(), now=NOW,
        )  # fmt: skip
        assert "Secret" not in str(Entry.objects.values())


class TestThePages:
    def sign_in(self, client: Client, who: str, of: Organisation, role: Role) -> None:
        client.force_login(person(who, of, role), backend=BACKEND)

    def test_make_an_organisation_with_site_and_contact(self, client: Client) -> None:
        self.sign_in(client, "Sam", house(), Role.SERVICE_MANAGER)
        assert "There is no customer yet" in client.get("/console/organisations/").content.decode()
        asked = {"name": "Acme GmbH", "slug": "acme", "country": "DE"}
        assert client.post("/console/organisations/new/", asked).headers["location"] == "/console/organisations/"
        site = {"name": "Ulm", "address": "Way 1", "timezone": "Europe/Berlin"}
        page = "/console/organisations/acme/"
        assert client.post(f"{page}sites/new/", site).headers["location"] == page
        contact = {"name": "Ada", "email": "Ada@acme.example", "role": "SPONSOR", "escalation": "1"}
        assert client.post(f"{page}contacts/new/", contact).headers["location"] == page
        shown = client.get(page).content.decode()
        assert all(each in shown for each in ("Acme GmbH", "Ulm", "Way 1", "ada@acme.example", "executive sponsor"))
        ada = Contact.objects.get()
        client.post(f"{page}contacts/{ada.pk}/", contact | {"escalation": "2"})
        ada.refresh_from_db()
        assert ada.escalation == 2
        client.post(f"{page}contacts/{ada.pk}/remove")
        client.post(f"{page}sites/{Place.objects.get().pk}/remove")
        assert not Contact.objects.exists()
        assert not Place.objects.exists()

    def test_say_what_is_wrong(self, client: Client) -> None:
        self.sign_in(client, "Sam", house(), Role.SERVICE_MANAGER)
        organisation("acme")
        answer = client.post("/console/organisations/new/", {"name": "A", "slug": "acme"})
        assert answer.status_code == 422
        assert "Organisation with this Identifier already exists." in answer.content.decode()
        answer = client.post("/console/organisations/acme/contacts/new/", {"email": "nonsense", "escalation": "0"})
        assert answer.status_code == 422
        assert "Enter a valid email address." in answer.content.decode()

    def test_lead_nowhere_for_others(self, client: Client) -> None:
        acme = organisation("acme")
        self.sign_in(client, "Emil", house(), Role.ENGINEER)
        assert client.get("/console/organisations/acme/").status_code == 200
        assert client.get("/console/organisations/new/").status_code == 404
        assert client.get("/console/organisations/acme/change/").status_code == 404
        assert client.get("/console/organisations/acme/people/").status_code == 404
        assert client.get("/console/organisations/acme/keys/").status_code == 404
        assert client.get("/console/trail/").status_code == 404
        self.sign_in(client, "Ada", acme, Role.SPONSOR)
        assert client.get("/console/organisations/").status_code == 404
        assert client.get("/portal/organisation/northwind-it/people/").status_code == 404
