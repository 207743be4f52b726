"""Compaction: the segments of a part become one, which holds the same rows; the chain of entries is not touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from makegood.vault.built import Built, built_headers, built_probes, built_records, write_segments
from makegood.vault.contents import Contents
from makegood.vault.headers import headers_of
from makegood.vault.manifest import ENTRIES, PROBES, RUNS, Act, Change, Manifest, Segment
from makegood.vault.sealing import commit


def compact_parts(contents: Contents, *, now: datetime) -> Manifest:
    """Merge the segments of each part that has several, and return the manifest that names the new ones.

    Runs that have outlived their probes stay as they are: nothing else tells of these any more. The files that were
    replaced stay until the next writer comes, for those who are reading.

    :raises VaultDamaged: if a segment is not what was sealed; the parts before it may be compacted
    :raises UnableToWrite: if the disk does not take it; then that part is as it was
    """
    manifest = contents.manifest
    bereft = {each.file for each in manifest.bereft}
    for kind, part, segments in _scattered(manifest):
        adds = write_segments(contents.folder, _merged(contents, kind, part, segments))
        gone = [each.file for each in segments]
        if kind == PROBES:
            gone += [each.file for each in manifest.of_kind(RUNS) if each.part == part and each.file not in bereft]
        number = len(manifest.changes) + 1
        change = Change(number, Act.COMPACT, now, manifest.last, manifest.head, adds, tuple(gone))
        manifest = commit(contents.folder, manifest, change)
    return manifest


def _scattered(manifest: Manifest) -> Iterator[tuple[str, str, list[Segment]]]:
    """Yield the parts that have several segments; runs follow their probes."""
    parts: dict[tuple[str, str], list[Segment]] = defaultdict(list)
    for segment in manifest.segments.values():
        if segment.kind != RUNS:
            parts[segment.kind, segment.part].append(segment)
    yield from (
        (kind, part, sorted(segments, key=lambda each: each.first))
        for (kind, part), segments in sorted(parts.items())
        if len(segments) > 1
    )


def _merged(contents: Contents, kind: str, part: str, segments: list[Segment]) -> Iterator[Built]:
    if kind == ENTRIES:
        yield built_headers([entry for each in segments for entry in contents.read_segment(each, headers_of)])
    elif kind == PROBES:
        yield from built_probes(part, [contents.probes(each) for each in segments])
    else:
        yield built_records(kind, part, [contents.table(each) for each in segments])
