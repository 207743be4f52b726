from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from makegood.platform.tenancy.access.models import Membership, Role
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.trail.queries import deeds, entries
from makegood.platform.tenancy.viewer import Site, Viewer
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db


class UnableToPaint(Unable):
    pass


@operation("paint organisation", about="organisation")
def paint(*, organisation: Organisation, colour: str, by: Viewer, now: datetime) -> str:
    organisation.name = colour
    organisation.save()
    record(by=by, did="paint organisation", about=organisation.slug, now=now, organisation=organisation.pk)
    if colour == "pink":
        refusal = UnableToPaint("Pink is out of stock.")
        refusal.organisation = organisation.pk
        raise refusal
    if colour == "none":
        raise ValueError(colour)
    return colour


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def auditor(*, only: Organisation | None = None) -> Viewer:
    someone = person("Aud", house(), Role.AUDITOR)
    if only is not None:
        Membership.objects.get(person=someone).customers.set([only])
    return viewer(someone, Site.CONSOLE)


class TestAnOperation:
    def test_leaves_one_entry(self) -> None:
        acme = organisation("acme")
        assert paint(organisation=acme, colour="blue", by=owner(), now=NOW) == "blue"
        [entry] = Entry.objects.all()
        assert (entry.who, entry.did, entry.about, entry.refused) == ("Olga", "paint organisation", "acme", "")
        assert (entry.at, entry.address, entry.organisation_id) == (NOW, "192.0.2.1", acme.pk)

    def test_that_is_refused_leaves_only_that_it_was(self) -> None:
        acme = organisation("acme", "Acme")
        with pytest.raises(UnableToPaint):
            paint(organisation=acme, colour="pink", by=owner(), now=NOW)
        [entry] = Entry.objects.all()
        assert (entry.did, entry.about, entry.refused) == ("paint organisation", "pink", "Pink is out of stock.")
        assert entry.organisation_id == acme.pk
        acme.refresh_from_db()
        assert acme.name == "Acme"

    def test_that_breaks_leaves_nothing(self) -> None:
        acme = organisation("acme", "Acme")
        with pytest.raises(ValueError, match="none"):
            paint(organisation=acme, colour="none", by=owner(), now=NOW)
        assert not Entry.objects.exists()
        acme.refresh_from_db()
        assert acme.name == "Acme"


class TestTheTrail:
    @pytest.mark.parametrize("order", ["UPDATE trail_entry SET who = 'nobody'", "DELETE FROM trail_entry"])
    def test_is_kept_by_the_database(self, order: str) -> None:
        paint(organisation=organisation("acme"), colour="blue", by=owner(), now=NOW)
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete rows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(order)
        assert [entry.who for entry in Entry.objects.all()] == ["Olga"]

    def test_is_read_by_owner_and_auditors_alone(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        paint(organisation=acme, colour="blue", by=owner(), now=NOW)
        paint(organisation=globex, colour="red", by=owner(), now=NOW)
        engineer = viewer(person("Emil", house(), Role.ENGINEER), Site.CONSOLE)
        sponsor = viewer(person("Ada", acme, Role.SPONSOR), Site.PORTAL)
        assert [each.about for each in entries(viewer=owner())] == ["globex", "acme"]
        assert [each.about for each in entries(viewer=auditor())] == ["globex", "acme"]
        assert [each.about for each in entries(viewer=auditor(only=acme))] == ["acme"]
        assert deeds(viewer=owner()) == ["paint organisation"]
        program = replace(auditor(), scopes=frozenset({"evidence:read"}))
        for nobody in (engineer, sponsor, sponsor.at(Site.CONSOLE), program):
            assert not entries(viewer=nobody).exists()
