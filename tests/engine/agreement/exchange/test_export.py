from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.document import LANGUAGE
from makegood.engine.agreement.exchange.draft import Frame
from makegood.engine.agreement.exchange.export import Export, exported
from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.reader import read_document
from makegood.engine.agreement.terms import Agreement
from tests.engine.agreement.exchange.drafting import HERE, agreed, drafted, text_of
from tests.engine.agreement.exchange.openslo_rules import broken_rules, documents

ERP = (HERE.parents[3] / "examples" / "managed-erp.yaml").read_text("utf-8")


def export(text: str) -> Export:
    reading = read_document(text, "shop.yaml", Agreement, LANGUAGE)
    assert reading.value is not None, reading.findings
    return exported(reading.value, reading.places)


def outcome(measure: str, target: str = ">= 99%", more: str = "") -> str:
    return completed(
        f'outcomes:\n  orders:\n    promise: Every order is accepted.\n    measure: {measure}\n    target: "{target}"\n{more}'
    )


def objects(result: Export, kind: str) -> list[Any]:
    """Return the objects of a kind, once the whole was seen to keep the rules of OpenSLO."""
    assert result.text is not None, result.findings
    assert broken_rules(result.text) == []
    return [each for each in documents(result.text) if each["kind"] == kind]


def told(result: Export) -> list[str]:
    return [str(finding).split(": ", 1)[1] for finding in result.findings]


RATIO = "{kind: ratio, of: orders, good: accepted"


class TestTheRulesOfOpenSlo:
    """They can be broken, or nothing would be known by keeping them."""

    @pytest.mark.parametrize(
        ("part", "otherwise", "rule"),
        [
            ("apiVersion: openslo/v1\n", "apiVersion: openslo/v2\n", "apiVersion is openslo/v1"),
            ("spec: {}", "spec: {}\nstatus: {}", "an object has apiVersion, kind, metadata and spec"),
            ("  name: open", "  name: Open_", "a name is an RFC 1123 label"),
            ("  displayName: open", "  title: open", "unknown key of metadata"),
            ("    makegood-outcome: open", "    makegood-outcome: 1", "annotations are texts under qualified names"),
            ("  service: shop\n", "  service: other\n", "service leads nowhere"),
            ("indicatorRef: open", "indicatorRef: other", "indicatorRef leads nowhere"),
            (
                "  budgetingMethod: Occurrences",
                "  budgetingMethod: Timeslices",
                "Timeslices have a timeSliceTarget above 0 and up to 1",
            ),
            ("  budgetingMethod: Occurrences", "  budgetingMethod: RatioTimeslices", "slices have a timeSliceWindow"),
            ("  budgetingMethod: Occurrences", "  budgetingMethod: Often", "budgetingMethod is one of three"),
            ("target: 0.999", "target: 1", "a target is from 0 up to but not including 1"),
            ("target: 0.999", "aim: 0.999", "one of target and targetPercent"),
            ("target: 0.999", "{target: 0.9, aim: 1}", "unknown key of an objective"),
            ("    - target: 0.999", "    []", "at least one objective"),
            ("    - duration:", "    - {}\n    - duration:", "exactly one timeWindow"),
            ('duration: "1M"', "duration: month", "a duration is a number and a letter"),
            ("isRolling: false", "isRolling: true", "a window rolls or has a calendar"),
            ("2026-01-01 00:00:00", "2026-01-01", "startTime is a date with time"),
            ("counter: false", "counter: 0", "counter is true or false"),
            ("    good:", "    well:", "good or bad, with total"),
            ("  ratioMetric:", "  metric:", "either thresholdMetric or ratioMetric"),
            ("type: Makegood", "type: [Makegood]", "a metric source has a type or a reference, and a spec"),
            ("description: ", "indicator: {}\n  description: ", "one of indicator and indicatorRef"),
            ("description: ", "severity: ", "unknown key of spec"),
            ("The shop is open", "The shop is " + "very " * 210 + "open", "a description has at most 1050 characters"),
            ("kind: SLO", "kind: SLI", "two objects of a kind have one name"),
        ],
    )
    def test_are_seen_to_be_broken(self, part: str, otherwise: str, rule: str) -> None:
        text = export(GOOD).text or ""
        assert part in text
        assert broken_rules(text) == []
        try:
            found = broken_rules(text.replace(part, otherwise))
        except KeyError:
            found = [rule]  # what is missing is missed
        assert rule in found


