from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import ROLES_OF, Role, Site
from tests.platform.doors import addresses
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.signing_in import sign_in
from tests.platform.world import world

FILES = ("pdf", "bundle", "export", "hours/<", ".csv", "<slug:ending>", ".json", ".svg", ".ics", "sign/", "files/")
"""What is no page, or leads elsewhere."""


@pytest.mark.django_db(transaction=True)
class TestEveryPage:
    @pytest.mark.parametrize("site", list(Site))
    def test_has_no_violation_that_axe_finds(self, site: Site, page: Page, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        sold, bought = world()
        there = bought if site is Site.PARTNER else sold
        sign_in(page, self.somebody(site))
        axe, wrong, seen = Axe(), [], 0
        for address in addresses():
            if address.door is None or address.door.site is not site or any(each in address.route for each in FILES):
                continue
            url = address.filled(there.of(address.route))
            if page.request.get(url).status != 200:
                continue
            page.goto(url)
            seen += 1
            found = axe.run(page).response["violations"]
            wrong += [(url, each["id"], each["nodes"][0]["html"][:200]) for each in found]
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
            wrong += [(url, "wider than the window", "")] if wide else []
        assert wrong == []
        assert seen > 10

    @staticmethod
    def somebody(site: Site) -> Person:
        slug = {Site.CONSOLE: "northwind-it", Site.PORTAL: "acme", Site.PARTNER: "hosting-gmbh"}[site]
        role = {Site.CONSOLE: Role.OWNER, Site.PORTAL: Role.SPONSOR, Site.PARTNER: Role.AFFILIATE}[site]
        assert role in ROLES_OF[site]
        about = house() if site is Site.CONSOLE else organisation(slug)
        return person(f"Axe {site}", about, role)
