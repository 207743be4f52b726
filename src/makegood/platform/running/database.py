"""Whether the database is as this version of the program needs it."""

from __future__ import annotations

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from makegood.platform.running.house import UnableToRun

OLDEST = 150_000
"""PostgreSQL 15."""


def reach() -> str:
    """Return the version of the server.

    :raises UnableToRun: if it does not answer, or is too old
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            number = int(cursor.fetchone()[0])
    except OperationalError as error:
        said = " ".join(str(error).split()).partition(" Is the server running")[0]
        raise UnableToRun(
            f"the database does not answer: {said}",
            "Name it in DATABASE_URL as postgresql://user:password@host/database, or start one with --embedded.",
        ) from error
    version = f"{number // 10_000}.{number % 10_000}"
    if number < OLDEST:
        raise UnableToRun(f"the database is PostgreSQL {version}; 15 or newer is needed", "Upgrade the server.")
    return version


def missing_migrations() -> list[str]:
    """Return the names of the migrations that were not made yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def demand_current() -> None:
    """Refuse to go on with a database that is not the one of this version.

    :raises UnableToRun: if it does not answer, or migrations are missing
    """
    reach()
    missing = missing_migrations()
    if missing:
        raise UnableToRun(
            f"the database is not the one of this version: {len(missing)} migrations are missing, first {missing[0]}",
            "Make a backup with makegood admin backup, then run makegood admin upgrade.",
        )
