"""What a vault holds, in figures: of each kind how much, where it lies, and from when to when it speaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from makegood.vault.contents import Contents
from makegood.vault.entry import Form
from makegood.vault.layout import SEGMENTS
from makegood.vault.manifest import PROBES, SEGMENT_KINDS
from makegood.vault.probes.columns import Column, instant_of
from makegood.vault.segment import happened_at


@dataclass(frozen=True, slots=True)
class KindStats:
    """How many rows of a kind there are, how many of them still lie in the log, and how large their segments are.

    Kinds are those of records, ``probes``, their ``runs``, and the ``entries`` whose headers were sealed.
    """

    kind: str
    rows: int
    in_log: int
    segments: int
    bytes: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class VaultStats:
    """A vault in figures: how many entries were accepted, how many of them are sealed, and what there is of each kind.

    ``log_bytes`` is how large the log is, ``removed`` how many rows a policy of retention took away.
    """

    entries: int
    sealed: int
    kinds: tuple[KindStats, ...]
    log_bytes: int
    removed: int


def stats_of(contents: Contents) -> VaultStats:
    """Return a vault's contents in figures.

    :raises VaultDamaged: if the log does not hold what was accepted
    """
    in_log: Counter[str] = Counter()
    moments: dict[str, list[datetime]] = defaultdict(list)
    for kind, moment in _logged(contents):
        in_log[kind] += 1
        moments[kind] += [] if moment is None else [moment]
    for probes in _logged_probes(contents):
        in_log[PROBES] += len(probes)
        moments[PROBES] += [instant_of(int(probes.min())), instant_of(int(probes.max()))]
    found = []
    for kind in SEGMENT_KINDS:
        segments = contents.manifest.of_kind(kind)
        if not segments and not in_log[kind]:
            continue
        spoken = [*moments[kind], *(each for one in segments for each in (one.first_at, one.last_at) if each)]
        found.append(
            KindStats(
                kind=kind,
                rows=sum(each.rows for each in segments) + in_log[kind],
                in_log=in_log[kind],
                segments=len(segments),
                bytes=sum((contents.folder / SEGMENTS / each.file).stat().st_size for each in segments),
                first_at=min(spoken, default=None),
                last_at=max(spoken, default=None),
            )
        )
    return VaultStats(
        entries=contents.head,
        sealed=contents.manifest.last,
        kinds=tuple(found),
        log_bytes=sum(file.size for file in contents.log),
        removed=sum(contents.manifest.lost.values()),
    )


def _logged(contents: Contents) -> Iterator[tuple[str, datetime | None]]:
    for file, frame in contents.frames:
        if frame.entry.form is Form.RECORDS:
            yield from ((record.kind, happened_at(record)) for record, _ in contents.logged_records(file, frame))


def _logged_probes(contents: Contents) -> Iterator[Column]:
    for file, frame in contents.frames:
        if frame.entry.form is Form.PROBES:
            yield contents.logged_probes(file, frame).at
