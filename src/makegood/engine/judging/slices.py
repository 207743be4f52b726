"""Slices: short stretches of a period that are judged one by one, and the one value that they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.engine.agreement.measures.ratio import EmptySlice, SliceMethod, Slices, SliceWeight
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import seconds_between


@dataclass(frozen=True, slots=True)
class Slice:
    """The bad ones of all events in one slice."""

    bad: int
    total: int


def slices_of(
    *, good: Iterable[tuple[datetime, int]], bad: Iterable[tuple[datetime, int]], period: Interval, every: Duration
) -> tuple[tuple[Slice, ...], int]:
    """Return the slices in which anything happened, in order of time, and how many slices there are at all.

    Unit: events; whole slices, of which the last may be cut short by the end of the period.
    Rule: slices are counted from the start of the period; events belong to the slice in which they start. They are
        given as their instant and their number.
    Source: docs/explanation/judging/ratio.md

    >>> from datetime import UTC
    >>> hour = Interval(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC))
    >>> slices_of(good=[(hour.start, 9)], bad=[(hour.start, 1)], period=hour, every=Duration(300))
    ((Slice(bad=1, total=10),), 12)
    """
    numbers: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for place, events in enumerate((good, bad)):
        for start, number in events:
            numbers[seconds_between(period.start, start) // every.seconds][place] += number
    happened = tuple(Slice(wrong, well + wrong) for _, (well, wrong) in sorted(numbers.items()) if well + wrong)
    return happened, -(-period.seconds // every.seconds)


def sliced_ratio(slices: Sequence[Slice], number: int, terms: Slices, *, recorded: bool = False) -> Ratio | None:
    """Return 100 % less the mean error rate of slices, or less the share of bad slices.

    Unit: exact ratio from 0 to 1.
    Rule: a slice in which nothing happened has no error (``good``) or is left out (``skipped``). Slices count alike,
        or by their events. A slice is bad when its error rate is as ``bad_when`` says; without it, when it has any
        error. Nothing at all gives no answer (``None``); but where it is on record that nothing happened
        (``recorded``), slices that then are good make 100 %.
    Source: docs/explanation/judging/ratio.md

    >>> terms = Slices(every=Duration(300), method=SliceMethod.MEAN_ERROR_RATE)
    >>> sliced_ratio([Slice(100, 200)] * 100 + [Slice(0, 1000)] * 1540, 8640, terms).percent()
    '99.421296 %'
    """
    if terms.method is SliceMethod.SHARE_OF_BAD_SLICES:
        slices = [Slice(each.total if is_bad(each, terms) else 0, each.total) for each in slices]
    if not slices:
        return Ratio(1) if recorded and terms.empty is EmptySlice.GOOD else None
    if terms.weight is SliceWeight.BY_EVENTS:
        return 1 - Ratio(sum(each.bad for each in slices), sum(each.total for each in slices))
    bad_by_size: dict[int, int] = defaultdict(int)  # far fewer fractions to add up than there are slices
    for each in slices:
        bad_by_size[each.total] += each.bad
    errors = sum((Ratio(bad, total) for total, bad in bad_by_size.items()), Ratio(0))
    return 1 - errors / (number if terms.empty is EmptySlice.GOOD else len(slices))


def is_bad(each: Slice, terms: Slices) -> bool:
    """Return whether a slice is bad.

    Unit: the error rate is an exact ratio from 0 to 1.
    Rule: as ``bad_when`` says, compared exactly; without it, a slice with any error is bad.
    Source: docs/explanation/judging/ratio.md

    >>> is_bad(Slice(1, 1000), Slices(every=Duration(60), method=SliceMethod.SHARE_OF_BAD_SLICES))
    True
    """
    return terms.bad_when.is_met_by(Ratio(each.bad, each.total)) if terms.bad_when else each.bad > 0