class TestAnExport:
    def test_of_a_whole_agreement_keeps_the_rules(self) -> None:
        result = export(ERP)
        assert result.objectives == 3
        assert [each["metadata"]["name"] for each in objects(result, "SLO")] == [
            "orders",
            "availability",
            "p1-resolution",
        ]
        assert [each["metadata"] for each in objects(result, "Service")] == [{"name": "erp", "displayName": "ERP"}]

    @pytest.mark.parametrize(
        ("measure", "target", "part", "shown"),
        [
            (f"{RATIO}}}", ">= 99.95%", "good", ("Occurrences", {"target": 0.9995})),
            (f"{RATIO}}}", "<= 2%", "bad", ("Occurrences", {"target": 0.98})),
            ("{kind: availability, of: shop}", ">= 99.9%", "good", ("Occurrences", {"target": 0.999})),
            ("{kind: within, cases: incident, limit: 4h}", ">= 95%", "good", ("Occurrences", {"target": 0.95})),
            (
                f"{RATIO}, slices: {{every: 5m, method: mean_error_rate, weight: equal}}}}",
                ">= 99%",
                "good",
                ("RatioTimeslices", {"target": 0.99, "timeSliceWindow": "5m"}),
            ),
            (
                f"{RATIO}, slices: {{every: 5m, method: mean_error_rate, weight: by_events}}}}",
                ">= 99%",
                "good",
                ("Occurrences", {"target": 0.99}),
            ),
            (
                f"{RATIO}, slices: {{every: 2h, method: share_of_bad_slices, bad_when: '> 5%'}}}}",
                ">= 99%",
                "good",
                ("Timeslices", {"target": 0.99, "timeSliceTarget": 0.95, "timeSliceWindow": "120m"}),
            ),
            (
                f"{RATIO}, slices: {{every: 1m, method: share_of_bad_slices, bad_when: '> 0%'}}}}",
                ">= 99%",
                "good",
                ("Timeslices", {"target": 0.99, "timeSliceTarget": 1, "timeSliceWindow": "1m"}),
            ),
            (
                f"{RATIO}, slices: {{every: 1m, method: share_of_bad_slices}}}}",
                ">= 99%",
                "good",
                ("Timeslices", {"target": 0.99, "timeSliceTarget": 1, "timeSliceWindow": "1m"}),
            ),
        ],
    )
    def test_says_method_and_target(
        self, measure: str, target: str, part: str, shown: tuple[str, dict[str, object]]
    ) -> None:
        result = export(outcome(measure, target))
        spec = objects(result, "SLO")[0]["spec"]
        assert (spec["budgetingMethod"], spec["objectives"]) == (shown[0], [shown[1]])
        assert objects(result, "SLI")[0]["spec"]["ratioMetric"].keys() == {"counter", part, "total"}

    def test_names_the_evidence(self) -> None:
        metric = objects(export(outcome("{kind: within, cases: incident, limits: {P1: 4h}, priority: [P1]}")), "SLI")[
            0
        ]["spec"]["ratioMetric"]
        assert metric["good"]["metricSource"] == {
            "type": "Makegood",
            "spec": {"cases": "incident", "priority": ["P1"], "limits": {"P1": "4h"}},
        }
        assert metric["total"]["metricSource"] == {
            "type": "Makegood",
            "spec": {"cases": "incident", "priority": ["P1"]},
        }

    @pytest.mark.parametrize(
        ("term", "window"),
        [
            ("{from: 2026-01-15, months: 12, timezone: Europe/Berlin}", ("1M", "2026-01-01 00:00:00", "Europe/Berlin")),
            (
                "{from: 2026-02-01, months: 12, timezone: UTC, period: {starts_on: 31}}",
                ("1M", "2026-01-31 00:00:00", "UTC"),
            ),
            (
                "{from: 2026-03-01, months: 12, timezone: UTC, period: {starts_on: 31}}",
                ("1M", "2026-03-31 00:00:00", "UTC"),
            ),
            (
                "{from: 2026-01-01, months: 12, timezone: UTC, period: {every: week, starts_on: 3}}",
                ("1w", "2025-12-31 00:00:00", "UTC"),
            ),
            (
                "{from: 2026-05-01, months: 12, timezone: UTC, period: {every: quarter}}",
                ("1Q", "2026-04-01 00:00:00", "UTC"),
            ),
            (
                "{from: 2026-05-01, months: 12, timezone: UTC, period: {every: year, starts_on: 5}}",
                ("1Y", "2026-01-05 00:00:00", "UTC"),
            ),
        ],
    )
    def test_says_the_period_as_a_window_of_the_calendar(self, term: str, window: tuple[str, str, str]) -> None:
        (found,) = objects(export(completed(f"term: {term}\n")), "SLO")[0]["spec"]["timeWindow"]
        assert (found["duration"], found["calendar"]["startTime"], found["calendar"]["timeZone"]) == window
        assert found["isRolling"] is False

    @pytest.mark.parametrize(
        ("measure", "target", "finding"),
        [
            (
                "{kind: count, of: complaints}",
                "<= 5",
                "MG630 warning: orders is not in the export: OpenSLO has no such measure",
            ),
            (
                f"{RATIO}}}",
                ">= 100%",
                "MG630 warning: orders is not in the export: a target is at least 0 % and below 100 %, not 100 %",
            ),
            (
                f"{RATIO}}}",
                "<= 0%",
                "MG630 warning: orders is not in the export: a target is at least 0 % and below 100 %, not 100 %",
            ),
            (
                f"{RATIO}, slices: {{every: 90s, method: mean_error_rate}}}}",
                ">= 9%",
                "MG630 warning: orders is not in the export: a slice lasts whole minutes in OpenSLO",
            ),
            (
                f"{RATIO}, slices: {{every: 5m, method: share_of_bad_slices, weight: by_events, bad_when: '> 5%'}}}}",
                ">= 9%",
                "MG630 warning: orders is not in the export: slices count alike in OpenSLO, not by their events",
            ),
            (
                f"{RATIO}, slices: {{every: 5m, method: share_of_bad_slices, bad_when: '>= 100%'}}}}",
                ">= 9%",
                "MG630 warning: orders is not in the export: no slice is bad by what OpenSLO can say",
            ),
        ],
    )
    def test_leaves_out_what_cannot_be_said(self, measure: str, target: str, finding: str) -> None:
        result = export(outcome(measure, target))
        assert (result.text, result.objectives, told(result)) == (None, 0, [finding])

    @pytest.mark.parametrize(
        ("measure", "target", "more", "findings"),
        [
            (f"{RATIO}}}", "> 99%", "", ["MG633 warning: > 99 % becomes a bound that may be reached"]),
            (f"{RATIO}}}", "< 1%", "", ["MG633 warning: < 1 % becomes a bound that may be reached"]),
            (
                f"{RATIO}, slices: {{every: 5m, method: share_of_bad_slices, bad_when: '>= 5%'}}}}",
                ">= 9%",
                "",
                ["MG633 warning: a slice that is bad >= 5 % becomes bad above it"],
            ),
            (
                f"{RATIO}, slices: {{every: 5m, method: mean_error_rate, empty: skipped}}}}",
                ">= 9%",
                "",
                ["MG631 warning: OpenSLO has no word for slices.empty: skipped"],
            ),
            (
                f"{RATIO}, empty: met, excluded: {{storm: {{effect: up}}}}}}",
                ">= 9%",
                "",
                [
                    "MG631 warning: OpenSLO has no word for excluded.storm.effect: up",
                    "MG631 warning: OpenSLO has no word for empty: met",
                ],
            ),
            (
                f"{RATIO}}}",
                ">= 9%",
                "    low_volume: {below: 9, gives: met}\n    stake: {weight: 100%}\n",
                ["MG631 warning: OpenSLO has no word for low_volume", "MG632 note: stake is not in the export"],
            ),
        ],
    )
    def test_tells_of_every_term_without_a_word(
        self, measure: str, target: str, more: str, findings: list[str]
    ) -> None:
        result = export(outcome(measure, target, more))
        assert len(objects(result, "SLO")) == 1
        assert sorted(told(result)) == sorted(findings)

    def test_tells_where_the_term_stands(self) -> None:
        place = export(GOOD).findings[0].place
        assert place is not None
        assert (str(place), place.path) == ("shop.yaml:12:74", "outcomes.open.measure.count.ignore_shorter_than")

    def test_gives_names_that_openslo_allows(self) -> None:
        services = "services: {Shop_1: {title: One}, shop-1: {title: Two}}\n"
        each = "{promise: It is open., target: '>= 9%%', measure: {kind: availability, of: %s}}"
        result = export(completed(f"{services}outcomes: {{P.1: {each % 'Shop_1'}, p-1: {each % 'shop-1'}}}\n"))
        assert [(each["metadata"]["name"], each["spec"]["service"]) for each in objects(result, "SLO")] == [
            ("p-1", "shop-1"),
            ("p-1-2", "shop-1-2"),
        ]
        assert told(result) == [
            "MG623 note: Shop_1 is called shop-1",
            "MG623 note: shop-1 is called shop-1-2",
            "MG623 note: P.1 is called p-1",
            "MG623 note: p-1 is called p-1-2",
        ]

    def test_takes_the_agreement_for_the_service_of_an_outcome_that_has_none(self) -> None:
        text = completed("services: {a: {title: A}, b: {title: B}}\n" + outcome(f"{RATIO}}}").split("makegood:")[0])
        assert objects(export(text), "Service")[0]["metadata"] == {
            "name": "acme-web-shop",
            "displayName": "The web shop of Acme",
        }

    def test_names_a_service_once(self) -> None:
        assert len(objects(export(ERP), "Service")) == 1

    def test_cuts_a_promise_that_is_too_long_and_says_so(self) -> None:
        result = export(completed(outcome(f"{RATIO}}}").replace("Every order", "Every order " * 100)))
        assert len(objects(result, "SLO")[0]["spec"]["description"]) == 1050
        assert told(result) == ["MG626 warning: the promise was cut to 1,050 characters, as OpenSLO allows"]

    @pytest.mark.parametrize("promise", ["no", "Yes: it is open # always", '"', "1", "2026-01-01", "- a", "ü\u00a0…"])
    def test_is_read_back_whatever_is_promised(self, promise: str) -> None:
        text = outcome(f"{RATIO}}}").replace("Every order is accepted.", "'" + promise + "'")
        assert objects(export(text), "SLO")[0]["spec"]["description"] == promise


