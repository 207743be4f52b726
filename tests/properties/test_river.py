"""What must hold for any evidence, from the records to the cents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Correction, Exclusion, State, Status, Tally, Transition
from makegood.engine.money.closing import account, close_periods
from makegood.engine.money.settlement import Posting
from makegood.engine.review.form import credits_form, judgement_form
from makegood.engine.vocabulary.amount import Amount

TEXT = """\
makegood: agreement/1
agreement: everything
title: A bit of everything
parties: {provider: provider, customer: customer}
term: {from: 2025-03-10, months: 3, timezone: Europe/Berlin}
money: {currency: EUR, at_risk: {percent: 20%, of: monthly_fee}}
calendars:
  office: {days: {mon-fri: ["08:00-12:00", "13:00-18:00"]}, holidays: {country: DE, subdivision: BE}}
services:
  line: {title: The line, fee: {monthly: 1234.56}, critical: true}
outcomes:
  uptime:
    promise: The line is up.
    measure:
      kind: availability
      of: line
      count: {ignore_shorter_than: 5m}
      excluded: {maintenance: {effect: up, allowance: 4h per period}}
      unknown: {as: up}
    target: ">= 99.5%"
    stake: {weight: 50%, tiers: [{below: 99.5%, credit: 10%}, {below: 99%, credit: 35%}, {below: 90%, credit: 100%}]}
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted, by: site}
    target: ">= 95%"
    stake: {weight: 30%, per_unit: {unit: 1%, credit: 7%, counted: started}, at_most: 100%}
  resolution:
    promise: Incidents are resolved.
    measure: {kind: within, cases: incident, limit: 6h, clock: {on: office, pause: waiting}}
    target: ">= 80%"
    stake: {weight: 20%}
caps:
  - {per: period, at: 12% of monthly_fee}
closing: {after: 1 day}
"""
START = datetime(2025, 3, 9, 23, tzinfo=UTC)
MINUTES = 93 * 24 * 60
CAP = Amount.parse("148.15 EUR")  # 12 % of 1,234.56, rounded once


def _agreement() -> Agreement:
    document = read(TEXT)
    assert document.agreement is not None, [str(finding) for finding in document.findings]
    return document.agreement


AGREEMENT = _agreement()
instants = st.integers(0, MINUTES).map(lambda minute: START + timedelta(minutes=minute))
stretches = st.tuples(instants, st.integers(1, 20_000)).map(lambda t: (t[0], t[0] + timedelta(minutes=t[1])))


@st.composite
def facts(draw: st.DrawFn) -> list[AnyRecord]:
    """Any evidence that three months may leave, with identities of its own."""
    made: list[AnyRecord] = [_up()]
    for number in range(draw(st.integers(0, 5))):
        start, end = draw(stretches)
        made.append(_state(f"down-{number}", Status.DOWN, start, end, draw(st.sampled_from(["", "I-1", "I-2"]))))
    for number in range(draw(st.integers(0, 3))):
        start, end = draw(stretches)
        made.append(
            Exclusion(source="t", source_id=f"x-{number}", cause="maintenance", subject="line", start=start, end=end)
        )
    for number in range(draw(st.integers(0, 6))):
        at = draw(instants)
        made.append(
            Tally(
                source="t",
                source_id=f"t-{number}",
                subject="shop",
                of="orders",
                result=draw(st.sampled_from(["accepted", "refused"])),
                count=draw(st.integers(0, 50)),
                start=at,
                end=at,
                labels=(("site", draw(st.sampled_from(["north", "south"]))),),
            )
        )
    for number in range(draw(st.integers(0, 4))):
        moments = sorted(draw(st.lists(instants, min_size=1, max_size=5)))
        states = ["opened", *draw(st.permutations(["waiting", "active", "resolved", "closed"]))]
        for step, (state, at) in enumerate(zip(states, moments, strict=False)):
            made.append(
                Transition(
                    source="t", source_id=f"c-{number}-{step}", case=f"C-{number}", of="incident", state=state, at=at
                )
            )
    for number in range(draw(st.integers(0, 2))):
        target = draw(st.sampled_from(made))
        made.append(
            Correction(source="d", source_id=f"d-{number}", of=target.source, corrects=target.source_id, reason="?")
        )
    return made


def _up() -> State:
    return _state("up", Status.UP, START, None, "")


def _state(name: str, status: Status, start: datetime, end: datetime | None, incident: str) -> State:
    return State(source="t", source_id=name, subject="line", status=status, start=start, end=end, incident=incident)


def forms(records: list[AnyRecord]) -> Any:
    """Everything that is said about all periods, as plain data."""
    seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=Evidence.of(records))
    return [judgement_form(each) for each in seen.judgements], [credits_form(each) for each in seen.credits]


def totals(records: list[AnyRecord]) -> list[Amount]:
    seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=Evidence.of(records))
    return [each.total for each in seen.credits]


class TestRiver:
    @given(records=facts(), data=st.data())
    def test_does_not_care_in_which_order_evidence_arrives(self, records: list[AnyRecord], data: st.DataObject) -> None:
        assert forms(data.draw(st.permutations(records))) == forms(records)

    @given(records=facts())
    def test_gives_lines_that_add_up_and_never_more_than_the_cap(self, records: list[AnyRecord]) -> None:
        seen = account(agreement=AGREEMENT, periods=periods_of(AGREEMENT), evidence=Evidence.of(records))
        for credits in seen.credits:
            assert Amount.total((credit.amount for credit in credits.credits), "EUR") == credits.total
            assert Amount.zero("EUR") <= credits.total <= CAP
            assert credits.total <= credits.at_risk
            assert all(Amount.zero("EUR") <= credit.amount <= credit.raw for credit in credits.credits)
        for judgement in seen.judgements:
            orders = judgement.of("orders").measurement
            assert sum(part.total for part in orders.parts) == orders.total
            assert sum(part.good for part in orders.parts) == orders.good

    @given(records=facts(), stretch=stretches)
    def test_never_costs_the_provider_less_for_more_outage(
        self, records: list[AnyRecord], stretch: tuple[datetime, datetime]
    ) -> None:
        more = _state("more", Status.DOWN, *stretch, "")
        assert all(after >= before for before, after in zip(totals(records), totals([*records, more]), strict=True))

    @given(records=facts(), cuts=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 130)), max_size=5))
    def test_settles_to_the_latest_evidence_whatever_came_before(
        self, records: list[AnyRecord], cuts: list[tuple[int, int]]
    ) -> None:
        booked: list[Posting] = []
        closed: list[str] = []
        before = 0
        moments = [*sorted(cuts, key=lambda cut: cut[1]), (len(records), 200), (len(records), 200)]
        for known, day in moments:
            before = len(booked)
            periods = [each for each in periods_of(AGREEMENT) if each.interval.end <= START + timedelta(days=day)]
            periods += [each for each in periods_of(AGREEMENT) if each.label in closed and each not in periods]
            seen = account(agreement=AGREEMENT, periods=periods, evidence=Evidence.of(records[:known]))
            for closing in close_periods(agreement=AGREEMENT, seen=seen, booked=booked, closed=closed, snapshot=known):
                booked += closing.postings
                closed += [closing.in_period] if closing.closes else []
        assert len(booked) == before, "settling twice books nothing"
        for label, total in zip([each.label for each in periods_of(AGREEMENT)], totals(records), strict=True):
            assert Amount.total((each.amount for each in booked if each.for_period == label), "EUR") == total
        assert len({each.id for each in booked}) == len(booked)
