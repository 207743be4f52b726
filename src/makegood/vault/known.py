"""What is known already: which records a source has sent, so that nothing is stored twice.

For each record 16 bytes are held: the hash that this process has for its identifier, and eight bytes of its digest. If
both are found, the record is known; that another one has both by chance is as likely as that two of 2^128 are equal. If
only the first is found, the segments are asked, so that a conflict is always exact. What was added last is held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from makegood.engine.evidence.records import KINDS
from makegood.vault.contents import Contents
from makegood.vault.entry import Form
from makegood.vault.payload import payload_identities
from makegood.vault.segment import DIGEST

RECENT = 65_536

_Hashes = npt.NDArray[np.uint64]
_COLUMNS = ["source", "source_id", DIGEST]


class Standing(Enum):
    """How a record stands to what is stored."""

    NEW = auto()
    KNOWN = auto()
    CONFLICTING = auto()


@dataclass
class KnownRecords:
    """The records that a vault holds, by source; a source is loaded when it is first asked for.

    ``flush`` returns when everything that was added is on the disk.
    """

    folder: Path
    flush: Callable[[], None]
    recent: int = RECENT
    _sources: dict[str, _Source] = field(default_factory=dict, init=False)

    def standing(self, source: str, identified: Sequence[tuple[str, bytes]]) -> list[Standing]:
        """Return how each record of a source, given as identifier and digest, stands to what is stored.

        Rule: of those that are new and have the same identifier the first counts, and the others stand to it.
        """
        known = self._loaded(source)
        found = known.standing(identified)
        doubtful = [number for number, each in enumerate(found) if each is Standing.CONFLICTING]
        if doubtful:
            self.flush()
            stored = _stored(self.folder, source, {identified[number][0] for number in doubtful}, known)
            for number in doubtful:
                identifier, digest = identified[number]
                there = stored.get(identifier)
                found[number] = (
                    Standing.NEW if there is None else Standing.KNOWN if there == digest else Standing.CONFLICTING
                )
        first: dict[str, bytes] = {}
        for number, (identifier, digest) in enumerate(identified):
            if found[number] is Standing.NEW and identifier in first:
                found[number] = Standing.KNOWN if first[identifier] == digest else Standing.CONFLICTING
            first.setdefault(identifier, digest)
        return found

    def add(self, source: str, identified: Iterable[tuple[str, bytes]]) -> None:
        """Hold what was accepted of a source."""
        known = self._loaded(source)
        known.last.update(identified)
        if len(known.last) > self.recent:
            known.fold()

    def _loaded(self, source: str) -> _Source:
        if source not in self._sources:
            known = self._sources[source] = _Source()
            for identifiers, digests in _sent(self.folder, source):
                known.hold(identifiers, digests)
        return self._sources[source]


@dataclass
class _Source:
    """What a source has sent: the last records whole, of the others the hashes, sorted, in few arrays."""

    last: dict[str, bytes] = field(default_factory=dict)
    arrays: list[tuple[_Hashes, _Hashes]] = field(default_factory=list)

    def standing(self, identified: Sequence[tuple[str, bytes]]) -> list[Standing]:
        """Return how each stands; one of which only the identifier's hash is found is said to conflict."""
        found = [Standing.NEW] * len(identified)
        if self.arrays:
            names, digests = (
                _hashes(identifier for identifier, _ in identified),
                _halves(each for _, each in identified),
            )
            for held, halves in self.arrays:
                first, after = np.searchsorted(held, names, "left"), np.searchsorted(held, names, "right")
                for number in np.flatnonzero(after > first).tolist():
                    same = (halves[first[number] : after[number]] == digests[number]).any()
                    found[number] = Standing.KNOWN if same else Standing.CONFLICTING
        for number, (identifier, digest) in enumerate(identified):
            there = self.last.get(identifier)
            if there is not None:
                found[number] = Standing.KNOWN if there == digest else Standing.CONFLICTING
        return found

    def fold(self) -> None:
        """Hold of the last records the hashes only."""
        self.hold(list(self.last), list(self.last.values()))
        self.last.clear()

    def hold(self, identifiers: Sequence[str], digests: Sequence[bytes]) -> None:
        """Add hashes; arrays of similar length become one, so that there are never many."""
        self.arrays.append(_sorted(_hashes(identifiers), _halves(digests)))
        while len(self.arrays) > 1 and len(self.arrays[-2][0]) <= 2 * len(self.arrays[-1][0]):
            (names, halves), (more_names, more_halves) = self.arrays.pop(), self.arrays.pop()
            self.arrays.append(_sorted(np.concatenate((names, more_names)), np.concatenate((halves, more_halves))))


def _sorted(names: _Hashes, halves: _Hashes) -> tuple[_Hashes, _Hashes]:
    order = np.argsort(names, kind="stable")
    return names[order], halves[order]


def _hashes(identifiers: Iterable[str]) -> _Hashes:
    return np.array([*map(hash, identifiers)], np.int64).view(np.uint64)


def _halves(digests: Iterable[bytes]) -> _Hashes:
    return np.frombuffer(b"".join(each[:8] for each in digests), np.uint64)


def _sent(folder: Path, source: str) -> Iterator[tuple[Sequence[str], Sequence[bytes]]]:
    """Yield identifiers and digests of what a source has sent, segment by segment and then entry by entry."""
    contents = Contents.read(folder)
    for segment in contents.manifest.of_kind(*KINDS):
        if source in segment.sources:
            table = contents.table(segment, _COLUMNS).filter(pc.field("source") == source)
            yield table.column("source_id").to_pylist(), table.column(DIGEST).to_pylist()
    for file, frame in contents.frames:
        if frame.entry.form is Form.RECORDS and source in frame.entry.sources:
            identities = contents.read_frame(file, frame, payload_identities)
            own = [(identifier, digest) for of, identifier, digest in identities if of == source]
            yield [identifier for identifier, _ in own], [digest for _, digest in own]


def _stored(folder: Path, source: str, identifiers: Collection[str], known: _Source) -> dict[str, bytes]:
    """Return the digests of those of these identifiers that a source has used."""
    found = {each: known.last[each] for each in identifiers if each in known.last}
    if len(found) == len(identifiers):
        return found
    wanted = set(identifiers)
    for sent, digests in _sent(folder, source):
        found.update((each, digest) for each, digest in zip(sent, digests, strict=True) if each in wanted)
    return found
