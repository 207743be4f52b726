from __future__ import annotations

import pytest

from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.underpinning import suppliers, underpinning_outcome
from makegood.engine.agreement.underpinning_checks import underpinning_findings
from makegood.engine.agreement.underpinning_codes import UNDERPINNING_CODES

OUTCOME = """\
  {name}:
    promise: It works.
    critical: true
    measure: {measure}
    target: "{target}"
    stake: {{of: 10.00 EUR}}
"""
TEMPLATE = """\
makegood: agreement/1
agreement: {name}
title: An agreement
parties: {{provider: {provider}, customer: {customer}{relies_on}}}
term: {{from: 2026-01-01, months: {months}, timezone: UTC{period}}}
money: {{currency: EUR}}
calendars:
  office: {{days: {{mon-fri: "08:00-18:00"}}}}
  day: {{days: {{mon-sun: "06:00-22:00"}}}}
services: {{line: {{title: The line}}}}
outcomes:
"""
UP = "{kind: availability, of: line}"


def text(
    name: str = "erp",
    provider: str = "msp",
    customer: str = "acme",
    *,
    measure: str = UP,
    target: str = ">= 99.9%",
    outcome: str = "uptime",
    relies_on: str = "",
    months: int = 12,
    period: str = "",
    more: str = "",
) -> str:
    head = TEMPLATE.format(
        name=name, provider=provider, customer=customer, relies_on=relies_on, months=months, period=period
    )
    return head + OUTCOME.format(name=outcome, measure=measure, target=target) + more


def document(written: str, file: str = "sold.yaml") -> Document:
    found = read(written, file)
    assert found.agreement is not None, found.findings
    return found


def agreed(written: str) -> Agreement:
    found = document(written).agreement
    assert found is not None
    return found


def hosting(**terms: str | int) -> str:
    return text("hosting-26", "hosting", "msp", **terms)  # type: ignore[arg-type]


def found(sold: str, *others: str) -> list[tuple[str, str]]:
    behind = [document(each, f"{number}.yaml") for number, each in enumerate(others)]
    return [
        (each.code, each.place.path if each.place else "") for each in underpinning_findings(document(sold), behind)
    ]


MEASURE = "outcomes.uptime.measure"


