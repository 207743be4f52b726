"""Every operation of the API, asked for by programs that may not: they see nothing, change nothing, learn nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.api_doors import Asked, key_of, operations, without_a_rate
from tests.platform.evidence import staff
from tests.platform.people import house, organisation, person, viewer
from tests.platform.test_strangers import both, fingerprint
from tests.platform.world import World

__all__ = ["both"]
OF_STAFF = ("/on-call/", "/problems/", "/case-templates/")
HIDDEN = ("/next-text", "/gates", "/lacking", "/overview/actions", "/desk/figures", "/desk/loads")
"""What only a program of the provider finds: things of some kinds, and some lists."""
COUNTS_TRIES = {"access_attempt", "access_client", "access_clientevent"}


def stranger(slug: str, role: Role, site: Site) -> Viewer:
    return viewer(person(f"Another {role.value.title()}", organisation(slug), role), site)


def tables() -> dict[str, str]:
    """Return a digest of every table but those in which programs and their tries are counted."""
    return {name: digest for name, digest in fingerprint().items() if name not in COUNTS_TRIES}


def answer_of(client: Client, asked: Asked, world: World, headers: dict[str, str]) -> tuple[int, bytes]:
    answer = asked.answered(client, world, headers)
    if not answer.streaming:
        return answer.status_code, answer.content.lower()
    return answer.status_code, b"" if b"".join(answer.streaming_content) else b"acme: an empty file"


def named(content: bytes, *names: str) -> bool:
    """Tell whether an answer has one of some names in it."""
    return any(each.encode() in content for each in names)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_rate(monkeypatch)


@pytest.mark.django_db
class TestAProgram:
    def test_without_a_key_is_nobody(self, both: tuple[World, World]) -> None:
        before, client, wrong = tables(), Client(), []
        for headers in ({}, {"authorization": "Bearer mg_1_x"}):
            for asked in operations():
                for world in both:
                    status, content = answer_of(client, asked, world, headers)
                    wrong += [(str(asked), status)] if status != 401 or named(content, "acme", "hosting") else []
        assert wrong == []
        assert tables() == before

    @pytest.mark.parametrize("scope", [Scope.READ_TRAIL, Scope.WRITE_MAILS])
    def test_without_the_scope_is_refused(self, both: tuple[World, World], scope: Scope) -> None:
        client, headers = Client(), key_of(staff(Role.OWNER), house(), scope)
        before, wrong = tables(), []
        for asked in operations():
            if ("/trail" in asked.route) == (scope == Scope.READ_TRAIL) and asked.route.count("/") == 3:
                continue
            for world in both:
                status, content = answer_of(client, asked, world, headers)
                mine = scope == Scope.WRITE_MAILS and asked.route.endswith("/resend") and "/mails/" in asked.route
                if status != (404 if mine else 403) or named(content, "acme", "hosting"):
                    wrong.append((str(asked), status))
        assert wrong == []
        assert tables() == before

    @pytest.mark.parametrize(
        ("slug", "role", "site"),
        [("globex", Role.SPONSOR, Site.PORTAL), ("backup-ag", Role.AFFILIATE, Site.PARTNER)],
    )
    def test_of_others_finds_nothing(self, both: tuple[World, World], slug: str, role: Role, site: Site) -> None:
        client, headers = Client(), key_of(stranger(slug, role, site), organisation(slug))
        before, wrong = tables(), []
        for asked in operations():
            for world in both:
                status, content = answer_of(client, asked, world, headers)
                fits = status == 404 if asked.names_something else status in {200, 404, 422}
                said = content.replace(asked.of(world).encode(), b"")
                learnt = "/texts/" not in asked.route and named(said, "acme", "hosting")
                if not fits or learnt:
                    wrong.append((str(asked), status, learnt))
        assert wrong == []
        assert tables() == before

    def test_that_only_reads_changes_nothing_of_its_own(self, both: tuple[World, World]) -> None:
        reads = [scope for scope in Scope if scope.value.endswith(":read")]
        owner = staff(Role.OWNER)
        client, headers = Client(), key_of(owner, house(), *reads)
        before, wrong = tables(), []
        for asked in operations():
            if asked.method != "GET" and "/texts/" not in asked.route:
                for world in both:
                    status, _ = answer_of(client, asked, world, headers)
                    wrong += [(str(asked), status)] if status != 403 else []
        assert wrong == []
        assert tables() == before

    def test_of_the_provider_reads_everything(self, both: tuple[World, World]) -> None:
        client, headers = Client(), key_of(staff(Role.OWNER), house())
        wrong = []
        for asked in operations():
            if asked.method == "GET":
                for world in both:
                    status, content = answer_of(client, asked, world, headers)
                    wrong += [(str(asked), status, content[:200])] if status != 200 else []
        assert wrong == []

    def test_of_a_customer_reads_its_own_and_nothing_of_affiliates(self, both: tuple[World, World]) -> None:
        by = stranger("acme", Role.SPONSOR, Site.PORTAL)
        client, headers = Client(), key_of(by, organisation("acme"))
        wrong = []
        for asked in operations():
            if asked.method == "GET":
                status, content = answer_of(client, asked, both[0], headers)
                of_staff = any(each in asked.route for each in OF_STAFF) and asked.names_something
                hidden = of_staff or asked.route.endswith(HIDDEN)
                if status != (404 if hidden else 200) or named(content, "hosting-gmbh", "hosting gmbh"):
                    wrong.append((str(asked), status, content[:200]))
                if asked.names_something:
                    status, _ = answer_of(client, asked, both[1], headers)
                    wrong += [(str(asked), status, b"of an affiliate")] if status != 404 else []
        assert wrong == []
