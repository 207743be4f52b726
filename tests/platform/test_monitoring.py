"""What the house tells those who look after it: health, figures and a log, none of it about people."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, connection, transaction
from django.test import Client

from makegood.platform.logs import configuration
from makegood.platform.tenancy.access.models import Person, Role
from tests.platform.people import NOW, PASSWORD, house, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is written to the log."""
    written = io.StringIO()
    logging.config.dictConfig(configuration("INFO"))
    handler = logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    logging.config.dictConfig(configured.LOGGING)


def figures(client: Client, **more: Any) -> str:
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def worker_says_something(*, seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')",
            [seconds_ago],
        )


class TestHealth:
    def test_says_that_database_and_worker_are_there(self, client: Client) -> None:
        worker_says_something(seconds_ago=5)
        answer = client.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "worker": "ok"})

    @pytest.mark.parametrize("seconds_ago", [None, 61])
    def test_says_that_a_worker_is_missing(self, client: Client, seconds_ago: int | None) -> None:
        if seconds_ago is not None:
            worker_says_something(seconds_ago=seconds_ago)
        assert client.get("/health").json() == {"status": "ok", "database": "ok", "worker": "missing"}

    def test_answers_machines_that_ask_by_address(self, client: Client, settings: Any) -> None:
        settings.HOST, settings.ALLOWED_HOSTS = "makegood.example.com", ["makegood.example.com"]
        assert client.get("/health", headers={"host": "127.0.0.1:8000"}).status_code == 200
        refused = client.get("/account/login/", headers={"host": "127.0.0.1:8000"})
        assert refused.status_code == 400


class TestMetrics:
    def test_count_requests_by_door_and_status_and_never_by_path(self, client: Client) -> None:
        house()
        client.get("/console/")
        client.get("/nothing/for/ada@acme.example")
        text = figures(client)
        assert 'makegood_requests_total{door="console:home",method="GET",status="302"}' in text
        assert 'makegood_requests_total{door="none",method="GET",status="404"}' in text
        assert "ada" not in text

    def test_tell_of_jobs_and_worker(self, client: Client) -> None:
        worker_says_something(seconds_ago=5)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', 'judge', 'todo'), ('default', 'judge', 'todo'), ('default', 'send', 'doing')"
            )
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'send'")
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - interval '7 seconds' WHERE type = 'succeeded';"
                "INSERT INTO procrastinate_events (job_id, type, at)"
                " SELECT id, 'started', now() - interval '9 seconds' FROM procrastinate_jobs WHERE task_name = 'send'"
            )
        text = figures(client)
        assert 'makegood_jobs{state="todo",task="judge"} 2.0' in text
        assert 'makegood_job_seconds{task="send"} 2.0' in text
        assert 'makegood_job_done_seconds_ago{task="send"} 7.0' in text
        assert "makegood_worker_silent_seconds 5.0" in text

    @pytest.mark.parametrize(
        ("_case", "headers", "address"),
        [
            ("from another machine", {}, "192.0.2.7"),
            ("through the proxy on this machine", {"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1"),
            ("from nowhere", {}, ""),
        ],
    )
    def test_are_not_for_others(self, client: Client, _case: str, headers: dict[str, str], address: str) -> None:
        house()
        assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == 404

    def test_are_for_whoever_brings_the_key(self, client: Client, settings: Any) -> None:
        house()
        settings.METRICS_KEY = "a-long-key"
        assert "makegood_jobs" in figures(
            client, headers={"Authorization": "Bearer a-long-key"}, REMOTE_ADDR="192.0.2.7"
        )
        assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404


class TestTheLog:
    def test_has_a_line_for_each_request_that_tells_of_nobody(self, client: Client, lines: io.StringIO) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        client.post("/account/login/", {"login": ada.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
        client.get("/portal/?q=ada")
        answer = client.get("/portal/people/secret-of-a-link/", headers={"X-Request-ID": "proxy-number-7"})
        found = [json.loads(line) for line in lines.getvalue().splitlines()]
        assert [(each["door"], each["method"], each["status"]) for each in found] == [
            ("account_login", "POST", 302),
            ("portal:home", "GET", 200),
            ("none", "GET", 404),
        ]
        assert found[-1]["request_id"] == answer.headers["X-Request-ID"] == "proxy-number-7"
        assert re.search(r"(?i)ada|acme|@|192\.0\.2|secret", lines.getvalue()) is None

    def test_tells_an_error_without_the_values_of_rows(self, lines: io.StringIO) -> None:
        person("Ada", organisation("acme"))
        try:
            with transaction.atomic():
                Person.objects.create(email="ada@acme.example", name="Ada", created_at=NOW)
        except IntegrityError:
            logging.getLogger("makegood.tasks").exception("not sent to ada@acme.example")
        (line,) = lines.getvalue().splitlines()
        assert json.loads(line)["event"] == "not sent to [e-mail]"
        assert "Key (email)=([values])" in json.loads(line)["exception"]
        assert "ada@" not in line

    def test_does_not_show_the_path_of_a_page_that_failed(self, lines: io.StringIO) -> None:
        asked = {"status_code": 500, "request": "GET /portal/invitation/secret"}
        logging.getLogger("django.request").error("Internal Server Error: %s", "/portal/invitation/secret", extra=asked)
        (line,) = lines.getvalue().splitlines()
        assert (json.loads(line)["event"], "secret" in line) == ("a page failed", False)

    def test_ignores_numbers_that_are_none(self, client: Client) -> None:
        house()
        answer = client.get("/health", headers={"X-Request-ID": "a number\x0bwith more"})
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
