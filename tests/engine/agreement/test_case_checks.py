from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.document import read

SHOP = "services:\n  shop: {title: S, fee: {monthly: 1000.00%s}, critical: true, made_of: {all_of: [front, till]}}\n"
STEPS = "{kind: steps, cases: outage, steps: {told: {state: told, within: 15m}}}"


def codes(piece: str) -> list[str]:
    return [finding.code for finding in read(completed(piece)).findings]


def within(terms: str) -> str:
    return bad_outcome(measure=f"{{kind: within, cases: order, {terms}}}")


class TestTrees:
    def test_of_services_are_read_by_composite(self) -> None:
        services = (
            "services:\n"
            "  shop: {title: S, fee: {monthly: 1000.00}, critical: true, made_of: {all_of: [web, db]}}\n"
            "  web: {title: W, made_of: {any_of: [a, b, c], at_least: 2}}\n"
            "  till: {title: T}\n"
        )
        assert codes(services + bad_outcome(measure="{kind: composite, of: shop}")) == []
        assert (
            codes(services + bad_outcome(measure="{kind: availability, of: till}", more="    critical: true\n")) == []
        )

    @pytest.mark.parametrize(
        ("made_of", "found"),
        [
            ("{weights: {a: 60%, b: 40%}}", []),
            ("{weights: {a: 100%, b: 0%}}", ["MG382"]),
            ("{all_of: [a, b], at_least: 1}", ["MG384"]),
            ("{any_of: [a, b], at_least: 2}", []),
        ],
    )
    def test_have_weights_and_numbers_that_fit(self, made_of: str, found: list[str]) -> None:
        services = f"services:\n  shop: {{title: S, fee: {{monthly: 1000.00}}, critical: true, made_of: {made_of}}}\n"
        assert codes(services + bad_outcome(measure="{kind: composite, of: shop}")) == found

    @pytest.mark.parametrize(
        ("measure", "target"),
        [("availability, of: shop", ">= 99%"), ("recovery, as: longest_time_to_restore, of: shop", "<= 4h")],
    )
    def test_that_need_some_parts_are_read_by_composite_alone(self, measure: str, target: str) -> None:
        services = "services:\n  shop: {title: S, fee: {monthly: 1000.00}, critical: true, made_of: {any_of: [a, b, c], at_least: 2}}\n"
        outcome = bad_outcome(measure=f"{{kind: {measure}}}", target=target, stake="{of: 9% of service_fee}")
        assert "MG383" in codes(services + outcome)

    def test_name_a_service_that_there_is(self) -> None:
        assert codes(bad_outcome(measure="{kind: composite, of: shoop}", more="    critical: true\n")) == ["MG203"]

    def test_have_coverage_that_makes_sense(self) -> None:
        measure = "{kind: composite, of: shop, unknown: {as: up, minimum_coverage: 99%}}"
        assert codes(bad_outcome(measure=measure)) == ["MG310"]


class TestUsers:
    def test_are_counted_by_the_second(self) -> None:
        assert codes(bad_outcome(measure="{kind: availability, of: shop, users: {total: 5}}")) == []


class TestMilestones:
    @pytest.mark.parametrize(
        ("due", "found"),
        [
            ("2026-01-01", []),
            ("2026-06-30T12:00:00Z", []),
            ("2025-12-31", ["MG386"]),
            ("2027-06-30T12:00:00Z", ["MG386"]),
        ],
    )
    def test_are_due_in_the_term(self, due: str, found: list[str]) -> None:
        measure = f"{{kind: milestone, of: go-live, due: {due}, long_stop: 30 days}}"
        assert codes(bad_outcome(measure=measure, target="<= 0s", stake="{weight: 100%}")) == found

    def test_count_in_units_that_are_something(self) -> None:
        measure = "{kind: milestone, of: go-live, due: 2026-06-30, count_in: 0 days}"
        assert codes(bad_outcome(measure=measure, target="<= 0", stake="{weight: 100%}")) == ["MG318"]


