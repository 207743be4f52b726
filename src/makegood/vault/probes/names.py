"""Series as lines of text: the same wherever probes are hashed, sent or stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from makegood.engine.evidence.probes import Series

_REMEMBERED = 65_536  # a collector reports the same series every minute


@lru_cache(_REMEMBERED)
def series_line(series: Series) -> bytes:
    """Return a series as a line of canonical JSON, with its line end."""
    content = {
        "source": series.source,
        "subject": series.subject,
        "check": series.check,
        "of": series.of,
        "unit": series.unit,
        "labels": series.labels,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@lru_cache(_REMEMBERED)
def _series_of(line: bytes) -> Series:
    content = json.loads(line.decode())
    labels = tuple((name, value) for name, value in content.pop("labels"))
    return Series(**content, labels=labels)


def names_bytes(names: Iterable[Series]) -> bytes:
    """Return a table of series as lines."""
    return b"".join(map(series_line, names))


@lru_cache(4)  # days of the same partition mostly have the same table
def names_of(lines: bytes) -> tuple[Series, ...]:
    """Return the table of series that was written as lines.

    :raises ValueError: if the lines are not series, or not sorted, each once
    """
    try:
        names = tuple(map(_series_of, lines.splitlines(keepends=True)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"its table of series cannot be read: {error}") from None
    if any(one >= other for one, other in pairwise(names)):
        raise ValueError("its table of series is not sorted")
    return names
