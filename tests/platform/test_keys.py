from __future__ import annotations

from datetime import timedelta

import pytest

from makegood.platform.tenancy.access.models import Client, Membership, Person, Role, Scope
from makegood.platform.tenancy.access.operations import UnableToEnd, UnableToMakeKey, end_key, end_membership, make_key
from makegood.platform.tenancy.access.queries import clients, roles_to_give, viewer_of_key
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
IN_A_MONTH = NOW + timedelta(days=30)
READ = [Scope.READ_VERDICTS]


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def sponsor() -> Viewer:
    house()
    return viewer(person("Ada", organisation("acme"), Role.SPONSOR), Site.PORTAL)


class TestAKey:
    def test_lets_a_program_in_as_its_organisation(self) -> None:
        by = sponsor()
        made, key = make_key(
            organisation=organisation("acme"), name="warehouse", scopes=READ, expires_at=IN_A_MONTH, by=by, now=NOW
        )
        assert key.startswith(f"mg_{made.pk}_")
        came = viewer_of_key(key=key, now=NOW, address="192.0.2.7")
        assert came == Viewer(
            "warehouse",
            house().pk,
            roles={organisation("acme").pk: frozenset({Role.MANAGER})},
            site=Site.PORTAL,
            scopes=frozenset({"verdicts:read"}),
            address="192.0.2.7",
            client=made.pk,
        )
        assert list(organisations(viewer=came)) == [organisation("acme")]
        assert roles_to_give(viewer=came, organisation=organisation("acme")) == ()

    @pytest.mark.parametrize(
        ("scopes", "roles"),
        [(READ, {Role.AUDITOR}), ([Scope.WRITE_EVIDENCE], {Role.AUDITOR, Role.ENGINEER})],
    )
    def test_of_the_house_reads_as_an_auditor_does(self, scopes: list[Scope], roles: set[Role]) -> None:
        _, key = make_key(
            organisation=house(), name="probes", scopes=scopes, expires_at=IN_A_MONTH, by=owner(), now=NOW
        )
        came = viewer_of_key(key=key, now=NOW)
        assert came is not None
        assert (came.site, came.roles) == (Site.CONSOLE, {house().pk: frozenset(roles)})

    @pytest.mark.parametrize(
        "_case", ["expired", "ended", "of another", "nonsense", "no number", "other digits", "empty"]
    )
    def test_lets_nobody_in(self, _case: str) -> None:
        ours = house()
        made, key = make_key(organisation=ours, name="a", scopes=READ, expires_at=IN_A_MONTH, by=owner(), now=NOW)
        other, _ = make_key(organisation=ours, name="b", scopes=READ, expires_at=IN_A_MONTH, by=owner(), now=NOW)
        now = NOW
        if _case == "expired":
            now = IN_A_MONTH
        elif _case == "ended":
            end_key(client=made, by=owner(), now=NOW)
        elif _case == "of another":
            key = key.replace(f"mg_{made.pk}_", f"mg_{other.pk}_")
        else:
            key = {"nonsense": f"mg_{made.pk}_x", "no number": "mg_x_y", "other digits": "mg_٣_x", "empty": ""}[_case]
        assert viewer_of_key(key=key, now=now) is None

    def test_is_not_kept(self) -> None:
        made, key = make_key(organisation=house(), name="a", scopes=READ, expires_at=IN_A_MONTH, by=owner(), now=NOW)
        assert key.rpartition("_")[2].encode() not in bytes(made.key)
        assert len(bytes(made.key)) == 32

    @pytest.mark.parametrize(
        ("_case", "change", "sentence"),
        [
            ("no name", {"name": " "}, "name of the program"),
            ("no scope", {"scopes": []}, "what the program may do"),
            ("no time", {"expires_at": NOW}, "from a day to a year"),
            ("two years", {"expires_at": NOW + timedelta(days=367)}, "from a day to a year"),
        ],
    )
    def test_is_refused(self, _case: str, change: dict[str, object], sentence: str) -> None:
        asked = {"name": "a", "scopes": READ, "expires_at": IN_A_MONTH, **change}
        with pytest.raises(UnableToMakeKey, match=sentence):
            make_key(organisation=house(), by=owner(), now=NOW, **asked)  # type: ignore[arg-type]
        assert not Client.objects.exists()

    @pytest.mark.parametrize(
        ("name", "slug", "role", "site", "target"),
        [
            ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE, "northwind-it"),
            ("Olga", "northwind-it", Role.OWNER, Site.CONSOLE, "acme"),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "globex"),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "northwind-it"),
            ("Max", "acme", Role.MANAGER, Site.PORTAL, "acme"),
            ("Bob", "hosting", Role.AFFILIATE, Site.PORTAL, "hosting"),
        ],
    )
    def test_is_made_for_ones_own_alone(self, name: str, slug: str, role: Role, site: Site, target: str) -> None:
        house()
        organisation("globex")
        by = viewer(person(name, organisation(slug), role), site)
        with pytest.raises(UnableToMakeKey, match="not yours to make"):
            make_key(organisation=organisation(target), name="a", scopes=READ, expires_at=IN_A_MONTH, by=by, now=NOW)
        assert not Client.objects.exists()

    def test_is_not_ended_by_others(self) -> None:
        acme = organisation("acme")
        made, _ = make_key(organisation=acme, name="a", scopes=READ, expires_at=IN_A_MONTH, by=sponsor(), now=NOW)
        gus = viewer(person("Gus", organisation("globex"), Role.SPONSOR), Site.PORTAL)
        bob = viewer(person("Bob", acme, Role.AFFILIATE), Site.PARTNER)
        for other in (gus, bob):
            assert not clients(viewer=other, organisation=acme).exists()
            with pytest.raises(UnableToEnd, match="not yours to end"):
                end_key(client=made, by=other, now=NOW)
        end_key(client=made, by=owner(), now=NOW)
        with pytest.raises(UnableToEnd, match="ended already"):
            end_key(client=made, by=owner(), now=NOW)


