"""A real PostgreSQL for every test of the house: one server a worker, one empty database, rolled back after each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from makegood.platform.postgres import postgres_server


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Let tests use a server that lives as long as they do."""
    with postgres_server() as address:
        kept = connections["default"].settings_dict
        kept.update(dj_database_url.parse(address))
        kept["OPTIONS"]["options"] = "-c jit=off -c lock_timeout=60s"  # who waits for a session that was left says so
        yield
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Send away who is still there when the database goes: a browser may be asking as the last test ends."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: object) -> Path:
    """Give each test a data folder of its own."""
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    settings.DATA, settings.VAULTS = tmp_path / "data", tmp_path / "data" / "vaults"  # type: ignore[attr-defined]
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away what a test left to be done; the tables of the queue are not emptied with those of Django."""
    marked = request.node.get_closest_marker("django_db")
    if marked is None or not marked.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; without one these tests are skipped, and ``./run test --with-clients`` installs it."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no Chromium here; ./run test --with-clients installs it")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the driver keeps a loop of its own in this thread
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def pages(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open pages of browsers that have never been here; they complain of every error on their consoles."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(*, scripts: bool = True) -> Page:
        address = live_server.url.replace("127.0.0.1", "localhost")
        context = chromium.new_context(base_url=address, java_script_enabled=scripts, accept_downloads=True)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda each: troubles.append(each.text) if each.type == "error" else None)
        page.on("pageerror", lambda each: troubles.append(str(each)))
        return page

    yield opened
    for each in contexts:
        each.close()
    assert [each for each in troubles if "the server responded with a status of 4" not in each] == []


@pytest.fixture
def page(pages: Callable[..., Page]) -> Page:
    """A page of one such browser."""
    return pages()
