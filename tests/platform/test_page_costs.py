"""How many queries a page takes is kept in a file, so that nobody makes a page dearer without saying so."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.doors import addresses
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.world import world

COSTS = Path(__file__).parent / "page_costs.json"
"""Made anew by MAKEGOOD_COSTS=keep."""


def somebody(site: Site) -> Person:
    match site:
        case Site.CONSOLE:
            return person("Counting Owner", house(), Role.OWNER)
        case Site.PORTAL:
            return person("Counting Sponsor", organisation("acme"), Role.SPONSOR)
        case Site.PARTNER:
            return person("Counting Affiliate", organisation("hosting-gmbh"), Role.AFFILIATE)


@pytest.mark.django_db
class TestEveryPage:
    def test_takes_as_many_queries_as_it_did(self, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        sold, bought = world()
        found = {}
        for site in Site:
            client = Client()
            client.force_login(somebody(site))
            there = bought if site is Site.PARTNER else sold
            for address in addresses():
                if address.door is None or address.door.site is not site or "bundle" in address.route:
                    continue
                url = address.filled(there.of(address.route))
                client.get(url)  # what is kept in memory from now on is not counted
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    status = client.get(url).status_code
                if status == 200:
                    found[address.route] = len(queries)
        if os.environ.get("MAKEGOOD_COSTS") == "keep":
            COSTS.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", "utf-8")
        assert found == json.loads(COSTS.read_text("utf-8"))
