from __future__ import annotations

import re
import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction

from makegood.platform.tenancy.access.models import Invitation, Membership, Person, Role
from makegood.platform.tenancy.access.operations import (
    UnableToAccept,
    UnableToInvite,
    UnableToLimit,
    accept_invitation,
    enrol_person,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from makegood.platform.tenancy.access.queries import invitation_of, invitations, roles_to_give
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import NOBODY, Site, Viewer
from tests.platform.people import NOW, PASSWORD, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=6)
TOO_LATE = NOW + timedelta(days=7)


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def sponsor(of: Organisation) -> Viewer:
    house()
    return viewer(person("Ada", of, Role.SPONSOR), Site.PORTAL)


def affiliate(of: Organisation) -> Viewer:
    house()
    return viewer(person("Bob", of, Role.AFFILIATE), Site.PARTNER)


def secret() -> str:
    """Return the secret of the newest mail's link."""
    found = re.search(r"http://localhost:8000/invitation/([\w-]+)/", Message.objects.latest("id").text)
    assert found is not None
    return found[1]


class TestARole:
    def test_is_given_by_those_whose_it_is(self) -> None:
        acme, hosting, ours = organisation("acme"), organisation("hosting"), house()
        staff = (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR)
        theirs = (Role.SPONSOR, Role.MANAGER, Role.USER)
        assert roles_to_give(viewer=owner(), organisation=ours) == staff
        assert roles_to_give(viewer=owner(), organisation=acme) == (*theirs, Role.AFFILIATE)
        assert roles_to_give(viewer=sponsor(acme), organisation=acme) == theirs
        assert roles_to_give(viewer=affiliate(hosting), organisation=hosting) == (Role.AFFILIATE,)

    @pytest.mark.parametrize(
        ("name", "slug", "role", "site", "target", "given"),
        [
            ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE, "northwind-it", Role.SERVICE_MANAGER),
            ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE, "acme", Role.USER),
            ("Olga", "northwind-it", Role.OWNER, Site.CONSOLE, "northwind-it", Role.SPONSOR),
            ("Olga", "northwind-it", Role.OWNER, Site.CONSOLE, "acme", Role.OWNER),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "acme", Role.OWNER),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "acme", Role.AFFILIATE),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "globex", Role.USER),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "northwind-it", Role.OWNER),
            ("Ada", "acme", Role.SPONSOR, Site.CONSOLE, "acme", Role.USER),
            ("Max", "acme", Role.MANAGER, Site.PORTAL, "acme", Role.USER),
            ("Una", "acme", Role.USER, Site.PORTAL, "acme", Role.USER),
            ("Bob", "hosting", Role.AFFILIATE, Site.PARTNER, "hosting", Role.SPONSOR),
            ("Bob", "hosting", Role.AFFILIATE, Site.PARTNER, "acme", Role.AFFILIATE),
        ],
    )
    def test_is_not_given_by_others(
        self, name: str, slug: str, role: Role, site: Site, target: str, given: Role
    ) -> None:
        house()
        for each in ("acme", "globex", "hosting"):
            organisation(each)
        by = viewer(person(name, organisation(slug), role), site)
        with pytest.raises(UnableToInvite, match="not yours to give"):
            invite_person(organisation=organisation(target), email="new@x.example", role=given, by=by, now=NOW)
        assert not Invitation.objects.exists()
        assert not Message.objects.exists()
        assert Entry.objects.get().refused == "This role is not yours to give."


