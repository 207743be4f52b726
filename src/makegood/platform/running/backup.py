"""A backup: database, vaults and the secret key in one file, whose contents are named with their SHA-256.

The database is read as it stood at one instant; the vaults follow, each while nobody writes to it. A vault may
therefore know more than the database, never less: what it knows more is taken up as after a crash.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from makegood.platform.running.database import reach
from makegood.platform.running.house import UnableToRun
from makegood.platform.running.tables import WRITES_ALIKE, counters, rows_of, tables
from makegood.platform.secret_key import FILE as KEY_FILE
from makegood.vault.lock import only_writer
from makegood.vault.refusals import VaultInUse

CONTENTS = "contents.json"
FORMAT = "makegood-backup/1"
_PATIENCE = 60
_BLOCK = 1 << 20


def back_up(to: Path, *, now: datetime) -> dict[str, Any]:
    """Write a backup into a new file and return its contents; nobody else may read the file.

    :raises UnableToRun: if there is such a file, the database does not answer, or a vault is being written to
    """
    reach()
    if to.exists():
        raise UnableToRun(f"there is a file {to} already", "Name a new one.")
    contents: dict[str, Any] = {
        "format": FORMAT,
        "made_by": f"makegood {version('makegood')}",
        "made_at": now.isoformat(),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "tables": [],
        "files": {},
    }
    with _new_file(to) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        _add_database(archive, contents)
        _add_vaults(archive, contents, now)
        key = settings.DATA / KEY_FILE
        if key.is_file():
            _add_file(archive, contents, KEY_FILE, key)
        _add_bytes(archive, CONTENTS, json.dumps(contents, indent=1, sort_keys=True).encode())
    return contents


def _add_database(archive: tarfile.TarFile, contents: dict[str, Any]) -> None:
    """Add each table, all as they stood at one instant."""
    with connection.cursor() as wrapped, ExitStack() as stack:
        wrapped.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        stack.callback(wrapped.execute, "ROLLBACK")
        cursor: psycopg.Cursor[tuple[Any, ...]] = wrapped.cursor
        for each in WRITES_ALIKE:
            cursor.execute(each)
        contents["counters"] = counters(cursor)
        for table in tables(cursor):
            name = f"database/{table.name}.copy.gz"
            with tempfile.TemporaryFile() as kept:
                digest = _packed(rows_of(cursor, table), kept)
                _add(archive, name, kept)
            contents["tables"].append(
                {"name": table.name, "columns": list(table.columns), "file": name, "sha256": digest}
            )


def _packed(blocks: Iterator[bytes], to: IO[bytes]) -> str:
    """Write blocks in compressed form and return the SHA-256 of what they were before."""
    digest = hashlib.sha256()
    with gzip.GzipFile(fileobj=to, mode="wb", compresslevel=6, mtime=0) as packed:
        for block in blocks:
            digest.update(block)
            packed.write(block)
    return digest.hexdigest()


def _add_vaults(archive: tarfile.TarFile, contents: dict[str, Any], now: datetime) -> None:
    for vault in sorted(settings.VAULTS.iterdir()) if settings.VAULTS.is_dir() else ():
        if vault.is_dir() and not vault.name.startswith("."):
            with _unchanging(vault, now):
                for path in sorted(vault.rglob("*")):
                    if path.is_file() and path.name != "lock":
                        _add_file(archive, contents, f"vaults/{path.relative_to(settings.VAULTS).as_posix()}", path)


@contextmanager
def _unchanging(vault: Path, now: datetime) -> Iterator[None]:
    """Keep others from writing to a vault; wait for one who does."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(only_writer(vault, now=now))
                break
            except VaultInUse as error:
                if time.monotonic() > until:
                    raise UnableToRun(str(error), "Try again when that is done.") from error
                time.sleep(0.2)
        yield


def _add_file(archive: tarfile.TarFile, contents: dict[str, Any], name: str, path: Path) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _add(archive, name, file)
    contents["files"][name] = digest


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    _add(archive, name, io.BytesIO(content))


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = file.seek(0, os.SEEK_END), 0o600
    file.seek(0)
    archive.addfile(member, file)


@contextmanager
def _new_file(to: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes its name when it is whole and on the disk."""
    part = to.with_name(f".{to.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", _BLOCK) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(to)
    except OSError as error:
        raise UnableToRun(f"{to} cannot be written: {error.strerror}", "Name another place.") from error
    finally:
        part.unlink(missing_ok=True)
