from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.difference import changes, rewordings
from makegood.engine.agreement.document import read
from makegood.engine.agreement.terms import Agreement


def agreed(text: str) -> Agreement:
    document = read(text)
    assert document.agreement is not None, document.findings
    return document.agreement


WITHIN = """\
outcomes:
  open:
    promise: Incidents are resolved.
    measure: {kind: within, cases: incident, limits: {P1: 4h}}
    target: ">= 95%"
    stake: {weight: 100%}
"""
SHARES = (
    "value_shares: {net: {of: 5.00 EUR, decided_by: us, allocations: [{from: 2026-01-01, shares: {a: 1, b: 2}}]}}\n"
)


class TestChanges:
    @pytest.mark.parametrize(
        ("_case", "before", "after", "expected"),
        [
            ("none", GOOD, GOOD, []),
            (
                "a percentage",
                GOOD,
                GOOD.replace("percent: 10%", "percent: 12.5%"),
                ["money.at_risk.percent: 10 % becomes 12.5 %"],
            ),
            (
                "an amount",
                GOOD,
                GOOD.replace("1000.00", "1250.50"),
                ["services.shop.fee.monthly: 1,000 becomes 1,250.5"],
            ),
            (
                "a term that is left to the house default",
                GOOD + "per_incident: sum\n",
                GOOD,
                ["per_incident: sum becomes highest (house default)"],
            ),
            (
                "a term that is taken away",
                GOOD + "minimum_credit: {at_least: 5.00 EUR}\n",
                GOOD,
                ["minimum_credit is gone: at_least 5.00 EUR"],
            ),
            (
                "a tier more",
                GOOD,
                GOOD.replace("{below: 99%, credit: 50%}", "{below: 99%, credit: 50%}, {below: 98%, credit: 60%}"),
                ["outcomes.open.stake.tiers[2] is new: below 98 %, credit 60 %"],
            ),
            (
                "another measure",
                GOOD,
                completed(WITHIN),
                [
                    "outcomes.open.promise: The shop is open day and night. becomes Incidents are resolved.",
                    "outcomes.open.measure: of shop, count ignore_shorter_than 1m becomes cases incident, limits P1 4h",
                    "outcomes.open.target: >= 99.9 % becomes >= 95 %",
                    "outcomes.open.stake.tiers[0] is gone: below 99.9 %, credit 10 %",
                    "outcomes.open.stake.tiers[1] is gone: below 99 %, credit 50 %",
                ],
            ),
            (
                "a limit for a priority more",
                completed(WITHIN),
                completed(WITHIN.replace("P1: 4h", "P1: 4h, P2: 8h")),
                ["outcomes.open.measure.limits.P2 is new: 8h"],
            ),
            (
                "a share",
                GOOD + SHARES,
                GOOD + SHARES.replace("b: 2", "b: 3"),
                ["value_shares.net.allocations[0].shares.b: 2 becomes 3"],
            ),
            (
                "all shares",
                GOOD,
                GOOD + SHARES,
                ["value_shares.net is new: of 5.00 EUR, decided_by us, allocations from 2026-01-01, shares a 1, b 2"],
            ),
            (
                "the priorities",
                completed(WITHIN.replace("limits: {P1: 4h}", "limit: 4h, priority: [P1, P2]")),
                completed(WITHIN.replace("limits: {P1: 4h}", "limit: 4h, priority: P1")),
                ["outcomes.open.measure.priority: P1, P2 becomes P1"],
            ),
            (
                "a component",
                GOOD,
                GOOD.replace("[front, till]", "[front, till, door]"),
                ["services.shop.made_of.all_of[2] is new: id door"],
            ),
        ],
    )
    def test_are_told_term_by_term(self, _case: str, before: str, after: str, expected: list[str]) -> None:
        assert [str(each) for each in changes(agreed(before), agreed(after))] == expected

    def test_are_turned_around_when_the_texts_are(self) -> None:
        one, other = agreed(GOOD), agreed(completed(WITHIN) + "closing: {after: 1 day}\n")
        there, back = changes(one, other), changes(other, one)
        assert [(each.path, each.before, each.after) for each in there] == [
            (each.path, each.after, each.before) for each in back
        ]


class TestRewordings:
    def test_are_sentences_that_went_and_came(self) -> None:
        (found,) = rewordings(agreed(GOOD), agreed(GOOD + "closing: {after: 1 day}\n"))
        assert found.title == "Closing, late evidence and disputes"
        assert found.gone == ("A period is closed 5 business days after its end (house default).",)
        assert found.new == ("A period is closed 1 day after its end (as agreed).",)

    def test_are_none_of_a_text_with_itself(self) -> None:
        assert rewordings(agreed(GOOD), agreed(GOOD)) == ()
