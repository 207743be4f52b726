"""Cases that were counted leave the verdicts and their reasons as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.document import read as read_document
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import CountedCases, Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.money.closing import account
from makegood.engine.review.form import credits_form, judgement_form
from makegood.vault.measuring.evidence.cases import CaseCounts, Reading
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


def _agreement() -> Agreement:
    document = read_document(TEXT)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


AGREEMENT = _agreement()
COUNTS = CaseCounts(Asked.of(AGREEMENT), {"C-0"})


def read(*parts: Sequence[Transition]) -> Reading:
    """Return what reads these parts, as it would from segments."""

    def tables(columns: Sequence[str] | None) -> Iterator[pa.Table]:
        for each in parts:
            table = records_table("transition", each, [bytes(32)] * len(each), [1] * len(each))
            yield ordered("transition", [table]).select(table.column_names if columns is None else columns)

    return tables


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


class TestCountedCases:
    @settings(max_examples=100)
    @given(found=cases(), cut=st.integers(0, 20))
    def test_leave_verdicts_and_reasons_as_they_are(self, found: list[Transition], cut: int) -> None:
        out: AnyRecord = Exclusion(
            source="x", source_id="1", cause="customer_caused", case="C-0", start=START, end=START
        )
        one_by_one, counted = COUNTS.reduced(read(found[:cut], found[cut:]))
        measured = Evidence.of([out, *one_by_one], counted=tuple(counted))
        assert forms(measured) == forms(Evidence.of([out, *found]))

    def test_are_the_many_that_are_well(self) -> None:
        steps = [("opened", 0), ("answered", 1), ("resolved", 2)]
        found = [
            Transition(
                source="t",
                source_id=f"{n}-{state}",
                case=f"I-{n}",
                of="incident",
                state=state,
                at=START + timedelta(days=5, hours=hours if n else 40 * hours),
                priority="P1" if n % 2 else "P2",
            )
            for n in range(100)
            for state, hours in steps
        ]
        one_by_one, counted = COUNTS.reduced(read(found))
        assert {each.case for each in one_by_one if isinstance(each, Transition)} == {"I-0"}
        march = periods_of(AGREEMENT)[0].interval
        assert [each.inside[march] for each in counted] == [{"P1": 50, "P2": 49}, {"": 99}]

    def test_are_found_for_the_periods_of_every_version_with_the_same_measure(self) -> None:
        march, april = (each.interval for each in periods_of(AGREEMENT)[:2])
        measure = AGREEMENT.outcomes["resolved"].measure
        assert isinstance(measure, Within)
        counted = (CountedCases(measure, {march: {"": 3}}), CountedCases(measure, {april: {"": 4}}))
        evidence = Evidence.of([], counted=counted)
        assert evidence.counted_by(measure) == {march: {"": 3}, april: {"": 4}}
        seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=evidence)
        assert [each.of("resolved").measurement.good for each in seen.judgements[:2]] == [3, 4]

    def test_of_nothing_are_none(self) -> None:
        assert COUNTS.reduced(read()) == ([], [])
