"""Inspection of probes: that each lies in its part, once, and that the runs beside them are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from makegood.engine.vocabulary.finding import Finding
from makegood.vault import codes
from makegood.vault.contents import Contents
from makegood.vault.layout import buckets_of
from makegood.vault.manifest import PROBES, RUNS, Segment
from makegood.vault.parts import bucket_of, day_parts, numbers_of
from makegood.vault.probes.columns import ProbeColumns, instant_of, joined
from makegood.vault.probes.runs import RunColumns, runs_columns, runs_of
from makegood.vault.refusals import VaultDamaged

_OTHER: Final = "holds other times or sources than the manifest says"


def probe_findings(contents: Contents) -> Iterator[Finding]:
    """Yield what is wrong with the segments of probes and of their runs."""
    runs: dict[tuple[str, int, int], Segment] = {}
    for each in contents.manifest.of_kind(RUNS):
        if runs.setdefault((each.part, each.first, each.last), each) is not each:
            yield codes.SEGMENT_DAMAGED.at(each.place, f"{each.file} is not the only one with runs of its probes")
    parts: dict[str, list[Segment]] = defaultdict(list)
    for segment in contents.manifest.of_kind(PROBES):
        parts[segment.part].append(segment)
    for segments in parts.values():
        try:
            columns = [contents.probes(segment) for segment in segments]
        except VaultDamaged as damage:
            yield damage.finding
            continue
        for segment, probes in zip(segments, columns, strict=True):
            trouble = _misplaced(contents, segment, probes)
            if trouble:
                yield codes.SEGMENT_DAMAGED.at(segment.place, f"{segment.file} {trouble}")
            beside = runs.pop((segment.part, segment.first, segment.last), None)
            yield from _runs(contents, segment, probes, beside)
        if _has_twice(joined(columns)):
            text = f"{segments[-1].file} holds a probe that was accepted before"
            yield codes.SEGMENT_DAMAGED.at(segments[-1].place, text)
    yield from _without_probes(contents, sorted(runs.values(), key=lambda each: (each.last, each.part)))


def _misplaced(contents: Contents, segment: Segment, probes: ProbeColumns) -> str:
    """Return what of a segment is not as the manifest says; nothing if all is."""
    numbers = numbers_of(probes)
    found = (
        *(int(numbers.min()), int(numbers.max())),
        *(instant_of(int(probes.at.min())), instant_of(int(probes.at.max()))),
        tuple(sorted({name.source for name in probes.names})),
    )
    if found != (segment.first, segment.last, segment.first_at, segment.last_at, segment.sources):
        return _OTHER
    if [part for part, _ in day_parts(probes, buckets_of(contents.form))] != [segment.part]:
        return "holds probes of another day or bucket"
    return ""


def _runs(contents: Contents, segment: Segment, probes: ProbeColumns, beside: Segment | None) -> Iterator[Finding]:
    if beside is None:
        yield codes.SEGMENT_DAMAGED.at(segment.place, f"{segment.file} has no runs beside it")
        return
    try:
        found = contents.read_segment(beside, runs_columns)
    except VaultDamaged as damage:
        yield damage.finding
        return
    if not _same(found, runs_of(probes)):
        yield codes.SEGMENT_DAMAGED.at(beside.place, f"{beside.file} does not hold the runs of its probes")
    elif (beside.first_at, beside.last_at, beside.sources) != (segment.first_at, segment.last_at, segment.sources):
        yield codes.SEGMENT_DAMAGED.at(beside.place, f"{beside.file} {_OTHER}")


def _without_probes(contents: Contents, segments: Sequence[Segment]) -> Iterator[Finding]:
    """Yield what is wrong with runs whose probes cannot be read, or are gone: then retention has removed as many.

    What these said nobody can compare any more, only how many they were. ``segments`` are in order of their last entry.
    """
    lost = dict(sorted(contents.manifest.lost.items()))
    bereft = set(contents.manifest.bereft)
    for segment in segments:
        try:
            runs = contents.read_segment(segment, runs_columns)
        except VaultDamaged as damage:
            yield damage.finding
            continue
        trouble = _misplaced_runs(contents, segment, runs)
        if not trouble and segment in bereft and not _taken(lost, segment, int(runs.count.sum())):
            trouble = "stands for more probes than retention removed"
        if trouble:
            yield codes.SEGMENT_DAMAGED.at(segment.place, f"{segment.file} {trouble}")


def _misplaced_runs(contents: Contents, segment: Segment, runs: RunColumns) -> str:
    """Return what of runs is not as the manifest says, or cannot be; nothing if all is."""
    ends = (instant_of(int(runs.first_at.min())), instant_of(int(runs.last_at.max())))
    sources = tuple(sorted({name.source for name in runs.names}))
    if (*ends, sources) != (segment.first_at, segment.last_at, segment.sources):
        return _OTHER
    buckets = buckets_of(contents.form)
    if {f"{end.date()}.{bucket_of(source, buckets)}" for end in ends for source in sources} != {segment.part}:
        return "holds runs of another day or bucket"
    return "holds a run of no probes" if (runs.count < 1).any() else ""


def _taken(lost: dict[int, int], segment: Segment, count: int) -> bool:
    """Take so many rows from those that were lost of a segment's entries; tell whether there were as many."""
    for sequence in [each for each in lost if segment.first <= each <= segment.last]:
        rows = min(count, lost[sequence])
        lost[sequence] -= rows
        count -= rows
    return count == 0


def _same(found: RunColumns, expected: RunColumns) -> bool:
    columns = ("series", "status", "first_at", "last_at", "count", "max_gap")
    return found.names == expected.names and all(
        np.array_equal(getattr(found, name), getattr(expected, name)) for name in columns
    )


def _has_twice(columns: ProbeColumns) -> bool:
    """Tell whether a timeline has two probes at one instant."""
    numbers: dict[tuple[str, str], int] = {}
    lines = np.array([numbers.setdefault(name.timeline, len(numbers)) for name in columns.names], np.int64)
    line = lines[columns.series]
    order = np.lexsort((columns.at, line))
    return bool(((np.diff(line[order]) == 0) & (np.diff(columns.at[order]) == 0)).any())
