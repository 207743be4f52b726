"""The one writer of a vault: batches of records become segments, and a seal commits them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from makegood.engine.evidence.records import KINDS, AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.times import utc
from makegood.vault import codes
from makegood.vault.chain import SEALS, SEGMENTS, Chain, sha256, unsealed
from makegood.vault.durable import write_whole
from makegood.vault.lock import only_writer
from makegood.vault.refusals import UnableToWrite
from makegood.vault.seal import Seal, Segment, segment_file
from makegood.vault.segment import segment_bytes, stretch

SHOWN_CONFLICTS = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a batch: records that are new, known already, or refused as ``conflicting``.

    ``conflicts`` are the findings of the first conflicting ones. ``seal`` is the number of the seal that holds what was
    added; None if nothing was.
    """

    added: int
    known: int
    conflicting: int
    conflicts: tuple[Finding, ...]
    seal: int | None


@dataclass
class Writer:
    """Adds records; use it through ``Vault.writer``. What ``append`` has returned from is stored for good."""

    folder: Path
    now: datetime
    chain: Chain
    # By source, then source id: the digest of what is sealed. Loaded when a source is first written to.
    _known: dict[str, dict[str, bytes]] = field(default_factory=dict, init=False)
    _failed: bool = field(default=False, init=False)

    def append(self, records: Iterable[AnyRecord], *, found_at: Callable[[int], Place] | None = None) -> Accepted:
        """Seal those records that are new; ``found_at`` tells where the n-th of them was read.

        :raises UnableToWrite: if the disk does not take it; nothing of the batch was stored
        """
        if self._failed:
            raise RuntimeError("this writer has failed; open a new one")
        self._failed = True  # until all has gone well
        fresh: dict[tuple[str, str], tuple[AnyRecord, bytes]] = {}
        known, conflicting = 0, 0
        conflicts: list[Finding] = []
        for number, record in enumerate(records):
            digest = bytes.fromhex(record.digest)
            key = (record.source, record.source_id)
            there = self._sealed(record.source).get(record.source_id) or fresh.get(key, (None, None))[1]
            if there is None:
                fresh[key] = (record, digest)
            elif there == digest:
                known += 1
            else:
                conflicting += 1
                if len(conflicts) < SHOWN_CONFLICTS:
                    conflicts.append(_conflict(record, found_at(number) if found_at else None))
        seal = self._commit(list(fresh.values())) if fresh else None
        self._failed = False
        return Accepted(len(fresh), known, conflicting, tuple(conflicts), seal)

    def _sealed(self, source: str) -> dict[str, bytes]:
        if source not in self._known:
            self._known[source] = {
                identifier: digest
                for seal in self.chain.seals
                if source in seal.sources
                for segment in seal.segments
                for of, identifier, digest in self.chain.digests(segment)
                if of == source
            }
        return self._known[source]

    def _commit(self, batch: list[tuple[AnyRecord, bytes]]) -> int:
        """Write segments, then the seal that makes them count, and return its number."""
        sequence = self.chain.head + 1
        segments = tuple(self._segments(sequence, batch))
        sources = tuple(sorted({record.source for record, _ in batch}))
        seal = Seal(sequence, self.now, sources, segments, self.chain.previous)
        write_whole(self.folder / SEALS / seal.file, seal.content)
        self.chain = Chain(self.folder, (*self.chain.seals, seal), (), sha256(seal.content))
        for record, digest in batch:
            self._known[record.source][record.source_id] = digest
        return sequence

    def _segments(self, sequence: int, batch: list[tuple[AnyRecord, bytes]]) -> Iterator[Segment]:
        for kind in KINDS:
            chosen = [(record, digest) for record, digest in batch if record.kind == kind]
            if not chosen:
                continue
            records = [record for record, _ in chosen]
            content = segment_bytes(kind, records, [digest for _, digest in chosen], recorded_at=self.now)
            hashed = sha256(content)
            file = segment_file(sequence, kind, hashed)
            write_whole(self.folder / SEGMENTS / file, content)
            yield Segment(file, kind, hashed, len(records), *stretch(records))


@contextmanager
def open_writer(folder: Path, *, now: datetime) -> Iterator[Writer]:
    """Hold the vault's lock, remove what a killed writer left behind, and hand out the writer.

    :raises VaultInUse: if another writer is at work
    :raises VaultDamaged: if the chain of seals is broken; a broken chain is not continued
    :raises UnableToWrite: if the folder cannot be written to
    """
    with only_writer(folder, now=now):
        chain = Chain.read(folder).intact()
        try:
            for name in (SEALS, SEGMENTS):
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise UnableToWrite(folder, error) from error
        for path in unsealed(folder, chain.seals):
            with suppress(OSError):  # it is never read; the next writer tries again
                path.unlink()
        yield Writer(folder, utc(now), chain)


def _conflict(record: AnyRecord, place: Place | None) -> Finding:
    finding = codes.CONFLICT
    text = f"{record.source} has sent {record.source_id} before, with other content; the first one still counts"
    return Finding(
        finding.code, finding.severity, place, text, "send a correction, and what is right under a new identifier"
    )
