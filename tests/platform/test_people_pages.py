from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from makegood.platform.clock import now
from makegood.platform.tenancy.access.models import Client as Program
from makegood.platform.tenancy.access.models import Invitation, Membership, Person, Role
from makegood.platform.tenancy.access.operations import UnableToAccept, accept_invitation, invite_person
from makegood.platform.tenancy.access.queries import viewer_of_key
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.viewer import NOBODY, Site
from tests.platform.people import PASSWORD, house, organisation, person, viewer
from tests.platform.signing_in import sign_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(client: Client, name: str, of: Organisation, role: Role) -> Person:
    house()
    someone = person(name, of, role)
    client.force_login(someone, backend=BACKEND)
    return someone


def link() -> str:
    found = re.search(r"http://localhost:8000(/\S+)", Message.objects.latest("id").text)
    assert found is not None
    return found[1]


@pytest.mark.django_db(transaction=True)
class TestAnInvitationInTheBrowser:
    def test_leads_from_a_mail_into_the_portal(self, page: Page) -> None:
        house()
        acme = organisation("acme", "Acme")
        sign_in(page, person("Ada", acme, Role.SPONSOR))
        page.click("text=Your organisation")
        page.fill("input[name=email]", "new@acme.example")
        page.select_option("select[name=role]", "MANAGER")
        page.click("text=Send the invitation")
        assert "A mail is on its way to new@acme.example." in page.inner_text(".alert")
        with page.expect_navigation():
            page.click("text=Sign out")
        page.goto(link())
        assert page.inner_text("h1") == "You are invited"
        page.fill("input[name=name]", "Newt")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/portal/")
        assert "Newt" in page.inner_text(".mg-top-end")
        page.click("text=Your organisation")
        assert "Newt" in page.inner_text("table")
        assert page.locator("text=Send the invitation").count() == 0


@pytest.mark.django_db(transaction=True)
class TestTheBrowserWithoutScripts:
    def test_invites_somebody_and_makes_a_key(self, chromium: Browser, live_server: LiveServer) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
        page = context.new_page()
        sign_in(page, ada)
        page.click("text=Your organisation")
        page.fill("input[name=email]", "new@acme.example")
        page.select_option("select[name=role]", "USER")
        page.click("text=Send the invitation")
        page.click("nav >> text=Keys")
        page.fill("input[name=name]", "loader")
        page.check("input[value='evidence:write']")
        page.click("text=Make the key")
        assert page.inner_text(".mg-key").startswith("mg_")
        page.click("summary")
        page.click("text=End it")
        assert "ended" in page.inner_text("tbody")
        context.close()
        assert Invitation.objects.get().email == "new@acme.example"


