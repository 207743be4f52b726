"""Repair: what is damaged at the end of the log, or named by nothing, is set aside, so that the vault can go on.

Nothing is thrown away: it is moved into a folder of its own, and said. What was sealed cannot be mended, only restored.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from makegood.vault.contents import Contents, unnamed
from makegood.vault.durable import sync_folder, write_whole
from makegood.vault.layout import LOG, SET_ASIDE, read_format
from makegood.vault.lock import only_writer
from makegood.vault.log import LogFile
from makegood.vault.refusals import UnableToWrite, VaultDamaged


def repair_vault(folder: Path, *, now: datetime) -> tuple[str, ...]:
    """Set aside what a vault cannot go on with, and return what was done, in sentences.

    :raises VaultDamaged: if the manifest is damaged; then nothing was done
    :raises VaultInUse: if a writer is at work
    :raises UnableToWrite: if the folder cannot be written to
    """
    form = read_format(folder)
    with only_writer(folder, now=now):
        contents = Contents.read(folder, form=form, whole=True)
        if contents.manifest.findings:
            raise VaultDamaged(folder, contents.manifest.findings[0])
        try:
            (folder / SET_ASIDE).mkdir(exist_ok=True)
            return (*_log(contents), *_unnamed(Contents.read(folder, form=form)))
        except OSError as error:
            raise UnableToWrite(folder, error) from error


def _log(contents: Contents) -> Iterator[str]:
    """Set aside the log from the first entry on that is wrong, or torn."""
    good = {file.path: frame.end for file, frame in contents.frames}
    wrong = False
    for file in contents.log:
        if 0 < file.last <= contents.manifest.last and not file.trouble:
            continue  # it is sealed
        end = 0 if wrong else good.get(file.path, 0)
        if end == file.size:
            continue
        wrong = True
        yield _cut(contents.folder, file, end)


def _cut(folder: Path, file: LogFile, end: int) -> str:
    """Move the end of a file of the log, and return what was done."""
    name = file.path.name if end == 0 else f"{file.path.name}.from-{end}"
    place = _free(folder / SET_ASIDE / name)
    write_whole(place, file.path.read_bytes()[end:])
    if end:
        with file.path.open("r+b") as log:
            log.truncate(end)
    else:
        file.path.unlink()
    sync_folder(folder / LOG)
    return f"{file.name} from byte {end:,} on was set aside as {SET_ASIDE}/{place.name}"


def _unnamed(contents: Contents) -> Iterator[str]:
    """Set aside the files that nothing names."""
    for path in sorted(unnamed(contents)):
        place = _free(contents.folder / SET_ASIDE / path.name)
        path.rename(place)
        yield f"{path.parent.name}/{path.name} was set aside as {SET_ASIDE}/{place.name}"


def _free(path: Path) -> Path:
    """Return a path at which nothing lies yet."""
    number = 1
    free = path
    while free.exists():
        free = path.with_name(f"{path.name}.{number}")
        number += 1
    return free
