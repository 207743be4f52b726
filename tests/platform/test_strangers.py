"""Every door, as everybody who may not pass it: nothing is seen, nothing is changed, nothing is learnt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client

from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.viewer import STAFF, Role, Site
from tests.platform.doors import Address, addresses, closed
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.world import World, world

NOT_OURS = {"django_session", "usersessions_usersession", "trail_entry", "access_person"}
"""Tables that change as people come and go, and the trail, which keeps what was refused."""


TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')
"""What is drawn anew for each form and page, in which any short name may stand by chance."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who comes, and with which roles in which organisation; ``limited`` staff sees Globex alone."""

    name: str
    roles: tuple[tuple[str, Role], ...] = ()
    limited: bool = False

    def person(self) -> Person:
        made = person(self.name, organisation("globex"), *())
        for slug, role in self.roles:
            about = house() if slug == "northwind-it" else organisation(slug)
            held, _ = Membership.objects.get_or_create(
                person=made, organisation=about, role=role, defaults={"since": NOW}
            )
            if self.limited:
                held.customers.set([organisation("globex")])
        return made

    def may(self, address: Address, world: World) -> bool:
        """Tell whether a door is open to them, for the objects of a world."""
        door = address.door
        if door is None or door.site is None:
            return True
        for slug, role in self.roles:
            if role not in door.roles:
                continue
            if door.site is Site.CONSOLE:
                if not (self.limited and address.names_something):
                    return True
            elif not address.names_something:
                return True
            elif "requests/<int:case>" in address.route and role == Role.USER:
                continue  # users see what they reported themselves
            elif slug == world.values["organisation"]:
                return (door.site is Site.PORTAL) == (role != Role.AFFILIATE)
        return False


STRANGERS = [
    Somebody("Another Sponsor", (("globex", Role.SPONSOR),)),
    Somebody("Another Manager", (("globex", Role.MANAGER),)),
    Somebody("Another Affiliate", (("backup-ag", Role.AFFILIATE),)),
    Somebody("Nobody In Particular"),
]
MEMBERS = [
    *(Somebody(f"Acme {role}", (("acme", role),)) for role in (Role.SPONSOR, Role.MANAGER, Role.USER)),
    Somebody("Hosting Affiliate", (("hosting-gmbh", Role.AFFILIATE),)),
    *(Somebody(f"House {role}", (("northwind-it", role),)) for role in sorted(STAFF)),
    Somebody("Limited Manager", (("northwind-it", Role.SERVICE_MANAGER),), limited=True),
    Somebody("Limited Engineer", (("northwind-it", Role.ENGINEER),), limited=True),
]


@pytest.fixture
def both(settings: object) -> tuple[World, World]:
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    return world()


def doors() -> list[Address]:
    return [each for each in addresses() if each.door is not None and each.door.site is not None]


def told(both: tuple[World, World], address: Address) -> list[tuple[World, str]]:
    """Return an address for the objects of a customer, or of an affiliate at their site, or of both."""
    worlds = {"portal": both[:1], "partner": both[1:]}.get(address.route.partition("/")[0], both)
    return [(each, address.filled(each.of(address.route))) for each in worlds]


def fingerprint() -> dict[str, str]:
    """Return a digest of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - NOT_OURS):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")  # noqa: S608  # names of our own tables
            found[table] = cursor.fetchone()[0]
    return found


def answers(client: Client, url: str) -> Iterator[tuple[str, int, bytes]]:
    for method in ("get", "post"):
        answer = getattr(client, method)(url)
        content = b"" if answer.streaming else answer.content
        closed(answer)
        yield method, answer.status_code, content


def status_of(client: Client, url: str) -> int:
    answer = client.get(url)
    closed(answer)
    return answer.status_code


class TestTheDoors:
    def test_all_have_a_rule(self) -> None:
        assert [each.route for each in addresses() if each.door is None and not each.route.startswith("api/v1/")] == []

    def test_that_are_open_to_all_are_these(self) -> None:
        opened = {each.route for each in addresses() if each.door is not None and each.door.site is None}
        assert opened == {
            "",
            "health",
            "metrics",
            "language",
            "glossary/",
            "invitation/<str:secret>/",
            "logo/<str:sha256>",
            "page/<str:token>/",  # whoever was paged by mail; see test_on_call_pages.py
            "on-call/<str:secret>.ics",  # calendar programs; see test_on_call_pages.py
            "mail/<str:token>",  # mail services that sign what they post; see test_desk_mailboxes.py
            "hooks/<str:token>",  # tools that sign what they post; see test_posted.py
        }


@pytest.mark.django_db
class TestStrangers:
    def test_are_asked_to_sign_in(self, both: tuple[World, World]) -> None:
        before, client, wrong = fingerprint(), Client(), []
        for address in doors():
            for _, url in told(both, address):
                wrong += [
                    (method, url, status)
                    for method, status, content in answers(client, url)
                    if status != 302 or b"acme" in content.lower()
                ]
        assert wrong == []
        assert fingerprint() == before

    def test_find_nothing_that_is_of_others(self, both: tuple[World, World]) -> None:
        wrong, came = [], [(each, each.person()) for each in STRANGERS]
        before = fingerprint()
        for somebody, known in came:
            client = Client()
            client.force_login(known)
            for address in doors():
                for there, url in told(both, address):
                    for method, status, content in answers(client, url):
                        said = TOKEN.sub(b"", content).lower().replace(url.encode(), b"")
                        learnt = b"acme" in said or b"hosting" in said
                        passed = status not in {404, 405} and not somebody.may(address, there)
                        if passed or learnt or status >= 500 or (method == "post" and status == 405):
                            wrong.append((somebody.name, method, url, status, learnt))
        assert wrong == []
        assert fingerprint() == before


@pytest.mark.django_db
class TestMembers:
    def test_open_the_doors_of_their_roles_and_no_others(self, both: tuple[World, World]) -> None:
        wrong, came = [], [(each, each.person()) for each in MEMBERS]
        for somebody, known in came:
            client = Client()
            client.force_login(known)
            for address in doors():
                for there, url in told(both, address):
                    status = status_of(client, url)
                    empty = address.route.endswith("credits.svg")  # of nothing there is no picture
                    fits = status in {200, 302, 405, 422} if somebody.may(address, there) else status in {404, 405}
                    fits = fits or (empty and status == 404)
                    if not fits:
                        wrong.append((somebody.name, url, status))
        assert wrong == []

    def test_change_nothing_behind_doors_that_are_not_theirs(self, both: tuple[World, World]) -> None:
        wrong, came = [], [(each, each.person()) for each in MEMBERS]
        before = fingerprint()
        for somebody, known in came:
            client = Client()
            client.force_login(known)
            for address in doors():
                for there, url in told(both, address):
                    if not somebody.may(address, there):
                        status = client.post(url).status_code
                        wrong += [(somebody.name, url, status)] if status != 404 else []
        assert wrong == []
        assert fingerprint() == before

    def test_of_a_customer_hear_nothing_of_drafts(self, both: tuple[World, World]) -> None:
        client = Client()
        client.force_login(person("Acme Reader", organisation("acme"), Role.SPONSOR))
        page = client.get(f"/portal/agreements/{both[0].contract.slug}/terms/").content.decode()
        assert "Version 1" in page
        assert "Version 2" not in page
        assert "draft" not in page