@pytest.mark.django_db(transaction=True)
class TestAnInvitationThatIsAcceptedTwiceAtOnce:
    def test_makes_one_person(self) -> None:
        house()
        acme = organisation("acme")
        by = viewer(person("Ada", acme, Role.SPONSOR), Site.PORTAL)
        invite_person(organisation=acme, email="new@x.example", role=Role.USER, by=by, now=now())
        secret = link().split("/")[2]

        def accept(name: str) -> str:
            try:
                return accept_invitation(secret=secret, name=name, password=PASSWORD, by=NOBODY, now=now()).name
            except UnableToAccept as refusal:
                return str(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as both:
            answers = sorted(both.map(accept, ["A", "B"]), key=len)
        assert answers[0] in {"A", "B"}
        assert answers[1].startswith("This invitation is no longer valid.")
        assert Person.objects.count() == 2


@pytest.mark.django_db
class TestPeople:
    @pytest.mark.parametrize(
        ("role", "place", "slug", "given"),
        [
            (Role.SPONSOR, "/portal/organisation/", "acme", Role.USER),
            (Role.AFFILIATE, "/partner/organisation/", "acme", Role.AFFILIATE),
            (Role.OWNER, "/console/organisations/", "northwind-it", Role.ENGINEER),
        ],
    )
    def test_are_invited_reminded_and_dismissed(
        self, client: Client, role: Role, place: str, slug: str, given: Role
    ) -> None:
        house()
        of = organisation(slug)
        signed_in(client, "Ada", of, role)
        page = f"{place}{slug}/people/"
        answer = client.post(f"{page}invite", {"email": "new@x.example", "role": given})
        assert answer.headers["location"] == page
        invitation = Invitation.objects.get()
        assert "new@x.example" in client.get(page).content.decode()
        client.post(f"{page}invitations/{invitation.pk}/resend")
        assert Message.objects.count() == 2
        client.post(f"{page}invitations/{invitation.pk}/withdraw")
        assert "No invitation is open" in client.get(page).content.decode()
        someone = person("Leaver", of, given)
        held = Membership.objects.get(person=someone)
        assert client.post(f"{page}{held.pk}/end").status_code == 302
        assert "Leaver" not in client.get(page).content.decode()

    def test_are_told_why_not(self, client: Client) -> None:
        acme = organisation("acme")
        ada = signed_in(client, "Ada", acme, Role.SPONSOR)
        page = "/portal/organisation/acme/people/"
        answer = client.post(f"{page}invite", {"email": ada.email, "role": "SPONSOR"})
        assert (answer.status_code, "has this role already" in answer.content.decode()) == (422, True)
        answer = client.post(f"{page}invite", {"email": "x@x.example", "role": "OWNER"})
        assert (answer.status_code, "OWNER is not one of" in answer.content.decode()) == (422, True)
        answer = client.post(f"{page}{Membership.objects.get().pk}/end")
        assert (answer.status_code, "from themselves" in answer.content.decode()) == (422, True)
        assert not Invitation.objects.exists()

    def test_of_other_organisations_do_not_exist(self, client: Client) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        signed_in(client, "Ada", acme, Role.SPONSOR)
        gus = Membership.objects.get(person=person("Gus", globex, Role.SPONSOR))
        invite = {"email": "x@x.example", "role": "USER"}
        for answer in (
            client.get("/portal/organisation/globex/people/"),
            client.post("/portal/organisation/globex/people/invite", invite),
            client.post(f"/portal/organisation/acme/people/{gus.pk}/end"),
            client.post(f"/portal/organisation/globex/people/{gus.pk}/end"),
            client.get("/portal/organisation/globex/keys/"),
            client.get("/portal/organisation/globex/brand/"),
            client.get("/partner/organisation/acme/people/"),
        ):
            assert answer.status_code == 404
        assert not Invitation.objects.exists()
        gus.refresh_from_db()
        assert gus.ended_at is None

    def test_of_the_staff_are_limited_to_customers(self, client: Client) -> None:
        acme = organisation("acme")
        signed_in(client, "Olga", house(), Role.OWNER)
        held = Membership.objects.get(person=person("Emil", house(), Role.ENGINEER))
        page = f"/console/organisations/northwind-it/people/{held.pk}/limit/"
        assert client.get(page).status_code == 200
        assert client.post(page, {"customers": [acme.pk]}).status_code == 302
        assert list(held.customers.all()) == [acme]
        assert client.post(page, {"customers": ["999999"]}).status_code == 422
        assert list(held.customers.all()) == [acme]


@pytest.mark.django_db
class TestTheInvitationPage:
    def test_says_when_there_is_none(self, client: Client) -> None:
        house()
        answer = client.get("/invitation/made-up/")
        assert answer.status_code == 404
        assert "This invitation is no longer valid" in answer.content.decode()

    def test_sends_somebody_known_to_the_sign_in_and_back(self, client: Client) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        signed_in(client, "Ada", acme, Role.SPONSOR)
        kim = person("Kim", globex, Role.USER)
        client.post("/portal/organisation/acme/people/invite", {"email": kim.email, "role": "USER"})
        assert "signed in as somebody else" in client.get(link()).content.decode()
        stranger = Client()
        assert f"/account/login/?next={link()}" in stranger.get(link()).content.decode()
        stranger.force_login(kim, backend=BACKEND)
        assert stranger.post(link()).headers["location"] == "/"
        assert Membership.objects.filter(person=kim, organisation=acme, role=Role.USER).exists()
        assert client.get(link()).status_code == 404

    def test_names_what_is_wrong_with_a_password(self, client: Client) -> None:
        acme = organisation("acme")
        signed_in(client, "Ada", acme, Role.SPONSOR)
        client.post("/portal/organisation/acme/people/invite", {"email": "new@x.example", "role": "USER"})
        answer = Client().post(link(), {"name": "N", "password": "short"})
        assert (answer.status_code, "too short" in answer.content.decode()) == (422, True)


@pytest.mark.django_db
class TestKeys:
    @pytest.mark.parametrize(
        ("role", "page"),
        [
            (Role.SPONSOR, "/portal/organisation/acme/keys/"),
            (Role.AFFILIATE, "/partner/organisation/acme/keys/"),
            (Role.OWNER, "/console/organisations/northwind-it/keys/"),
        ],
    )
    def test_are_shown_once_and_ended(self, client: Client, role: Role, page: str) -> None:
        signed_in(client, "Ada", house() if role == Role.OWNER else organisation("acme"), role)
        answer = client.post(f"{page}make", {"name": "loader", "scopes": ["evidence:write"], "days": "30"})
        found = re.search(r"mg_\d+_[\w-]{43}", answer.content.decode())
        assert found is not None
        assert answer.headers["cache-control"].startswith("max-age=0, no-cache, no-store")
        program = Program.objects.get()
        assert viewer_of_key(key=found[0], now=now()) is not None
        shown = client.get(page).content.decode()
        assert f"mg_{program.pk}_…" in shown
        assert found[0] not in shown
        assert client.post(f"{page}{program.pk}/end").status_code == 302
        assert viewer_of_key(key=found[0], now=now()) is None
        answer = client.post(f"{page}{program.pk}/end")
        assert (answer.status_code, "has ended already" in answer.content.decode()) == (422, True)

    def test_want_a_name_and_a_scope(self, client: Client) -> None:
        signed_in(client, "Ada", organisation("acme"), Role.SPONSOR)
        assert client.post("/portal/organisation/acme/keys/make", {"days": "30"}).status_code == 422
        assert not Program.objects.exists()


@pytest.mark.django_db
class TestTheTrailPage:
    def entries(self, client: Client) -> None:
        """Somebody called ``=1+1`` is invited, and somebody else is refused."""
        signed_in(client, "Olga", house(), Role.OWNER)
        organisation("acme", "Acme")
        page = "/console/organisations/acme/people/invite"
        client.post(page, {"email": "=1+1@x.example", "role": "USER"})
        client.post(page, {"email": "=1+1@x.example", "role": "USER"})

    def test_is_filtered(self, client: Client) -> None:
        self.entries(client)
        everything = client.get("/console/trail/").content.decode()
        assert everything.count("<tr>") == 3
        assert client.get("/console/trail/?refused=on").content.decode().count("<tr>") == 2
        assert client.get("/console/trail/?organisation=northwind-it").content.decode().count("<tr>") == 0
        assert client.get("/console/trail/?did=invite+person&words=olg").content.decode().count("<tr>") == 3
        assert client.get("/console/trail/?until=2020-01-01").content.decode().count("<tr>") == 0
        assert client.get("/console/trail/?since=nonsense").status_code == 422

    def test_goes_along_as_a_table_without_formulas(self, client: Client) -> None:
        self.entries(client)
        answer = client.get("/console/trail.csv?refused=on")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        [row] = csv.DictReader(io.StringIO(text))
        assert (row["who"], row["did"], row["organisation"]) == ("Olga", "invite person", "acme")
        assert row["refused"] == "'=1+1@x.example is invited already; send the invitation again."
