from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.tenancy.access.models import Role
from tests.platform.people import PASSWORD, house, organisation, person

pytestmark = pytest.mark.django_db


class TestSigningIn:
    def test_leads_to_the_site_of_the_role(self, client: Client) -> None:
        house()
        sponsor = person("Ada", organisation("acme"), Role.SPONSOR)
        answer = client.post("/account/login/", {"login": sponsor.email, "password": PASSWORD})
        assert answer.status_code == 302
        assert client.get("/").headers["location"] == "/portal/"
        assert client.get("/portal/").status_code == 200
        assert client.get("/console/").status_code == 404
        assert client.get("/partner/").status_code == 404

    def test_is_what_strangers_are_asked_to_do(self, client: Client) -> None:
        house()
        assert client.get("/").headers["location"] == "/account/login/"
        assert client.get("/portal/").headers["location"] == "/account/login/?next=/portal/"
        assert client.get("/account/login/").status_code == 200
        assert client.get("/account/signup/").status_code == 200
