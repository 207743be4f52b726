"""The made-up world of the demonstration, to the cent; and the demonstration as somebody starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo import year
from makegood.platform.demo.people import EVERYBODY, OWNER, PASSWORD, SPONSOR, viewer
from makegood.platform.demo.seeding import seed_world
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.money.settlement.models import Statement
from makegood.platform.review.governance.queries import actions, expiring, impacts, scope_changes
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role, Viewer

NOW = datetime(2013, 12, 17, 9, 30, tzinfo=UTC)
# March: Hosting GmbH's outage. June: refused orders, less half of March, which was earned back. September: the dispute
# about August. November: the late tickets of October, less half of August.
ACME = {"2013-03": 57_600, "2013-06": 28_800, "2013-09": 24_000, "2013-11": 36_000}
HOSTING = {"2013-03": 45_000}


class TestTheYear:
    def test_is_the_same_each_time(self) -> None:
        assert year.orders(3) == year.orders(3)
        assert year.tickets(10, NOW) == year.tickets(10, NOW)
        assert year.monitoring(12, NOW) == year.monitoring(12, NOW)

    def test_ends_now(self) -> None:
        told = [json.loads(line) for line in (*year.monitoring(12, NOW), *year.orders(12, NOW), *year.tickets(12, NOW))]
        moments = [each[name] for each in told for name in ("start", "end", "at", "seen_until") if name in each]
        assert max(moments) == "2013-12-17T09:30:00Z"


@pytest.mark.django_db(transaction=True)
class TestTheWorld:
    def test_has_lived_through_its_year(self) -> None:
        erp = seed_world(NOW, lambda _text: None)
        stated = {each.period.label: each.total for each in Statement.objects.filter(contract=erp)}
        assert list(stated) == [f"2013-{month:02}" for month in range(1, 12)]
        assert {label: total for label, total in stated.items() if total} == ACME
        owed = Statement.objects.filter(contract__slug="hosting-erp").exclude(total=0)
        assert {each.period.label: each.total for each in owed} == HOSTING

        ada = viewer(SPONSOR)
        open_month = [each for each in latest_verdicts(viewer=ada, contract=erp) if each.period.label == "2013-12"]
        assert {each.outcome: (each.ruling, each.stage) for each in open_month} == dict.fromkeys(
            ("orders", "availability", "p1-resolution"), ("MET", "PROVISIONAL")
        )
        assert sorted(each.state for each in disputes(viewer=ada, contract=erp)) == ["ACCEPTED", "OPEN"]
        assert sorted(each.state for each in exclusions(viewer=ada, contract=erp)) == ["APPROVED", "PROPOSED"]
        self.was_governed(erp, ada)
        assert {each.role for each in EVERYBODY} == set(Role)
        assert {each.email for each in EVERYBODY} == set(Person.objects.values_list("email", flat=True))
        assert all(each.check_password(PASSWORD) for each in Person.objects.all())

    @staticmethod
    def was_governed(erp: Contract, ada: Viewer) -> None:
        said = [(each.outcome, each.people, each.confirms_id is not None) for each in impacts(viewer=ada, contract=erp)]
        assert said == [("p1-resolution", 25, False), ("availability", 140, True)]
        agreed = [(each.owner, each.done_at is None) for each in actions(viewer=ada, contract=erp)]
        assert agreed == [("Sam Silva", True), ("Max Meyer", True), ("Eli Engel", False)]
        assert [each.title for each in expiring(viewer=viewer(OWNER), now=NOW)] == [
            "Night shift: ERP database (Managed ERP for Acme)",
            "Cyber and liability (Northwind IT)",
        ]
        assert sorted(each.state for each in scope_changes(viewer=ada, contract=erp)) == ["APPROVED", "PROPOSED"]


class TestTheDemonstration:
    def test_answers_its_first_page_and_leaves(self) -> None:
        with tempfile.TemporaryDirectory(prefix="makegood-") as folder:
            Path(folder).chmod(0o755)  # the database server of root is another user
            answer = _demo(Path(folder) / "house")
            assert not (Path(folder) / "house" / "postgres" / "postmaster.pid").exists()
        assert answer.returncode == 0, answer.stderr
        assert "ada@acme.example" in answer.stdout
        assert "today is Tuesday 17 December 2013" in answer.stdout
        assert "first page after" in answer.stdout

    def test_leaves_other_files_alone(self, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("dear")
        answer = _demo(tmp_path)
        assert (answer.returncode, "holds files that no demonstration made" in answer.stderr) == (3, True)
        assert [each.name for each in tmp_path.iterdir()] == ["letter"]


def _demo(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "makegood.platform", "demo", "--no-browser", "--to", str(folder)],
        env=os.environ | {"PYTHONWARNINGS": "ignore"}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
