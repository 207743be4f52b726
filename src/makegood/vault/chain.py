"""The chain of seals: what a vault holds, read and verified from its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault import codes
from makegood.vault.refusals import VaultDamaged
from makegood.vault.seal import Seal, Segment, seal_file
from makegood.vault.segment import segment_digests, segment_records

FORMAT = "vault/1"
FORMAT_FILE = "vault.json"
FORMAT_CONTENT = f'{{"makegood":"{FORMAT}"}}\n'.encode()
SEALS = "seals"
SEGMENTS = "segments"
BOOK = "book"

_Read = TypeVar("_Read")

_SEAL_FILE = re.compile(r"[0-9]{6,}\.json")


@dataclass(frozen=True, slots=True)
class Chain:
    """The seals of a vault in order, and what is wrong with them."""

    folder: Path
    seals: tuple[Seal, ...]
    findings: tuple[Finding, ...]
    previous: str

    @classmethod
    def read(cls, folder: Path) -> Chain:
        """Read every seal and verify that each follows from the one before; the first is chained to the format."""
        seals: list[Seal] = []
        findings: list[Finding] = []
        before, previous = 0, sha256(FORMAT_CONTENT)
        for number in sequences(folder):
            file = f"{SEALS}/{seal_file(number)}"
            try:
                content = (folder / file).read_bytes()
                seal = Seal.read(content)
                trouble = _misplaced(seal, number=number, before=before, previous=previous)
                findings += [codes.CHAIN_BROKEN.at(Place(file, 1, 1), trouble)] if trouble else []
                seals.append(seal)
                previous = sha256(content)
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                findings.append(codes.SEAL_DAMAGED.at(Place(file, 1, 1), f"seal {number} cannot be read: {why}"))
                previous = ""
            before = number
        return cls(folder, tuple(seals), tuple(findings), previous)

    def intact(self) -> Chain:
        """Return the chain, if nothing is wrong with it.

        :raises VaultDamaged: if something is
        """
        if self.findings:
            raise VaultDamaged(self.folder, self.findings[0])
        return self

    @property
    def head(self) -> int:
        return len(self.seals)

    def records(self, segment: Segment) -> list[AnyRecord]:
        """Return the records of a segment, verified to be what was sealed.

        :raises VaultDamaged: if they are not
        """
        return self._read(segment, segment_records)

    def digests(self, segment: Segment) -> list[tuple[str, str, bytes]]:
        """Return source, source id and digest of each record of a segment, verified as ``records`` does."""
        return self._read(segment, segment_digests)

    def _read(self, segment: Segment, read: Callable[[str, bytes], list[_Read]]) -> list[_Read]:
        found: list[_Read] = []
        trouble = ""
        try:
            content = (self.folder / SEGMENTS / segment.file).read_bytes()
            if sha256(content) != segment.sha256:
                trouble = "it does not hold the bytes that were sealed"
            elif len(found := read(segment.kind, content)) != segment.rows:
                trouble = f"it has {len(found)} rows, {segment.rows} were sealed"
        except (OSError, ValueError) as error:
            trouble = str(error.strerror if isinstance(error, OSError) else error)
        if trouble:
            finding = codes.SEGMENT_DAMAGED.at(segment_place(segment), f"{segment.file} cannot be used: {trouble}")
            raise VaultDamaged(self.folder, finding)
        return found


def segment_place(segment: Segment) -> Place:
    return Place(f"{SEGMENTS}/{segment.file}", 1, 1)


def _misplaced(seal: Seal, *, number: int, before: int, previous: str) -> str:
    """Return what is wrong with the place of a seal, nothing if it is right; ``previous`` is empty if unknown."""
    if seal.sequence != number:
        return f"seal {seal.sequence} stands in the place of seal {number}"
    if number != before + 1:
        return f"there is no seal before seal {number}"
    if previous and seal.previous != previous:
        return f"seal {number} does not follow from the seal before it"
    return ""


def sequences(folder: Path) -> list[int]:
    """Return the numbers of the seals, in order."""
    names = [path.name for path in _entries(folder / SEALS)]
    return sorted(int(name[:-5]) for name in names if _SEAL_FILE.fullmatch(name) and name == seal_file(int(name[:-5])))


def unsealed(folder: Path, seals: tuple[Seal, ...]) -> Iterator[Path]:
    """Yield the files beside the seals and segments that are none: what a killed writer left behind."""
    sealed = {segment.file for seal in seals for segment in seal.segments}
    for path in _entries(folder / SEGMENTS):
        if path.name not in sealed:
            yield path
    named = {seal_file(number) for number in sequences(folder)}
    for path in _entries(folder / SEALS):
        if path.name not in named:
            yield path


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
