"""Copying: a fresh vault with the first entries of another, sealed in one go; the same entries give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from makegood.engine.evidence.records import KINDS
from makegood.vault.built import Built, built_headers, built_probes, built_records, write_segments
from makegood.vault.contents import Contents, Logged
from makegood.vault.entry import Entry
from makegood.vault.layout import MANIFEST
from makegood.vault.lines import append_line
from makegood.vault.manifest import PROBES, Act, Change
from makegood.vault.sealing import sorted_probes, sorted_records
from makegood.vault.segment import until_entry


def copy_entries(contents: Contents, to: Path, until: int) -> None:
    """Write the segments of the entries up to ``until``, and the manifest that names them, into the folder of a vault.

    What a policy of retention has removed is missing there, too, and the manifest says so.

    :raises VaultDamaged: if something is not what was written
    :raises UnableToWrite: if the disk does not take it
    """
    entries = list(contents.entries(until))
    if not entries:
        return
    frames = [each for each in contents.frames if each[1].entry.sequence <= until]
    adds = write_segments(to, _built(contents, frames, entries, until))
    retained = [change for change in contents.manifest.changes if change.lost]
    change = Change(
        number=1,
        act=Act.SEAL,
        at=entries[-1].recorded_at,
        last=until,
        head=entries[-1].hash,
        adds=adds,
        removes=(),
        reason="; ".join(dict.fromkeys(change.reason for change in retained)),
        lost=tuple((sequence, rows) for sequence, rows in sorted(contents.manifest.lost.items()) if sequence <= until),
    )
    append_line(to / MANIFEST, change.line(""), behind=0)


def _built(contents: Contents, frames: Sequence[Logged], entries: Sequence[Entry], until: int) -> Iterator[Built]:
    yield from _records(contents, frames, until)
    yield from _probes(contents, frames, until)
    yield from _runs_alone(contents, until)
    yield built_headers(entries)


def _records(contents: Contents, frames: Sequence[Logged], until: int) -> Iterator[Built]:
    logged = sorted_records(contents, frames)
    sealed = contents.manifest.of_kind(*KINDS)
    for kind, part in sorted({(each.kind, each.part) for each in sealed} | logged.keys()):
        segments = [each for each in sealed if (each.kind, each.part) == (kind, part) and each.first <= until]
        tables = [until_entry(contents.table(each), until) for each in segments]
        tables += [logged[kind, part]] if (kind, part) in logged else []
        if any(table.num_rows for table in tables):
            yield built_records(kind, part, tables)


def _probes(contents: Contents, frames: Sequence[Logged], until: int) -> Iterator[Built]:
    logged = sorted_probes(contents, frames)
    sealed = contents.manifest.of_kind(PROBES)
    for part in sorted({each.part for each in sealed} | logged.keys()):
        columns = [contents.probes(each, until) for each in sealed if each.part == part and each.first <= until]
        columns += [logged[part]] if part in logged else []
        if any(len(each) for each in columns):
            yield from built_probes(part, columns)


def _runs_alone(contents: Contents, until: int) -> Iterator[Built]:
    """Yield the runs that have outlived their probes, as they are."""
    for segment in contents.manifest.bereft:
        if segment.last <= until:
            yield Built(segment, contents.bytes_of(segment))