class TestAKeyThatActs:
    def came(self, by: Viewer, *scopes: Scope) -> Viewer:
        """Return what a program is that shows a key of somebody."""
        about = house() if by.site is Site.CONSOLE else organisation("acme")
        _, key = make_key(organisation=about, name="a", scopes=scopes, expires_at=IN_A_MONTH, by=by, now=NOW)
        found = viewer_of_key(key=key, now=NOW)
        assert found is not None
        return found

    def test_has_the_roles_of_its_maker(self) -> None:
        by = owner()
        found = self.came(by, Scope.WRITE_MONEY)
        assert found.roles == {house().pk: frozenset({Role.AUDITOR, Role.OWNER})}
        assert (found.person, found.author) == (None, by.person)

    def test_has_none_that_its_maker_has_elsewhere(self) -> None:
        by = sponsor()
        person("Ada", organisation("acme"), Role.AFFILIATE)
        ada = person("Ada", organisation("acme"))
        Membership.objects.create(person=ada, organisation=house(), role=Role.OWNER, since=NOW)
        found = self.came(by, Scope.WRITE_DISPUTES)
        assert found.roles == {organisation("acme").pk: frozenset({Role.MANAGER, Role.SPONSOR})}

    @pytest.mark.parametrize("_case", ["whose role has ended", "who cannot sign in"])
    def test_only_reads_for_a_maker(self, _case: str) -> None:
        by = owner()
        _, key = make_key(organisation=house(), name="a", scopes=list(Scope), expires_at=IN_A_MONTH, by=by, now=NOW)
        if _case == "who cannot sign in":
            Person.objects.filter(name=by.name).update(is_active=False)
        else:
            Membership.objects.filter(person=by.person).update(ended_at=NOW)
        found = viewer_of_key(key=key, now=NOW)
        assert found is not None
        assert found.roles == {house().pk: frozenset({Role.AUDITOR, Role.ENGINEER})}
        assert (found.maker, found.author) == (None, None)

    def test_is_limited_as_its_maker_is(self) -> None:
        by, known = owner(), person("Olga", house())
        limited = Membership.objects.create(person=known, organisation=house(), role=Role.ENGINEER, since=NOW)
        limited.customers.set([organisation("acme")])
        found = self.came(by, Scope.WRITE_MONEY)
        assert found.limited == frozenset({organisation("acme").pk})

    def test_takes_no_role_from_its_maker(self) -> None:
        by = owner()
        person("Otto", house(), Role.OWNER)
        found = self.came(by, Scope.READ_PEOPLE, Scope.WRITE_PEOPLE)
        mine = Membership.objects.get(person=by.person)
        with pytest.raises(UnableToEnd, match="Nobody takes a role from themselves"):
            end_membership(membership=mine, by=found, now=NOW)

    def test_makes_no_other_key(self) -> None:
        found = self.came(owner(), *Scope)
        with pytest.raises(UnableToMakeKey, match="not yours to make"):
            make_key(organisation=house(), name="b", scopes=READ, expires_at=IN_A_MONTH, by=found, now=NOW)
        assert Client.objects.count() == 1


class TestAKeyWhoseMakerLeft:
    def test_reaches_no_further_than_its_maker_did(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        olga = person("Olga", house(), Role.OWNER, Role.AUDITOR)
        Membership.objects.get(person=olga, role=Role.AUDITOR).customers.set([acme])
        _, key = make_key(
            organisation=house(), name="a", scopes=READ, expires_at=IN_A_MONTH, by=viewer(olga, Site.CONSOLE), now=NOW
        )
        before = viewer_of_key(key=key, now=NOW)
        Membership.objects.filter(person=olga).update(ended_at=NOW)
        after = viewer_of_key(key=key, now=NOW)
        assert before is not None
        assert after is not None
        assert (before.limited, after.limited, after.maker) == (frozenset({acme.pk}), frozenset({acme.pk}), None)
        assert globex not in organisations(viewer=after)
