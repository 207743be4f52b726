"""Inspection: everything that a vault holds is read, and compared with what was sealed and booked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from makegood.engine.evidence.records import AnyRecord
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault import codes
from makegood.vault.chain import BOOK, FORMAT_CONTENT, FORMAT_FILE, Chain, segment_place, unsealed
from makegood.vault.refusals import VaultDamaged
from makegood.vault.run import Pages
from makegood.vault.seal import Seal, Segment


def inspect(folder: Path) -> tuple[Finding, ...]:
    """Return what is wrong with a vault, sorted by place; an import that was killed leaves notes, no errors."""
    chain = Chain.read(folder)
    findings = [*_format(folder), *chain.findings, *_segments(chain), *_books(folder)]
    for path in unsealed(folder, chain.seals):
        place = Place(path.relative_to(folder).as_posix(), 1, 1)
        findings.append(codes.NOT_SEALED.at(place, f"{path.name} is named by no seal and never read"))
    return tuple(sorted(findings))


def _format(folder: Path) -> Iterator[Finding]:
    try:
        intact = (folder / FORMAT_FILE).read_bytes() == FORMAT_CONTENT
    except OSError:
        intact = False
    if not intact:
        yield codes.VAULT_DAMAGED.at(Place(FORMAT_FILE, 1, 1), f"{FORMAT_FILE} is not what was written")


def _segments(chain: Chain) -> Iterator[Finding]:
    seen: set[str] = set()
    for seal in chain.seals:
        for segment in seal.segments:
            try:
                yield from _records(chain, seal, segment, seen)
            except VaultDamaged as damage:
                yield damage.finding


def _records(chain: Chain, seal: Seal, segment: Segment, seen: set[str]) -> Iterator[Finding]:
    """Compare each record with its digest, and with the rules that records keep to at birth."""
    digests = chain.digests(segment)
    for record, (_, _, digest) in zip(chain.records(segment), digests, strict=True):
        if record.digest != digest.hex():
            trouble = "its content does not fit its digest"
        elif record.id in seen:
            trouble = "it was sealed before"
        elif record.source not in seal.sources:
            trouble = f"seal {seal.sequence} does not name its source"
        else:
            trouble = _unborn(record)
        if trouble:
            yield codes.SEGMENT_DAMAGED.at(segment_place(segment), f"the record {record.id} is wrong: {trouble}")
        seen.add(record.id)


def _unborn(record: AnyRecord) -> str:
    """Return why a record could not have been made, which reading it from a segment does not ask; else nothing."""
    try:
        record.__post_init__()
    except ValueError as error:
        return str(error)
    return ""


def _books(folder: Path) -> Iterator[Finding]:
    for path in sorted((folder / BOOK).glob("*.jsonl")):
        yield from Pages.read(path, path.stem).findings
