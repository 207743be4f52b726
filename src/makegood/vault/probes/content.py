"""What probes say, as one hash: the same wherever and in which order they lie."""

from __future__ import annotations

import hashlib

import numpy as np

from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.names import series_line


def content_hash(columns: ProbeColumns) -> str:
    """Return the SHA-256 of the probes, in hexadecimal.

    Hashed is, of each series in order, its line of JSON, then the instants, the statuses and the values in order of
    time as little-endian bytes: 8, 1 and 8 for each probe. By which entry they came is no part of it.
    """
    columns = columns.sorted()
    found = hashlib.sha256()
    ends = np.cumsum(np.bincount(columns.series, minlength=len(columns.names))).tolist()
    at = columns.at.astype("<i8", copy=False).tobytes()
    status = columns.status.tobytes()
    value = columns.value.astype("<i8", copy=False).tobytes()
    start = 0
    for name, end in zip(columns.names, ends, strict=True):
        found.update(
            b"".join((series_line(name), at[8 * start : 8 * end], status[start:end], value[8 * start : 8 * end]))
        )
        start = end
    return found.hexdigest()
