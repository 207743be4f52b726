from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from playwright.sync_api import Page

from makegood.platform.tenancy.access.models import Person, Role
from tests.platform.people import house, organisation, person


class Provider(ThreadingHTTPServer):
    """An OpenID Connect provider where somebody is signed in already."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.claims: dict[str, Any] = {}
        self.address = f"http://localhost:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            query = parse_qs(asked.query)
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri'][0]}?code=c&state={query['state'][0]}")
            self.end_headers()
        elif asked.path == "/userinfo":
            self._say(self.server.claims)
        else:
            here = self.server.address
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            self._say({"issuer": here, "jwks_uri": f"{here}/jwks"} | {k: f"{here}/{v}" for k, v in names.items()})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        claims = {**self.server.claims, "iss": self.server.address, "aud": "makegood", "exp": 4_000_000_000, "iat": 0}
        token = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "k"})
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _say(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the installation names in MAKEGOOD_OIDC, and that may be connected to."""
    for way in ("connect", "connect_ex"):
        monkeypatch.delattr(socket.socket, way)
    server = Provider()
    Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "ours", "name": "Northwind's directory", "client_id": "makegood", "secret": "s"}
    app |= {"settings": {"server_url": server.address}}  # type: ignore[dict-item]
    settings.OIDC = [app]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    policy = settings.CONTENT_SECURITY_POLICY
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**policy["DIRECTIVES"], "form-action": ["'self'", server.address]}
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
class TestSigningInElsewhere:
    def sign_in(self, page: Page) -> None:
        page.goto("/account/login/")
        with page.expect_navigation():
            page.click("text=Sign in with Northwind's directory")

    def test_lets_somebody_in_whose_address_the_provider_has_verified(self, page: Page, provider: Provider) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        provider.claims = {"sub": "1", "email": ada.email, "email_verified": True}
        self.sign_in(page)
        page.wait_for_url("**/portal/")

    @pytest.mark.parametrize(
        ("_case", "email", "verified"),
        [("a stranger", "eve@x.example", True), ("an address that nobody verified", "ada@acme.example", False)],
    )
    def test_lets_nobody_else_in(
        self, page: Page, provider: Provider, _case: str, email: str, *, verified: bool
    ) -> None:
        house()
        person("Ada", organisation("acme"), Role.SPONSOR)
        provider.claims = {"sub": "2", "email": email, "email_verified": verified}
        self.sign_in(page)
        page.goto("/portal/")
        assert "/account/login/" in page.url
        assert Person.objects.count() == 1