class TestWhatCarriesWhatWasSold:
    @pytest.mark.parametrize(
        ("_case", "sold", "carrying", "expected"),
        [
            ("the same", {}, {}, []),
            ("a stricter target", {}, {"target": ">= 99.99%"}, []),
            ("a lower target", {}, {"target": ">= 99%"}, [("MG724", "outcomes.uptime.target")]),
            (
                "a higher ceiling",
                {"measure": "{kind: count, of: outages}", "target": "<= 2"},
                {"measure": "{kind: count, of: outages}", "target": "<= 3"},
                [("MG724", "outcomes.uptime.target")],
            ),
            (
                "another unit",
                {"measure": "{kind: count, of: outages}", "target": "<= 2"},
                {},
                [],
            ),
            (
                "office hours for a day",
                {},
                {"measure": "{kind: availability, of: line, on: office}"},
                [("MG725", f"{MEASURE}.on")],
            ),
            (
                "wider hours",
                {"measure": "{kind: availability, of: line, on: office}"},
                {"measure": "{kind: availability, of: line, on: day}"},
                [],
            ),
            (
                "an exclusion of its own",
                {},
                {"measure": "{kind: availability, of: line, excluded: {storm: {}}}"},
                [("MG726", f"{MEASURE}.excluded.storm")],
            ),
            (
                "the same exclusion",
                {"measure": "{kind: availability, of: line, excluded: {storm: {}}}"},
                {"measure": "{kind: availability, of: line, excluded: {storm: {notice: 1 day}}}"},
                [],
            ),
            (
                "an exclusion at shorter notice",
                {"measure": "{kind: availability, of: line, excluded: {work: {notice: 5 business days}}}"},
                {"measure": "{kind: availability, of: line, excluded: {work: {notice: 24h}}}"},
                [("MG726", f"{MEASURE}.excluded.work")],
            ),
            (
                "an exclusion without limit",
                {
                    "measure": "{kind: availability, of: line, excluded: {work: {notice: 1 day, allowance: 4h per period}}}"
                },
                {"measure": "{kind: availability, of: line, excluded: {work: {notice: 1 day}}}"},
                [("MG726", f"{MEASURE}.excluded.work")],
            ),
            (
                "an exclusion with the same limit",
                {"measure": "{kind: availability, of: line, excluded: {work: {allowance: 4h per period}}}"},
                {"measure": "{kind: availability, of: line, excluded: {work: {allowance: 4h per period}}}"},
                [],
            ),
            (
                "a longer limit",
                {
                    "measure": "{kind: within, cases: fault, limits: {P1: 4h, P2: 1 day, P3: 2 days}}",
                    "target": ">= 95%",
                },
                {"measure": "{kind: within, cases: fault, limits: {P1: 8h, P2: 24h}}", "target": ">= 95%"},
                [("MG727", f"{MEASURE}.limits"), ("MG727", f"{MEASURE}.limits")],
            ),
            (
                "one limit for all",
                {"measure": "{kind: within, cases: fault, limit: 4h}", "target": ">= 95%"},
                {"measure": "{kind: within, cases: fault, limit: 4h}", "target": ">= 95%"},
                [],
            ),
            (
                "downtime that counts for less",
                {"measure": "{kind: availability, of: line, degraded: down, count: {ignore_up_to: 60s}}"},
                {
                    "measure": "{kind: availability, of: line, count: {ignore_shorter_than: 5m, from: reported,"
                    " granularity: full_minutes}, unknown: {as: up}}"
                },
                [
                    ("MG728", f"{MEASURE}.degraded"),
                    *(("MG728", f"{MEASURE}.count.{key}") for key in ("ignore_shorter_than", "from", "granularity")),
                    ("MG728", f"{MEASURE}.unknown.as"),
                ],
            ),
            ("half of the term", {}, {"months": 6}, [("MG729", "term")]),
            ("other periods", {}, {"period": ", period: {every: quarter}"}, [("MG731", "term.period")]),
            (
                "a claim due before the statement",
                {"more": "closing: {after: 20 days}\n"},
                {"more": "closing: {after: 1 day, dispute_within: 2 days}\n"},
                [("MG732", "closing.dispute_within")],
            ),
            (
                "a claim that is asked for before the statement",
                {"more": "closing: {after: 20 days}\n"},
                {"more": "claims: {after_period: 10 days}\n"},
                [("MG732", "claims.after_period")],
            ),
            ("something else", {}, {"outcome": "other", "measure": "{kind: availability, of: host}", "more": ""}, None),
        ],
    )
    def test_is_no_looser(
        self,
        _case: str,
        sold: dict[str, str | int],
        carrying: dict[str, str | int],
        expected: list[tuple[str, str]] | None,
    ) -> None:
        other = hosting(**carrying)
        if expected is None:
            other = other.replace("services: {line", "services: {host: {title: The host}, line")
            expected = [("MG723", "outcomes")]
        assert sorted(found(text(**sold), other)) == sorted(expected)  # type: ignore[arg-type]

    def test_is_in_the_same_currency(self) -> None:
        assert found(text(), hosting().replace("EUR", "CHF")) == [("MG730", "money.currency")]

    def test_goes_by_what_relies_on_says(self) -> None:
        relies_on = ", relies_on: [{affiliate: hosting, outcomes: {uptime: host-up, gone: nothing}}]"
        sold, other = text(relies_on=relies_on), hosting(outcome="host-up")
        assert underpinning_outcome(agreed(sold), agreed(other), "uptime") == "host-up"
        assert found(sold, other) == [("MG722", "outcomes"), ("MG722", "outcomes")]
        assert underpinning_outcome(agreed(sold), agreed(hosting()), "uptime") == ""

    def test_may_be_missing(self) -> None:
        relies_on = ", relies_on: [{affiliate: hosting, agreement: hosting-26}, {affiliate: fibre}]"
        assert found(text(relies_on=relies_on), hosting()) == [("MG720", "parties.relies_on[1]")]
        assert found(text(relies_on=relies_on), hosting().replace("hosting-26", "hosting-25")) == [
            *(("MG720", "parties.relies_on[0]"), ("MG720", "parties.relies_on[1]")),
        ]

    def test_is_looked_at_tier_by_tier(self) -> None:
        fibre = text("fibre-26", "fibre", "hosting", target=">= 99%")
        assert found(text(), hosting(), fibre) == [("MG724", "outcomes.uptime.target")]

    def test_goes_in_no_circle(self) -> None:
        loop = text("loop-26", "hosting", "fibre"), text("fibre-26", "fibre", "hosting")
        assert found(text(), hosting(), *loop) == [("MG721", "parties.relies_on")]

    def test_is_nothing_for_a_text_with_errors(self) -> None:
        assert underpinning_findings(read("makegood: agreement/1\n"), [document(hosting())]) == ()

    def test_is_only_what_the_agreement_names(self) -> None:
        sold = agreed(text(relies_on=", relies_on: [{affiliate: hosting, agreement: hosting-26}]"))
        named, other = agreed(hosting()), agreed(hosting().replace("hosting-26", "hosting-25"))
        assert [each.agreement.agreement for each in suppliers(sold, [other, named])] == ["hosting-26"]


class TestTheCodes:
    def test_are_in_order_and_say_what_to_do(self) -> None:
        assert [code.code for code in UNDERPINNING_CODES] == [f"MG{number}" for number in range(720, 733)]
        assert [code.code for code in UNDERPINNING_CODES if not code.remedy.endswith(".")] == []


class TestASupplierThatWasThereBefore:
    def test_has_no_period_for_a_claim(self) -> None:
        earlier = hosting().replace("from: 2026-01-01, months: 12", "from: 2025-01-01, months: 6")
        assert found(text(), earlier) == [("MG729", "term")]
