from __future__ import annotations

import pytest

from makegood.platform.tenancy.access.models import Invitation, Membership, Role
from makegood.platform.tenancy.access.operations import (
    UnableToEnd,
    UnableToLimit,
    end_membership,
    invite_person,
    limit_membership,
)
from makegood.platform.tenancy.access.queries import memberships
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Site
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db


class TestEndingARole:
    def test_takes_it_away_at_once(self) -> None:
        acme = organisation("acme")
        owner = viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)
        ada = person("Ada", acme, Role.SPONSOR, Role.USER)
        end_membership(membership=Membership.objects.get(person=ada, role=Role.SPONSOR), by=owner, now=NOW)
        assert viewer(ada, Site.PORTAL).roles == {acme.pk: {Role.USER}}
        assert Entry.objects.get().details == {"role": "SPONSOR"}

    def test_takes_back_what_its_holder_has_offered(self) -> None:
        house()
        acme = organisation("acme")
        ada = person("Ada", acme, Role.SPONSOR)
        by = viewer(ada, Site.PORTAL)
        invite_person(organisation=acme, email="friend@x.example", role=Role.SPONSOR, by=by, now=NOW)
        owner = viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)
        end_membership(membership=Membership.objects.get(person=ada), by=owner, now=NOW)
        assert Invitation.objects.get().withdrawn_at == NOW

    @pytest.mark.parametrize(
        ("_case", "who", "whose", "sentence"),
        [
            ("an owner its own", ("Olga", "northwind-it", Role.OWNER, Site.CONSOLE), "Olga", "from themselves"),
            ("a sponsor its own", ("Ada", "acme", Role.SPONSOR, Site.PORTAL), "Ada", "from themselves"),
            ("a sponsor that of others", ("Gus", "globex", Role.SPONSOR, Site.PORTAL), "Ada", "not yours"),
            ("a sponsor that of staff", ("Ada", "acme", Role.SPONSOR, Site.PORTAL), "Olga", "not yours"),
            ("a manager", ("Max", "acme", Role.MANAGER, Site.PORTAL), "Ada", "not yours"),
            ("staff", ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE), "Ada", "not yours"),
            ("an affiliate", ("Bob", "hosting", Role.AFFILIATE, Site.PARTNER), "Ada", "not yours"),
        ],
    )
    def test_is_refused(self, _case: str, who: tuple[str, str, Role, Site], whose: str, sentence: str) -> None:
        person("Olga", house(), Role.OWNER)
        person("Ada", organisation("acme"), Role.SPONSOR)
        name, slug, role, site = who
        by = viewer(person(name, organisation(slug), role), site)
        with pytest.raises(UnableToEnd, match=sentence):
            end_membership(membership=Membership.objects.get(person__name=whose), by=by, now=NOW)
        assert Membership.objects.get(person__name=whose).ended_at is None

    def test_happens_once(self) -> None:
        owner = viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)
        person("Ada", organisation("acme"), Role.SPONSOR)
        held = Membership.objects.get(person__name="Ada")
        end_membership(membership=held, by=owner, now=NOW)
        with pytest.raises(UnableToEnd, match="ended already"):
            end_membership(membership=held, by=owner, now=NOW)

    def test_leaves_the_house_an_owner(self) -> None:
        """Two owners who end each other at once: the second one comes too late, though its page was open."""
        olga, otto = person("Olga", house(), Role.OWNER), person("Otto", house(), Role.OWNER)
        by_olga, by_otto = viewer(olga, Site.CONSOLE), viewer(otto, Site.CONSOLE)
        end_membership(membership=Membership.objects.get(person=otto), by=by_olga, now=NOW)
        with pytest.raises(UnableToEnd, match="needs an owner"):
            end_membership(membership=Membership.objects.get(person=olga), by=by_otto, now=NOW)


class TestALimit:
    def test_hides_other_customers_from_staff(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        owner = viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)
        emil = person("Emil", house(), Role.ENGINEER)
        held = Membership.objects.get(person=emil)
        limit_membership(membership=held, customers=[acme], by=owner, now=NOW)
        assert set(organisations(viewer=viewer(emil, Site.CONSOLE))) == {acme, house()}
        limit_membership(membership=held, customers=[], by=owner, now=NOW)
        assert set(organisations(viewer=viewer(emil, Site.CONSOLE))) == {acme, globex, house()}

    def test_is_for_the_owner_to_set_and_never_on_an_owner(self) -> None:
        acme = organisation("acme")
        olga, sam = person("Olga", house(), Role.OWNER), person("Sam", house(), Role.SERVICE_MANAGER)
        with pytest.raises(UnableToLimit, match="other than the owner"):
            limit_membership(
                membership=Membership.objects.get(person=olga), customers=[acme], by=viewer(olga, Site.CONSOLE), now=NOW
            )
        with pytest.raises(UnableToLimit, match="not yours"):
            limit_membership(
                membership=Membership.objects.get(person=sam), customers=[], by=viewer(sam, Site.CONSOLE), now=NOW
            )


class TestTheListOfPeople:
    def test_is_seen_by_those_who_work_with_them(self) -> None:
        acme = organisation("acme")
        ada, una = person("Ada", acme, Role.SPONSOR), person("Una", acme, Role.USER)
        bob = person("Bob", acme, Role.AFFILIATE)
        gus = person("Gus", organisation("globex"), Role.SPONSOR)
        olga, emil = person("Olga", house(), Role.OWNER), person("Emil", house(), Role.ENGINEER)

        def seen(by: object, site: Site) -> list[str]:
            found = memberships(viewer=viewer(by, site), organisation=acme)  # type: ignore[arg-type]
            return [each.person.name for each in found]

        assert seen(olga, Site.CONSOLE) == ["Ada", "Bob", "Una"]
        assert seen(ada, Site.PORTAL) == ["Ada", "Una"]
        assert seen(bob, Site.PARTNER) == ["Bob"]
        assert seen(una, Site.PORTAL) == seen(gus, Site.PORTAL) == seen(emil, Site.CONSOLE) == []
