"""Promises against their evidence: what mappings never make, and what the past speaks against."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine.agreement.advice.advise import sound
from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.document import read_mapping
from makegood.engine.evidence.mapping import EvidenceMapping
from makegood.engine.evidence.records import AnyRecord, Gauge, State, Statement, Status, Tally, Transition
from makegood.engine.judging.judge import judge_periods
from makegood.engine.review.lint.codes import LINT_CODES
from makegood.engine.review.lint.past import past, usual_gap
from makegood.engine.review.lint.sources import sources
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

START = datetime(2026, 1, 1, tzinfo=UTC)
_WITHIN = (
    "{kind: within, cases: incident, limits: {P1: 4h, P2: 8h}, clock: {from: opened, to: resolved, pause: [waiting]}}"
)


def agreed(measure: str, *, target: str = ">= 95%", more: str = "", front: str = "") -> Draft:
    draft = sound(completed(front + bad_outcome(measure=measure, target=target, stake="{weight: 100%}", more=more)))
    assert draft is not None
    return draft


def mapping(*records: str, more: str = "") -> EvidenceMapping:
    text = (
        "makegood: mapping/1\nmapping: m\nsource: s\n"
        + more
        + "records:\n"
        + "".join(f"  - {each}\n" for each in records)
    )
    document = read_mapping(text)
    assert document.mapping is not None, document.findings
    return document.mapping


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(each.code, each.place.path.removeprefix("outcomes.open."), each.text) for each in findings if each.place]


class TestTheCodes:
    def test_are_each_there_once_and_in_order(self) -> None:
        codes = [code.code for code in LINT_CODES]
        assert codes == sorted(set(codes))
        assert all(code.meaning.endswith(".") and code.remedy.endswith(".") for code in LINT_CODES)


class TestSources:
    @pytest.mark.parametrize(
        ("_case", "measure", "records", "found"),
        [
            (
                "another subject",
                "{kind: availability, of: front}",
                ['{kind: state, id: "{n}", subject: back, status: up, start: "{t}"}'],
                [("MG820", "measure", "no mapping makes the state records of front")],
            ),
            (
                "another part",
                "{kind: availability, of: shop}",
                ['{kind: state, id: "{n}", subject: back, status: up, start: "{t}"}'],
                [("MG820", "measure", "no mapping makes the state records of front or till")],
            ),
            (
                "one of the parts",
                "{kind: availability, of: shop}",
                ['{kind: state, id: "{n}", subject: till, status: up, start: "{t}"}'],
                [],
            ),
            (
                "a column that may say it",
                "{kind: availability, of: shop}",
                ['{kind: state, id: "{n}", subject: "{host}", status: up, start: "{t}"}'],
                [],
            ),
            (
                "probes of it",
                "{kind: availability, of: till}",
                ['{kind: probe, subject: till, status: "{s}", at: "{t}"}'],
                [],
            ),
            (
                "probes of another",
                "{kind: availability, of: till}",
                ['{kind: probe, subject: oven, status: "{s}", at: "{t}"}'],
                [("MG820", "measure", "no mapping makes the state records of till")],
            ),
            (
                "a choice of words",
                "{kind: availability, of: till}",
                ['{kind: state, id: "{n}", subject: [{is: x, when: {a: b}}, {is: till}], status: up, start: "{t}"}'],
                [],
            ),
            (
                "another kind of record",
                "{kind: ratio, of: orders, good: accepted}",
                ['{kind: state, id: "{n}", subject: orders, status: up, start: "{t}"}'],
                [("MG820", "measure", "no mapping makes the tally records of orders")],
            ),
            (
                "another result",
                "{kind: ratio, of: orders, good: [accepted, acepted]}",
                [
                    '{kind: tally, id: "{n}", subject: s, of: orders, result: [{is: accepted, when: {a: b}}, {is: refused}], start: "{t}"}'
                ],
                [("MG821", "measure.good", "the mappings never give acepted, only accepted, refused")],
            ),
            (
                "another thing to count",
                "{kind: count, of: seats, counting: [lost, empty]}",
                ['{kind: tally, id: "{n}", subject: s, of: seats, result: empty, start: "{t}"}'],
                [("MG821", "measure.counting", "the mappings never give lost, only empty")],
            ),
            (
                "other states and no priority",
                _WITHIN,
                ['{kind: transition, id: "{n}", case: "{n}", of: incident, state: opened, at: "{t}"}'],
                [
                    ("MG822", "measure.clock.to", "the mappings never give resolved, only opened"),
                    ("MG822", "measure.clock.pause", "the mappings never give waiting, only opened"),
                    ("MG823", "measure.limits.P1", "the mappings never give P1, only nothing"),
                    ("MG823", "measure.limits.P2", "the mappings never give P2, only nothing"),
                ],
            ),
            (
                "another priority",
                "{kind: within, cases: incident, limit: 4h, priority: P1}",
                [
                    '{kind: transition, id: "{n}", case: "{n}", of: incident, state: "{state}", at: "{t}", priority: critical}',
                ],
                [("MG823", "measure.priority", "the mappings never give P1, only critical")],
            ),
            (
                "a cause that nobody records",
                "{kind: ratio, of: orders, good: ok, excluded: {storm: {}, strike: {}}}",
                [
                    '{kind: tally, id: "{n}", subject: s, of: orders, result: ok, start: "{t}"}',
                    '{kind: exclusion, id: "x{n}", cause: strike, start: "{t}", end: "{u}"}',
                ],
                [("MG824", "measure.excluded.storm", "the mappings never give storm, only strike")],
            ),
        ],
    )
    def test_finds_what_no_mapping_makes(
        self, _case: str, measure: str, records: list[str], found: list[tuple[str, str, str]]
    ) -> None:
        target = "<= 5" if "count" in measure else ">= 95%"
        assert told(list(sources(agreed(measure, target=target), [mapping(*records)]))) == found

    def test_finds_nothing_that_one_of_several_mappings_makes(self) -> None:
        steps = [
            mapping(
                f'{{kind: transition, id: "{{n}}", case: "{{n}}", of: incident, state: {state}, at: "{{t}}", priority: {priority}}}'
            )
            for state, priority in (("opened", "P1"), ("resolved", "P2"), ("waiting", "P1"))
        ]
        assert list(sources(agreed(_WITHIN), steps)) == []

    @pytest.mark.parametrize(("word", "number"), [("P2", 0), ("P3", 1)])
    def test_knows_the_words_that_a_mapping_translates(self, word: str, number: int) -> None:
        entry = '{kind: transition, id: "{n}", case: "{n}", of: incident, state: "{state}", at: "{t}", priority: "{priority}"}'
        made = mapping(entry, more=f"words: {{priority: {{high: P1, low: {word}}}}}\n")
        assert len(list(sources(agreed(_WITHIN), [made]))) == number

    def test_says_nothing_of_a_measure_that_it_does_not_know(self) -> None:
        draft = agreed("{kind: stated, of: csat, unit: share}")
        assert (
            list(sources(draft, [mapping('{kind: tally, id: "{n}", subject: s, of: x, result: y, start: "{t}"}')]))
            == []
        )


def reports(number: int, every: timedelta, *, source: str = "probe", subject: str = "front") -> list[AnyRecord]:
    return [
        State(source=source, source_id=str(each), subject=subject, status=Status.UP, start=START + each * every)
        for each in range(number)
    ]


def cases(number: int, *, hour: int = 10, minute: int = 7, priority: str = "P1") -> list[AnyRecord]:
    found: list[AnyRecord] = []
    for each in range(number):
        opened = START + timedelta(days=each % 28, hours=hour, minutes=minute)
        for state, at in (("opened", opened), ("resolved", opened + timedelta(hours=1))):
            found.append(
                Transition(
                    source="desk",
                    source_id=f"{each}/{state}",
                    case=str(each),
                    of="incident",
                    state=state,
                    at=at,
                    priority=priority,
                )
            )
    return found


def by_the_past(draft: Draft, records: list[AnyRecord]) -> list[tuple[str, str, str]]:
    evidence = Evidence.of(records)
    judged = judge_periods(draft.agreement, list(periods_of(draft.agreement))[:2], evidence)
    return told(list(past(draft, evidence, judged)))


class TestThePastOfStates:
    MEASURE = "{kind: availability, of: front, count: {%s}, unknown: {as: down%s}}"

    @pytest.mark.parametrize(
        ("_case", "count", "after", "minutes", "found"),
        [
            ("quick enough", "ignore_shorter_than: 60s", ", after: 15m", 1, []),
            (
                "slower than what counts",
                "ignore_shorter_than: 60s",
                "",
                30,
                [
                    (
                        "MG831",
                        "measure.count.ignore_shorter_than",
                        "outages count from 1 minute on, reports come every 30 minutes",
                    )
                ],
            ),
            (
                "slower than what counts, put the other way",
                "ignore_up_to: 60s",
                "",
                30,
                [
                    (
                        "MG831",
                        "measure.count.ignore_up_to",
                        "outages count from 1 minute on, reports come every 30 minutes",
                    )
                ],
            ),
            (
                "slower than what is remembered",
                "granularity: seconds",
                ", after: 15m",
                30,
                [
                    (
                        "MG832",
                        "measure.unknown.after",
                        "a state holds for 15 minutes, the next report comes after 30 minutes",
                    )
                ],
            ),
        ],
    )
    def test_compares_the_promise_with_the_probe(
        self, _case: str, count: str, after: str, minutes: int, found: list[tuple[str, str, str]]
    ) -> None:
        draft = agreed(self.MEASURE % (count, after))
        assert by_the_past(draft, reports(20, timedelta(minutes=minutes))) == found

    def test_waits_for_enough_reports(self) -> None:
        draft = agreed(self.MEASURE % ("ignore_shorter_than: 60s", ""))
        assert by_the_past(draft, reports(10, timedelta(minutes=30))) == []

    def test_looks_at_each_source_by_itself(self) -> None:
        slow = reports(11, timedelta(minutes=30)) + reports(1, timedelta(minutes=1), source="hand")
        assert usual_gap([each for each in slow if isinstance(each, State)]) == 1800

    def test_looks_at_all_parts_of_a_service(self) -> None:
        draft = agreed("{kind: availability, of: shop, count: {ignore_shorter_than: 60s}}")
        slow = reports(20, timedelta(minutes=1)) + reports(20, timedelta(minutes=30), subject="till")
        assert [code for code, _, _ in by_the_past(draft, slow)] == ["MG831"]

    @pytest.mark.parametrize("measure", ["{kind: availability, of: front}", "{kind: availability, of: shop}"])
    def test_misses_what_was_never_seen(self, measure: str) -> None:
        assert [code for code, _, _ in by_the_past(agreed(measure), [])] == ["MG830"]

    def test_knows_services_without_parts(self) -> None:
        front = "services: {shop: {title: S, fee: {monthly: 1000.00}, critical: true}}\n"
        draft = agreed("{kind: availability, of: shop}", front=front)
        assert by_the_past(draft, reports(2, timedelta(hours=1), subject="shop")) == []


class TestThePastOfCases:
    def test_misses_priorities_that_never_occurred(self) -> None:
        assert by_the_past(agreed(_WITHIN), cases(5)) == [
            ("MG834", "measure.limits.P2", "no incident ever had the priority P2"),
            ("MG835", "target", "in 1 of 2 periods >= 95 % allowed no miss: 5 to 5 cases"),
        ]

    def test_misses_cases_that_were_never_seen(self) -> None:
        assert by_the_past(agreed("{kind: within, cases: incident, limit: 4h}"), []) == [
            ("MG830", "measure", "the vault has no record of incident")
        ]

    def test_finds_clocks_that_show_only_hours(self) -> None:
        rule = "    low_volume: {below: 100, allowed_misses: 5}\n"
        draft = agreed("{kind: within, cases: incident, limits: {P1: 15m, P2: 4h}}", more=rule)
        found = by_the_past(draft, cases(60, minute=0) + cases(1, priority="P2", minute=0))
        assert ("MG833", "measure.limits.P1", "all times are multiples of 1 hour, the limit is 15 minutes") in found
        assert [code for code, path, _ in found if path == "measure.limits.P2"] == []

    def test_finds_days_where_hours_are_promised(self) -> None:
        draft = agreed("{kind: within, cases: incident, limit: 4h}")
        days: list[AnyRecord] = [
            Transition(
                source="d",
                source_id=f"{each}/{state}",
                case=str(each),
                of="incident",
                state=state,
                at=START + timedelta(days=each % 20),
            )
            for each in range(60)
            for state in ("opened", "resolved")
        ]
        found = by_the_past(draft, days)
        assert [(code, text) for code, _, text in found] == [
            ("MG833", "all times are multiples of 24 hours, the limit is 4 hours")
        ]

    def test_finds_clocks_that_run_at_night(self) -> None:
        draft = agreed("{kind: within, cases: incident, limit: 4h}")
        night = ("MG836", "measure.clock.on", "of 60 stops none fell between 22:00 and 06:00, and the clock runs then")
        assert by_the_past(draft, cases(60)) == [night]
        assert by_the_past(draft, cases(60) + cases(61, hour=23)[-2:]) == []

    def test_lets_the_night_be_where_the_calendar_does(self) -> None:
        front = 'calendars: {office: {days: {mon-fri: "08:00-18:00"}}}\n'
        draft = agreed("{kind: within, cases: incident, limit: 4h, clock: {on: office}}", front=front)
        assert by_the_past(draft, cases(60)) == []

    def test_says_little_of_few_stops(self) -> None:
        draft = agreed("{kind: within, cases: incident, limit: 4h}", more="    low_volume: {below: 60, gives: met}\n")
        assert by_the_past(draft, cases(49, minute=0)) == []


class TestThePastOfVolumes:
    def orders(self, number: int) -> list[AnyRecord]:
        return [
            Tally(
                source="s",
                source_id="1",
                subject="",
                of="orders",
                result="accepted",
                count=number,
                start=START,
                end=START,
            )
        ]

    @pytest.mark.parametrize(
        ("_case", "number", "target", "more", "found"),
        [
            ("forty orders", 40, ">= 99.9%", "", ["in 1 of 2 periods >= 99.9 % allowed no miss: 40 to 40 cases"]),
            ("a thousand", 1000, ">= 99.9%", "", []),
            ("forty with a rule", 40, ">= 99.9%", "    low_volume: {below: 41, gives: met}\n", []),
            ("forty, all of them", 40, ">= 100%", "", []),
            ("forty under a ceiling", 40, "<= 1%", "", []),
        ],
    )
    def test_finds_percentages_of_too_few_cases(
        self, _case: str, number: int, target: str, more: str, found: list[str]
    ) -> None:
        draft = agreed("{kind: ratio, of: orders, good: accepted}", target=target, more=more)
        assert [text for _, _, text in by_the_past(draft, self.orders(number))] == found

    @pytest.mark.parametrize(
        ("_case", "record", "number"),
        [
            (
                "a gauge",
                Gauge(source="s", source_id="1", subject="x", of="csat", value=Ratio(1), unit="1", at=START),
                0,
            ),
            (
                "a statement",
                Statement(
                    source="s", source_id="1", subject="x", of="csat", value=Ratio(1), unit="1", at=START, by="acme"
                ),
                0,
            ),
            (
                "another name",
                Gauge(source="s", source_id="1", subject="x", of="nps", value=Ratio(1), unit="1", at=START),
                1,
            ),
        ],
    )
    def test_looks_for_other_measures_under_their_name(self, _case: str, record: AnyRecord, number: int) -> None:
        draft = agreed("{kind: stated, of: csat, unit: share}")
        found = list(past(draft, Evidence.of([record]), []))
        assert [each.code for each in found] == ["MG830"] * number
