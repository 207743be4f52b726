"""An agreement with every measure whose evidence can be reduced, and any evidence for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge, State, Status, Tally
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.ratio import Ratio

TEXT = """\
makegood: agreement/1
agreement: everything
title: Whatever can be reduced
parties: {provider: provider, customer: customer}
term: {from: 2025-03-24, months: 1, timezone: Europe/Berlin, period: {every: week}}
money: {currency: EUR, at_risk: {percent: 50%, of: monthly_fee}}
calendars:
  office: {days: {mon-fri: ["08:00-12:00", "13:00-18:00"]}}
services:
  line: {title: The line, fee: {monthly: 1234.56}, made_of: {any_of: [line-a, line-b]}, critical: true}
outcomes:
  uptime:
    promise: The line is up.
    measure:
      kind: availability
      of: line
      count: {ignore_shorter_than: 20m}
      excluded: {maintenance: {effect: up, allowance: 4h per period}}
      unknown: {as: down, after: 30m}
    target: ">= 99.5%"
    stake: {weight: 30%, tiers: [{below: 99.5%, credit: 10%}, {below: 90%, credit: 100%}]}
  hours:
    promise: The line is up in every hour.
    measure: {kind: availability, of: line-b, unknown: {as: up, after: 30m}}
    target: ">= 100%"
    stake: {windows: {every: 1h, below: 90%, price: 0.50}}
  tree:
    promise: The tree stands.
    measure: {kind: composite, of: line, unknown: {as: up, after: 1h}, degraded: down}
    target: ">= 99%"
  long:
    promise: A part is up.
    measure: {kind: availability, of: line-a, by: site}
    target: ">= 99%"
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted, by: site, excluded: {maintenance: {effect: shrink}}}
    target: ">= 95%"
    stake: {weight: 30%, per_unit: {unit: 1%, credit: 7%, counted: started}, at_most: 100%}
  slices:
    promise: Few slices are bad.
    measure: {kind: ratio, of: requests, good: ok, slices: {every: 10m, method: mean_error_rate, empty: skipped}}
    target: ">= 95%"
  spam:
    promise: Little is refused.
    measure: {kind: ratio, of: mails, good: refused}
    target: "<= 5%"
  few:
    promise: Few calls are lost.
    measure: {kind: count, of: calls, counting: lost}
    target: "<= 3"
  all:
    promise: Few calls in all.
    measure: {kind: count, of: rings}
    target: "<= 3"
  fast:
    promise: Answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 95%, on: office, excluded: {maintenance: {effect: shrink}}}
    target: "<= 500 ms"
  between:
    promise: Half of the answers are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 40%, method: linear, minimum_samples: 2}
    target: "<= 300 ms"
  worst:
    promise: Every place is warm.
    measure: {kind: average, of: warmth, unit: number, subjects: worst}
    target: ">= 20"
  minutes:
    promise: Most slices are fast.
    measure: {kind: quantile, of: latency, unit: time, quantile: 50%, slices: {every: 15m, good_when: "<= 300 ms"}}
    target: ">= 90%"
  steady:
    promise: The load is low.
    measure: {kind: time_beyond, of: load, as: share, beyond: "> 2", unknown: {after: 1h}}
    target: "<= 5%"
