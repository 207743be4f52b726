"""Every door that takes a form: filled by the right role it changes something, by any other nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.test import Client

from makegood.platform.tenancy.viewer import Role
from tests.platform import world as worlds
from tests.platform.doors import Address
from tests.platform.filled_forms import BEFORE, CHANGES_NOTHING, FORMS, STORES_NOTHING, filled, furnished
from tests.platform.governing import GOVERNED
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.test_strangers import MEMBERS, NOT_OURS, STRANGERS, Somebody, doors, status_of, told
from tests.platform.world import World

pytestmark = pytest.mark.django_db
WRONG = [STRANGERS[0], STRANGERS[2], *MEMBERS]
"""A sponsor and an affiliate of others, and everybody of the parties."""
ELSEWHERE = {"Acme SPONSOR", "House OWNER"}
"""They try at every site; the others where they belong, for at other sites every form is closed to them alike."""


@pytest.fixture
def both(settings: object, monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    """The world, with duties in the agreement that was sold, and all that forms speak of."""
    settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
    text = GOVERNED.replace("customer_caused: {}", "maintenance: {}, customer_caused: {}")
    monkeypatch.setattr(worlds, "EXCLUDING", text)
    made = worlds.world()
    furnished(*made)
    return made


@contextmanager
def taken_back() -> Iterator[None]:
    """Let nothing stay in the database that happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def insiders() -> dict[str, Client]:
    """Return those who may fill every form of a site."""
    known = {
        "console": person("Olga", house(), Role.OWNER),
        "portal": person("Ada", organisation("acme"), Role.SPONSOR),
        "partner": person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE),
    }
    return {site: signed_in(each) for site, each in known.items()}


def signed_in(somebody: object) -> Client:
    client = Client()
    client.force_login(somebody)  # type: ignore[arg-type]
    return client


def written() -> dict[str, int]:
    """Return how many rows of each table were written in this transaction, also those that were taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: rows for name, rows in cursor.fetchall() if name not in NOT_OURS}


def rest_of(address: Address) -> str:
    return address.route.partition("/")[2]


def tries(somebody: Somebody, site: str) -> bool:
    """Tell whether somebody tries the forms of a site."""
    belongs = {"northwind-it": "console", "acme": "portal", "globex": "portal"}
    return somebody.name in ELSEWHERE or site in {belongs.get(slug, "partner") for slug, _ in somebody.roles}


def with_forms() -> list[Address]:
    return [each for each in doors() if rest_of(each) in FORMS]


def described(address: Address, there: World) -> tuple[str, World]:
    """Return where to send a form to, after what has to happen before."""
    there = World(there.contract, deepcopy(there.values))
    if address.route in BEFORE:
        BEFORE[address.route](there)
    return address.filled(there.of(address.route)), there


class TestEveryForm:
    def test_is_known(self, both: tuple[World, World]) -> None:
        unknown, inside = set(), insiders()
        for address in doors():
            client = inside[address.route.partition("/")[0]]
            for _, url in told(both, address):
                if status_of(client, url) == 405 and rest_of(address) not in FORMS:
                    unknown.add(address.route)
        assert unknown == set(STORES_NOTHING)

    def test_changes_something_for_those_who_may_send_it_and_nothing_for_others(
        self, both: tuple[World, World]
    ) -> None:
        came = [(each, signed_in(each.person())) for each in WRONG]
        unchanged: dict[str, int] = {}
        wrong, inside = [], insiders()
        for address in with_forms():
            site = address.route.partition("/")[0]
            for there, _ in told(both, address):
                with taken_back():
                    url, known = described(address, there)
                    before = written()
                    for somebody, client in came:
                        if tries(somebody, site) and not somebody.may(address, known):
                            status = client.post(url, filled(address.route, known)).status_code
                            wrong += [(somebody.name, url, status)] if status != 404 else []
                    wrong += [("somebody", url, 0)] if written() != before else []
                    answer = inside[site].post(url, filled(address.route, known))
                    if written() == before and unchanged.get(address.route) != 0:
                        unchanged[address.route] = answer.status_code
                    elif written() != before:
                        unchanged[address.route] = 0
        assert wrong == []
        assert {route for route, status in unchanged.items() if status} == set(CHANGES_NOTHING)