class TestAnInvitation:
    def test_makes_somebody_new_who_can_sign_in(self) -> None:
        acme = organisation("acme", "Acme")
        invited = invite_person(organisation=acme, email=" New@Acme.example", role=Role.USER, by=sponsor(acme), now=NOW)
        assert (invited.email, invited.expires_at) == ("new@acme.example", TOO_LATE)
        mail = Message.objects.get()
        assert (mail.to, mail.subject, mail.secret) == ("new@acme.example", "Northwind IT: you are invited", True)
        assert "Ada invites you into Acme, with the role “user”." in mail.text
        new = accept_invitation(secret=secret(), name="Newt", password=PASSWORD, by=NOBODY, now=LATER)
        assert (new.name, new.email, new.check_password(PASSWORD)) == ("Newt", "new@acme.example", True)
        assert EmailAddress.objects.get(user=new).verified
        held = Membership.objects.get(person=new)
        assert (held.organisation, held.role, held.since) == (acme, Role.USER, LATER)
        assert Entry.objects.order_by("id").values_list("who", "did", "about").last() == (
            "Newt", "accept invitation", "new@acme.example",
        )  # fmt: skip

    def test_keeps_no_secret(self) -> None:
        acme = organisation("acme")
        invitation = invite_person(organisation=acme, email="a@acme.example", role=Role.USER, by=owner(), now=NOW)
        assert secret().encode() not in bytes(invitation.secret)
        assert len(bytes(invitation.secret)) == 32

    @pytest.mark.parametrize("_case", ["expired", "withdrawn", "accepted", "sent again", "made up"])
    def test_opens_nothing_afterwards(self, _case: str) -> None:
        acme, now = organisation("acme"), LATER
        by = sponsor(acme)
        invitation = invite_person(organisation=acme, email="a@acme.example", role=Role.USER, by=by, now=NOW)
        known = secret()
        if _case == "expired":
            now = TOO_LATE
        elif _case == "withdrawn":
            withdraw_invitation(invitation=invitation, by=by, now=NOW)
        elif _case == "accepted":
            accept_invitation(secret=known, name="A", password=PASSWORD, by=NOBODY, now=NOW)
        elif _case == "sent again":
            resend_invitation(invitation=invitation, by=by, now=NOW)
        else:
            known = "made-up"
        people = Person.objects.count()
        assert invitation_of(secret=known, now=now) is None
        with pytest.raises(UnableToAccept, match="no longer valid"):
            accept_invitation(secret=known, name="B", password=PASSWORD, by=NOBODY, now=now)
        assert Person.objects.count() == people

    def test_that_was_sent_again_opens_with_the_new_link(self) -> None:
        acme = organisation("acme")
        by = sponsor(acme)
        invitation = invite_person(organisation=acme, email="a@acme.example", role=Role.USER, by=by, now=NOW)
        resend_invitation(invitation=invitation, by=by, now=TOO_LATE)
        new = accept_invitation(secret=secret(), name="A", password=PASSWORD, by=NOBODY, now=TOO_LATE)
        assert new.email == "a@acme.example"

    def test_for_somebody_known_wants_them_to_sign_in(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        known = person("Kim", globex, Role.USER)
        invite_person(organisation=acme, email=known.email, role=Role.MANAGER, by=owner(), now=NOW)
        with pytest.raises(UnableToAccept, match=r"Sign in as kim@globex\.example to accept\."):
            accept_invitation(secret=secret(), name="Eve", password=PASSWORD[::-1], by=NOBODY, now=NOW)
        with pytest.raises(UnableToAccept, match="Sign in as"):
            accept_invitation(secret=secret(), name="", password="", by=sponsor(acme), now=NOW)
        known.refresh_from_db()
        assert known.check_password(PASSWORD)
        by = viewer(known, Site.PORTAL)
        assert accept_invitation(secret=secret(), name="", password="", by=by, now=NOW) == known
        assert viewer(known, Site.PORTAL).roles == {acme.pk: {Role.MANAGER}, globex.pk: {Role.USER}}

    @pytest.mark.parametrize(
        ("password", "sentence"),
        [("short", "too short"), ("password1234", "too common"), ("new@acme.example", "too similar to the e-mail")],
    )
    def test_refuses_weak_passwords(self, password: str, sentence: str) -> None:
        acme = organisation("acme")
        invite_person(organisation=acme, email="new@acme.example", role=Role.USER, by=owner(), now=NOW)
        with pytest.raises(UnableToAccept, match=sentence):
            accept_invitation(secret=secret(), name="N", password=password, by=NOBODY, now=NOW)
        assert not Person.objects.filter(email="new@acme.example").exists()
        assert invitation_of(secret=secret(), now=NOW) is not None

    @pytest.mark.parametrize(
        ("email", "sentence"),
        [
            ("nonsense", "“nonsense” is no mail address"),
            ("ada@acme.example", "has this role already"),
            ("twice@acme.example", "is invited already"),
        ],
    )
    def test_is_made_once_for_an_address(self, email: str, sentence: str) -> None:
        acme = organisation("acme")
        by = sponsor(acme)
        invite_person(organisation=acme, email="twice@acme.example", role=Role.SPONSOR, by=by, now=NOW)
        with pytest.raises(UnableToInvite, match=sentence):
            invite_person(organisation=acme, email=email, role=Role.SPONSOR, by=by, now=NOW)
        assert Message.objects.count() == Invitation.objects.count() == 1

    def test_is_not_touched_by_others(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        invitation = invite_person(organisation=acme, email="a@acme.example", role=Role.USER, by=owner(), now=NOW)
        other = viewer(person("Gus", globex, Role.SPONSOR), Site.PORTAL)
        assert not invitations(viewer=other, organisation=acme).exists()
        for change in (resend_invitation, withdraw_invitation):
            with pytest.raises(UnableToInvite, match="not yours"):
                change(invitation=invitation, by=other, now=NOW)
        assert Message.objects.count() == 1
        assert Invitation.objects.get().withdrawn_at is None


class TestALimitedInvitation:
    def test_lets_staff_see_some_customers_from_the_first_moment(self) -> None:
        acme, _globex = organisation("acme"), organisation("globex")
        invite_person(
            organisation=house(), email="e@x.example", role=Role.ENGINEER, customers=[acme], by=owner(), now=NOW
        )
        new = accept_invitation(secret=secret(), name="Emil", password=PASSWORD, by=NOBODY, now=NOW)
        assert viewer(new, Site.CONSOLE).limited == frozenset({acme.pk})

    @pytest.mark.parametrize(("target", "role"), [("northwind-it", Role.OWNER), ("globex", Role.USER)])
    def test_is_for_staff_other_than_the_owner(self, target: str, role: Role) -> None:
        house()
        acme = organisation("acme")
        with pytest.raises(UnableToLimit, match="Only staff other than the owner"):
            invite_person(
                organisation=organisation(target), email="e@x.example", role=role, customers=[acme], by=owner(), now=NOW
            )
        assert not Invitation.objects.exists()


class TestEnrolling:
    def test_gives_a_role_at_once(self) -> None:
        by = Viewer("command line", house().pk, roles={house().pk: frozenset({Role.OWNER})}, site=Site.CONSOLE)
        ours = house()
        new = enrol_person(
            organisation=ours, email="Boss@x.example", name="Boss", password=PASSWORD, role=Role.OWNER, by=by, now=NOW
        )
        assert viewer(new, Site.CONSOLE).has(Role.OWNER)
        assert Entry.objects.get().who == "command line"


@pytest.mark.django_db(transaction=True)
class TestTwoInvitationsOfOneAddress:
    def test_accepted_at_once_make_one_person(self) -> None:
        acme, secrets = organisation("acme"), []
        for role in (Role.MANAGER, Role.USER):
            invite_person(organisation=acme, email="eve@acme.example", role=role, by=sponsor(acme), now=NOW)
            secrets.append(secret())
        ready, became = Barrier(2, timeout=60), []

        def accepted(mine: str) -> None:
            ready.wait()
            try:
                accept_invitation(secret=mine, name="Eve", password=PASSWORD, by=NOBODY, now=NOW)
                became.append("accepted")
            except UnableToAccept as refusal:
                became.append(str(refusal))
            finally:
                connection.close()

        threads = [Thread(target=accepted, args=(each,)) for each in secrets]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        first, second = sorted(became, key=len)
        assert first == "accepted"
        assert second in {
            "Sign in as eve@acme.example to accept.",
            "eve@acme.example can sign in since a moment ago; sign in to accept.",
        }
        assert (Person.objects.filter(email="eve@acme.example").count(), EmailAddress.objects.count()) == (1, 1)
        assert Invitation.objects.filter(accepted_at=None).count() == 1

    def test_is_refused_to_whoever_comes_while_the_other_is_being_kept(self) -> None:
        acme, became = organisation("acme"), []
        invite_person(organisation=acme, email="eve@acme.example", role=Role.USER, by=sponsor(acme), now=NOW)
        mine = secret()

        def accepted() -> None:
            try:
                accept_invitation(secret=mine, name="Eve", password=PASSWORD, by=NOBODY, now=NOW)
            except UnableToAccept as refusal:
                became.append(str(refusal))
            finally:
                connection.close()

        late = Thread(target=accepted)
        with transaction.atomic():
            person("Eve", acme)
            late.start()
            while not somebody_waits():
                time.sleep(0.02)
        late.join(60)
        assert became == ["eve@acme.example can sign in since a moment ago; sign in to accept."]
        assert Invitation.objects.get().accepted_at is None


def somebody_waits() -> bool:
    """Tell whether a connection waits for what another one has not yet kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
