"""Retention: what a policy says is old enough goes, and the manifest keeps what went, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

import numpy as np

from makegood.engine.evidence.records import KINDS
from makegood.vault.contents import Contents
from makegood.vault.durable import remove
from makegood.vault.layout import SEGMENTS
from makegood.vault.manifest import PROBES, RUNS, Act, Change, Manifest, Segment
from makegood.vault.parts import ends_on, numbers_of
from makegood.vault.sealing import commit
from makegood.vault.segment import SEQUENCE

RETAINED_KINDS = (*KINDS, PROBES, RUNS)


def retain_from(
    contents: Contents, *, before: date, kinds: Collection[str], reason: str, now: datetime
) -> tuple[Manifest, tuple[Segment, ...]]:
    """Remove the segments of some kinds whose part ended before a day, and return the manifest and what was removed.

    Rule: whole parts go, that is months of records and days of probes, both in UTC; what has no date stays. Runs stay
        when their probes go, unless they are named as well; when runs go, their probes go too. What is still in the
        log stays. The line of the manifest says how many rows of which entry went.

    :raises ValueError: if there is no such kind, or no reason is given
    :raises VaultDamaged: if a segment is not what was sealed; then nothing was removed
    :raises UnableToWrite: if the disk does not take the line; then nothing was removed
    """
    unknown = sorted(set(kinds) - set(RETAINED_KINDS))
    if unknown or not kinds:
        raise ValueError(f"there are no {', '.join(unknown) or 'kinds'}; name some of {', '.join(RETAINED_KINDS)}")
    if not reason.strip():
        raise ValueError("say why: the reason is all that is left of what is removed")
    manifest = contents.manifest
    wanted = {*kinds, PROBES} if RUNS in kinds else set(kinds)
    old = tuple(each for each in manifest.of_kind(*wanted) if _ended(each, before))
    if not old:
        return manifest, ()
    change = Change(
        number=len(manifest.changes) + 1,
        act=Act.RETAIN,
        at=now,
        last=manifest.last,
        head=manifest.head,
        adds=(),
        removes=tuple(each.file for each in old),
        reason=reason.strip(),
        lost=_rows_of_entries(contents, old),
    )
    manifest = commit(contents.folder, manifest, change)
    for each in old:
        remove(contents.folder / SEGMENTS / each.file)
    return manifest, old


def _ended(segment: Segment, before: date) -> bool:
    end = ends_on(segment.part)
    return end is not None and end <= before


def _rows_of_entries(contents: Contents, segments: tuple[Segment, ...]) -> tuple[tuple[int, int], ...]:
    """Return how many rows of each entry are in segments; runs are no rows of an entry."""
    counted: Counter[int] = Counter()
    for segment in segments:
        if segment.kind == RUNS:
            continue
        if segment.kind == PROBES:
            numbers = numbers_of(contents.probes(segment))
        else:
            numbers = contents.table(segment, [SEQUENCE]).column(SEQUENCE).to_numpy()
        found, counts = np.unique(numbers, return_counts=True)
        counted.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))
    return tuple(sorted(counted.items()))
