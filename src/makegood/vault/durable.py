"""Writing that survives a kill and a power cut: a file is there whole, or it is not there at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from makegood.vault.refusals import UnableToWrite

PART = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Put a file at ``path`` in one step; when this returns, it is on the disk under its name.

    :raises UnableToWrite: if the disk does not take it; then there is no such file
    """
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UnableToWrite(path, error) from error


def write_all(handle: int, content: bytes | memoryview) -> None:
    """Write to its end what the system may take in parts only."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it a power cut may forget a file that was just renamed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Take away a file that is not needed any more; if that cannot be done, the next writer tries again."""
    with suppress(OSError):
        path.unlink()
