"""Chained lines: files that only grow, line by line, each line with its own hash and that of the line before.

The manifest of a vault and the books of settlements are written so. A line that was torn by a kill never counted: it
is left out by who reads, and cut off by who writes next. Whatever else is not as it was written is damage.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from makegood.vault.durable import sync_folder, write_all
from makegood.vault.refusals import UnableToWrite


class Line(Protocol):
    """What stands in one line of a file."""

    def line(self, previous: str) -> bytes:
        """Return it as a line, with the SHA-256 of the line before, empty for the first."""


_Line = TypeVar("_Line", bound=Line)


@dataclass(frozen=True, slots=True)
class Lines(Generic[_Line]):
    """The lines of a file up to the first that is wrong; ``trouble`` says what is wrong with that one.

    ``end`` is where the last line that was written to its end ends, ``previous`` the SHA-256 of the last good one.
    """

    found: tuple[_Line, ...]
    trouble: str
    end: int
    previous: str

    @classmethod
    def read(cls, path: Path, read: Callable[[Mapping[str, Any], int], _Line]) -> Self:
        """Read a file; one that was never written to is empty. ``read`` makes a line of its values and its number."""
        content = path.read_bytes() if path.exists() else b""
        end = len(content) if _is_whole(content) else content.rfind(b"\n") + 1
        found: list[_Line] = []
        trouble, previous = "", ""
        for number, line in enumerate(content[:end].splitlines(keepends=True), start=1):
            try:
                found.append(_next(line, number, previous, read))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                trouble = str(error)
                break  # what follows is chained to it
            previous = hashlib.sha256(line).hexdigest()
        return cls(tuple(found), trouble, end, previous)


def append_line(path: Path, line: bytes, *, behind: int) -> None:
    """Add a line behind the last whole one, cutting off what was torn; when this returns, it is on the disk.

    :raises UnableToWrite: if the disk does not take it; then the file is as it was
    """
    try:
        path.parent.mkdir(exist_ok=True)
        # Without a buffer: what the disk refused must not be tried once more when the file is closed.
        with path.open("ab", buffering=0) as file:
            file.truncate(behind)
            try:
                write_all(file.fileno(), line)
                os.fsync(file.fileno())
            except OSError:
                file.truncate(behind)
                raise
        sync_folder(path.parent)
    except OSError as error:
        raise UnableToWrite(path, error) from error


def hashed_line(content: Mapping[str, object]) -> bytes:
    """Return one line of canonical JSON that carries its own hash."""
    return canonical_line({**content, "hash": hashlib.sha256(canonical_line(content)).hexdigest()})


def read_hashed_line(line: bytes) -> dict[str, Any]:
    """Return what a line says, if its hash is the one of its content.

    :raises ValueError: if it is not
    """
    written = json.loads(line)
    if not isinstance(written, dict) or "hash" not in written:
        raise ValueError("it has no hash")
    stated = written.pop("hash")
    if hashlib.sha256(canonical_line(written)).hexdigest() != stated:
        raise ValueError("its content does not fit its hash")
    if hashed_line(written) != line:
        raise ValueError("it is not written as it was")
    return written


def canonical_line(content: Mapping[str, object]) -> bytes:
    """Return values as JSON in the one way in which a vault writes them, with the end of a line."""
    return f"{_CANONICAL.encode(content)}\n".encode()


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _next(line: bytes, number: int, previous: str, read: Callable[[Mapping[str, Any], int], _Line]) -> _Line:
    """Return what a line says, if it follows from the line before it."""
    found = read(read_hashed_line(line), number)
    if found.line(previous) != line:
        raise ValueError("it does not follow from the line before it")
    return found


def _is_whole(content: bytes) -> bool:
    """Tell whether the last line was written to its end; one whose very end was altered is whole, and damaged."""
    last = content[content.rfind(b"\n") + 1 :].decode(errors="replace")
    try:
        _, end = json.JSONDecoder().raw_decode(last)
    except ValueError:
        return not last
    return end < len(last)
