"""Outages: which of them are ignored, and how much downtime they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from makegood.engine.agreement.measures.availability import Count, Granularity
from makegood.engine.judging.composition import BEGINNING
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import seconds_between

_MINUTE = timedelta(minutes=1)


def is_ignored(outage: Interval, count: Count) -> bool:
    """Return whether an outage is too short to count.

    Unit: lengths in real seconds.
    Rule: the whole outage is measured, also where it crosses the end of the period, service hours or an exclusion;
        ``ignore_shorter_than`` spares an outage of exactly that length nothing, ``ignore_up_to`` ignores it.
    Source: docs/explanation/judging/availability.md

    >>> from datetime import UTC
    >>> from makegood.engine.vocabulary.duration import Duration
    >>> minute = Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 8, 1, tzinfo=UTC))
    >>> is_ignored(minute, Count(ignore_shorter_than=Duration(60)))
    False
    >>> is_ignored(minute, Count(ignore_up_to=Duration(60)))
    True
    """
    shorter, up_to = count.ignore_shorter_than, count.ignore_up_to
    return (shorter is not None and outage.seconds < shorter.seconds) or (
        up_to is not None and outage.seconds <= up_to.seconds
    )


def downtime(outages: Iterable[Sequence[Interval]], granularity: Granularity) -> list[int]:
    """Return the downtime of each outage, given the pieces of it that count, in order of time.

    Unit: seconds.
    Rule: ``seconds`` counts each second. ``touched_minutes`` counts each UTC clock minute with a second of outage,
        once even if two outages touch it (the earlier has it); ``full_minutes`` those that were down from end to
        end; ``elapsed_minutes`` the full minutes of each outage's length.
    Source: docs/explanation/judging/availability.md

    >>> from datetime import UTC
    >>> outage = [Interval(datetime(2026, 3, 2, 8, 0, 30, tzinfo=UTC), datetime(2026, 3, 2, 8, 2, 45, tzinfo=UTC))]
    >>> {granularity.value: downtime([outage], granularity)[0] for granularity in Granularity}
    {'seconds': 135, 'touched_minutes': 180, 'full_minutes': 60, 'elapsed_minutes': 120}
    """
    match granularity:
        case Granularity.SECONDS:
            return [_length(pieces) for pieces in outages]
        case Granularity.ELAPSED_MINUTES:
            return [_length(pieces) // 60 * 60 for pieces in outages]
        case Granularity.FULL_MINUTES:
            return [
                sum(_between(_minute_after(piece.start), _minute_of(piece.end)) for piece in pieces)
                for pieces in outages
            ]
        case _:
            return _touched(outages)


def _touched(outages: Iterable[Sequence[Interval]]) -> list[int]:
    sizes, reach = [], BEGINNING
    for pieces in outages:
        size = 0
        for piece in pieces:
            end = _minute_after(piece.end)
            size += _between(max(_minute_of(piece.start), reach), end)
            reach = end
        sizes.append(size)
    return sizes


def _length(pieces: Iterable[Interval]) -> int:
    return sum(piece.seconds for piece in pieces)


def _between(start: datetime, end: datetime) -> int:
    return max(0, seconds_between(start, end))


def _minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0)


def _minute_after(moment: datetime) -> datetime:
    return _minute_of(moment) + _MINUTE if moment.second else moment
