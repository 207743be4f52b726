"""One writer at a time: a lock that the system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from makegood.engine.vocabulary.times import show_instant
from makegood.vault.refusals import UnableToWrite, VaultInUse


@contextmanager
def only_writer(vault: Path, *, now: datetime) -> Iterator[None]:
    """Hold the vault's lock, and say in it who holds it since when.

    :raises VaultInUse: if another writer holds it
    """
    try:
        file = (vault / "lock").open("a+b", buffering=0)
    except OSError as error:
        raise UnableToWrite(vault, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise _in_use(vault, file.read()) from None
        try:
            file.truncate(0)
            file.write(json.dumps({"pid": os.getpid(), "since": show_instant(now)}).encode())
        except OSError as error:
            raise UnableToWrite(vault, error) from error
        yield


def _in_use(vault: Path, content: bytes) -> VaultInUse:
    try:
        holder = json.loads(content)
        return VaultInUse(vault, pid=int(holder["pid"]), since=str(holder["since"]))
    except (ValueError, KeyError, TypeError):
        # Between taking the lock and writing its name the holder has not said who it is.
        return VaultInUse(vault, pid=None, since="")
