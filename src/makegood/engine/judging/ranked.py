"""Ranked samples: a quantile needs the values that can be the answer, and of all others only on which side they lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from makegood.engine.agreement.measures.gauges import GaugeMeasure, Subjects, Weight
from makegood.engine.agreement.measures.quantile import Quantile
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Gauge
from makegood.engine.judging.samples import covers
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a quantile ranks: samples of the subjects that it is ``about`` (none: all), together or those of ``each``.

    ``periods`` has, for each period, the agreed time in which samples count, sorted and apart.
    """

    share: Ratio
    about: frozenset[str]
    each: bool
    periods: tuple[tuple[Interval, ...], ...]

    @classmethod
    def of(cls, agreement: Agreement, measure: Quantile, periods: Sequence[Period]) -> Self:
        """Return what a measure of one version of an agreement ranks."""
        calendar = calendar_of(agreement, measure.on)
        return cls(
            measure.quantile,
            frozenset(measure.about),
            measure.subjects is Subjects.WORST,
            tuple(calendar.open_in(each.interval) for each in periods),
        )

    def ranks(self, certain: int, doubtful: int) -> tuple[int, int]:
        """Return the first and the last rank, among samples that certainly count, at which the quantile can lie.

        Unit: ranks, from 1 on; the first may be less, and the last more than there are.
        Rule: of the doubtful samples, those that an exclusion may leave out, any may count, on either side. Both
            neighbours of a quantile that lies between two samples are among these ranks.
        Source: docs/explanation/judging/measuring.md

        >>> Ranking(Ratio(95, 100), frozenset(), False, ()).ranks(1_000, 3)
        (946, 954)
        """
        return (self.share * certain).ceil() - doubtful - 1, (self.share * (certain + doubtful)).ceil() + 1


def rankings(agreement: Agreement, gauge: str, periods: Sequence[Period]) -> tuple[Ranking, ...] | None:
    """Return what the measures of one version of an agreement rank of a gauge; None if one needs more than that.

    Unit: none.
    Rule: averages need the sum alone. Whoever looks at the time for which a sample holds, or at slices of a period,
        needs every value.
    Source: docs/explanation/judging/measuring.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> rankings(read(GOOD).agreement, "response-time", ())
    ()
    """
    measures = [each.measure for each in agreement.outcomes.values()]
    found = [each for each in measures if isinstance(each, GaugeMeasure) and each.of == gauge]
    if any(each.weight is Weight.TIME or (isinstance(each, Quantile) and each.slices) for each in found):
        return None
    return tuple(Ranking.of(agreement, each, periods) for each in found if isinstance(each, Quantile))


def sides(
    samples: Sequence[Gauge], doubtful: Sequence[Gauge], ranked: Sequence[Ranking]
) -> list[tuple[int, ...] | None]:
    """Return for each sample on which side of the quantiles it lies; None if it may be one of them, or next to it.

    Unit: -1 is below a quantile, 1 above it; 0 where it does not rank the sample.
    Rule: the samples certainly count, the doubtful ones may. Samples on the same side of every quantile may be taken
        for one another.
    Source: docs/explanation/judging/measuring.md

    >>> from datetime import UTC, datetime, timedelta
    >>> eight = datetime(2026, 3, 2, 8, tzinfo=UTC)
    >>> samples = [
    ...     Gauge(source="p", source_id=f"{n}", subject="web", of="time", value=Ratio(n), unit="ms", at=eight, count=10)
    ...     for n in range(5)
    ... ]
    >>> day = Interval(eight, eight + timedelta(days=1))
    >>> sides(samples, (), (Ranking(Ratio(1, 2), frozenset(), False, ((day,),)),))
    [(-1,), (-1,), None, (1,), (1,)]
    """
    found = [[0] * len(ranked) for _ in samples]
    near: set[int] = set()
    for number, ranking in enumerate(ranked):
        for agreed in ranking.periods:
            apart: dict[str, list[int]] = defaultdict(list)
            for place, each in enumerate(samples):
                if (not ranking.about or each.subject in ranking.about) and covers(agreed, each.at):
                    apart[each.subject if ranking.each else ""].append(place)
            either = sum(each.count for each in doubtful if covers(agreed, each.at))
            for places in apart.values():
                lowest, highest = _bounds([samples[each] for each in places], ranking, either)
                for place in places:
                    value = samples[place].value
                    found[place][number] = (value > highest) - (value < lowest)
                    near.update({place} if lowest <= value <= highest else ())
    return [None if place in near else tuple(each) for place, each in enumerate(found)]


def _bounds(samples: Sequence[Gauge], ranking: Ranking, doubtful: int) -> tuple[Ratio, Ratio]:
    """Return the lowest and the highest value that a quantile of the samples can be."""
    ordered = sorted(samples, key=lambda each: each.value)
    reached = list(accumulate(each.count for each in ordered))
    first, last = ranking.ranks(reached[-1], doubtful)
    lowest = next(each.value for each, rank in zip(ordered, reached, strict=True) if rank >= first)
    highest = next((each.value for each, rank in zip(ordered, reached, strict=True) if rank >= last), ordered[-1].value)
    return lowest, highest
