"""Our programs as real processes, on a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

_ASKED = """
import sys, time, urllib.error, urllib.request
until = time.monotonic() + 30
while True:
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
            print(answer.status, answer.read().decode())
        break
    except urllib.error.HTTPError as error:
        print(error.code)
        break
    except OSError:
        if time.monotonic() > until:
            raise
        time.sleep(0.2)
"""


@dataclass(frozen=True)
class Machine:
    """A machine that the house is installed on: a data folder and an empty database."""

    environment: Mapping[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Say words to ``makegood`` and wait for the end."""
        return subprocess.run(
            [sys.executable, "-m", "makegood.platform", *words],
            env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run ``makegood`` with these words meanwhile, and kill it if it still runs then."""
        with subprocess.Popen(
            [sys.executable, "-m", "makegood.platform", *words],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connected:
            cursor = connected.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def machine(data: Path) -> Iterator[Machine]:
    """Yield a new machine; its database is dropped afterwards."""
    connection.ensure_connection()
    server = connection.connection.info
    name = f"house_{uuid.uuid4().hex[:12]}"
    address = f"postgresql://{server.user}@/%s?host={server.host}&port={server.port}"
    with psycopg.connect(address % "makegood", autocommit=True) as connected:
        connected.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            inherited = {each: os.environ[each] for each in ("PATH", "HOME", "LANG") if each in os.environ}
            yield Machine(inherited | {"DATABASE_URL": address % name, "MAKEGOOD_DATA": str(data)})
        finally:
            connected.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def asked(address: str) -> str:
    """Return status and text of an address, as another process gets them; wait until somebody answers."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKED, address], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()
