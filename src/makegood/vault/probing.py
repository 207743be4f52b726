"""Inspection of probes: that each lies in its part, once, and that the runs beside them are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from makegood.engine.vocabulary.finding import Finding
from makegood.vault import codes
from makegood.vault.contents import Contents
from makegood.vault.layout import buckets_of
from makegood.vault.manifest import PROBES, RUNS, Segment
from makegood.vault.parts import day_parts, numbers_of
from makegood.vault.probes.columns import ProbeColumns, instant_of, joined
from makegood.vault.probes.runs import RunColumns, runs_columns, runs_of
from makegood.vault.refusals import VaultDamaged


def probe_findings(contents: Contents) -> Iterator[Finding]:
    """Yield what is wrong with the segments of probes and of their runs."""
    runs = {(each.part, each.first, each.last): each for each in contents.manifest.of_kind(RUNS)}
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
    for segment in runs.values():  # these have outlived their probes
        try:
            contents.read_segment(segment, runs_columns)
        except VaultDamaged as damage:
            yield damage.finding


def _misplaced(contents: Contents, segment: Segment, probes: ProbeColumns) -> str:
    """Return what of a segment is not as the manifest says; nothing if all is."""
    numbers = numbers_of(probes)
    found = (
        *(int(numbers.min()), int(numbers.max())),
        *(instant_of(int(probes.at.min())), instant_of(int(probes.at.max()))),
        tuple(sorted({name.source for name in probes.names})),
    )
    if found != (segment.first, segment.last, segment.first_at, segment.last_at, segment.sources):
        return "holds other times or sources than the manifest says"
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
