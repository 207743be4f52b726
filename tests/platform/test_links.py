"""Everybody follows every link that they are shown; none of them ends before a closed door."""

from __future__ import annotations

import re
from collections import deque
from html import unescape

import pytest
from django.test import Client

from makegood.platform.tenancy.viewer import Role, Site
from tests.platform.doors import closed
from tests.platform.people import NOW, days_to, house, organisation, person
from tests.platform.world import world

LINK = re.compile(r'<a [^>]*?href="([^"#]*)[^"]*"')
HOMES = {Site.CONSOLE: "northwind-it", Site.PORTAL: "acme", Site.PARTNER: "hosting-gmbh"}
SITE_OF = {Role.SPONSOR: Site.PORTAL, Role.MANAGER: Site.PORTAL, Role.USER: Site.PORTAL, Role.AFFILIATE: Site.PARTNER}
MOST = 800
"""So many pages are enough of a world as small as this; more would be an endless calendar."""


@pytest.mark.django_db
class TestEverybody:
    @pytest.mark.parametrize("role", list(Role))
    def test_finds_every_link_that_is_shown_open(self, role: Role, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        world()
        site = SITE_OF.get(role, Site.CONSOLE)
        client = Client()
        slug = HOMES[site]
        client.force_login(person(f"Follower {role}", house() if site is Site.CONSOLE else organisation(slug), role))
        waiting, seen, wrong = deque([f"/{site.value}/"]), {f"/{site.value}/"}, []
        while waiting and len(seen) < MOST:
            here = waiting.popleft()
            answer = client.get(here)
            if answer.status_code not in {200, 302}:
                wrong.append((here, answer.status_code))
            for link in links(answer):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
            closed(answer)
        assert wrong == []
        assert 10 < len(seen) < MOST


def links(answer: object) -> list[str]:
    """Return where a page leads inside the house; a file leads nowhere."""
    if "text/html" not in answer.headers.get("Content-Type", ""):  # type: ignore[attr-defined]
        return []
    found = [unescape(each) for each in LINK.findall(answer.content.decode())]  # type: ignore[attr-defined]
    base = str(answer.wsgi_request.path)  # type: ignore[attr-defined]
    inside = [base + each if each.startswith("?") else each for each in found]
    return [each for each in inside if each.startswith("/") and not each.startswith("/account/")]
