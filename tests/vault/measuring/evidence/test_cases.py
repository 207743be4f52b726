"""Cases that were counted leave the verdicts and their reasons as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read as read_document
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import CountedCases, Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.money.closing import account
from makegood.engine.review.form import credits_form, judgement_form
from makegood.vault.measuring.evidence.cases import CASES, CaseCounts, Cases, Earlier, Reading
from makegood.vault.segment import ordered, records_table

TEXT = """\
makegood: agreement/1
agreement: desk
title: A service desk
parties: {provider: provider, customer: customer}
term: {from: 2025-03-01, months: 2, timezone: Europe/Berlin}
money: {currency: EUR, at_risk: {percent: 20%, of: monthly_fee}}
calendars:
  office: {days: {mon-fri: ["08:00-18:00"]}}
services:
  desk: {title: The desk, fee: {monthly: 1000.00}, critical: true}
outcomes:
  answered:
    promise: Incidents are answered.
    measure: {kind: within, cases: incident, limits: {P1: 1h, P2: 4h, P3: 8h}, clock: {from: opened, to: answered}, reopened: ignore}
    target: ">= 80%"
    stake: {weight: 50%}
  resolved:
    promise: Incidents are resolved.
    measure:
      kind: within
      cases: incident
      limit: 20h
      clock: {from: opened, to: resolved, on: office, pause: [waiting]}
      population: resolved_plus_open_overdue
      excluded: {customer_caused: {}}
    target: ">= 80%"
    stake: {weight: 50%}
  calls:
    promise: Calls are done.
    measure: {kind: within, cases: call, limit: 2 business days, clock: {on: office}}
    target: ">= 50%"
  changes:
    promise: Changes are done.
    measure: {kind: within, cases: change, limit: 3h}
    target: ">= 50%"
  changed:
    promise: A change is repaired soon.
    measure: {kind: recovery, cases: change, as: mean_time_to_restore}
    target: "<= 4h"
