"""Files that come with what is said: named so that no name does harm, and kept unless they could be run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from django.utils.translation import gettext as _

MOST_FILES: Final = 20
MOST_BYTES: Final = 20 * 1024 * 1024
"""So much may come with one message."""
RUNNABLE: Final = frozenset(
    {
        "exe", "bat", "scr", "pif", "cmd", "com", "cpl", "hta", "jar", "js", "jse", "lnk", "msi", "msp", "ps1", "reg",
        "vbe", "vbs", "wsf", "wsh",
    }
)  # fmt: skip
"""Endings of files that a click would run."""
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00")
"""How programs, and shortcuts to them, begin, whatever they are called."""
_LONGEST_NAME: Final = 255
_LONGEST_TYPE: Final = 127
_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file as somebody sent it."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is kept, or ``refused`` with a sentence."""

    name: str
    type: str
    size: int
    sha256: str
    content: bytes | None
    refused: str


def checked(files: Iterable[File]) -> Iterator[Checked]:
    """Yield which files are kept, and which are not and why."""
    left = MOST_BYTES
    for number, each in enumerate(files, start=1):
        refused = _refusal(each, number, left)
        if not refused:
            left -= len(each.content)
        yield Checked(
            name=clean_name(each.name),
            type=_clean_type(each.type),
            size=len(each.content),
            sha256=hashlib.sha256(each.content).hexdigest(),
            content=None if refused else each.content,
            refused=refused,
        )


def clean_name(name: str) -> str:
    r"""Return a name without folders, and without characters that would hide what it is.

    >>> clean_name("../../etc/passwd"), clean_name("C:\\temp\\bill.pdf"), clean_name("bill\u202efdp.exe ")
    ('passwd', 'bill.pdf', 'billfdp.exe')
    """
    last = PureWindowsPath(PurePosixPath(name.replace("\x00", "")).name).name
    seen = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    found = re.sub(r'[<>:"/\\|?*]', "_", " ".join(seen.split())).strip(" .")
    if len(found) > _LONGEST_NAME:
        start, dot, ending = found.rpartition(".")
        kept = f"{dot}{ending}" if start and len(ending) <= 10 else ""
        found = found[: _LONGEST_NAME - len(kept)] + kept
    return found or "file"


def _refusal(file: File, number: int, left: int) -> str:
    if number > MOST_FILES:
        return _("At most %d files are kept of one message.") % MOST_FILES
    if clean_name(file.name).rpartition(".")[2].lower() in RUNNABLE or file.content.startswith(_PROGRAMS):
        return _("This is a program, and programs are not kept.")
    if len(file.content) > left:
        return _("At most %d MiB are kept of one message.") % (MOST_BYTES // 1024 // 1024)
    return ""


def _clean_type(kind: str) -> str:
    found = kind.lower().strip()
    return found if _TYPE.fullmatch(found) and len(found) <= _LONGEST_TYPE else "application/octet-stream"
