"""Signing in through the browser."""

from __future__ import annotations

from playwright.sync_api import Page

from makegood.platform.tenancy.access.models import Person
from tests.platform.people import PASSWORD


def sign_in(page: Page, person: Person) -> None:
    """Sign in with e-mail and password."""
    page.goto("/account/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action*=login] button[type=submit]")
    page.wait_for_url(lambda address: "/account/login" not in address)
