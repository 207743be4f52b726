"""The key that signs sessions and links: made once, kept in the data folder, changed by ``makegood admin rotate-keys``.

Each line of the file is a key. The first one signs; what the others signed is still believed.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "secret-key"
_BYTES = 48


def kept_keys(data: Path) -> list[str]:
    """Return the keys in a data folder, the one that signs first; none if no key was made there yet."""
    file = data / FILE
    return file.read_text("utf-8").split() if file.is_file() else []


def make_key(data: Path) -> None:
    """Make a key if there is none yet; of several programs that start at once one makes it."""
    data.mkdir(parents=True, exist_ok=True)
    if not kept_keys(data):
        try:
            with _private(data / f".{FILE}-{os.getpid()}") as temporary:
                os.link(temporary, data / FILE)
        except FileExistsError:
            return


def rotate_key(data: Path, *, forget: bool = False) -> int:
    """Let a new key sign from now on, and return how many earlier ones are still believed; ``forget`` them if asked."""
    earlier = [] if forget else kept_keys(data)
    data.mkdir(parents=True, exist_ok=True)
    with _private(data / f".{FILE}-{os.getpid()}", *earlier) as temporary:
        temporary.replace(data / FILE)
    return len(earlier)


def forget_earlier(data: Path) -> int:
    """Believe nothing any more but what the first key signed, and return how many others there were."""
    first, *others = kept_keys(data)
    with _private(data / f".{FILE}-{os.getpid()}", keys=(first,)) as temporary:
        temporary.replace(data / FILE)
    return len(others)


@contextmanager
def _private(path: Path, *others: str, keys: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield a file of these keys, or of a new one and others, that nobody else may read.

    It is gone afterwards if it was not moved.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{each}\n" for each in (keys or (secrets.token_urlsafe(_BYTES), *others)))
        file.flush()
        os.fsync(file.fileno())
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
