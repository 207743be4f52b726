"""Restoring a backup into an empty installation, and finding that it is the same to the last byte."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from makegood.platform.running.backup import CONTENTS, FORMAT
from makegood.platform.running.database import reach
from makegood.platform.running.house import UnableToRun
from makegood.platform.running.tables import WRITES_ALIKE, Table, put_rows, rows_of, set_counters, tables
from makegood.platform.secret_key import FILE as KEY_FILE

_BLOCK = 1 << 20
_NOBODYS = frozenset({"django_migrations", "django_content_type", "auth_permission", "django_site"})
"""Tables that have rows as soon as they are made."""
_JOBS = "procrastinate_"
"""Tables of jobs: a worker of an empty house puts some there, and they are about nothing."""


def restore(backup: Path) -> dict[str, Any]:
    """Fill an empty installation from a backup and return what the backup says of itself.

    Every file and every table is compared with the digest that it had; at the first difference nothing is kept. A
    backup of an earlier version is brought to this one afterwards.

    :raises UnableToRun: if this installation is not empty, or the file is no backup, damaged, or of a newer version
    """
    reach()
    with _opened(backup) as archive:
        contents = _contents(archive, backup)
        _demand_known(contents)
        _demand_empty()
        _migrate_to(contents["migrations"])
        staged = settings.DATA / ".restoring"
        shutil.rmtree(staged, ignore_errors=True)
        try:
            _unpack(archive, contents["files"], staged)
            _fill(archive, contents, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    call_command("migrate", verbosity=0, interactive=False)
    return contents


@contextmanager
def _opened(backup: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(backup, "r:") as archive:
            yield archive
    except OSError as error:
        raise UnableToRun(f"{backup} cannot be read: {error.strerror}", "Name the file of a backup.") from error
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, json.JSONDecodeError, KeyError) as error:
        raise UnableToRun(f"{backup} is not a whole backup", "Take another one; nothing was changed.") from error


def _contents(archive: tarfile.TarFile, backup: Path) -> dict[str, Any]:
    found = archive.extractfile(CONTENTS)
    contents = json.load(found) if found is not None else {}
    if contents.get("format") != FORMAT:
        raise UnableToRun(f"{backup} is not a backup that this version can read", "Install the version that made it.")
    return cast("dict[str, Any]", contents)


def _demand_known(contents: dict[str, Any]) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(contents["migrations"]) - known)
    if newer:
        raise UnableToRun(
            f"the backup was made by {contents['made_by']}, which is newer than this one (it knows {newer[0]})",
            "Install that version here and restore with it.",
        )


def _demand_empty() -> None:
    """Refuse when there is anything that would be overwritten."""
    with connection.cursor() as wrapped:
        for table in tables(wrapped.cursor):
            if table.name not in _NOBODYS and not table.name.startswith(_JOBS):
                wrapped.cursor.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table.name)))
                if wrapped.cursor.fetchone() is not None:
                    raise UnableToRun(
                        f"this installation is not empty: the table {table.name} has rows",
                        "Restore into a new database and a new data folder.",
                    )
    if settings.VAULTS.is_dir() and any(settings.VAULTS.iterdir()):
        raise UnableToRun(
            f"this installation is not empty: there are vaults in {settings.VAULTS}",
            "Restore into a new database and a new data folder.",
        )


def _migrate_to(migrations: list[str]) -> None:
    """Bring an empty database to where the one of the backup stood."""
    loader = MigrationLoader(None)
    wanted = {(app, name) for app, _, name in (each.partition(".") for each in migrations)}
    last = {node for node in wanted if node in loader.graph.nodes and not _followers(loader, node) & wanted}
    for app, name in sorted(last):
        call_command("migrate", app, name, verbosity=0, interactive=False)


def _followers(loader: MigrationLoader, node: tuple[str, str]) -> set[tuple[str, str]]:
    children = loader.graph.node_map[node].children
    return {cast("tuple[str, str]", child.key) for child in children if child.key[0] == node[0]}


def _unpack(archive: tarfile.TarFile, files: dict[str, str], to: Path) -> None:
    """Write the files of a backup into a folder and compare each with its digest."""
    for name, digest in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise UnableToRun(f"the backup names a file outside of its folder: {name}", "Do not trust it.")
        target = to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        found = archive.extractfile(name)
        if found is None:
            raise tarfile.ReadError(name)
        with found, target.open("wb") as file:
            shutil.copyfileobj(found, file, _BLOCK)
        target.chmod(0o600)
        with target.open("rb") as file:
            _demand_same(name, hashlib.file_digest(file, "sha256").hexdigest(), digest)


def _fill(archive: tarfile.TarFile, contents: dict[str, Any], staged: Path) -> None:
    """Fill the tables, compare them with what they were, and put the vaults in their place; all of it or nothing."""
    moved = False
    try:
        with transaction.atomic(), connection.cursor() as wrapped:
            cursor: psycopg.Cursor[tuple[Any, ...]] = wrapped.cursor
            for each in WRITES_ALIKE:
                cursor.execute(each)
            _fill_tables(archive, contents, cursor)
            set_counters(cursor, contents["counters"])
            if (staged / "vaults").is_dir():
                if settings.VAULTS.is_dir():
                    settings.VAULTS.rmdir()
                (staged / "vaults").rename(settings.VAULTS)
                moved = True
    except BaseException:
        if moved:
            shutil.rmtree(settings.VAULTS)
        raise
    if (staged / KEY_FILE).is_file():
        (staged / KEY_FILE).replace(settings.DATA / KEY_FILE)


def _fill_tables(archive: tarfile.TarFile, contents: dict[str, Any], cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
    """Put the rows back with the triggers asleep, for they would keep a trail of what happened long ago."""
    ours = {table.name: table for table in tables(cursor)}
    given = {each["name"]: each for each in contents["tables"]}
    if set(given) - set(ours):
        raise UnableToRun(f"the backup has tables that are not ours: {min(set(given) - set(ours))}")
    everything = sql.SQL(", ").join(map(sql.Identifier, ours))
    for name in ours:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
    cursor.execute(sql.SQL("TRUNCATE {}").format(everything))
    for name, table in ours.items():
        if name in given:
            put_rows(cursor, Table(name, tuple(given[name]["columns"]), table.key), _rows(archive, given[name]["file"]))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name, table in ours.items():
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))
        if name in given:
            digest = hashlib.sha256()
            for block in rows_of(cursor, Table(name, tuple(given[name]["columns"]), table.key)):
                digest.update(block)
            _demand_same(name, digest.hexdigest(), given[name]["sha256"])


def _rows(archive: tarfile.TarFile, name: str) -> Iterator[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise tarfile.ReadError(name)
    with gzip.GzipFile(fileobj=found) as unpacked:
        while block := unpacked.read(_BLOCK):
            yield block


def _demand_same(name: str, now: str, then: str) -> None:
    if now != then:
        raise UnableToRun(f"{name} is not what was backed up; nothing was kept", "Take another backup.")