"""
START = datetime(2025, 2, 27, 8, tzinfo=UTC)
WELL = (("opened", 0), ("answered", 1), ("resolved", 2))


def _agreement() -> Agreement:
    document = read_document(TEXT)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


AGREEMENT = _agreement()
COUNTS = CaseCounts(Asked.of(AGREEMENT), frozenset({"C-0"}))


def read(*parts: Sequence[Transition]) -> Reading:
    """Return what reads these parts, as it would from segments."""

    def tables(columns: Sequence[str] | None) -> Iterator[pa.Table]:
        for each in parts:
            table = records_table("transition", each, [bytes(32)] * len(each), [1] * len(each))
            whole = [entry.name for entry in fields(Transition)]
            yield ordered("transition", [table]).select(whole if columns is None else columns)

    return tables


def earlier(*parts: Sequence[Transition]) -> Earlier:
    """Return what reads these parts again, of whatever time."""
    return lambda *_: read(*parts)(None)


def grown(*parts: Sequence[Transition], counts: CaseCounts = COUNTS) -> Cases:
    """Return what is known of cases after one part came after the other, and was written and read in between."""
    known = Cases()
    for number, part in enumerate(parts):
        known = CASES.read(CASES.written(counts.grown(known, read(part), earlier(*parts[:number]))))
    return known


def told(cases: Cases) -> tuple[set[str], list[CountedCases]]:
    return {each.id for each in cases.records()}, COUNTS.counted(cases)


def forms(evidence: Evidence) -> Any:
    seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=evidence)
    return [judgement_form(each) for each in seen.judgements], [credits_form(each) for each in seen.credits]


@st.composite
def cases(draw: st.DrawFn) -> list[Transition]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["incident", "incident", "incident", "call", "change", "unasked"]))
        at = START + timedelta(hours=draw(st.integers(0, 60 * 24)))
        for step in range(draw(st.integers(1, 6))):
            state = (
                draw(st.sampled_from(["answered", "resolved", "waiting", "working", "closed"])) if step else "opened"
            )
            found.append(
                Transition(
                    source=draw(st.sampled_from(["t", "t", "t", "u"])),
                    source_id=f"{number}-{step}",
                    case=f"C-{number}",
                    of=kind,
                    state=state,
                    at=at,
                    priority=draw(st.sampled_from(["", "P1", "P2", "P3"])),
                )
            )
            at += timedelta(minutes=draw(st.sampled_from([0, 10, 60, 240, 1_200, 50_000])))
    return found


def steps(number: int, *states: tuple[str, float], priority: str = "P1") -> list[Transition]:
    """Return a case of March that entered these states after so many hours."""
    return [
        Transition(
            source="t",
            source_id=f"{number}-{state}-{hours}",
            case=f"I-{number}",
            of="incident",
            state=state,
            at=START + timedelta(days=5, hours=hours),
            priority=priority,
        )
        for state, hours in states
    ]


class TestCountedCases:
    @settings(max_examples=100)
    @given(found=cases(), cut=st.integers(0, 20))
    def test_leave_verdicts_and_reasons_as_they_are(self, found: list[Transition], cut: int) -> None:
        out: AnyRecord = Exclusion(
            source="x", source_id="1", cause="customer_caused", case="C-0", start=START, end=START
        )
        known = COUNTS.grown(Cases(), read(found[:cut], found[cut:]), earlier())
        measured = Evidence.of([out, *known.records()], counted=tuple(COUNTS.counted(known)))
        assert forms(measured) == forms(Evidence.of([out, *found]))

    @settings(max_examples=100)
    @given(found=cases(), cuts=st.tuples(st.integers(0, 20), st.integers(0, 20)), random=st.randoms())
    def test_are_the_same_however_transitions_came(
        self, found: list[Transition], cuts: tuple[int, int], random: Random
    ) -> None:
        random.shuffle(found)
        first, last = sorted(cuts)
        parts = found[:first], found[first:last], found[last:]
        assert told(grown(*parts)) == told(COUNTS.grown(Cases(), read(*parts), earlier()))

    @settings(max_examples=50)
    @given(found=cases(), before=st.sets(st.sampled_from(["C-0", "C-1", "C-2", "C-9"])))
    def test_are_the_same_whichever_were_excluded_before(self, found: list[Transition], before: set[str]) -> None:
        known = grown(found, counts=CaseCounts(COUNTS.asked, frozenset(before)))
        assert told(COUNTS.grown(known, read(), earlier(found))) == told(grown(found))

    def test_are_the_many_that_are_well(self) -> None:
        found = [
            each
            for n in range(100)
            for each in steps(
                n, *((state, hours if n else 40 * hours) for state, hours in WELL), priority="P1" if n % 2 else "P2"
            )
        ]
        known = grown(found)
        assert {each.case for each in known.records() if isinstance(each, Transition)} == {"I-0"}
        march = periods_of(AGREEMENT)[0].interval
        assert [each.inside[march] for each in COUNTS.counted(known)] == [{"P1": 50, "P2": 49}, {"": 99}]

    def test_are_looked_at_whole_again_when_they_are_opened_again(self) -> None:
        first, second = [each for n in range(3) for each in steps(n, *WELL)], steps(1, ("working", 3), ("resolved", 90))
        known = grown(first, second)
        assert {each.id for each in known.records()} == {each.id for each in [*first, *second] if each.case == "I-1"}
        march = periods_of(AGREEMENT)[0].interval
        assert [each.inside[march] for each in COUNTS.counted(known)] == [{"P1": 2}, {"": 2}]

    def test_are_no_longer_kept_whole_once_they_are_done(self) -> None:
        opened = steps(1, WELL[0])
        assert {each.id for each in grown(opened).records()} == {"t#1-opened-0"}
        done = grown(opened, steps(1, *WELL[1:]))
        assert done.records() == []
        march = periods_of(AGREEMENT)[0].interval
        assert [each.inside[march] for each in COUNTS.counted(done)] == [{"P1": 1}, {"": 1}]
