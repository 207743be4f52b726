"""Attribution: which party caused which share of what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Attribution
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.vocabulary.interval import Interval, union
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import seconds_between

NOBODY = "unattributed"

_WHOLE = Ratio(1)


def attribution(measurement: Measurement, evidence: Evidence) -> dict[str, Ratio]:
    """Return the share of each party in what went wrong.

    Unit: exact shares by party that add up to 1; ``unattributed`` has what no party was found to have caused.
    Rule: misses weigh by their size. Each is shared by what was found about its incident, else second by second among
        the parties whose stretches cover it; where the shares of one moment exceed the whole they are reduced in
        proportion, so that several causes of one moment share it. Without any miss everything is unattributed.
    Source: docs/explanation/judging/attribution.md

    >>> from makegood.engine.agreement.shapes import Unit
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> found = Attribution(source="review", source_id="1", incident="INC-7", party="hosting", share=Ratio(3, 5))
    >>> late = Miss("T-1", size=1, incident="INC-7")
    >>> measured = Measurement(Ratio(9, 10), Unit.SHARE, 9, 10, Reason("9 of 10"), misses=(late,))
    >>> attribution(measured, Evidence.of([found]))
    {'hosting': Ratio(3, 5), 'unattributed': Ratio(2, 5)}
    """
    size = sum(miss.size for miss in measurement.misses)
    if not size:
        return {NOBODY: _WHOLE}
    found: dict[str, Ratio] = defaultdict(lambda: Ratio(0))
    for miss in measurement.misses:
        for party, share in _shares(miss, evidence.attributions).items():
            found[party] += share * Ratio(miss.size, size)
    return dict(sorted(found.items()))


def _shares(miss: Miss, known: Mapping[str, Sequence[Attribution]]) -> dict[str, Ratio]:
    """Return the shares of one miss; they add up to 1."""
    own = known.get(miss.incident, ()) if miss.incident else ()
    whole = [each for each in own if each.start is None]
    if whole:
        return _of_moment(whole)
    if miss.spans:
        return _over_time(miss.spans, _stretches([*own, *known.get("", ())]))
    stretches = _stretches(own)
    return _over_time(union(each.interval for each in stretches), stretches)


@dataclass(frozen=True, slots=True)
class _Stretch:
    interval: Interval
    cause: Attribution


def _stretches(causes: Iterable[Attribution]) -> list[_Stretch]:
    return [_Stretch(Interval(each.start, each.end), each) for each in causes if each.start and each.end]


def _over_time(spans: Sequence[Interval], stretches: Sequence[_Stretch]) -> dict[str, Ratio]:
    """Return the shares of stretches of time, second by second."""
    total = sum(span.seconds for span in spans)
    found: dict[str, Ratio] = defaultdict(lambda: Ratio(0))
    for span in spans:
        there = [(common, each.cause) for each in stretches if (common := each.interval.intersection(span))]
        cuts = {span.start, span.end}.union(*({common.start, common.end} for common, _ in there))
        for start, end in pairwise(sorted(cuts)):
            causes = [cause for common, cause in there if common.contains(start)]
            for party, share in _of_moment(causes).items():
                found[party] += share * Ratio(seconds_between(start, end), total)
    return dict(found) or {NOBODY: _WHOLE}


def _of_moment(causes: Iterable[Attribution]) -> dict[str, Ratio]:
    """Return the shares of parties in one moment or incident, reduced to the whole if they exceed it."""
    shares: dict[str, Ratio] = {}
    for each in causes:
        shares[each.party] = max(each.share, shares.get(each.party, Ratio(0)))
    sum_ = sum(shares.values(), Ratio(0))
    found = {party: share / max(sum_, _WHOLE) for party, share in shares.items() if share}
    return found if sum_ >= 1 else {**found, NOBODY: _WHOLE - sum_}