class TestThereAndBack:
    @pytest.mark.parametrize(
        "source", [GOOD, ERP, *(drafted(text_of(name)).text for name in ("openslo.yaml", "sloth.yaml", "pyrra.yaml"))]
    )
    def test_keeps_targets_methods_periods_and_evidence(self, source: str) -> None:
        before = read_document(source, "before.yaml", Agreement, LANGUAGE).value
        assert before is not None
        after = agreed(drafted(export(source).text or "", frame=Frame(start=date(2026, 1, 1))))
        assert {name: core(each) for name, each in after.outcomes.items()} == {
            name: core(each) for name, each in before.outcomes.items()
        }
        assert (after.term.period, after.term.timezone) == (before.term.period, before.term.timezone)
        assert [each.promise for each in after.outcomes.values()] == [each.promise for each in before.outcomes.values()]

    @given(
        st.integers(0, 10**8 - 1),
        st.sampled_from(["{kind: availability, of: shop}", f"{RATIO}}}", "{kind: within, cases: case, limit: 90m}"]),
    )
    def test_keeps_a_target_to_the_last_digit(self, target: int, measure: str) -> None:
        source = outcome(measure, f">= {target // 10**6}.{target % 10**6:06}%")
        level = agreed(drafted(export(source).text or "")).outcomes["orders"].target.level.value
        assert level * 10**8 == target

    @settings(max_examples=20)
    @given(st.integers(1, 31 * 1440), st.integers(0, 9999))
    def test_keeps_slices(self, minutes: int, bad: int) -> None:
        slices = f"{{every: {minutes}m, method: share_of_bad_slices, bad_when: '> {bad // 100}.{bad % 100:02}%'}}"
        source = outcome(f"{RATIO}, slices: {slices}}}")
        measure = agreed(drafted(export(source).text or "")).outcomes["orders"].measure
        assert isinstance(measure, RatioOf)
        assert measure.slices is not None
        assert measure.slices.bad_when is not None
        assert measure.slices.every.seconds == minutes * 60
        assert measure.slices.bad_when.level.value * 10_000 == bad


def core(outcome: Any) -> tuple[object, ...]:
    """Return what must come back of an outcome."""
    measure = outcome.measure
    match measure:
        case RatioOf():
            slices = measure.slices
            more: tuple[object, ...] = (measure.good, slices and (slices.every, slices.method, slices.bad_when))
        case Within():
            more = (measure.limit, measure.limits, measure.priority)
        case _:
            assert isinstance(measure, Availability)
            more = ()
    return (str(outcome.target), measure.what, *more)