class TestRefunds:
    def stake(self, terms: str) -> str:
        return bad_outcome(measure=STEPS, target=">= 100%", stake=f"{{weight: 100%, per_step: {{{terms}}}}}")

    @pytest.mark.parametrize(
        ("_case", "fee", "terms", "found"),
        [
            ("of items that have a fee", ", items: {fw-1: 25.00}", "refunds: {told: 5%}", []),
            ("of items that have all the same", ", per_item: 25.00", "refunds: {told: 5%}", []),
            ("of none", "", "refunds: {told: 5%}", ["MG388"]),
            ("of the base", "", "refunds: {told: 5%}, of: base", []),
            ("that are amounts", "", "refunds: {told: 5.00 EUR}", []),
        ],
    )
    def test_are_of_a_fee_that_there_is(self, _case: str, fee: str, terms: str, found: list[str]) -> None:
        assert codes(SHOP % fee + self.stake(terms)) == found

    def test_are_those_of_promised_steps(self) -> None:
        piece = bad_outcome(stake="{weight: 100%, per_step: {refunds: {told: 5%}, of: base}}")
        assert codes(piece) == ["MG387"]

    def test_of_no_time_at_all_are_refused(self) -> None:
        measure = "{kind: steps, cases: outage, steps: {told: {state: told, within: 0m}}}"
        assert codes(bad_outcome(measure=measure, stake="{weight: 100%}")) == ["MG318"]


class TestCases:
    @pytest.mark.parametrize(
        ("terms", "found"),
        [
            ("limit: 1h, clock: {to: responded}, reopened: ignore", []),
            ("limit: 4h, rest_within: 8h", []),
            ("limit: 2 days, rest_within: 3 days", []),
            ("limit: 2 days, rest_within: 2 days", ["MG390"]),
            ("limit: 2 days, rest_within: 1 business day", []),
            ("limit: 4h, rest_within: 2 days", []),
            ("limits: {P1: 4h}, rest_limits: {P1: 2h}", ["MG390"]),
            ("limits: {P1: 4h, P2: 8h}, priority_at: each_by_its_time", []),
            ("limit: 0 days", ["MG318"]),
            ("limits: {P1: 0 days}", ["MG318"]),
            ("limit: 4h, clock: {on_priority: {P1: office}}", ["MG201"]),
        ],
    )
    def test_have_limits_that_fit(self, terms: str, found: list[str]) -> None:
        assert codes(within(terms)) == found


class TestTerms:
    @pytest.mark.parametrize(
        ("times", "found"),
        [('starts_at: "10:00", ends_at: "13:00"', []), ('ends_at: "00:00"', ["MG301"]), ('starts_at: "10:00"', [])],
    )
    def test_of_one_day_end_after_they_begin(self, times: str, found: list[str]) -> None:
        term = f"term: {{from: 2026-07-18, until: 2026-07-19, timezone: UTC, period: {{every: term}}, {times}}}\n"
        assert codes(term) == found

    def test_that_are_one_period_have_sums_to_compare(self) -> None:
        term = "term: {from: 2026-01-01, until: 2027-01-01, timezone: UTC, period: {every: term}}\n"
        minimum = "caps: [{per: period, at: 10%% of monthly_fee}]\nminimum_credit: {more_than: %s EUR}\n"
        assert codes(term + minimum % "1199.99") == []
        assert codes(term + minimum % "1200.00") == ["MG367"]


class TestScores:
    OTHERS = "  till: {promise: P., measure: {kind: count, of: faults}, target: '<= 5'}\n"

    @pytest.mark.parametrize(
        ("terms", "found"),
        [
            ("of: [till]", []),
            ("weights: {till: 100%}", []),
            ("weights: {till: 100%, open: 0%}", ["MG392", "MG393"]),
            ("of: [open]", ["MG392"]),
        ],
    )
    def test_are_over_other_promises(self, terms: str, found: list[str]) -> None:
        piece = bad_outcome(measure=f"{{kind: kept, {terms}}}", target=">= 100%", stake="{weight: 100%}")
        assert codes(piece + self.OTHERS) == found
