from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from playwright.sync_api import Page

from makegood.platform.tenancy.access.models import Attempt, Person, Role
from makegood.platform.tenancy.messages.models import Message
from tests.platform.people import PASSWORD, house, organisation, person
from tests.platform.signing_in import sign_in


def sponsor() -> Person:
    house()
    return person("Ada", organisation("acme"), Role.SPONSOR)


@pytest.mark.django_db
class TestTheAccountPages:
    PAGES = (
        ("/account/2fa/", "Two factors and passkeys"),
        ("/account/password/change/", "Change Password"),
        ("/account/email/", "Email Address"),
        ("/account/sessions/", "Sessions"),
    )

    @pytest.mark.parametrize(("address", "title"), PAGES)
    def test_have_one_heading_and_lead_to_one_another(self, client: Client, address: str, title: str) -> None:
        client.force_login(sponsor(), backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get(address).content.decode()
        assert [each.strip() for each in re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)] == [title]
        assert all(f'href="{other}"' in page for other, _ in self.PAGES)
        assert f'href="{address}" aria-current="page"' in page

    @pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/", "/account/signup/"])
    def test_open_to_strangers_have_one_heading(self, client: Client, address: str) -> None:
        house()
        page = client.get(address).content.decode()
        assert page.count("<h1>") == 1
        assert "sign up" not in page.lower().replace("/account/signup/", "")

    def test_close_after_five_wrong_passwords_even_to_the_right_one(self, client: Client) -> None:
        ada = sponsor()
        for _ in range(5):
            client.post("/account/login/", {"login": ada.email, "password": "wrong one, sorry"})
        answer = client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "Too many failed login attempts. Try again later." in answer.content.decode()
        assert client.get("/portal/").status_code == 302
        assert Attempt.objects.filter(cache_key__contains="login_failed").exists(), "every process counts in one place"

    def test_close_to_an_address_that_tries_many_accounts(self, client: Client) -> None:
        house()
        answers = [
            client.post("/account/login/", {"login": f"{each}@x.example", "password": "guess"}).status_code
            for each in range(31)
        ]
        assert answers == [200] * 30 + [429]
        assert client.get("/account/login/").status_code == 200

    def test_mail_a_link_for_a_forgotten_password_that_works_once(self, client: Client) -> None:
        ada = sponsor()
        client.post("/account/password/reset/", {"email": ada.email})
        mail = Message.objects.get()
        assert (mail.to, mail.secret, mail.kind) == (ada.email, True, "password reset key")
        link = re.search(r"http://testserver(/\S+)", mail.text)
        assert link is not None
        form = client.get(link[1], follow=True)
        new = "a different long one"
        asked = form.redirect_chain[-1][0]
        client.post(asked, {"password1": new, "password2": new})
        ada.refresh_from_db()
        assert ada.check_password(new)
        again = Client().get(link[1], follow=True).content.decode()
        assert 'name="password1"' not in again

    def test_tell_nobody_who_has_an_account(self, client: Client) -> None:
        ada = sponsor()
        known = client.post("/account/password/reset/", {"email": ada.email})
        unknown = client.post("/account/password/reset/", {"email": "nobody@x.example"})
        assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
        assert Message.objects.filter(to=ada.email).count() == 1
        assert "password reset" not in {each.kind for each in Message.objects.filter(to="nobody@x.example")}


@pytest.mark.django_db(transaction=True)
class TestAPasskey:
    def test_is_added_and_signs_in_without_a_password(self, page: Page) -> None:
        ada = sponsor()
        browser = page.context.new_cdp_session(page)
        browser.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        sign_in(page, ada)
        page.goto("/account/2fa/webauthn/add/")
        page.fill("main input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("input[name=name]", "Laptop")
        page.check("input[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/account/2fa/recovery-codes/")
        assert len(page.input_value("#recovery_codes").split()) == 10
        with page.expect_navigation():
            page.click("text=Sign out")
        page.goto("/account/login/")
        page.click("#passkey_login")
        page.wait_for_url("**/portal/")
        assert page.inner_text(".mg-top-end a >> nth=0").strip() == "Ada"


@pytest.mark.django_db
class TestAnAuthenticatorApp:
    def test_is_asked_for_after_the_password(self, client: Client) -> None:
        ada = sponsor()
        known = {"login": ada.email, "password": PASSWORD}
        client.post("/account/login/", known)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
        secret = page.context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
        assert "Your account" in client.get("/account/2fa/recovery-codes/").content.decode()
        [recovery, *_others] = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
        elsewhere = Client()
        assert elsewhere.post("/account/login/", known).headers["location"].startswith("/account/2fa/authenticate/")
        assert elsewhere.get("/portal/").status_code == 302
        assert elsewhere.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert elsewhere.get("/portal/").status_code == 302
        assert elsewhere.post("/account/2fa/authenticate/", {"code": recovery}).status_code == 302
        assert elsewhere.get("/portal/").status_code == 200


@pytest.mark.django_db(transaction=True)
class TestSessions:
    def test_are_listed_and_the_others_ended(self, page: Page) -> None:
        ada = sponsor()
        elsewhere = Client()
        elsewhere.post("/account/login/", {"login": ada.email, "password": PASSWORD})
        assert elsewhere.get("/portal/").status_code == 200
        sign_in(page, ada)
        page.goto("/account/sessions/")
        assert page.locator("tbody tr").count() == 2
        with page.expect_navigation():
            page.click("text=End the other sessions")
        assert elsewhere.get("/portal/").status_code == 302
        page.goto("/account/sessions/")
        assert page.locator("tbody tr").count() == 1
