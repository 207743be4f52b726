from __future__ import annotations

import pytest
from playwright.sync_api import Page

from makegood.platform.tenancy.access.models import Role
from tests.platform.people import house, organisation, person
from tests.platform.signing_in import sign_in


@pytest.mark.django_db(transaction=True)
class TestASponsor:
    def test_signs_in_and_sees_the_portal(self, page: Page) -> None:
        house()
        sponsor = person("Ada", organisation("acme"), Role.SPONSOR)
        sign_in(page, sponsor)
        assert page.url.endswith("/portal/")
        assert page.inner_text("h1") == "This month's outcomes"
