"""Parts of time: in which segment a row lies, by when it happened."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np

from makegood.engine.vocabulary.interval import Interval
from makegood.vault.probes.columns import Column, ProbeColumns

UNDATED = "undated"
ALL = "all"

_DAY = 86_400
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def month_part(happened_at: datetime | None) -> str:
    """Return the part of a record: its month, in UTC."""
    return UNDATED if happened_at is None else f"{happened_at.year:04}-{happened_at.month:02}"


def bucket_of(source: str, buckets: int) -> int:
    """Return the bucket of a source, the same on every machine.

    >>> bucket_of("monitoring", 1), bucket_of("monitoring", 16)
    (0, 13)
    """
    # A check named in the source and one named apart may be one timeline, which has to lie in one bucket.
    return zlib.crc32(source.partition("/")[0].encode()) % buckets


def day_parts(columns: ProbeColumns, buckets: int) -> Iterator[tuple[str, ProbeColumns]]:
    """Yield the probes of each day, in UTC, and bucket under the name of that part."""
    of_names = np.array([bucket_of(name.source, buckets) for name in columns.names], np.int64)
    keys = columns.at // _DAY * buckets + of_names[columns.series]
    for key in np.unique(keys).tolist():
        yield f"{date.fromordinal(_EPOCH_DAY + key // buckets)}.{key % buckets}", columns.chosen(keys == key)


def numbers_of(columns: ProbeColumns) -> Column:
    """Return by which entry each row came.

    :raises ValueError: if no vault has accepted them yet
    """
    if columns.sequence is None:
        raise ValueError("no vault has accepted these probes yet")
    return columns.sequence


def span_of(part: str) -> Interval | None:
    """Return the time of a part; None if it has no end.

    >>> str(span_of("2026-03-06.0")), str(span_of("2026-12")), span_of("undated")
    ('2026-03-06 00:00Z .. 2026-03-07 00:00Z', '2026-12-01 00:00Z .. 2027-01-01 00:00Z', None)
    """
    end = ends_on(part)
    if end is None:
        return None
    start = date.fromisoformat(part.partition(".")[0] if "." in part else f"{part}-01")
    return Interval(*(datetime(each.year, each.month, each.day, tzinfo=UTC) for each in (start, end)))


def ends_on(part: str) -> date | None:
    """Return the first day after a part; None if it has no end.

    >>> ends_on("2026-12"), ends_on("2026-03-06.0"), ends_on("undated")
    (datetime.date(2027, 1, 1), datetime.date(2026, 3, 7), None)
    """
    if part in (UNDATED, ALL):
        return None
    if len(part) == len("2026-12"):
        year, month = int(part[:4]), int(part[5:])
        return date(year + month // 12, month % 12 + 1, 1)
    return date.fromisoformat(part.partition(".")[0]) + timedelta(days=1)
