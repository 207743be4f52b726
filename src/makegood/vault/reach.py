"""Reaching for probes: those of some days and subjects, up to an entry, from the segments and from the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import numpy as np

from makegood.vault.contents import Contents
from makegood.vault.manifest import PROBES
from makegood.vault.probes.columns import ProbeColumns, joined
from makegood.vault.sealing import sorted_probes


def probes_until(
    contents: Contents,
    until: int,
    *,
    days: tuple[date, date] | None = None,
    subjects: Collection[str] | None = None,
) -> Iterator[ProbeColumns]:
    """Yield the probes up to an entry, one day and bucket after the other, in canonical order.

    ``days`` are the first and the last day, in UTC; ``subjects`` those that are wanted.

    :raises VaultDamaged: if a segment or an entry of the log is not what was written
    """
    frames = [each for each in contents.frames if each[1].entry.sequence <= until]
    logged = sorted_probes(contents, frames)
    segments = [each for each in contents.manifest.of_kind(PROBES) if each.first <= until]
    for part in sorted({each.part for each in segments} | logged.keys()):
        if days is not None and not days[0] <= _day(part) <= days[1]:
            continue
        columns = [contents.probes(each, until) for each in segments if each.part == part]
        columns += [logged[part]] if part in logged else []
        found = joined([_of(each, subjects) for each in columns])
        if len(found):
            yield found


def _day(part: str) -> date:
    return date.fromisoformat(part.partition(".")[0])


def _of(columns: ProbeColumns, subjects: Collection[str] | None) -> ProbeColumns:
    if subjects is None:
        return columns
    wanted = np.array([name.subject in subjects for name in columns.names], np.bool_)
    return columns.chosen(wanted[columns.series])
