from __future__ import annotations

from datetime import timedelta

import pytest

from makegood.platform.tenancy.access.models import Client, Role, Scope
from makegood.platform.tenancy.access.operations import UnableToEnd, UnableToMakeKey, end_key, make_key
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
