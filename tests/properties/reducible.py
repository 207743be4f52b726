"""An agreement with every measure whose evidence can be reduced, and any evidence for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import (
    AnyRecord,
    Correction,
    Exclusion,
    Gauge,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.judging.asked import Asked
from makegood.engine.vocabulary.ratio import Ratio
from tests.properties.amended import AGREEMENT

ASKED = Asked.of(AGREEMENT)
START = datetime(2025, 3, 23, 23, tzinfo=UTC)
STEP, STEPS = 300, 14 * 288


def at(step: int) -> datetime:
    return START + timedelta(seconds=step * STEP)


# Close to one another and around midnight on the 27th, where a version may begin, the change of clocks, and the end of
# a week, where it matters.
places = st.one_of(
    st.integers(0, 60),
    st.integers(850, 880),
    st.integers(1_730, 1_770),
    st.integers(1_990, 2_020),
    st.integers(0, STEPS),
)
sites = st.sampled_from([(), (("site", "north"),), (("site", "south"),)])


@st.composite
def states(draw: st.DrawFn, number: int) -> list[State]:
    """What one source reports of a subject, most of it at regular intervals."""
    source, subject = draw(st.sampled_from(["p", "q"])), draw(st.sampled_from(["line-a", "line-b"]))
    labels, step, found = draw(sites), draw(places), []
    for place in range(draw(st.integers(1, 8))):
        start, ends = at(step), draw(st.sampled_from(["", "", "", "", "", "end", "reported", "incident", "seen"]))
        labels = draw(sites) if ends == "end" else labels
        found.append(
            State(
                source=source,
                source_id=f"s{number}-{place}",
                subject=subject,
                status=draw(st.sampled_from([Status.UP, Status.UP, Status.DOWN, Status.DEGRADED, Status.UNKNOWN])),
                start=start,
                end=start + timedelta(minutes=40) if ends == "end" else None,
                seen_until=start + timedelta(minutes=draw(st.sampled_from([0, 5, 60]))) if ends == "seen" else None,
                reported_at=start + timedelta(minutes=5) if ends == "reported" else None,
                incident="I-1" if ends == "incident" else "",
                labels=labels,
            )
        )
        step += draw(st.sampled_from([0, 1, 1, 1, 1, 2, 7, 12]))
    return found


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
                ("rings", ["heard", "1", "5"]),
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
    of, unit = draw(st.sampled_from([("latency", "ms"), ("warmth", ""), ("load", ""), ("rate", "")]))
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
        cause=draw(st.sampled_from(["maintenance", "maintenance", "maintenance", "customer_caused"])),
        subject=draw(st.sampled_from(["", "line", "line-a", "shop", "web-1"])),
        case=draw(st.sampled_from(["", "", "", "C-0", "C-1"])),
        start=start,
        end=start + timedelta(hours=draw(st.sampled_from([0, 1, 6]))),
        labels=draw(sites),
    )


@st.composite
def cases(draw: st.DrawFn, number: int) -> list[Transition]:
    """The transitions of one case; mostly it goes its usual way."""
    kind, step = draw(st.sampled_from(["incident", "incident", "change", "unasked"])), draw(places)
    usual = draw(st.sampled_from([["opened", "answered", "resolved"], ["opened", "waiting", "answered", "resolved"]]))
    if draw(st.booleans()):
        usual = draw(st.lists(st.sampled_from(["opened", "answered", "resolved", "waiting", "closed"]), max_size=5))
    found = []
    for place, state in enumerate(usual):
        found.append(
            Transition(
                source="d",
                source_id=f"c{number}-{place}",
                case=f"C-{number}",
                of=kind,
                state=state,
                at=at(step),
                priority=draw(st.sampled_from(["", "", "P1", "P2", "P3"])),
            )
        )
        step += draw(st.sampled_from([0, 1, 2, 6, 12, 40, 200]))
    return found


@st.composite
def facts(draw: st.DrawFn) -> list[AnyRecord]:
    """Any evidence: states, events, samples, and what excludes them."""
    made: list[AnyRecord] = [each for number in range(draw(st.integers(0, 5))) for each in draw(states(number))]
    made += [draw(tallies(number)) for number in range(draw(st.integers(0, 20)))]
    made += [draw(gauges(number)) for number in range(draw(st.integers(0, 20)))]
    made += [draw(exclusions(number)) for number in range(draw(st.integers(0, 3)))]
    return made


names = st.builds(
    lambda source, subject, check, of, labels: Series(source, subject, check, of[0], of[1], labels),
    source=st.sampled_from(["p", "monitoring"]),
    subject=st.sampled_from(["line-a", "line-b", "web-1", "unasked"]),
    check=st.sampled_from(["", "http"]),
    of=st.sampled_from([("latency", "ms"), ("load", ""), ("warmth", ""), ("rate", "")]),
    labels=sites,
)


@st.composite
def probes(draw: st.DrawFn) -> list[Probe]:
    """Probes of a few series, one at an instant of a timeline; some timelines have several series."""
    found: dict[tuple[object, ...], Probe] = {}
    series = draw(st.lists(names, max_size=3))
    series += [replace(each, labels=draw(sites)) for each in series if draw(st.booleans())]
    for each in series:
        statuses = st.sampled_from([Status.UP, Status.UP, Status.DOWN, Status.DEGRADED, Status.UNKNOWN])
        values = st.sampled_from([None, Ratio(200), Ratio(200), Ratio(400), Ratio(1, 8)])
        step = draw(places)
        for _ in range(draw(st.integers(0, 12))):
            probe = Probe(each, at(step), draw(statuses), draw(values))
            found.setdefault((each.timeline, probe.at), probe)
            step += draw(st.sampled_from([1, 1, 1, 2, 7, 300]))
    return list(found.values())


Batch = list[AnyRecord] | list[Probe]


@st.composite
def batches(draw: st.DrawFn) -> list[Batch]:
    """Any evidence, in the batches in which it was accepted; some of it comes late, and some is withdrawn later."""
    records, found = draw(facts()), draw(probes())
    records += [each for number in range(draw(st.integers(0, 6))) for each in draw(cases(number))]
    records += [_statement(number, draw(places)) for number in range(draw(st.integers(0, 2)))]
    records = draw(st.permutations(records))
    cuts = sorted(draw(st.lists(st.integers(0, len(records)), max_size=2)))
    split = draw(st.integers(0, len(found)))
    ids = [each.id for each in records] + [record.id for each in found for record in each.records]
    ids += [f"{each}+{more}" for each in ids for more in (1, 2)]  # the names of records that stand for several
    gone = draw(st.lists(st.sampled_from(ids), max_size=4)) if ids else []
    gone += draw(st.lists(st.sampled_from([f"d#{number}" for number in range(len(gone))]), max_size=2)) if gone else []
    corrections: list[AnyRecord] = [correction(f"{number}", target) for number, target in enumerate(gone)]
    parts = [records[start:end] for start, end in pairwise([0, *cuts, len(records)])]
    every: list[Batch] = [parts[0], found[:split], *parts[1:], corrections[:2], found[split:], corrections[2:]]
    return [each for each in every if each]


def correction(number: str, target: str) -> Correction:
    source, _, name = target.partition("#")
    return Correction(source="d", source_id=number, of=source, corrects=name, reason="It was not so.")


def _statement(number: int, step: int) -> Statement:
    """An answer, about what tallies tell of too."""
    return Statement(
        source="m",
        source_id=f"{number}",
        subject="people",
        of="rings",
        value=Ratio(number + 3),
        unit="",
        at=at(step),
        by="M",
    )
