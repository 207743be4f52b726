"""Chains and months of levels in other shapes than those of the vectors at hand."""

from __future__ import annotations

from typing import Any

from tests.vectors.chains import month_of_levels, supplied
from tests.vectors.sums import ledger

HOUR = {"party": "a", "from": "2025-04-10T10:00:00Z", "to": "2025-04-10T11:00:00Z"}
HALF = {"party": "b", "from": "2025-04-10T10:30:00Z", "to": "2025-04-10T11:30:00Z"}
RULE = {"target": {"op": "gte", "value": "99.9"}, "tiers": [{"lt": "99.9", "pct": "10"}]}


def chain(counted: int, causes: list[dict[str, str]], **own: str) -> dict[str, Any]:
    return supplied(
        {
            "customer_credit": "100.00",
            "counted_s": counted,
            "causes": causes,
            "affiliates": {party: {"own_credit": credit} for party, credit in own.items()},
        }
    ).found


def level(name: str, weight: str, *, good: int, incident: str = "") -> dict[str, Any]:
    target = {"op": "gte", "value": "98"}
    return {
        "id": name,
        "weight_pct": weight,
        "incident": incident,
        "kind": "ratio",
        "given": {"good": good, "total": 100, "target": target, "tiers": [], "charge": "0.00"},
    }


def month(rule: str, **more: str) -> dict[str, Any]:
    levels = [level("a", "60", good=1, incident="I"), level("b", "40", good=1, incident="I"), level("c", "50", good=99)]
    return month_of_levels(
        {"fee": "1000.00", "at_risk_pct": "10", "overlap_rule": rule, "levels": levels, **more}
    ).found


class TestBackToBack:
    def test_shares_what_two_caused_together(self) -> None:
        found = chain(5400, [HOUR, HALF], a="60.00", b="10.00")
        assert found == {
            "attributed": {"a": "50.00", "b": "50.00"},
            "claims": {"a": "50.00", "b": "10.00"},
            "leakage": "40.00",
        }

    def test_leaves_to_nobody_what_nobody_caused(self) -> None:
        found = chain(7200, [HOUR], a="100.00", z="5.00")
        assert found == {
            "attributed": {"a": "50.00", "unattributed": "50.00"},
            "claims": {"a": "50.00", "z": "0.00"},
            "leakage": "50.00",
        }


class TestAMonth:
    def test_pays_the_highest_the_sum_or_what_was_chosen(self) -> None:
        assert [month(rule)["credit_total"] for rule in ("highest", "sum")] == ["60.00", "100.00"]
        chosen = month("customer_choice", choice="b")
        assert (chosen["counted"], chosen["credit_total"]) == (["b"], "40.00")

    def test_has_no_tax_where_none_is_given(self) -> None:
        found = month("highest")
        assert (found["net"], found["tax"], found["gross"]) == ("940.00", "0.00", "940.00")


class TestALedger:
    def test_books_in_both_directions_period_by_period(self) -> None:
        def event(at: str, kind: str, period: str, value: str = "") -> dict[str, str]:
            return {"at": at, "type": kind, "period": period, **({"value": value} if value else {})}

        found = ledger(
            {
                "rule": RULE,
                "charge": "1000.00",
                "events": [
                    event("2025-02-03", "measure", "2025-01", "99"),
                    event("2025-02-05", "close", "2025-01"),
                    event("2025-04-03", "measure", "2025-03", "99"),
                    event("2025-04-04", "dispute", "2025-01", "100"),
                    event("2025-04-05", "close", "2025-03"),
                ],
            }
        ).found
        assert [(each["in_period"], each["for_period"], each["amount"]) for each in found["entries"]] == [
            ("2025-01", "2025-01", "100.00"),
            ("2025-03", "2025-01", "-100.00"),
            ("2025-03", "2025-03", "100.00"),
        ]
        assert found["final"] == {"2025-01": "0.00", "2025-03": "100.00"}
