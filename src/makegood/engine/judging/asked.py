"""What an agreement asks of evidence, so that large evidence can be measured before it is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.coverage import Coverage
from makegood.engine.agreement.measures.gauges import GaugeMeasure, Weight
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.quantile import Quantile
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.recovery import Recovery
from makegood.engine.agreement.measures.score import Score
from makegood.engine.agreement.measures.time_beyond import TimeBeyond
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.reports import ReportDue
from makegood.engine.agreement.schedule import calendar_of, periods_of
from makegood.engine.agreement.sequences.ratchets import RisingTarget
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.agreement.versions import by_version, versions_of
from makegood.engine.evidence.records import AnyRecord, Gauge, State, Tally
from makegood.engine.judging.ranked import Ranking, rankings
from makegood.engine.judging.windows import windows_of
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.period import Period

_CASES = ("cases", "case", "ticket")


@dataclass(frozen=True, slots=True)
class Limited:
    """Cases with a limit of time: by which version of an agreement, by which measure of it, in which periods."""

    agreement: Agreement
    measure: Within
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the measures of an agreement, in all its versions, look at.

    ``subjects`` are those whose states are asked, and ``gauges`` those whose samples are, each with the subjects that
    it is asked about; none means all. ``results`` has, by name of events and for each measure of them, results, and
    whether it is these or all others that the measure does not name one by one. ``whole`` are the events and gauges of
    which some measure wants each record. Between two of the ``cuts`` of their name it matters to no measure when
    something happened. A state holds at least ``after`` without being seen again; for ever without it. ``cases`` are
    the kinds of case that nothing but limits of time are agreed for. ``digits`` has, by gauge, how many significant
    digits of its samples count, where every measure of it says the same. ``rankings`` has the gauges of whose samples
    nothing but quantiles and averages of whole periods are asked, and what these quantiles rank.
    """

    subjects: frozenset[str] = frozenset()
    gauges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    results: Mapping[str, tuple[tuple[frozenset[str], bool], ...]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    after: Duration | None = None
    cuts: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    cases: Mapping[str, tuple[Limited, ...]] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)
    rankings: Mapping[str, tuple[Ranking, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """Return what an agreement asks."""
        subjects, whole = set[str](), set[str]()
        gauges: dict[str, list[frozenset[str]]] = defaultdict(list)
        results: dict[str, list[tuple[frozenset[str], bool]]] = defaultdict(list)
        cuts: dict[str, set[datetime]] = defaultdict(set)
        for version in versions_of(agreement):
            subjects.update(_parts(version))
            for outcome in version.outcomes.values():
                measure = outcome.measure
                whole.update(_whole(measure))
                for gauge, about in _gauges(measure):
                    gauges[gauge].append(frozenset(about))
                if isinstance(measure, RatioOf | CountOf | GaugeMeasure):
                    cuts[measure.of].update(_cuts(replace(version, versions=agreement.versions), outcome))
                if isinstance(measure, RatioOf | CountOf):
                    results[measure.of].append(_unnamed(outcome, measure))
                if isinstance(measure, Availability | Composite | Recovery):
                    subjects.add(measure.of)
        return cls(
            subjects=frozenset(subjects),
            gauges={name: frozenset[str]().union(*each) if all(each) else frozenset() for name, each in gauges.items()},
            results={name: tuple(each) for name, each in results.items()},
            whole=frozenset(whole),
            after=_after(agreement),
            cuts={name: tuple(sorted(each)) for name, each in cuts.items()},
            cases=_limited(agreement),
            digits=_digits(agreement),
            rankings=_rankings(agreement, gauges.keys() - whole),
        )

    def is_about(self, record: AnyRecord) -> bool:
        """Tell whether any measure looks at a record.

        Unit: none.
        Rule: states are asked by their subject, events by their name, samples by the name of their gauge and by their
            subject; whatever else there is is always asked.
        Source: docs/explanation/judging/measuring.md

        >>> from datetime import UTC
        >>> at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        >>> sale = Tally(source="till", source_id="1", subject="", of="sales", result="paid", count=1, start=at, end=at)
        >>> Asked().is_about(sale)
        False
        """
        match record:
            case State():
                return record.subject in self.subjects
            case Tally():
                return record.of in self.results or record.of in self.whole
            case Gauge():
                about = self.gauges.get(record.of)
                return about is not None and (not about or record.subject in about)
            case _:
                return True

    def adds_up(self, events: str, result: str) -> bool:
        """Tell whether events with a result count in sums only, and none of them is named by a verdict.

        Unit: none.
        Rule: what a measure holds against the provider it names one by one.
        Source: docs/explanation/judging/measuring.md

        >>> asked = Asked(results={"orders": ((frozenset({"accepted"}), True),)})
        >>> asked.adds_up("orders", "accepted"), asked.adds_up("orders", "refused")
        (True, False)
        """
        return events not in self.whole and all(
            (result in listed) is named for listed, named in self.results.get(events, ())
        )

    def counts_samples(self, gauge: str) -> bool:
        """Tell whether samples of a gauge count by their values alone, whatever their order.

        Unit: none.
        Rule: not where a sample holds until the next.
        Source: docs/explanation/judging/measuring.md

        >>> Asked(whole=frozenset({"load"})).counts_samples("load")
        False
        """
        return gauge not in self.whole


def _parts(agreement: Agreement) -> Iterator[str]:
    """Yield the services of an agreement and what they are made of."""
    for name, service in agreement.services.items():
        yield name
        yield from (part.id for part in (service.made_of.parts if service.made_of is not None else ()))


def _after(agreement: Agreement) -> Duration | None:
    """Return the shortest time for which a state holds without being seen again."""
    measures = [each.measure for version in versions_of(agreement) for each in version.outcomes.values()]
    holds = [each.unknown.after for each in measures if isinstance(each, Availability | Composite)]
    return min((each for each in holds if each is not None), key=lambda each: each.seconds, default=None)


def _gauges(measure: Measure) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the gauges that a measure looks at, each with the subjects; none means all."""
    if isinstance(measure, GaugeMeasure | TimeBeyond):
        yield measure.of, measure.about
    elif isinstance(measure, Coverage) and measure.current is not None:
        yield measure.current.of, ()


def _unnamed(outcome: Outcome, measure: RatioOf | CountOf) -> tuple[frozenset[str], bool]:
    """Return results, and whether it is they, or all others, that a measure does not name one by one."""
    if isinstance(measure, RatioOf):
        return frozenset(measure.good), outcome.target.higher_is_better
    return frozenset(measure.counting), not measure.counting


def _whole(measure: Measure) -> Iterator[str]:
    """Yield the events or gauges of which a measure wants every record."""
    if isinstance(measure, TimeBeyond | Score) or (isinstance(measure, GaugeMeasure) and measure.weight is Weight.TIME):
        yield measure.of
    elif isinstance(measure, Coverage) and measure.current is not None:
        yield measure.current.of


def _digits(agreement: Agreement) -> dict[str, int]:
    """Return the gauges of which all measures rank samples of the same number of significant digits, and the number."""
    stated: dict[str, set[int | None]] = defaultdict(set)
    for version in versions_of(agreement):
        for outcome in version.outcomes.values():
            measure = outcome.measure
            for name in _whole(measure):
                stated[name].add(None)
            for name, _ in _gauges(measure):
                stated[name].add(measure.significant_digits if isinstance(measure, Quantile) else None)
    return {name: digits for name, (digits, *others) in stated.items() if digits is not None and not others}


def _rankings(agreement: Agreement, gauges: Iterable[str]) -> dict[str, tuple[Ranking, ...]]:
    """Return what the quantiles of some gauges rank, without those of which more than that is asked."""
    every_period = periods_of(agreement)
    # Where a target rises with what was achieved, periods of other versions are measured too.
    versions = [
        (version, every_period if _rising(version) else periods)
        for version, periods in by_version(agreement, every_period)
    ]
    found = {gauge: [rankings(version, gauge, periods) for version, periods in versions] for gauge in gauges}
    return {
        gauge: tuple(ranking for each in every if each is not None for ranking in each)
        for gauge, every in found.items()
        if None not in every
    }


def _cuts(agreement: Agreement, outcome: Outcome) -> Iterator[datetime]:
    """Yield the instants at which it matters to an outcome whether something happened before or after."""
    measure = outcome.measure
    slices = measure.slices if isinstance(measure, RatioOf | Quantile) else None
    for period in periods_of(agreement):
        span = period.interval
        yield span.start
        yield span.end
        if slices is not None:
            yield from (window.interval.end for window in windows_of(period, slices.every))
        if isinstance(measure, GaugeMeasure):
            for opened in calendar_of(agreement, measure.on).open_in(span):
                yield opened.start
                yield opened.end


def _limited(agreement: Agreement) -> dict[str, tuple[Limited, ...]]:
    """Return the kinds of case that are looked at by limits of time alone, and by which."""
    found: dict[str, list[Limited]] = defaultdict(list)
    others: set[str] = set()
    for version, periods in by_version(agreement, periods_of(agreement)):
        others.update(_kinds_of_case(replace(version, versions=())))
        for name, outcome in version.outcomes.items():
            if isinstance(outcome.measure, Within):
                found[outcome.measure.cases].append(Limited(version, outcome.measure, periods))
                # Where a target rises with what was achieved, periods of other versions are measured too.
                others.update({outcome.measure.cases} if agreement.versions and name in _rising(version) else ())
    return {kind: tuple(each) for kind, each in found.items() if kind not in others}


def _rising(agreement: Agreement) -> set[str]:
    """Return the outcomes whose targets rise with what was achieved."""
    return {name for each in agreement.sequences.values() if isinstance(each, RisingTarget) for name in each.of}


def _kinds_of_case(term: object) -> Iterator[str]:
    """Yield the kinds of case that any term but a limit of time speaks of."""
    match term:
        case Within() | str():
            return
        case ReportDue():
            yield term.of
        case Mapping():
            yield from (kind for each in term.values() for kind in _kinds_of_case(each))
        case tuple():
            yield from (kind for each in term for kind in _kinds_of_case(each))
        case _ if is_dataclass(term):
            for entry in fields(term):
                value = getattr(term, entry.name)
                if entry.name in _CASES and isinstance(value, str):
                    yield value
                yield from _kinds_of_case(value)
        case _:
            return
