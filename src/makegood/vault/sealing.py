"""Sealing: what lies in the log moves into segments, one file of the log at a time, and the manifest says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from makegood.engine.evidence.records import AnyRecord
from makegood.vault.built import Built, built_headers, built_probes, built_records, write_segments
from makegood.vault.contents import Contents, Logged
from makegood.vault.durable import remove
from makegood.vault.entry import Form
from makegood.vault.layout import MANIFEST, buckets_of
from makegood.vault.lines import append_line
from makegood.vault.manifest import Act, Change, Manifest
from makegood.vault.parts import day_parts, month_part
from makegood.vault.probes.columns import ProbeColumns, joined
from makegood.vault.segment import happened_at, records_table

Partition = tuple[str, str]


def seal_log(contents: Contents, *, now: datetime) -> Manifest:
    """Move the entries of the log into segments, and return the manifest that names them.

    A kill leaves a file of the log sealed or not: its entries count as sealed when the line is on the disk, and until
    then they lie in the log. What is left over either way is removed by the next writer.

    :raises VaultDamaged: if an entry of the log is not what was accepted; what lies before it may be sealed
    :raises UnableToWrite: if the disk does not take it; then the log is as it was, from where it was not sealed
    """
    manifest = contents.manifest
    for path, frames in groupby(contents.frames, key=lambda each: each[0].path):
        manifest = _seal(contents, manifest, list(frames), now)
        remove(path)
    return manifest


def _seal(contents: Contents, manifest: Manifest, frames: list[Logged], now: datetime) -> Manifest:
    entries = [frame.entry for _, frame in frames]
    adds = write_segments(contents.folder, (*built_log(contents, frames), built_headers(entries)))
    change = Change(
        number=len(manifest.changes) + 1,
        act=Act.SEAL,
        at=now,
        last=entries[-1].sequence,
        head=entries[-1].hash,
        adds=adds,
        removes=(),
    )
    return commit(contents.folder, manifest, change)


def commit(folder: Path, manifest: Manifest, change: Change) -> Manifest:
    """Write a change into the manifest; when this returns, it counts."""
    append_line(folder / MANIFEST, change.line(manifest.previous), behind=manifest.end)
    return manifest.after(change)


def built_log(contents: Contents, frames: Iterable[Logged]) -> Iterator[Built]:
    """Yield the segments that entries of the log make."""
    for (kind, part), table in sorted_records(contents, frames).items():
        yield built_records(kind, part, [table])
    for part, columns in sorted_probes(contents, frames).items():
        yield from built_probes(part, [columns])


def sorted_records(contents: Contents, frames: Iterable[Logged]) -> dict[Partition, pa.Table]:
    """Return the records of entries of the log by kind and part."""
    found: dict[Partition, list[tuple[AnyRecord, bytes, int]]] = defaultdict(list)
    for file, frame in frames:
        if frame.entry.form is Form.RECORDS:
            for record, digest in contents.logged_records(file, frame):
                found[record.kind, month_part(happened_at(record))].append((record, digest, frame.entry.sequence))
    return {
        (kind, part): records_table(kind, *map(list, zip(*rows, strict=True)))
        for (kind, part), rows in sorted(found.items())
    }


def sorted_probes(contents: Contents, frames: Iterable[Logged]) -> dict[str, ProbeColumns]:
    """Return the probes of entries of the log by part."""
    found = [contents.logged_probes(*each) for each in frames if each[1].entry.form is Form.PROBES]
    return dict(day_parts(joined(found), buckets_of(contents.form))) if found else {}
