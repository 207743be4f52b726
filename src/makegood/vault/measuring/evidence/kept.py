"""What was measured of segments is kept, so that asking again costs only what came since. It can be done without."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

import pyarrow as pa

from makegood.vault.durable import PART, remove
from makegood.vault.layout import files_in, sha256
from makegood.vault.manifest import Manifest, Segment

MEASURED: Final = "measured"

PAYS: Final = 4
"""What was found is kept if its rows are so many times fewer than those that were read."""

AT_ONCE: Final = 8
"""What was found in so many segments is taken together before more is read."""

GROWN: Final = 16
"""What was found in all segments is written again once that many-th part of their rows came since."""

_Found = TypeVar("_Found")
_DIGITS = 16
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Form(Generic[_Found]):
    """How what was found is read and written, and how many rows it has."""

    read: Callable[[bytes], _Found]
    written: Callable[[_Found], bytes]
    rows: Callable[[_Found], int]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and everything that what is found in it depends on as a text."""

    segment: Segment
    question: str

    @property
    def name(self) -> str:
        return f"{self.segment.sha256[:_DIGITS]}-{_digest(self.question.encode())}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The files in ``measured/`` of a vault: what was found in a segment, and in all that were asked for together.

    A file is named by the segment, the question and its own content, as the first digits of their SHA-256: what is not
    what was written is found out and measured again. Without a ``folder`` everything is.
    """

    folder: Path | None
    files: dict[str, Path] = field(default_factory=dict)

    @classmethod
    def of(cls, vault: Path) -> Kept:
        """Return what is kept in the folder of a vault."""
        folder = vault / MEASURED
        return cls(folder, {path.name.rpartition("-")[0]: path for path in files_in(folder)})

    def found(
        self,
        question: str,
        parts: Sequence[Part],
        form: Form[_Found],
        measure: Callable[[Segment], _Found],
        merged: Callable[[Sequence[_Found]], _Found],
    ) -> _Found:
        """Return what is in the segments of some parts; ``question`` is what is asked of all of them."""

        def grown(before: _Found | None, fresh: Sequence[Part]) -> _Found:
            every = [] if before is None else [before]
            for start in range(0, len(fresh), AT_ONCE):
                found = [self._found(each, form, measure) for each in fresh[start : start + AT_ONCE]]
                every = [merged([*every, *found])]
            return every[0] if every else merged([])

        return self.grown(question, parts, form, grown)

    def grown(
        self,
        question: str,
        parts: Sequence[Part],
        form: Form[_Found],
        grow: Callable[[_Found | None, Sequence[Part]], _Found],
    ) -> _Found:
        """Return what is in the segments of some parts, grown from what was found in some of them before."""
        together = f"{_ALL}-{_digest(question.encode())}"
        names, before = self._together(together, {each.name for each in parts}, form.read)
        fresh = [each for each in parts if each.name not in names]
        if before is not None and not fresh:
            return before
        found = grow(before, fresh)
        rows = [sum(each.segment.rows for each in some) for some in (parts, fresh)]
        if parts and (before is None or rows[1] * GROWN >= rows[0]):
            self._keep(together, found, form, parts, _lines(each.name for each in parts))
        return found

    def _found(self, part: Part, form: Form[_Found], measure: Callable[[Segment], _Found]) -> _Found:
        content = self._content(part.name)
        found = _read(content, form.read) if content is not None else None
        if found is None:
            found = measure(part.segment)
            self._keep(part.name, found, form, [part])
        return found

    def _together(
        self, name: str, wanted: Collection[str], read: Callable[[bytes], _Found]
    ) -> tuple[set[str], _Found | None]:
        """Return the parts that were taken together before, if all of them are wanted, and what was found in them."""
        content = self._content(name)
        if content is None:
            return set(), None
        lines, _, rest = content.partition(b"\n\n")
        names = set(lines.decode(errors="replace").split("\n"))
        found = _read(rest, read) if names <= set(wanted) else None
        return (names, found) if found is not None else (set(), None)

    def _content(self, name: str) -> bytes | None:
        """Return the content of a file, if there is one and it is what was written."""
        path = self.files.get(name)
        if path is None:
            return None
        try:
            content = path.read_bytes()
        except OSError:
            return None
        return content if path.name == _file(name, content) else None

    def _keep(self, name: str, found: _Found, form: Form[_Found], parts: Sequence[Part], lines: bytes = b"") -> None:
        """Keep what was found, if it pays and the disk takes it; otherwise it will be measured again."""
        if self.folder is None or form.rows(found) * PAYS > sum(each.segment.rows for each in parts):
            return
        content = lines + form.written(found)
        path = self.folder / _file(name, content)
        part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            try:
                part.write_bytes(content)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            if self.files.get(name, path) != path:
                remove(self.files[name])


def question_of(*terms: object) -> str:
    """Return what is asked as a text that is the same wherever the same is asked."""
    return repr([_plain(each) for each in terms])


def forget(vault: Path, manifest: Manifest) -> None:
    """Remove what was measured of segments that no longer count, alone or together with others."""
    known = {each.sha256[:_DIGITS] for each in manifest.segments.values()}
    for path in files_in(vault / MEASURED):
        if path.name.partition("-")[0] not in known:
            remove(path)


def _plain(term: object) -> object:
    match term:
        case Mapping():
            return sorted((name, _plain(value)) for name, value in term.items())
        case set() | frozenset():
            return sorted(map(repr, term))
        case tuple() | list():
            return [_plain(each) for each in term]
        case _ if is_dataclass(term) and not isinstance(term, type):
            return [type(term).__name__, *(_plain(getattr(term, each.name)) for each in fields(term) if each.compare)]
        case _:
            return term


def _read(content: bytes, read: Callable[[bytes], _Found]) -> _Found | None:
    """Return what was found, if this is what somebody once wrote of it."""
    try:
        return read(content)
    except (ValueError, LookupError, OSError, pa.ArrowException):
        return None


def _lines(names: Iterable[str]) -> bytes:
    return "\n".join(names).encode() + b"\n\n"


def _file(name: str, content: bytes) -> str:
    return f"{name}-{_digest(content)}"


def _digest(content: bytes) -> str:
    return sha256(content)[:_DIGITS]