"""
START = datetime(2025, 3, 23, 23, tzinfo=UTC)
STEP, STEPS = 300, 31 * 288


def _agreement() -> Agreement:
    document = read(TEXT)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


AGREEMENT = _agreement()
ASKED = Asked.of(AGREEMENT)


def at(step: int) -> datetime:
    return START + timedelta(seconds=step * STEP)


# Close to one another and around the ends of weeks, of office hours and of slices, where it matters.
places = st.one_of(st.integers(0, 60), st.integers(2_000, 2_060), st.integers(0, STEPS))
sites = st.sampled_from([(), (("site", "north"),), (("site", "south"),)])


@st.composite
def states(draw: st.DrawFn, number: int) -> State:
    start = at(draw(places))
    ends = draw(st.sampled_from(["", "", "", "", "end", "reported", "incident"]))
    return State(
        source=draw(st.sampled_from(["p", "q"])),
        source_id=f"s{number}",
        subject=draw(st.sampled_from(["line-a", "line-b"])),
        status=draw(st.sampled_from([Status.UP, Status.UP, Status.DOWN, Status.DEGRADED, Status.UNKNOWN])),
        start=start,
        end=start + timedelta(minutes=40) if ends == "end" else None,
        seen_until=start + timedelta(minutes=draw(st.sampled_from([0, 5, 60]))) if ends == "reported" else None,
        reported_at=start + timedelta(minutes=5) if ends == "reported" else None,
        incident="I-1" if ends == "incident" else "",
        labels=draw(sites),
    )


@st.composite
def tallies(draw: st.DrawFn, number: int) -> Tally:
    start = at(draw(places))
    of, results = draw(
        st.sampled_from(
            [
                ("orders", ["accepted", "refused"]),
                ("requests", ["ok", "failed"]),
                ("mails", ["refused", "delivered"]),
                ("calls", ["lost", "taken"]),
                ("rings", ["heard"]),
            ]
        )
    )
    return Tally(
        source=draw(st.sampled_from(["p", "q"])),
        source_id=f"t{number}",
        subject=draw(st.sampled_from(["", "shop"])),
        of=of,
        result=draw(st.sampled_from(results)),
        count=draw(st.integers(0, 9)),
        start=start,
        end=start + timedelta(seconds=draw(st.sampled_from([0, 600]))),
        incident=draw(st.sampled_from(["", "I-1"])),
        labels=draw(sites),
    )


@st.composite
def gauges(draw: st.DrawFn, number: int) -> Gauge:
    of, unit = draw(st.sampled_from([("latency", "ms"), ("warmth", ""), ("load", "")]))
    return Gauge(
        source=draw(st.sampled_from(["p", "q"])),
        source_id=f"g{number}",
        subject=draw(st.sampled_from(["web-1", "web-2"])),
        of=of,
        value=Ratio(draw(st.sampled_from([1, 3, 19, 25, 200, 400, 600]))),
        unit=unit,
        at=at(draw(places)),
        labels=draw(sites),
    )


@st.composite
def exclusions(draw: st.DrawFn, number: int) -> Exclusion:
    start = at(draw(places))
    return Exclusion(
        source="x",
        source_id=f"x{number}",
        cause="maintenance",
        subject=draw(st.sampled_from(["", "line-a", "shop", "web-1"])),
        start=start,
        end=start + timedelta(hours=draw(st.sampled_from([1, 6]))),
        labels=draw(sites),
    )


@st.composite
def facts(draw: st.DrawFn) -> list[AnyRecord]:
    made: list[AnyRecord] = [draw(states(number)) for number in range(draw(st.integers(0, 30)))]
    made += [draw(tallies(number)) for number in range(draw(st.integers(0, 20)))]
    made += [draw(gauges(number)) for number in range(draw(st.integers(0, 20)))]
    made += [draw(exclusions(number)) for number in range(draw(st.integers(0, 3)))]
    return made


names = st.builds(
    Series,
    source=st.sampled_from(["p", "monitoring"]),
    subject=st.sampled_from(["line-a", "line-b", "web-1", "unasked"]),
    check=st.sampled_from(["", "http"]),
    of=st.sampled_from(["latency", "load", "warmth"]),
    unit=st.just("ms"),
    labels=sites,
)


@st.composite
def probes(draw: st.DrawFn) -> list[Probe]:
    """Probes of a few series, one at an instant of a timeline."""
    found: dict[tuple[object, ...], Probe] = {}
    for series in draw(st.lists(names, max_size=4)):
        statuses = st.sampled_from([Status.UP, Status.UP, Status.DOWN, Status.DEGRADED, Status.UNKNOWN])
        values = st.sampled_from([None, Ratio(200), Ratio(200), Ratio(400), Ratio(1, 8)])
        for step in draw(st.lists(places, max_size=20)):
            probe = Probe(series, at(step), draw(statuses), draw(values))
            found.setdefault((series.timeline, probe.at), probe)
    return list(found.values())
