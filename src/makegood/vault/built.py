"""Building segments: rows of one kind and part become the bytes of a file, and what the manifest says of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from makegood.vault.durable import PART, sync_folder, write_all
from makegood.vault.entry import Entry
from makegood.vault.headers import headers_bytes
from makegood.vault.layout import SEGMENTS, sha256
from makegood.vault.manifest import ENTRIES, PROBES, RUNS, Segment
from makegood.vault.parts import ALL, numbers_of
from makegood.vault.probes.columns import ProbeColumns, instant_of, joined
from makegood.vault.probes.runs import runs_bytes, runs_of
from makegood.vault.probes.segment import segment_bytes
from makegood.vault.refusals import UnableToWrite
from makegood.vault.segment import SEQUENCE, ordered, parquet_bytes, time_column


@dataclass(frozen=True, slots=True)
class Built:
    """A segment that is not on the disk yet."""

    segment: Segment
    content: bytes


def built_records(kind: str, part: str, tables: Sequence[pa.Table]) -> Built:
    """Return the segment of records of one kind and part."""
    table = ordered(kind, tables)
    content = parquet_bytes(table)
    moments = pc.min_max(table.column(time_column(kind))).as_py()
    numbers = pc.min_max(table.column(SEQUENCE)).as_py()
    sources = tuple(sorted(pc.unique(table.column("source")).to_pylist()))
    return Built(
        Segment(
            kind=kind,
            part=part,
            sha256=sha256(content),
            rows=table.num_rows,
            first=numbers["min"],
            last=numbers["max"],
            first_at=moments["min"],
            last_at=moments["max"],
            sources=sources,
        ),
        content,
    )


def built_probes(part: str, columns: Sequence[ProbeColumns]) -> Iterator[Built]:
    """Yield the segment of probes of one part, and that of their runs; the probes have a ``sequence``."""
    probes = joined(columns)
    runs, numbers = runs_of(probes), numbers_of(probes)
    for kind, content, rows in ((PROBES, segment_bytes(probes), len(probes)), (RUNS, runs_bytes(runs), len(runs))):
        segment = Segment(
            kind=kind,
            part=part,
            sha256=sha256(content),
            rows=rows,
            first=int(numbers.min()),
            last=int(numbers.max()),
            first_at=instant_of(int(probes.at.min())),
            last_at=instant_of(int(probes.at.max())),
            sources=tuple(sorted({name.source for name in probes.names})),
        )
        yield Built(segment, content)


def built_headers(entries: Sequence[Entry]) -> Built:
    """Return the segment of the headers of entries that leave the log."""
    content = headers_bytes(entries)
    first, last = entries[0].sequence, entries[-1].sequence
    return Built(Segment(ENTRIES, ALL, sha256(content), len(entries), first, last, None, None, ()), content)


def write_segments(folder: Path, built: Iterable[Built]) -> tuple[Segment, ...]:
    """Put segments onto the disk, where nothing names them yet, and return them.

    :raises UnableToWrite: if the disk does not take them
    """
    path = folder / SEGMENTS
    written = []
    for each in built:
        try:
            _write(path / each.segment.file, each.content)
            sync_folder(path)
        except OSError as error:
            raise UnableToWrite(path / each.segment.file, error) from error
        written.append(each.segment)
    return tuple(written)


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + PART)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        write_all(handle, content)
        os.fdatasync(handle)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    finally:
        os.close(handle)
    part.replace(path)
