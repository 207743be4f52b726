"""Recounting: from what the segments hold of each entry, its content is computed again, as when it was accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow.compute as pc

from makegood.engine.evidence.records import KINDS
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.vault import codes
from makegood.vault.contents import Contents
from makegood.vault.entry import Entry, Form, records_content
from makegood.vault.layout import MANIFEST
from makegood.vault.manifest import PROBES, Segment
from makegood.vault.parts import numbers_of
from makegood.vault.probes.columns import ProbeColumns, joined
from makegood.vault.probes.content import content_hash
from makegood.vault.segment import DIGEST, SEQUENCE

ROWS_AT_ONCE = 4_000_000


def altered(contents: Contents, entries: Sequence[Entry], rows_at_once: int = ROWS_AT_ONCE) -> Iterator[Finding]:
    """Yield a finding for each sealed entry of which the segments do not hold what was accepted.

    Of an entry of which a policy of retention took rows away only the number of rows can be compared.

    :raises VaultDamaged: if a segment is not what was sealed
    """
    lost = contents.manifest.lost
    for some in _windows(entries, rows_at_once):
        found = {Form.RECORDS: _records(contents, some), Form.PROBES: _probes(contents, some)}
        for entry in some:
            rows, content = found[entry.form].get(entry.sequence, (0, ""))
            gone = lost.get(entry.sequence, 0)
            if rows + gone != entry.rows:
                yield _finding(contents, entry, f"it has {rows} of {entry.rows - gone} rows")
            elif not gone and content != entry.content:
                yield _finding(contents, entry, "its content is another one")


def _windows(entries: Sequence[Entry], rows_at_once: int) -> Iterator[list[Entry]]:
    """Yield entries one behind the other, few enough at once that their rows fit into the memory."""
    some: list[Entry] = []
    rows = 0
    for entry in entries:
        if some and rows + entry.rows > rows_at_once:
            yield some
            some, rows = [], 0
        some.append(entry)
        rows += entry.rows
    if some:
        yield some


def _records(contents: Contents, entries: Sequence[Entry]) -> dict[int, tuple[int, str]]:
    """Return how many records the segments hold of each entry, and their content."""
    first, last = entries[0].sequence, entries[-1].sequence
    digests: dict[int, list[bytes]] = defaultdict(list)
    for segment in _reaching(contents, KINDS, first, last):
        table = contents.table(segment, [DIGEST, SEQUENCE])
        table = table.filter((pc.field(SEQUENCE) >= first) & (pc.field(SEQUENCE) <= last))
        for sequence, digest in zip(table.column(SEQUENCE).to_pylist(), table.column(DIGEST).to_pylist(), strict=True):
            digests[sequence].append(digest)
    return {sequence: (len(found), records_content(found)) for sequence, found in digests.items()}


def _probes(contents: Contents, entries: Sequence[Entry]) -> dict[int, tuple[int, str]]:
    """Return how many probes the segments hold of each entry, and their content."""
    first, last = entries[0].sequence, entries[-1].sequence
    parts: dict[int, list[ProbeColumns]] = defaultdict(list)
    for segment in _reaching(contents, (PROBES,), first, last):
        columns = contents.probes(segment)
        numbers = numbers_of(columns)
        rows = np.flatnonzero((numbers >= first) & (numbers <= last))
        order = rows[np.argsort(numbers[rows], kind="stable")]
        bounds = np.flatnonzero(np.diff(numbers[order])) + 1
        for chosen in np.split(order, bounds) if len(order) else ():
            parts[int(numbers[chosen[0]])].append(columns.chosen(chosen))
    whole = {sequence: joined(columns) for sequence, columns in parts.items()}
    return {sequence: (len(columns), content_hash(columns)) for sequence, columns in whole.items()}


def _reaching(contents: Contents, kinds: Iterable[str], first: int, last: int) -> Iterator[Segment]:
    segments = contents.manifest.of_kind(*kinds)
    return (each for each in segments if each.first <= last and first <= each.last)


def _finding(contents: Contents, entry: Entry, trouble: str) -> Finding:
    number = next(change.number for change in contents.manifest.changes if change.last >= entry.sequence)
    return codes.ENTRY_ALTERED.at(
        Place(MANIFEST, number, 1), f"entry {entry.sequence} is not what was accepted: {trouble}"
    )
