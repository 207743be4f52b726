"""The log: accepted batches one behind the other, each in a frame of its own, until they are sealed into segments.

A frame is a prefix (mark, length of header and of payload, CRC of these), the entry's header, the payload, and the
SHA-256 of header and payload. A frame that is shorter than its prefix says, or whose rest is noughts, was torn by a
kill or a power cut and never counted. A whole one that does not fit its hash is damaged.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from makegood.vault.entry import Entry
from makegood.vault.layout import LOG, files_in

FILE_BYTES = 64 * 2**20

_MARK = b"MGENTRY2"
_PREFIX = struct.Struct("<8sIQI")
_LENGTHS = struct.Struct("<8sIQ")
_HASH_BYTES = 32
_NAME = re.compile(r"[0-9]{12,}\.log")


@dataclass(frozen=True, slots=True)
class Frame:
    """An entry as it lies in the log, from ``start`` up to ``end`` of its file."""

    entry: Entry
    start: int
    end: int
    header_bytes: int
    content: memoryview

    @property
    def payload(self) -> memoryview:
        """What was accepted, verified.

        :raises ValueError: if it is not what was written
        """
        _verify(self.content)
        return self.content[_PREFIX.size + self.header_bytes : -_HASH_BYTES]


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of the log: its frames up to the first that is wrong, and what is ``trouble`` with that one.

    ``end`` is where the last good frame ends. If the file goes on behind it without trouble, its last frame is torn.
    """

    path: Path
    frames: tuple[Frame, ...]
    size: int
    end: int
    trouble: str

    @property
    def name(self) -> str:
        return f"{LOG}/{self.path.name}"

    @property
    def last(self) -> int:
        """The number of its last entry, 0 if it has none."""
        return self.frames[-1].entry.sequence if self.frames else 0

    @classmethod
    def read(cls, path: Path, *, whole: bool = True) -> LogFile:
        """Read a file of the log; if not the ``whole``, then of all frames but the last the hash is left unverified."""
        content = memoryview(path.read_bytes())
        frames: list[Frame] = []
        position, trouble = 0, ""
        while position < len(content):
            try:
                frame = _frame(content, position, whole=whole)
            except ValueError as error:
                trouble = f"the entry at byte {position:,} cannot be used: {error}"
                break
            if frame is None:
                break
            frames.append(frame)
            position = frame.end
        return cls(path, tuple(frames), len(content), position, trouble)


def frame_bytes(header: bytes, payload: bytes) -> bytes:
    """Return an entry as it is written into the log."""
    lengths = _LENGTHS.pack(_MARK, len(header), len(payload))
    hashed = hashlib.sha256(header)
    hashed.update(payload)
    return b"".join((lengths, zlib.crc32(lengths).to_bytes(4, "little"), header, payload, hashed.digest()))


def log_name(first: int) -> str:
    """Return the name of the file of the log that begins with an entry."""
    return f"{first:012}.log"


def log_paths(folder: Path) -> list[Path]:
    """Return the files of a vault's log, in order."""
    found = [path for path in files_in(folder / LOG) if _NAME.fullmatch(path.name)]
    return sorted((path for path in found if path.name == log_name(_first(path))), key=_first)


def sync_log(folder: Path) -> None:
    """Return when everything that can be read in the log is on the disk: what follows from it must not outlive it."""
    for path in log_paths(folder)[-1:]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)


def _first(path: Path) -> int:
    return int(path.stem)


def _frame(content: memoryview, start: int, *, whole: bool) -> Frame | None:
    """Return the frame that starts here, None if it is torn; the last one is always verified, with ``whole`` each.

    :raises ValueError: if it is damaged
    """
    rest = content[start:]
    if len(rest) < _PREFIX.size:
        return None
    mark, header_bytes, payload_bytes, crc = _PREFIX.unpack_from(rest)
    if mark != _MARK or zlib.crc32(rest[: _LENGTHS.size]) != crc:
        if not any(rest[_PREFIX.size - 1 :]):
            return None
        raise ValueError("it does not begin as entries do")
    length = _PREFIX.size + header_bytes + payload_bytes + _HASH_BYTES
    if len(rest) < length or not any(rest[length - _HASH_BYTES :]):
        return None
    frame = rest[:length]
    try:
        entry = Entry.read(bytes(frame[_PREFIX.size : _PREFIX.size + header_bytes]))
    except ValueError:
        raise ValueError("its header is not what was written") from None
    if whole or start + length == len(content):
        _verify(frame)
    return Frame(entry, start, start + length, header_bytes, frame)


def _verify(frame: memoryview) -> None:
    if hashlib.sha256(frame[_PREFIX.size : -_HASH_BYTES]).digest() != frame[-_HASH_BYTES:]:
        raise ValueError("it does not hold the bytes that were accepted")
