from __future__ import annotations

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord
from makegood.engine.judging.judge import judge, judge_periods
from makegood.engine.judging.verdict import Reading, Ruling
from tests.engine.judging.scene import agreement, case, down, excluded, period, shuffled, tally, up, verdict

TERMS = """\
makegood: agreement/1
agreement: four
title: Four promises
parties: {provider: p, customer: c}
term: {from: 2025-01-01, months: 12, timezone: Europe/Berlin}
money: {currency: EUR}
services: {s: {title: The service}}
outcomes:
  uptime:
    promise: It is up.
    measure:
      kind: availability
      of: s
      count: {ignore_up_to: 30m}
      excluded: {maintenance: {allowance: 1h per period}}
    target: ">= 99.9%"
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted}
    target: ">= 99%"
  desk:
    promise: Cases are resolved.
    measure: {kind: within, cases: incident, limit: 4h}
    target: ">= 90%"
  lost:
    promise: Few orders are lost.
    measure: {kind: count, of: orders, counting: lost}
    target: "<= 2"
"""
RECORDS: list[AnyRecord] = [
    up("01-01 00:00 .."),
    down("03-30 22:00 .. 03-31 22:20"),
    down("04-30 21:50 .. 04-30 22:10"),
    excluded("03-31 00:00 .. 03-31 02:00"),
    tally("04-01 10:00", "accepted", 99),
    tally("04-02 10:00", "lost", 3),
    *case("T-1", "opened 03-31 20:00", "resolved 04-01 01:00"),
    *case("T-2", "opened 04-30 20:00", "resolved 05-01 01:00"),
]


class TestJudge:
    DOCUMENT = read(TERMS)

    def test_gives_a_verdict_on_every_outcome_in_the_order_of_the_agreement(self) -> None:
        terms = self.DOCUMENT.agreement
        assert terms is not None
        judgement = judge(terms, period(terms, "2025-04"), Evidence.of(RECORDS, snapshot=7))
        assert (judgement.agreement, judgement.snapshot, judgement.period.label) == ("four", 7, "2025-04")
        assert [(each.outcome, each.ruling, each.shown_value) for each in judgement.verdicts] == [
            ("uptime", Ruling.MET, "99.9537 %"),
            ("orders", Ruling.MISSED, "97.0588 %"),
            ("desk", Ruling.MISSED, "0.0000 %"),
            ("lost", Ruling.MISSED, "3"),
        ]

    def test_judges_several_periods_as_each_alone(self) -> None:
        terms = self.DOCUMENT.agreement
        assert terms is not None
        evidence = Evidence.of(RECORDS)
        together = judge_periods(terms, periods_of(terms), evidence)
        assert together == tuple(judge(terms, each, evidence) for each in periods_of(terms))

    def test_does_not_care_for_the_order_of_records(self) -> None:
        terms = self.DOCUMENT.agreement
        assert terms is not None
        for each in periods_of(terms):
            assert judge(terms, each, Evidence.of(RECORDS)) == judge(terms, each, Evidence.of(shuffled(RECORDS)))

    def test_says_which_readings_were_used(self) -> None:
        terms = agreement("{kind: availability, of: s, unknown: {as: excluded}}")
        readings = verdict(terms, "2025-04").readings
        assert Reading("unknown.as", "excluded", written=True) in readings
        assert Reading("count.granularity", "seconds", written=False) in readings

    @pytest.mark.parametrize("label", ["2025-01", "2025-12"])
    def test_decides_nothing_without_evidence(self, label: str) -> None:
        terms = self.DOCUMENT.agreement
        assert terms is not None
        judgement = judge(terms, period(terms, label), Evidence.of([]))
        assert {each.ruling for each in judgement.verdicts} == {Ruling.UNDECIDED}
        assert {each.shown_value for each in judgement.verdicts} == {"no value"}
