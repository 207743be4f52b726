"""The folder of a vault: what lies where in it, and the file that says which format it has."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from makegood.vault.refusals import NotAVault, VaultIsNewer

FORMAT = "vault/2"
FORMAT_FILE = "vault.json"
LOG = "log"
SEGMENTS = "segments"
MANIFEST = "manifest.jsonl"
SIGNATURES = "signatures.jsonl"
BOOK = "book"
LOCK = "lock"
SET_ASIDE = "set-aside"

MOST_BUCKETS = 4096


def format_content(buckets: int) -> bytes:
    """Return the file that makes a folder a vault; ``buckets`` is into how many parts a day of probes is divided."""
    if not 1 <= buckets <= MOST_BUCKETS:
        raise ValueError(f"a vault has 1 to {MOST_BUCKETS} buckets, not {buckets}")
    return f'{{"makegood":"{FORMAT}","buckets":{buckets}}}\n'.encode()


def buckets_of(content: bytes) -> int:
    """Return the number of buckets that a format file states.

    :raises ValueError: if these are not the bytes of a format file
    """
    written = json.loads(content)
    try:
        buckets = int(written["buckets"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is not a format file: {error!r}") from None
    if format_content(buckets) != content:
        raise ValueError("it is not written as format files are")
    return buckets


def read_format(folder: Path) -> bytes:
    """Return the content of a vault's format file.

    :raises NotAVault: if the folder is no vault
    :raises VaultIsNewer: if another version of this program made it
    """
    try:
        content = (folder / FORMAT_FILE).read_bytes()
    except FileNotFoundError:
        why = f"it has no {FORMAT_FILE}" if folder.is_dir() else "there is no such folder"
        raise NotAVault(folder, why) from None
    except OSError as error:
        raise NotAVault(folder, f"{FORMAT_FILE} cannot be read ({error.strerror})") from None
    try:
        buckets_of(content)
    except ValueError:
        _refuse_format(folder, content)
    return content


def _refuse_format(folder: Path, content: bytes) -> None:
    """Say why this is not the format file of a vault that this program can read."""
    try:
        written = str(json.loads(content)["makegood"])
    except (ValueError, KeyError, TypeError):
        written = ""
    if re.fullmatch(r"vault/[0-9]+", written) and written != FORMAT:
        raise VaultIsNewer(folder, written)
    raise NotAVault(folder, f"{FORMAT_FILE} is not what was written")


def files_in(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; nothing if there is no such folder."""
    return sorted(folder.iterdir()) if folder.is_dir() else []


def sha256(content: bytes | memoryview) -> str:
    return hashlib.sha256(content).hexdigest()
