"""The words that run the house, as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from makegood.platform.secret_key import kept_keys, make_key, rotate_key
from tests.platform.processes import Machine, asked, free_port, machine

OWNER = (
    "admin", "create-owner", "--email", "Olga@Northwind.example", "--name", "Olga", "--password", "correct horse battery",
    "--organisation", "Northwind IT", "--identifier", "northwind-it",
)  # fmt: skip
STALLED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
    VALUES ('builtin', 'builtin:procrastinate.builtin_tasks.remove_old_jobs', '{"max_hours": 72}', 'doing', NULL)
"""


@pytest.mark.django_db
class TestTheHouse:
    def test_is_made_served_and_stopped_on_a_new_machine(self, tmp_path: Path) -> None:
        with machine(tmp_path / "data") as new:
            early = new.run("serve")
            assert early.returncode == 3
            assert early.stderr.startswith("makegood: the database is not the one of this version:")
            assert "makegood admin upgrade" in early.stderr

            assert new.run("admin", "upgrade").stdout.endswith(" migrations made.\n")
            assert new.run("admin", "upgrade").stdout == "The database is the one of this version.\n"
            assert new.run(*OWNER).stdout == "Olga can sign in as olga@northwind.example.\n"
            again = new.run(*OWNER)
            assert (again.returncode, "address already" in again.stderr) == (3, True)
            self.serves(new)
            self.works(new)
            self.moves(new, tmp_path)

    def serves(self, new: Machine) -> None:
        port = free_port()
        with new.running("serve", "--port", str(port)) as server:
            health = asked(f"http://localhost:{port}/health")
            assert health == '200 {"status": "ok", "database": "ok", "worker": "missing"}'
            assert asked(f"http://localhost:{port}/account/login/").startswith("200 ")
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0

    def works(self, new: Machine) -> None:
        new.execute(STALLED)
        with new.running("worker") as worker:
            until = time.monotonic() + 30
            while new.execute("SELECT 1 FROM procrastinate_jobs WHERE status <> 'succeeded'"):
                assert time.monotonic() < until, "a job that a dead worker held was not done"
                time.sleep(0.2)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        assert new.execute("SELECT count(*) FROM procrastinate_workers") == [(0,)]

    def moves(self, old: Machine, folder: Path) -> None:
        backup, people = str(folder / "backup.tar"), "SELECT email, password FROM access_person"
        assert old.run("admin", "backup", backup).returncode == 0
        with machine(folder / "other") as new:
            answer = new.run("admin", "restore", backup)
            assert answer.stdout.endswith("each the same as it was.\n"), answer.stderr
            assert new.execute(people) == old.execute(people)
            assert (folder / "other" / "secret-key").read_text() == (folder / "data" / "secret-key").read_text()
            again = new.run("admin", "restore", backup)
            assert (again.returncode, "this installation is not empty" in again.stderr) == (3, True)

    def test_says_that_there_is_no_database(self, tmp_path: Path) -> None:
        nowhere = Machine({"DATABASE_URL": "postgresql://nobody@localhost:1/none", "MAKEGOOD_DATA": str(tmp_path)})
        answer = nowhere.run("worker")
        assert answer.returncode == 3
        assert answer.stderr.startswith("makegood: the database does not answer: ")
        assert "Traceback" not in answer.stderr

    def test_is_checked(self, tmp_path: Path) -> None:
        broken = tmp_path / "vaults" / "1"
        broken.mkdir(parents=True)
        with machine(tmp_path) as new:
            answer = new.run("admin", "check")
        assert answer.returncode == 1
        found = [line.split(maxsplit=2)[:2] for line in answer.stdout.splitlines() if not line.startswith(" ")]
        assert found == [
            ["ok", "secret"], ["note", "address"], ["ok", "database"], ["FAILED", "migrations"], ["FAILED", "vault"],
            ["note", "mail"],
        ]  # fmt: skip


class TestTheConsoleScript:
    def test_hands_its_words_over_with_their_options(self) -> None:
        answer = subprocess.run(
            [sys.executable, "-c", "from makegood.cli.main import main; main()", "serve", "--help"],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert answer.stdout.startswith("Usage: makegood serve [OPTIONS]")
        assert "--embedded" in answer.stdout

    def test_says_what_is_not_installed(self) -> None:
        without = "import sys; sys.modules['granian'] = None; from makegood.cli.main import main; main()"
        answer = subprocess.run(
            [sys.executable, "-c", without, "worker"], capture_output=True, text=True, timeout=60, check=False
        )
        assert answer.returncode == 3
        assert answer.stderr == (
            "makegood: the package granian is not installed, which the house needs.\n"
            "Install it with pip install 'makegood[platform,vault,report]'.\n"
        )


class TestTheSecretKey:
    def test_is_made_once_and_read_by_nobody_else(self, tmp_path: Path) -> None:
        assert kept_keys(tmp_path / "data") == []
        make_key(tmp_path / "data")
        made = kept_keys(tmp_path / "data")
        make_key(tmp_path / "data")
        assert (len(made), kept_keys(tmp_path / "data")) == (1, made)
        assert len(made[0]) == 64
        assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
        assert os.listdir(tmp_path / "data") == ["secret-key"]  # noqa: PTH208

    def test_is_changed_while_earlier_ones_are_believed(self, tmp_path: Path) -> None:
        make_key(tmp_path)
        (first,) = kept_keys(tmp_path)
        assert rotate_key(tmp_path) == 1
        second, *earlier = kept_keys(tmp_path)
        assert (earlier, second == first) == ([first], False)
        assert rotate_key(tmp_path, forget=True) == 0
        assert len(kept_keys(tmp_path)) == 1
        assert not {first, second} & set(kept_keys(tmp_path))
