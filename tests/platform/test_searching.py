"""The search of all sites: what has the words that were asked for, as far as it exists for whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from makegood.platform.evidence.changes.models import Change
from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.operations import keep_article
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.parts.searching import SORTS, found_by
from tests.platform.agreements import service_manager
from tests.platform.changing import requested
from tests.platform.desk import MONDAY, desk, engineer, opened, user
from tests.platform.people import NOW, days_to, house, organisation, person, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def found_things() -> tuple[Case, Change]:
    """A case, a change, an agreement and two articles, which all have one word."""
    desk()
    for title, public in (("The printer is slow", True), ("The printer is secret", False)):
        keep_article(
            title=title, text="Wait.", language="english", public=public, customer=None, by=engineer(), now=MONDAY
        )
    return opened(title="A printer burns"), requested(title="Another printer")


def _found(who: Any, words: str = "printer") -> dict[str, list[str]]:
    return {name: [str(each) for each in some] for name, some in found_by(viewer=who, words=words).items() if some}


class TestTheSearch:
    def test_finds_cases_changes_and_articles_besides_agreements(self, found_things: tuple[Case, Change]) -> None:
        case, change = found_things
        assert _found(service_manager()) == {
            "cases": [f"#{case.pk} A printer burns"],
            "changes": [f"RFC {change.pk} Another printer"],
            "articles": ["The printer is secret", "The printer is slow"],
        }
        assert _found(service_manager(), "desk ACME") == {"agreements": ["The service desk of Acme"]}
        assert _found(service_manager(), "Acme") == {
            "agreements": ["The service desk of Acme"],
            "organisations": ["Acme"],
        }

    def test_finds_a_number(self, found_things: tuple[Case, Change]) -> None:
        case, change = found_things
        assert _found(engineer(), f"#{case.pk}")["cases"] == [f"#{case.pk} A printer burns"]
        assert _found(engineer(), f"RFC {change.pk}") == {"changes": [f"RFC {change.pk} Another printer"]}

    def test_finds_what_exists_for_whoever_asks(self, found_things: tuple[Case, Change]) -> None:
        case, _change = found_things
        own = viewer(person("Uwe", organisation("acme"), Role.USER), Site.PORTAL)
        assert _found(own) == {"articles": ["The printer is slow"]}
        manager = viewer(person("Max", organisation("acme"), Role.MANAGER), Site.PORTAL)
        assert set(_found(manager)) == {"cases", "changes", "articles"}
        assert _found(manager)["articles"] == ["The printer is slow"]
        stranger = viewer(person("Zoe", organisation("zenith"), Role.SPONSOR), Site.PORTAL)
        assert _found(stranger) == {"articles": ["The printer is slow"]}
        affiliate = viewer(person("Hans", organisation("hosting-gmbh"), Role.AFFILIATE), Site.PARTNER)
        assert _found(affiliate) == {}
        assert case.customer.slug == "acme"

    def test_finds_nothing_without_words(self) -> None:
        house()
        assert found_by(viewer=user(), words=" ") == {each: [] for each in SORTS}


class TestThePage:
    @pytest.fixture(autouse=True)
    def today(self, settings: Any) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)

    def _page(self, who: Person, address: str) -> str:
        client = Client()
        client.force_login(who)
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_leads_to_what_was_found(self, found_things: tuple[Case, Change]) -> None:
        case, change = found_things
        page = self._page(person("Eva", house(), Role.ENGINEER), "/console/search/?q=printer")
        assert f'<a href="/console/desk/{case.pk}/">' in page
        assert f'<a href="/console/changes/{change.pk}/">' in page
        assert page.count('<a href="/console/knowledge/') == 2
        page = self._page(person("Ada", organisation("acme"), Role.SPONSOR), "/portal/search/?q=printer")
        assert f'<a href="/portal/requests/{case.pk}/">' in page
        assert f'<a href="/portal/changes/{change.pk}/">' in page

    def test_says_when_nothing_was_found(self) -> None:
        page = self._page(person("Eva", house(), Role.ENGINEER), "/console/search/?q=unheard+of")
        assert "Nothing was found." in page
