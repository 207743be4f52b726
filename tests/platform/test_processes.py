from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.intake.queries import open_vault
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations import close_due
from makegood.vault.book import Book
from tests.platform.agreements import owner
from tests.platform.evidence import acted, engineer, missed, rows
from tests.platform.people import NOW

START = """
import os, signal
import django
django.setup()
from datetime import datetime
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.money.settlement.models import Statement
from makegood.platform.money.settlement.operations import close_due
"""


def process(*arguments: str) -> subprocess.Popen[bytes]:
    """Return a process of its own on the same database and data folder, that lives on the day of the tests."""
    said = connection.get_connection_params()
    days = (NOW.date() - datetime.now(UTC).date()).days
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{said['user']}@/{said['dbname']}?host={said['host']}&port={said.get('port', 5432)}",
        "MAKEGOOD_DATA": str(settings.DATA),
        "MAKEGOOD_DAYS_SHIFTED": str(days),
        "DJANGO_SETTINGS_MODULE": "makegood.platform.settings",
    }
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def script(contract: Contract, text: str) -> subprocess.Popen[bytes]:
    known = f"contract, now = Contract.objects.get(pk={contract.pk}), datetime.fromisoformat('{NOW.isoformat()}')\n"
    return process("-c", START + known + text)


CLOSE = "print(len(close_due(contract=contract, by=None, now=now)))"


@pytest.fixture
def shared(transactional_db: None) -> Contract:
    """The same contract, where other processes see it."""
    return missed()


class TestProcesses:
    def test_that_die_after_the_book_was_written_leave_it_to_the_next(self, shared: Contract) -> None:
        acted(shared)
        dies = "Statement.objects.create = lambda **_: os.kill(os.getpid(), signal.SIGKILL)\n"
        with script(shared, dies + CLOSE) as dying:
            assert dying.wait(120) == -signal.SIGKILL
        vault = open_vault(contract=shared)
        assert vault is not None
        assert len(Book.open(vault, "acme-shop").runs) == 2
        assert rows(shared) == (0, 0, 0, [])
        assert len(close_due(contract=shared, by=owner(), now=NOW + timedelta(hours=1))) == 2
        assert rows(shared) == (2, 1, 2, ["2026-01", "2026-02"])
        assert {each.issued_at for each in Statement.objects.all()} == {NOW}
        assert len(Book.open(vault, "acme-shop").runs) == 2

    def test_that_close_at_once_make_one_statement(self, shared: Contract) -> None:
        acted(shared)
        both = [script(shared, CLOSE) for _ in range(2)]
        said = sorted(int(each.communicate(timeout=120)[0]) for each in both)
        assert said == [0, 2]
        assert rows(shared) == (2, 1, 2, ["2026-01", "2026-02"])

    def test_that_send_the_same_at_once_bring_it_in_once(self, shared: Contract) -> None:
        send = (
            "from makegood.platform.evidence.intake.operations import receive_records\n"
            "from tests.platform.evidence import engineer, up\n"
            "print(receive_records(contract=contract, lines=up('2026-03-10T09:00:00Z', '2026-03-10T10:00:00Z'),"
            " key='same', by=engineer(), now=now).pk)"
        )
        engineer()
        many = [script(shared, send) for _ in range(4)]
        assert len({each.communicate(timeout=120)[0] for each in many}) == 1
        vault = open_vault(contract=shared)
        assert vault is not None
        assert vault.head == 2


class TestTheWorker:
    def test_judges_what_arrived_and_looks_for_claims(self, shared: Contract) -> None:
        acted(shared)
        close_due(contract=shared, by=owner(), now=NOW)
        with process("-m", "django", "procrastinate", "worker", "--one-shot") as worker:
            assert worker.wait(120) == 0
        done = ProcrastinateJob.objects.filter(status="succeeded").values_list("task_name", flat=True)
        assert set(done) >= {"evidence arrived", "statements issued"}
        assert [each.period.label for each in Verdict.objects.filter(stage="PROVISIONAL")] == ["2026-03"]
