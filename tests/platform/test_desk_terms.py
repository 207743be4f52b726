from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.agreement.contracts.documents.content import Part
from makegood.platform.agreement.contracts.documents.papers import documents_of, paper
from makegood.platform.agreement.contracts.documents.pdf import Letterhead, pdf
from makegood.platform.agreement.contracts.library.form import Group, groups_of
from makegood.platform.agreement.contracts.library.templates import begun, template
from makegood.platform.agreement.contracts.models import Version
from makegood.platform.tenancy.viewer import Role
from tests.platform.agreements import TEXT, drafted
from tests.platform.people import NOW, house, organisation, person

PAPER = Letterhead("Northwind IT", "#0b5cad")


def desk_of(name: str = "service-desk-four-priorities") -> Version:
    organisation("acme", "Acme AG")
    start = template(name)
    assert start is not None
    text = begun(start, {"agreement": "desk", "provider": "northwind-it", "customer": "acme"})
    return latest(text)


def latest(text: str) -> Version:
    contract = drafted(text)
    return contract.versions.select_related("contract__provider", "contract__customer").get()


def parts(version: Version, kind: str) -> dict[str, Part]:
    found = paper(version, kind)
    assert found is not None
    return {each.title: each for each in found.parts}


def fields(text: str) -> dict[str, tuple[str, str]]:
    groups: tuple[Group, ...] = groups_of(text)
    return {
        each.path: (each.label, each.value)
        for group in groups
        if group.title == "Service desk"
        for each in group.fields
    }


@pytest.mark.django_db
class TestTheServiceLevelsOfADesk:
    def test_have_the_matrix_the_updates_and_the_ladder_as_tables(self) -> None:
        found = parts(desk_of(), "levels")
        assert found["Priorities of cases"].table[1] == ("high", "critical", "high", "normal")
        assert found["Updates on open cases"].table[1:] == (
            ("critical", "30 minutes"),
            ("high", "2 hours"),
            ("normal", "1 business day"),
            ("low", "2 business days"),
        )
        assert found["Escalation of cases"].table[2] == ("75 %", "service manager of the provider")
        assert (
            found["Closing and cover of cases"].paragraphs[1].startswith("The fee does not cover these kinds of case")
        )
        assert found["Hours that the fee includes"].paragraphs[0].startswith("Each period includes 1 hour of support.")

    @pytest.mark.parametrize("name", ["service-desk-four-priorities", "service-desk-three-levels"])
    def test_are_printed(self, name: str) -> None:
        version = desk_of(name)
        for kind, _title in documents_of(version):
            found = paper(version, kind)
            assert found is not None
            assert pdf(found, PAPER, NOW).startswith(b"%PDF-")


@pytest.mark.django_db
class TestTheStatementOfWorkOfADesk:
    def test_says_what_the_fee_includes_and_what_is_charged(self) -> None:
        assert parts(desk_of(), "work")["Costs"].table[3:] == (
            ("Support that the fee includes", "1 hour in each period"),
            ("Flex time that the fee includes", "1 hour in each period, saved up to 160 hours"),
            ("Cases of kind project", "charged, when the customer permits it"),
            ("Cases of kind relocation", "charged, when the customer permits it"),
        )

    def test_may_include_nothing(self) -> None:
        assert len(parts(latest(TEXT + "hours: {}\ndesk: {}\n"), "work")["Costs"].table) == 3


class TestTheFormOfADesk:
    def test_has_its_updates_and_hours(self) -> None:
        start = template("service-desk-four-priorities")
        assert start is not None
        assert fields(start.text) == {
            "desk.updates.critical": ("update on cases of priority critical every", "30m"),
            "desk.updates.high": ("update on cases of priority high every", "2h"),
            "desk.updates.normal": ("update on cases of priority normal every", "1 business day"),
            "desk.updates.low": ("update on cases of priority low every", "2 business days"),
            "desk.updates_on": ("calendar of updates", "office"),
            "desk.confirmed_after": ("a resolved case is closed after", "5 business days"),
            "hours.support.each_period": ("support in each period", "1h"),
            "hours.flex.each_period": ("flex time in each period", "1h"),
            "hours.flex.cap": ("flex time saved up at most", "160h"),
        }

    def test_is_none_without_a_desk(self) -> None:
        assert fields(TEXT) == {}

    @pytest.mark.django_db
    def test_changes_the_text(self) -> None:
        version = desk_of()
        client = Client()
        client.force_login(person("Sam", house(), Role.SERVICE_MANAGER))
        address = f"/console/agreements/desk/versions/{version.pk}/edit/"
        assert 'name="set-desk.updates.critical" value="30m"' in client.get(address).content.decode()
        sent = {
            "text": version.text,
            "action": "save",
            "was-desk.updates.critical": "30m",
            "set-desk.updates.critical": "15m",
            "was-hours.flex.cap": "160h",
            "set-hours.flex.cap": "80h",
        }
        assert client.post(address, sent).status_code == 302
        version.refresh_from_db()
        assert "updates: {critical: 15m, high: 2h" in version.text
        assert "cap: 80h}" in version.text
